"""When a feed was seen last and how much came of it; devices never heard, and batteries."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0018_told_answers'),
    ]

    operations = [
        migrations.CreateModel(
            name='FeedSeen',
            fields=[
                ('feed', models.TextField(primary_key=True, serialize=False)),
                ('seen_at', models.DateTimeField()),
                ('messages', models.IntegerField()),
                ('counted_from', models.DateTimeField()),
                ('put_down_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='lastheard',
            name='battery_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='lastheard',
            name='battery_pct',
            field=models.SmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='lastheard',
            name='worn_since',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='lastheard',
            name='heard_at',
            field=models.DateTimeField(null=True),
        ),
    ]
