"""What is due is counted day by day, and only the first of it is read: the same as reading all of it."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from caseload.actions.dirty import count_marked
from caseload.due import HORIZON, KINDS, dues
from caseload.models import Deadline
from caseload.rules.sources import listed
from caseload.tally import first_of, tally
from ieps.models import IepStatus
from security.rules.roles import Role
from security.scope import Scope, of, system
from tests import factories as make

TODAY = timezone.localdate()
LAST_YEAR = TODAY - timedelta(days=365)


@pytest.fixture
def mine(db):
    return make.DistrictFactory()


@pytest.fixture
def school(mine):
    return make.SiteFactory(district=mine)


@pytest.fixture
def author(mine):
    return make.UserFactory(role=Role.IEP_AUTHOR, role__district=mine)


@pytest.fixture
def due(mine, school, author):
    """On few days much of several kinds: of a school, of an author, of another district, of one who left, of
    one who moved on.
    """
    elsewhere, yesterday = make.DistrictFactory(state=mine.state), TODAY - timedelta(days=1)
    gone = make.StudentFactory(district=mine, district__last_day=TODAY - timedelta(days=9))
    make.EnrollmentFactory(
        student=gone, district=mine, site=school, first_day=TODAY - timedelta(days=200), exit_code="1941",
        last_day=TODAY - timedelta(days=9), documentation_due=yesterday,
    )  # fmt: skip
    for n in range(6):
        child = make.StudentFactory(district=mine, district__site=school if n % 2 else None)
        met = LAST_YEAR + timedelta(days=n % 3 - 1)
        make.IepFactory(
            student=child, district=mine, status=IepStatus.OFFICIAL, meeting_date=met,
            author=author if n % 3 else None,
        )  # fmt: skip
    moved = make.StudentFactory(district=mine, district__last_day=yesterday)
    make.JurisdictionFactory(student=moved, district=elsewhere, first_day=TODAY)
    for child, district in ((make.StudentFactory(district=elsewhere), elsewhere), (moved, mine)):
        make.IepFactory(student=child, district=district, status=IepStatus.OFFICIAL, meeting_date=LAST_YEAR)
    with system():
        count_marked()


def scope_of(kind: str, mine, school) -> Scope:
    districts, sites = {"district": ([mine], []), "site": ([], [school]), "both": ([mine], [school])}[kind]
    return Scope(district_ids=tuple(d.pk for d in districts), site_ids=tuple(s.pk for s in sites))


def listed_in(scope: Scope, person):
    rows = Deadline.objects.in_scope(scope).due_by(TODAY + HORIZON).filter(number__in=listed())
    rows = rows.filter(responsible=person) if person else rows
    return list(rows.order_by("due_on", "student_id", "number"))


def first_ones(scope: Scope, person, most: int) -> list[int]:
    return [due.pk for due in dues(first_of(tally(scope, TODAY, person, most), most))][:most]


@pytest.mark.parametrize("whose", ["all", "own"])
@pytest.mark.parametrize("kind", ["district", "site", "both"])
def test_it_is_what_the_queryset_gives(kind, whose, due, mine, school, author):
    scope, person = scope_of(kind, mine, school), author if whose == "own" else None
    with system():
        expected = listed_in(scope, person)
        found = tally(scope, TODAY, person, most=99)
        shown = [first_ones(scope, person, most) for most in range(1, len(expected) + 1)]
    counted = Counter((row.due_on, KINDS.get(row.number, row.record_kind)) for row in expected)
    assert len(expected) > 1
    assert sum((Counter({heap[:2]: heap.n}) for heap in found), Counter()) == counted
    assert shown == [[row.pk for row in expected[: n + 1]] for n in range(len(expected))]


def test_a_heap_gives_no_more_keys_than_are_shown(due, mine, author):
    with of(author) as scope:
        found = tally(scope, TODAY, None, most=1)
    assert {len(heap.first) for heap in found} == {1}
    assert max(heap.n for heap in found) > 1
