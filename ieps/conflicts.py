"""Two texts for one field, as the page shows them side by side; those a person has not ended yet."""

from typing import Any

from ieps.actions.save_text import SET_ASIDE
from ieps.models import Iep, SectionText
from security.models import User
from ui import two_texts
from ui.parts import Version


def unresolved(iep: Iep, section: str, user: User) -> dict[str, Any]:
    """By field, the text that was set aside when it was the last thing this person sent."""
    events = SectionText.pgh_event_model.objects.filter(iep_id=iep.pk, section=section, saved_by=user)
    latest = events.order_by("field", "-pgh_id").distinct("field")
    return {event.field: event for event in latest if event.pgh_label == SET_ASIDE}


def sides(mine: str, theirs: SectionText) -> dict[str, Version]:
    """Both versions with the differing words marked."""
    return two_texts.sides(mine, theirs.text, theirs.saved_by, theirs.saved_at)
