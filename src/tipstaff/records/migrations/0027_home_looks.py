"""The last look at a home page is found by an index."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0026_shared_alerts'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(condition=models.Q(('phase', 'served'), ('use_case', 'count_waiting')), fields=['actor_ref', 'at'], name='audit_home_looks'),
        ),
    ]
