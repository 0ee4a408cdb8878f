"""One IEP as it stands, read for its outline: three queries."""

from collections.abc import Mapping
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from evaluations.models import Waiver
from evaluations.rules.ages import due_at_age
from ieps import environment
from ieps.environment import Computed, computed, is_young
from ieps.items import LineAt, line_in
from ieps.models import Iep
from ieps.outline import Chapter, Written, chapters
from ieps.rules.conditions import Circumstances
from ieps.understood import as_meant
from security import asked_often
from students.models import Student
from ui.dates import DateNotUnderstood, read_day

TRANSITION_PLAN, RIGHTS_TOLD = "D15", "D16"
Texts = Mapping[tuple[str, str], str]
# Asked by every page of an IEP, so written out.
TEXTS = "SELECT section, field, text, saved_at FROM ieps_sectiontext WHERE iep_id = %(iep)s"
LINES = """
    SELECT id, section, "table", parent_id FROM ieps_line
    WHERE iep_id = %(iep)s AND removed_at IS NULL ORDER BY place, id
"""


def written_of(iep: Iep) -> Written:
    """All that stands in the IEP; the student with its state should be at hand."""
    rows = asked_often.rows(TEXTS, {"iep": iep.pk})
    texts = {(row[0], row[1]): as_meant(iep.form, *row) for row in rows}
    if not iep.is_draft:
        texts |= corrected(iep)
    lines = tuple(LineAt(*row) for row in asked_often.rows(LINES, {"iep": iep.pk}))
    return Written(
        form=iep.form,
        category=iep.category,
        texts=texts,
        lines=lines,
        added=frozenset(iep.added_sections),
        circumstances=circumstances_of(iep, texts, lines),
    )


def corrected(iep: Iep) -> dict[tuple[str, str], str]:
    """The texts that are read in place of those that were signed, the latest correction of each."""
    rows = iep.corrections.values_list("section", "field", "after")
    return {(section, key): after for section, key, after in rows}


def chapters_of(iep: Iep) -> tuple[Chapter, ...]:
    return chapters(written_of(iep))


def circumstances_of(iep: Iep, texts: Texts, lines: tuple[LineAt, ...]) -> Circumstances:
    last_day = _last_day(iep, texts)
    tables = _tables(texts, lines)
    return Circumstances(
        kind=iep.kind,
        of_transition_age=_is_reached(iep.student, TRANSITION_PLAN, last_day),
        of_majority_told_age=_is_reached(iep.student, RIGHTS_TOLD, last_day),
        waived=_is_waived(iep),
        answers={f"{section}.{key}": text for (section, key), text in texts.items()},
        computed_setting=environment_of(iep, tables, texts).code,
        tables=tables,
    )


def computed_in(iep: Iep, written: Written) -> Computed:
    """The environment that follows from what is written."""
    return environment_of(iep, written.circumstances.tables, written.texts)


def environment_of(iep: Iep, tables: Mapping[str, tuple[Mapping[str, str], ...]], texts: Texts) -> Computed:
    """What follows from the services as they are written; `tables` by section and key ("PRG.services")."""
    rows = tables.get(f"{environment.SECTION}.{environment.TABLE}", ())
    day = iep.created_at.date()
    met = day_in(texts.get(("GSI", "meeting_date"), ""), day) or day
    young = iep.student is not None and is_young(iep.student.birth_date, iep.grade or iep.student.grade, met)
    total = texts.get((environment.SECTION, environment.TOTAL), "")
    return computed(rows, total, young=young, today=day)


def _last_day(iep: Iep, texts: Texts) -> date:
    """Until when the IEP is in effect: the day that is written, or a year from the meeting."""
    written = day_in(texts.get(("GSI", "iep_end"), ""), iep.created_at.date())
    meeting = day_in(texts.get(("GSI", "meeting_date"), ""), iep.created_at.date())
    begun = meeting or iep.created_at.date()
    return written or iep.last_day or begun + relativedelta(years=1) - timedelta(days=1)


def day_in(text: str, today: date) -> date | None:
    """The day that was written, or None for anything else."""
    try:
        return read_day(text, today) if text.strip() else None
    except DateNotUnderstood:
        return None


def _is_reached(student: Student | None, deadline: str, last_day: date) -> bool:
    """Whether the birthday of this deadline comes before the IEP ends."""
    if student is None or student.birth_date is None:
        return False
    due = due_at_age(deadline, student.state.profile, student.birth_date)
    return due is not None and due.start <= last_day


def _is_waived(iep: Iep) -> bool:
    """Whether a triennial waiver was agreed since the last IEP."""
    if iep.student_id is None:
        return False
    waivers = Waiver.objects.filter(evaluation__student=iep.student_id)
    last = max(waivers.values_list("parent_signed_on", flat=True), default=None)
    if last is None:
        return False
    later = Iep.objects.official().filter(student=iep.student_id, meeting_date__gt=last)
    return not later.exclude(pk=iep.pk).exists()


def _tables(texts: Texts, lines: tuple[LineAt, ...]) -> dict[str, tuple[Mapping[str, str], ...]]:
    cells: dict[int, dict[str, str]] = {line.pk: {} for line in lines}
    for (_, key), text in texts.items():
        line = line_in(key)
        if line in cells:
            cells[line][key.partition(".")[2]] = text
    tables: dict[str, tuple[Mapping[str, str], ...]] = {}
    for line in lines:
        name = f"{line.section}.{line.table}"
        tables[name] = (*tables.get(name, ()), cells[line.pk])
    return tables
