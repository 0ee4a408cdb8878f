"""Two texts for one field, as the page shows them side by side; those a person has not ended yet."""

from typing import NamedTuple

from ieps.actions.save_text import SET_ASIDE
from ieps.models import Iep, SectionText
from security import asked_often
from security.models import User
from ui import two_texts
from ui.parts import Version

# Of the few texts that were set aside those after which nothing was sent: a field keeps hundreds of events.
SENT_LAST = """
    SELECT e.field, e.text, e.version FROM ieps_sectiontextevent e
    WHERE e.iep_id = %(iep)s AND e.section = %(section)s AND e.saved_by_id = %(user)s
        AND e.pgh_label = %(aside)s AND NOT EXISTS (
            SELECT FROM ieps_sectiontextevent l
            WHERE l.iep_id = e.iep_id AND l.section = e.section AND l.field = e.field
                AND l.saved_by_id = e.saved_by_id AND l.pgh_id > e.pgh_id)
    ORDER BY e.field
"""


class Aside(NamedTuple):
    """The text of one field that was set aside, and the version over which it was sent."""

    field: str
    text: str
    version: int


def unresolved(iep: Iep, section: str, user: User) -> dict[str, Aside]:
    """By field, the text that was set aside when it was the last thing this person sent."""
    asked = {"iep": iep.pk, "section": section, "user": user.pk, "aside": SET_ASIDE}
    return {row[0]: Aside(*row) for row in asked_often.rows(SENT_LAST, asked)}


def sides(mine: str, theirs: SectionText) -> dict[str, Version]:
    """Both versions with the differing words marked."""
    return two_texts.sides(mine, theirs.text, theirs.saved_by, theirs.saved_at)
