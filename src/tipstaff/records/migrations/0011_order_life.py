"""The life of an order: days of review that nobody answered, and the list of releases."""

import uuid
from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def fill_review_due(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 (Django passes it)
    """Before this, no order had a decision: its first day of review is the one that is due."""
    stretches = apps.get_model("records", "OrderStretch").objects
    first = (
        stretches.filter(next_review__isnull=False)
        .values("subject", "number")
        .annotate(day=models.Min("next_review"))
    )
    for row in list(first):
        stretches.filter(subject=row["subject"], number=row["number"]).update(review_due=row["day"])


class Migration(migrations.Migration):

    dependencies = [
        ("records", "0010_devices"),
    ]

    operations = [
        migrations.AddField(
            model_name="orderstretch",
            name="review_due",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="orderstretch",
            name="restores",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddIndex(
            model_name="orderstretch",
            index=models.Index(fields=["review_due", "reference"], name="stretch_by_due"),
        ),
        migrations.RunPython(fill_review_due, migrations.RunPython.noop),
        migrations.CreateModel(
            name="ReleaseStretch",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(null=True)),
                ("reference", models.TextField()),
                ("order", models.TextField()),
                ("place_name", models.TextField()),
                ("officer", models.TextField()),
                ("organisation", models.TextField()),
                ("released_at", models.DateTimeField()),
                ("fit_by", models.DateTimeField()),
                ("fitted_at", models.DateTimeField(null=True)),
                ("limited_access", models.BooleanField()),
                ("subject", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="releases", to="records.subject")),
                ("wearer", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="releases", to="records.wearer")),
            ],
        ),
        migrations.AddIndex(
            model_name="releasestretch",
            index=models.Index(fields=["fit_by", "subject"], name="release_by_deadline"),
        ),
        migrations.AddIndex(
            model_name="releasestretch",
            index=models.Index(
                condition=models.Q(("fitted_at__isnull", True)), fields=["fit_by", "subject"], name="release_unfitted"
            ),
        ),
    ]
