"""All edit checks of one frozen count: what each found, and which could not be made here."""

import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from organizations.rules.calendar import school_year_of
from organizations.rules.profiles import Profile
from reports.federal.comment import explanations
from reports.federal.files import identifier, write
from reports.federal.last_year import lines_of, year_before
from reports.federal.tallies import cells_of_snapshot
from reports.models import Kind, Snapshot
from reports.rules.federal import checks, file_checks
from reports.rules.federal.cells import Cells, total
from reports.rules.federal.checks import Child
from reports.rules.federal.child import EARLY, EXITS, SCHOOL_AGE
from reports.rules.federal.records import FileOf, Form
from reports.rules.federal.rows import EditCheck, Level, Looks
from reports.rules.federal.tables import MISSING, edit_checks, state_id
from reports.rules.federal.written import Written, read_back

SPECS = {Kind.COUNT: (SCHOOL_AGE, EARLY), Kind.EXITS: (EXITS,)}
STATEWIDE = "Looked at on the page of the whole state."
NO_YEAR_BEFORE = "No certified count of the year before stands beside it."
LEARNERS = "ST5"  # the subtotal in which a comment explains MISSING learners


@dataclass(frozen=True)
class Finding:
    words: str
    student_id: int | None = None


@dataclass(frozen=True)
class Checked:
    """`why_not` says why a check was not made; then there are no findings."""

    check: EditCheck
    findings: tuple[Finding, ...] = ()
    why_not: str = ""

    @property
    def is_fine(self) -> bool:
        return not self.findings and not self.why_not


def checked(snapshot: Snapshot, numbers: Collection[int] = ()) -> list[Checked]:
    """In the order of their numbers, all or only these; of children the reader reaches.

    Files are written, and children looked at, only where one of these checks asks for it.
    """
    asked = [row for row in edit_checks() if not numbers or row.number in numbers]
    of_children = any(row.looks_at is Looks.CHILDREN for row in asked)
    children = list(_children(snapshot)) if of_children else []
    whole = Whole(snapshot)
    return [_checked(row, whole, children) for row in asked]


def _checked(row: EditCheck, whole: "Whole", children: Sequence[tuple[int, Child]]) -> Checked:
    if row.looks_at in (Looks.DISCIPLINE, Looks.STAFF):
        return Checked(row, why_not=f"{row.note}.")
    if row.looks_at is Looks.CHILDREN:
        look = checks.BY_NUMBER[row.number]
        said = ((pk, look(child)) for pk, child in children)
        return Checked(row, tuple(Finding(words, pk) for pk, words in said if words))
    found = WHOLE[row.number](whole)
    if isinstance(found, str):
        return Checked(row, why_not=found)
    return Checked(row, tuple(map(Finding, found)))


def _children(snapshot: Snapshot) -> Iterator[tuple[int, Child]]:
    said = explanations([snapshot])
    about_learners = {key[1] for key in said if key[2:] == (LEARNERS, (MISSING,))}
    year, profile = school_year_of(snapshot.day), Profile(snapshot.district.state.profile)
    for row in snapshot.children.select_related("site").order_by("pk"):
        learner = row.english_learner
        yield row.student_id, Child(
            file=row.file, reasons=tuple(row.reasons), age=row.age, race=row.race, sex=row.sex,
            disability=row.disability, environment=row.environment, basis=row.basis,
            english_learner="explained" if row.file in about_learners and learner == MISSING else learner,
            iep_until=row.iep_until, evaluated_on=row.evaluated_on,
            percent=None if row.percent is None else Fraction(row.percent, 100),
            exit_day=row.exit_day, left_at=row.left_at, school_exit=row.school_exit,
            school_open=_is_open(row.site, snapshot), district_code=snapshot.district.code,
            profile=profile, day=snapshot.day, period=year,
        )  # fmt: skip


def _is_open(site: Any, snapshot: Snapshot) -> bool | None:
    if site is None:
        return None
    begun = site.first_day is None or site.first_day <= snapshot.day
    return begun and (site.last_day is None or site.last_day >= snapshot.day)


def specs_of(snapshot: Snapshot) -> tuple[str, ...]:
    return SPECS[Kind(snapshot.kind)]


@dataclass(frozen=True)
class Whole:
    """What the checks of whole files look at: the cells of each file, and the files of the district."""

    snapshot: Snapshot

    @cached_property
    def cells(self) -> Mapping[str, Cells]:
        return {spec: cells_of_snapshot(self.snapshot, spec) for spec in specs_of(self.snapshot)}

    @cached_property
    def written(self) -> Sequence[Written]:
        return [written(self.snapshot, spec) for spec in specs_of(self.snapshot)]


def written(snapshot: Snapshot, spec: str) -> Written:
    """The district's own file, read back."""
    file = FileOf(spec, Level.DISTRICT, state_id(snapshot.district.state.profile), snapshot.day, Form.CSV)
    target = io.BytesIO()
    write(target, [snapshot], file, identifier(file, snapshot.day))
    return read_back(file, target.getvalue().decode())


def _sums(whole: Whole) -> list[str]:
    return [words for each in whole.written for words in file_checks.sets_agree(each)]


def _change(whole: Whole) -> list[str] | str:
    snapshot, found = whole.snapshot, []
    before = year_before(snapshot)
    if before is None:
        return NO_YEAR_BEFORE
    said = explanations([snapshot])
    for spec in whole.cells:
        commented = {key[2:] for key in said if key[1] == spec}
        found += file_checks.changed_much(spec, lines_of(snapshot, before, spec), commented)
    return found


def _membership(whole: Whole) -> list[str] | str:
    if whole.snapshot.of_exits:
        return "Only children of a count day are compared with the membership."
    return file_checks.within_membership(sum(map(total, whole.cells.values())), whole.snapshot.enrolled)


def _header(whole: Whole) -> list[str]:
    found = []
    for each in whole.written:
        found += file_checks.header_counts(int(each.header["TotalRecordsInFile"]), len(each.records))
    return found


def _names(whole: Whole) -> list[str]:
    found = []
    for each in whole.written:
        found += file_checks.name_agrees(each.file, each.header, each.records)
    return found


def _twice(whole: Whole) -> list[str]:
    found, left_out = [], {"FileRecordNumber", "Explanation", "Amount"}
    for each in whole.written:
        keys = (tuple(v for k, v in record.items() if k not in left_out) for record in each.records)
        found += file_checks.twice(keys)
    return found


# A sentence instead of findings says why the check is not made for this count.
WHOLE = {
    1: _sums, 2: lambda whole: STATEWIDE, 11: _change, 15: _membership, 17: _header, 18: _names,
    20: _twice,
}  # fmt: skip
