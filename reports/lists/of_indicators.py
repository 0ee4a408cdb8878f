"""The children of an indicator as a file, narrowed as on its page."""

from collections.abc import Callable, Mapping

from django.db.models import Model
from django.utils import timezone

from enrollment.views.place import districts_in
from evaluations.models import Evaluation
from ieps.models import Iep
from reports.figures.indicators import Line, fits, lines_of
from reports.lists.cells import Kind
from reports.lists.children import CHILD, records, telling, told
from reports.lists.listing import List, Rows
from reports.lists.of_enrollment import year_of
from reports.lists.of_environments import ENVIRONMENTS
from reports.lists.of_leavers import LEAVERS
from reports.lists.of_rosters import filters
from reports.rules.indicators import EVALUATIONS, TRANSITION, YOUTH, indicator
from security.scope import Scope

Chosen = Mapping[str, str]


RECORDS: Mapping[int, type[Model]] = {EVALUATIONS: Evaluation, TRANSITION: Evaluation, YOUTH: Iep}


def children_of(number: int) -> Callable[[Scope, Chosen], Rows]:
    def rows(scope: Scope, chosen: Chosen) -> Rows:
        districts = districts_in(scope).values_list("pk", flat=True)
        lines = lines_of(number, scope, districts, year_of(chosen), timezone.localdate())
        said = {line.record_id: _said(number, line) for line in lines if fits(line, chosen)}
        return telling(records(scope, RECORDS[number]), said)

    return rows


def _said(number: int, line: Line) -> dict[str, object]:
    counts = indicator(number, "").says(line.stands.counts)
    return {
        "began": line.began, "due": line.due, "done": line.done, "stands": line.stands.value,
        "counts": counts, "days_late": line.days_late or None, "reason": line.reason,
        "in_words": line.words,
    }  # fmt: skip


def _indicator(number: int, title: str, what: str) -> List:
    return List(
        f"indicator-{number}",
        title,
        what,
        (
            *CHILD, told("Began", Kind.DAY), told("Due", Kind.DAY), told("Done", Kind.DAY), told("Stands"),
            told("Counts", key="counts"), told("Days late", Kind.NUMBER), told("Reason"),
            told("In words", Kind.TEXT),
        ),
        children_of(number),
        filters(
            ("district", "District", True), ("year", "School year"), ("counts", "Counts as"),
            ("stands", "Stands"), ("reason", "Reason"),
        ),
        page=f"reports:indicator_{number}",
        default_sort="student",
        listed=False,
    )  # fmt: skip


INDICATORS = (
    *ENVIRONMENTS,
    LEAVERS,
    _indicator(
        EVALUATIONS,
        "Indicator 11: initial evaluations in time",
        "Children whose consent to an initial evaluation came in the school year, and why it was late.",
    ),
    _indicator(
        TRANSITION,
        "Indicator 12: from early intervention to school",
        "Children of Part C whose third birthday lies in the school year, and the reason for a delay.",
    ),
    _indicator(
        YOUTH,
        "Indicator 13: transition of youth",
        "Youth of transition age with an IEP in effect, and the parts of it that are missing.",
    ),
)
