"""Whatever order entries, exits and transfers come in, responsibility and access stay right."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enrollment.actions import Papers, enter_student, exit_student
from enrollment.models import Enrollment
from security import scope
from security.refusals import RuleBroken
from security.rules.roles import Role
from students.models import Jurisdiction, Student, StudentAccess
from tests import factories as make

START = date(2026, 8, 10)
DEED = st.tuples(st.sampled_from(["enter", "exit"]), st.integers(0, 2), st.integers(0, 90), st.booleans())


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(DEED, min_size=1, max_size=9), special=st.booleans())
@pytest.mark.django_db
def test_any_sequence_keeps_the_promises(dc, deeds, special):
    registrars = {dc.mine: dc.registrar, dc.theirs: _registrar(dc.theirs)}
    with transaction.atomic():
        child = make.StudentFactory(state=dc.state)
        if special:
            make.ActivityFactory(student=child, district=None)
        for deed in deeds:
            _do(dc, registrars, child, *deed)
        with scope.system():
            assert list(_broken_promises(child, special)) == []
        transaction.set_rollback(True)


def _registrar(district):
    return make.UserFactory(role=Role.REGISTRAR, role__district=district)


def _do(dc, registrars, child: Student, what: str, which: int, days: int, takes_over: bool) -> None:
    """One deed as its registrar would try it; the rules may refuse it with a sentence."""
    site, on = (dc.school, dc.other, dc.neighbour)[which], START + timedelta(days=days)
    by = registrars[site.district]
    with scope.of(by):
        try:
            if what == "enter":
                papers = Papers(first_attended=on)
                enter_student(
                    by=by, child=child, district=site.district, site=site, code="1880", on=on, grade="05",
                    papers=papers, takes_over=takes_over,
                )  # fmt: skip
            elif row := Enrollment.objects.filter(student=child, site=site, last_day=None).first():
                exit_student(by=by, enrollment=row, code="1942", on=on, how_known="Letter of the parent")
        except RuleBroken as refusal:
            _check_sentence(str(refusal))


def _check_sentence(refusal: str) -> None:
    assert refusal.endswith(".")


def _broken_promises(child: Student, special: bool) -> Iterator[str]:
    enrollments = list(Enrollment.objects.filter(student=child))
    responsible = list(Jurisdiction.objects.filter(student=child))
    if any(_share_a_day(*pair) for pair in combinations(responsible, 2)):
        yield "two districts answer for one day"
    if any(
        a.district_id != b.district_id and _on_both_rosters(a, b) for a, b in combinations(enrollments, 2)
    ):
        yield "the child is on the rosters of two districts"
    enrolled = {row.district_id for row in enrollments if row.last_day is None}
    answering = {row.district_id for row in responsible if row.last_day is None}
    if not enrolled <= answering:
        yield "enrolled where nobody answers for the child"
    if not special and answering != enrolled:
        yield "somebody answers for the child where it is not enrolled"
    access = dict(StudentAccess.objects.filter(student=child).values_list("district_id", "is_current"))
    if access != _naive_access(responsible):
        yield "the access table says something else"


def _share_a_day(one, other) -> bool:
    return one.first_day <= (other.last_day or date.max) and other.first_day <= (one.last_day or date.max)


def _on_both_rosters(one, other) -> bool:
    """The day of an exit is the first one off the roster."""
    return one.first_day < (other.last_day or date.max) and other.first_day < (one.last_day or date.max)


def _naive_access(responsible) -> dict[int, bool]:
    today, access = timezone.localdate(), {}
    for row in responsible:
        now = row.last_day is None or row.last_day >= today
        access[row.district_id] = access.get(row.district_id, False) or now
    return access
