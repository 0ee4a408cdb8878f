"""The leavers of indicator 14 as a file, narrowed as on their page."""

from collections.abc import Mapping

from django.utils import timezone

from organizations.models import District
from reports.figures.leavers import Line, fits, leavers_of
from reports.lists.cells import Kind
from reports.lists.children import THE_CHILD, told, told_of
from reports.lists.listing import List, Rows
from reports.lists.of_enrollment import year_of
from reports.lists.of_environments import whole_district
from reports.lists.of_rosters import filters
from reports.rules.federal.child import EXITS
from reports.rules.federal.tables import MISSING, permitted, submission_year
from security.scope import Scope

Chosen = Mapping[str, str]


def bases() -> dict[str, str]:
    """Code and meaning of the federal categories of an exit."""
    known = permitted(EXITS, "BASISEXIT", submission_year(timezone.localdate()))
    return {code: words for code, words in known.items() if code != MISSING}


def leavers(scope: Scope, chosen: Chosen) -> Rows:
    district = whole_district(scope, chosen.get("district", ""))
    return told_of(scope, _said(district, chosen) if district else {})


def _said(district: District, chosen: Chosen) -> dict[int, dict[str, object]]:
    found = leavers_of(district, year_of(chosen), timezone.localdate())
    return {line.student_id: {"district": district.name, **_of(line)} for line in found if fits(line, chosen)}


def _of(line: Line) -> dict[str, object]:
    return {
        "left": line.left.day, "basis": line.left.basis, "in_words": bases().get(line.left.basis, ""),
        "stands": line.stands.value, "asked_by": line.left.asked_by,
        "answer": line.outcome.value if line.outcome else "",
    }  # fmt: skip


LEAVERS = List(
    "indicator-14",
    "Indicator 14: after school",
    "Who left special education in the school year, by which exit, and whether indicator 14 asks them.",
    (
        *THE_CHILD, told("District", Kind.TEXT), told("Left", Kind.DAY), told("Basis"), told("In words"),
        told("Stands"), told("Asked by", Kind.DAY), told("Answer"),
    ),
    leavers,
    filters(
        ("district", "District", True), ("year", "School year"), ("stands", "Stands"), ("basis", "Basis"),
        ("answer", "Answer"), ("part", "Part"),
    ),
    page="reports:indicator_14",
    default_sort="student",
    student="pk",
    listed=False,
)  # fmt: skip
