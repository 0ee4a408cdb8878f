"""How the deadlines of a district stand, and how many children each case manager has."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Count, Q

from caseload.due import HORIZON
from caseload.models import Deadline
from caseload.rules.sources import listed
from evaluations.rules.standing import Standing
from ieps.models import Iep
from ieps.rules.caseloads import MORE, STEPS, size_of
from organizations.measures import Counted, Measure

INITIAL = "D02"
YEAR = timedelta(days=365)
OVERDUE, WEEK, LATER = "overdue", "week", "later"


def due(day: date) -> Counted:
    rows = (
        Deadline.objects.due_by(day + HORIZON).exclude(district=None).filter(number__in=listed()).order_by()
    )
    heaps = {
        OVERDUE: Q(due_on__lt=day),
        WEEK: Q(due_on__range=(day, day + timedelta(days=6))),
        LATER: Q(due_on__gt=day + timedelta(days=6)),
    }
    counts = rows.values_list("district").annotate(
        **{name: Count("pk", filter=condition) for name, condition in heaps.items()}
    )
    return [(district, name, n) for district, *ns in counts for name, n in zip(heaps, ns, strict=True)]


def timely(day: date) -> Counted:
    """Initial evaluations whose day came within a year."""
    rows = Deadline.objects.filter(of_the_year(day)).exclude(district=None).order_by()
    return list(rows.values_list("district", "standing").annotate(n=Count("pk")))


def of_the_year(day: date) -> Q:
    return Q(number=INITIAL, due_on__range=(day - YEAR, day))


def pressure(day: date) -> Counted:
    """Case managers by how many children have an IEP of theirs in force."""
    rows = Iep.objects.in_force_on(day).exclude(author=None).exclude(district=None).order_by()
    found: Counter[tuple[int, str]] = Counter()
    for district, _, n in rows.values_list("district", "author").annotate(n=Count("student", distinct=True)):
        found[district, size_of(n)] += 1
    return [(district, key, n) for (district, key), n in found.items()]


def _times() -> Mapping[str, str]:
    return {OVERDUE: "Overdue", WEEK: "Due within a week", LATER: "Due within eight weeks"}


def standings() -> Mapping[str, str]:
    return {
        Standing.MET: "In time",
        Standing.LATE: "Late",
        Standing.OPEN: "Still open",
        Standing.EXCUSED: "Excused",
    }


def _sizes() -> Mapping[str, str]:
    return {words: words for words in STEPS}


TIME = (
    Measure(
        "timely", "Timeliness of initial evaluations", "Those whose day came within the last twelve months.",
        "They were", standings, timely, "Late or still open",
        over_time=frozenset({Standing.LATE, Standing.OPEN}), warns=frozenset({Standing.LATE, Standing.OPEN}),
        of_list="deadlines", narrows="initial", also={"by": "rows"},
    ),
    Measure(
        "deadlines", "Deadlines", "Evaluations, IEPs, notices and requests that wait for somebody.", "When",
        _times, due, "Overdue", over_time=frozenset({OVERDUE}), warns=frozenset({OVERDUE}),
        link="caseload:deadlines", narrows="when",
    ),
    Measure(
        "caseloads", "Caseload sizes", "Case managers, by how many children have an IEP of theirs in force.",
        "Children", _sizes, pressure, "Case managers", warns=frozenset({MORE}),
        of_list="iep-caseloads", narrows="size",
    ),
)  # fmt: skip
