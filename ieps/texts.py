"""The texts of a section, each with who saved it: asked by every page and every save, so written out."""

from functools import cache

from ieps.models import Iep, SectionText
from security import asked_often
from security.models import User

PARTS = (("t", SectionText), ("u", User))


def texts_in(iep: Iep, section: str) -> dict[str, SectionText]:
    """By field."""
    rows = asked_often.rows(_statement(), {"iep": iep.pk, "section": section})
    return {text.field: text for text in map(_with_who, rows)}


def text_held(iep: Iep, section: str, field: str) -> SectionText | None:
    """The text of one field, held until the end of the transaction; None before its first words."""
    asked = {"iep": iep.pk, "section": section, "field": field}
    rows = asked_often.rows(f"{_statement()} AND t.field = %(field)s FOR UPDATE OF t", asked)
    return next(map(_with_who, rows), None)


def _with_who(row: tuple) -> SectionText:
    text, text.saved_by = asked_often.objects(PARTS, row)
    return text


@cache
def _statement() -> str:
    return f"""SELECT {asked_often.columns(PARTS)}
        FROM ieps_sectiontext t LEFT JOIN security_user u ON u.id = t.saved_by_id
        WHERE t.iep_id = %(iep)s AND t.section = %(section)s"""  # noqa: S608  names of our own columns
