"""What makes two replayed pasts the same: all that happened, by whom and when; keys and salts are always fresh."""

from typing import Any

from qizhi.kernel.loop.models import Step


def past_of() -> list[tuple[Any, ...]]:
    """Return every step of every matter in the order of numbers."""
    return list(
        Step.objects.order_by("matter__number", "seq").values_list(
            "matter__number",
            "matter__title",
            "seq",
            "transition",
            "from_state",
            "to_state",
            "at",
            "actor__username",
            "role",
            "unit_name",
            "matter__due_at",
            "matter__category",
        )
    )
