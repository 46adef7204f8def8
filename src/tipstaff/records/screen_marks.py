"""Whether what open pages show has changed: a mark for each topic, and nothing about anybody."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count, Max, Sum

from tipstaff.records.models import Alert, AlertDecision, FeedOutage, LastHeard


def screen_marks() -> Mapping[str, str]:
    """A mark a topic; another mark means that something changed. Four statements."""
    open_now = Alert.objects.filter(needs_a_person=True)
    counted = open_now.aggregate(
        many=Count("id"), told=Sum("told_revision"), newest=Max("opened_at")
    )
    decided = AlertDecision.objects.filter(alert__needs_a_person=True).count()
    alerts = f"{counted['many']}.{counted['told']}.{counted['newest']}.{decided}"
    out = FeedOutage.objects.filter(cleared_at__isnull=True)
    feeds = out.aggregate(many=Count("id"), newest=Max("since"))
    heard = LastHeard.objects.aggregate(newest=Max("heard_at"))
    return {
        "alerts": alerts,
        "outages": f"{feeds['many']}.{feeds['newest']}",
        "positions": str(heard["newest"]),
    }
