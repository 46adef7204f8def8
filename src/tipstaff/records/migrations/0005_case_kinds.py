"""More kinds of case record: their names are longer. Remaking the table drops its guards."""

from django.db import migrations, models

from tipstaff.records import version_guards


class Migration(migrations.Migration):

    dependencies = [
        ("records", "0004_case_versions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="subject",
            name="kind",
            field=models.CharField(max_length=20),
        ),
        migrations.RunPython(version_guards.create, migrations.RunPython.noop),
    ]
