"""With whom an alert was shared, among its decisions."""

from django.db import migrations, models

from tipstaff.records import alert_guards


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0025_others_looked'),
    ]

    operations = [
        migrations.AddField(
            model_name='alertdecision',
            name='shared_with',
            field=models.JSONField(default=list),
        ),
        migrations.RunPython(alert_guards.create, migrations.RunPython.noop, elidable=False),
    ]
