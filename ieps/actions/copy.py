"""What stands in one IEP is copied into the draft of another: an amendment begins so, and a copy forward."""

from collections.abc import Collection, Mapping
from itertools import chain

from django.db import transaction
from django.utils import timezone

from ieps.items import Grid, items_of
from ieps.models import Iep, Line, SectionText
from ieps.rules.form import sections
from ieps.understood import as_meant
from ieps.written import corrected
from security.models import User
from security.refusals import RuleBroken

NOTHING: frozenset[tuple[str, str]] = frozenset()
Lines = Mapping[int, Line]  # the new line by the number of the one that it came from


@transaction.atomic
def copy_content(
    *,
    by: User,
    source: Iep,
    to: Iep,
    leave_out: Collection[tuple[str, str]] = NOTHING,
    lines_left_out: Collection[int] = (),
) -> tuple[Lines, int]:
    """Standing lines (each with `came_from`) and texts; what stands in `to` already stays as it is.

    `leave_out`: (section, field) as the form names them; a table with its lines, one column of a table as
    "participants.attended". `lines_left_out`: numbers of lines, such as goals; what stands in a plan goes
    with it. Sections that the category of `to` does not have are left out too. Returns the
    new lines by their earlier number and how many texts were copied. A step of verbs that have asked whether
    this person may. Raises RuleBroken.
    """
    if source.student_id != to.student_id:
        raise RuleBroken("This is the IEP of another child.")
    without = frozenset(leave_out) | _sections_left_out(source, to)
    lines = _copy_lines(by, source, to, without, lines_left_out)
    texts = _copy_texts(by, source, to, lines, without)
    added = {*source.added_sections, *to.added_sections} - {section for section, key in without if not key}
    to.added_sections = sorted(added)
    to.save(update_fields=["added_sections"])
    return lines, texts


def _sections_left_out(source: Iep, to: Iep) -> frozenset[tuple[str, str]]:
    kept = {row.section for row in sections(to.form, to.category)}
    return frozenset(
        (row.section, "") for row in sections(source.form, source.category) if row.section not in kept
    )


def _copy_lines(
    by: User, source: Iep, to: Iep, without: Collection[tuple[str, str]], left_out: Collection[int]
) -> Lines:
    """Those of plans after their plans. Lines that were copied before are not copied again."""
    before = {*to.lines.values_list("came_from", flat=True), *left_out}
    standing = [
        line
        for line in source.lines.standing()
        if line.pk not in before and not _is_left_out(line.section, line.table, without)
    ]
    lines: dict[int, Line] = {}
    for inside in (False, True):
        some = [line for line in standing if bool(line.parent_id) is inside]
        kept = [line for line in some if not inside or line.parent_id in lines]
        made = Line.objects.bulk_create(
            Line(
                iep=to, section=line.section, table=line.table, place=line.place, came_from=line, added_by=by,
                parent=lines[line.parent_id] if line.parent_id else None,
            )
            for line in kept
        )  # fmt: skip
        lines.update((line.pk, new) for line, new in zip(kept, made, strict=True))
    return lines


def _copy_texts(by: User, source: Iep, to: Iep, lines: Lines, without: Collection[tuple[str, str]]) -> int:
    read = corrected(source)
    there, now = set(to.texts.values_list("section", "field")), timezone.now()
    goals = _keys_of_goals(source)
    copies = []
    for text in source.texts.select_related("line"):
        place = _key_of(text)
        if _is_left_out(*place, without) or (text.line_id and text.line_id not in lines):
            continue
        line = lines[text.line_id] if text.line_id else None
        key = f"{line.pk}.{text.field.partition('.')[2]}" if line else text.field
        meant = as_meant(source.form, text.section, text.field, text.text, text.saved_at)
        stands = read.get((text.section, text.field), meant)
        words = _goal_in(lines, stands) if place in goals else stands
        if (text.section, key) not in there and words.strip():
            copies.append(
                SectionText(
                    iep=to, section=text.section, field=key, line=line, text=words, saved_by=by, saved_at=now
                )
            )
    return len(SectionText.objects.bulk_create(copies))


def _is_left_out(section: str, key: str, without: Collection[tuple[str, str]]) -> bool:
    return (section, "") in without or (section, key) in without


def _key_of(text: SectionText) -> tuple[str, str]:
    """As the form names the field: `goal` in a plan, `participants.name` in a table."""
    if text.line is None:
        return text.section, text.field
    name = text.field.partition(".")[2]
    return text.section, f"{text.line.table}.{name}" if text.line.table else name


def _keys_of_goals(iep: Iep) -> set[tuple[str, str]]:
    """Where an annual goal is chosen by the number of its line."""
    every = chain.from_iterable(
        ((row.section, item) for item in items_of(iep.form, row.section, iep.category))
        for row in sections(iep.form, iep.category)
    )
    grids = [(section, item) for section, item in every if isinstance(item, Grid)]
    return {
        (section, f"{grid.key}.{column.column}")
        for section, grid in grids
        for column in grid.columns
        if column.type == "goal"
    }


def _goal_in(lines: Lines, number: str) -> str:
    """The copied goal; none where it was left out."""
    new = next((line for pk, line in lines.items() if str(pk) == number.strip()), None)
    return str(new.pk) if new else ""
