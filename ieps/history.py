"""The texts that a field has held, newest first, also those that were set aside."""

from dataclasses import dataclass
from datetime import datetime

from ieps.actions.save_text import SET_ASIDE
from ieps.models import Iep, SectionText


@dataclass(frozen=True)
class PastText:
    who: str
    at: datetime
    text: str
    version: int
    was_set_aside: bool


def texts_over_time(iep: Iep, section: str, field: str) -> list[PastText]:
    """Two queries."""
    events = SectionText.pgh_event_model.objects.filter(iep_id=iep.pk, section=section, field=field)
    return [
        PastText(
            who=str(event.saved_by or iep.original_author or "Unknown"),
            at=event.saved_at,
            text=event.text,
            version=event.version,
            was_set_aside=event.pgh_label == SET_ASIDE,
        )
        for event in events.select_related("saved_by").order_by("-pgh_id")
    ]
