"""What routing tables and terms may look at in a matter."""

from .models import Matter


def facts_of(matter: Matter) -> dict[str, str]:
    """Return what routing tables may look at."""
    return {
        "kind": matter.kind,
        "category": matter.category,
        "region": matter.region_code,
        "level": matter.level,
        "channel": str(matter.channel),
        "urgency": str(matter.urgency),
        "month": str(matter.opened_at.month),
    }
