"""The children of indicators 5 and 6 as a file, narrowed as on their page."""

from collections.abc import Callable, Mapping

from django.utils import timezone

from enrollment.views.place import districts_in
from organizations.models import District
from reports.figures.environment_shares import Child, children_of, counts_of, fits
from reports.lists.cells import Kind
from reports.lists.children import THE_CHILD, told, told_of
from reports.lists.listing import List, Rows
from reports.lists.of_rosters import filters
from reports.models import Snapshot
from reports.rules.environment_shares import EARLY_CHILDHOOD, SCHOOL_AGE, file_of, part_of
from reports.rules.federal.child import ENVIRONMENT
from reports.rules.federal.tables import MISSING, permitted, reasons, submission_year
from security.scope import Scope

Chosen = Mapping[str, str]


def environments(number: int) -> dict[str, str]:
    """Code and meaning of the settings that the indicator's federal file knows."""
    file = file_of(number)
    known = permitted(file, ENVIRONMENT[file], submission_year(timezone.localdate()))
    return {code: words for code, words in known.items() if code != MISSING}


def words_of(number: int, environment: str) -> str:
    return environments(number).get(environment, "")


def children_behind(number: int) -> Callable[[Scope, Chosen], Rows]:
    """Of a district that the scope reaches as a whole; of no other."""

    def rows(scope: Scope, chosen: Chosen) -> Rows:
        district = whole_district(scope, chosen.get("district", ""))
        return told_of(scope, _said(number, district, chosen) if district else {})

    return rows


def whole_district(scope: Scope, asked: str) -> District | None:
    """The one asked for, or the first, among those that the scope reaches as a whole."""
    offered = districts_in(scope)
    whole = offered if scope.everything else offered.filter(pk__in=scope.district_ids)
    return whole.filter(pk=int(asked)).first() if asked.isdecimal() else whole.first()


def _said(number: int, district: District, chosen: Chosen) -> dict[int, dict[str, object]]:
    asked = chosen.get("count", "")
    counts = counts_of(Snapshot.objects.all(), [district.pk])  # whoever takes this list away may open them
    frozen = next((row for row in counts if str(row.pk) == asked), None)
    children = children_of(number, district, timezone.localdate(), frozen)
    return {
        child.student_id: {"district": district.name, **_of_child(number, child)}
        for child in children
        if fits(number, child, chosen)
    }


def _of_child(number: int, child: Child) -> dict[str, object]:
    return {
        "age": child.age, "setting_code": child.environment, "setting": words_of(number, child.environment),
        "part": part_of(number, child.environment) if child.counted else "",
        "stands": "counted" if child.counted else "not counted",
        "why_not": " ".join(f"{reasons()[reason].words}." for reason in child.reasons),
    }  # fmt: skip


def _indicator(number: int, title: str, what: str) -> List:
    return List(
        f"indicator-{number}",
        title,
        what,
        (
            *THE_CHILD, told("District", Kind.TEXT), told("Age"), told("Setting code"), told("Setting"),
            told("Part"), told("Stands"), told("Why not"),
        ),
        children_behind(number),
        filters(
            ("district", "District", True), ("count", "As of", True), ("part", "Part"),
            ("environment", "Setting"), ("stands", "Children"), ("reason", "Why not"),
        ),
        page=f"reports:indicator_{number}",
        default_sort="student",
        student="pk",
        listed=False,
    )  # fmt: skip


ENVIRONMENTS = (
    _indicator(
        SCHOOL_AGE,
        "Indicator 5: settings of school age",
        "Children of school age with an IEP by where they are taught, and who is not counted and why.",
    ),
    _indicator(
        EARLY_CHILDHOOD,
        "Indicator 6: settings of early childhood",
        "Young children with an IEP by where they are taught, and who is not counted and why.",
    ),
)
