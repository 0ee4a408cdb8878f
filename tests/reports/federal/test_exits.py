"""Who left special education in a year: age, basis, and who is listed instead of counted (FS009)."""

from datetime import date

import pytest
from django.utils import timezone

from organizations.rules.profiles import Profile
from reports.federal.freeze import freeze
from reports.federal.standing import Count, live
from reports.models import Kind
from reports.rules.federal.child import Reason
from reports.rules.federal.exits import ExitFacts, basis, exit_age, stands_as_exit
from security import scope
from security.refusals import RuleBroken
from security.rules.roles import Role
from students.models import Student
from tests import factories as make
from tests.reports.federal.records import child

COUNT = date(2026, 10, 1)
FACTS = ExitFacts(
    age=18, sex="F", hispanic=False, races="W", exceptionality="SLD", environment="RC80",
    english_learner="N", reason="X05", left_with="", day=date(2027, 5, 20), came_back=False, goes_on=False,
    profile=Profile.LA, year=2027,
)  # fmt: skip


@pytest.mark.parametrize(
    ("left", "age"), [(date(2026, 9, 30), 16), (date(2026, 10, 1), 17), (date(2027, 6, 30), 17)]
)
def test_the_age_of_an_exit_is_that_of_the_count_date_before_it(left, age):
    assert exit_age(date(2009, 3, 1), left, COUNT) == age


@pytest.mark.parametrize(
    ("reason", "basis"),
    [("X01", "TRAN"), ("X02", "D"), ("X03", "DROPOUT"), ("X04", "MKC"), ("X05", "GHS"), ("X08", "RC"),
     ("X09", "RMA"), ("X12", "TRAN")],
)  # fmt: skip
def test_a_reason_of_exit_is_counted_under_its_federal_category(reason, basis):
    found = stands_as_exit(FACTS._replace(reason=reason))
    assert (found.counted, found.basis) == (True, basis)


@pytest.mark.parametrize(
    ("profile", "reason", "code", "found"),
    [
        ("DC", "", "1968", ("RMA", None)),
        ("DC", "", "1980", ("DROPOUT", None)),
        ("DC", "", "2021", ("", Reason.NO_BASIS)),
        ("DC", "", "2040", ("", Reason.NO_BASIS)),
        ("DC", "X08", "2020", ("RC", None)),
        ("DC", "X14", "2020", ("", Reason.BASIS_NOT_CHOSEN)),
        ("DC", "X99", "2020", ("", Reason.NO_BASIS)),
        ("LA", "", "1980", ("", Reason.NO_BASIS)),
        ("LA", "", "04", ("", Reason.NO_BASIS)),
    ],
)
def test_the_exit_code_tells_the_basis_only_where_nobody_did(profile, reason, code, found):
    assert basis(Profile(profile), reason, code, FACTS.day) == found


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"age": 13}, "TOO_YOUNG"), ({"age": 22}, "TOO_OLD"), ({"came_back": True}, "CAME_BACK"),
        ({"goes_on": True, "reason": ""}, "GOES_ON"), ({"environment": "PPPS"}, "PRIVATE"),
        ({"races": ""}, "NO_RACE"), ({"sex": "X"}, "NO_SEX"), ({"exceptionality": "DD"}, "DD_EXIT"),
        ({"exceptionality": "GIF"}, "NOT_FEDERAL"), ({"exceptionality": "QQ"}, "NOT_MAPPED"),
        ({"reason": ""}, "NO_BASIS"), ({"reason": "X06"}, "BASIS_NOT_CHOSEN"),
        ({"reason": "X14"}, "BASIS_NOT_CHOSEN"),
    ],
)  # fmt: skip
def test_who_is_no_exit_or_cannot_be_told_is_listed(facts, why):
    found = stands_as_exit(FACTS._replace(**facts))
    assert (found.counted, found.reasons) == (False, (why,))


@pytest.mark.django_db
def test_exits_of_a_year_are_frozen_one_line_a_child():
    mine = make.DistrictFactory()
    manager = make.UserFactory(role=Role.DATA_MANAGER, role__district=mine)
    for name, last, why in (("Twice", date(2026, 3, 2), "X05"), ("Earlier", date(2025, 6, 30), "X05")):
        student = child(mine, last_name=name, birth_date=date(2008, 1, 1), grade="11")
        with scope.elevated():
            student.activities.update(last_day=last, exit_reason=why)
    with scope.elevated():
        twice = Student.objects.get(last_name="Twice")
    make.ActivityFactory(
        student=twice,
        district=mine,
        first_day=date(2026, 4, 1),
        last_day=date(2026, 5, 20),
        exit_reason="X03",
    )
    with scope.of(manager):
        frozen = freeze(by=manager, district=mine, kind=Kind.EXITS, day=date(2026, 1, 15))
        (row,) = frozen.children.all()
    assert (frozen.day, frozen.count_date) == (date(2026, 6, 30), date(2025, 10, 1))
    assert (row.student_id, row.basis, row.age, row.exit_day) == (
        twice.pk,
        "DROPOUT",
        "17",
        date(2026, 5, 20),
    )


STAYS = {
    "one after another": [("2024-08-12", "2025-10-03"), ("2025-10-03", "2026-03-20")],
    "with a gap": [("2024-08-12", "2025-10-03"), ("2026-01-12", "2026-03-20")],
    "with days in both": [("2024-08-12", "2026-02-02"), ("2025-10-03", "2026-03-20")],
    "in both to the last day": [("2024-08-12", "2026-03-20"), ("2025-10-03", "2026-03-20")],
}


@pytest.mark.django_db
@pytest.mark.parametrize("stays", STAYS.values(), ids=STAYS)
def test_a_child_that_left_two_districts_in_a_year_is_counted_by_the_last_one(stays):
    """reporting.md 3.5: one row a child, the latest exit of the window."""
    student = child(make.DistrictFactory(), birth_date=date(2008, 1, 1), grade="11")
    with scope.elevated():
        student.activities.all().delete()
    districts = [make.DistrictFactory() for _ in stays]
    for district, (first, last) in zip(districts, stays, strict=True):
        make.ActivityFactory(
            student=student, district=district, first_day=first, last_day=last, exit_reason="X03"
        )  # fmt: skip
    with scope.elevated():
        found = [next(live(exits_of(district))) for district in districts]
    assert [each["counted"] for each in found] == [False, True]
    assert [each["reasons"] for each in found] == [["GOES_ON"], []]


def exits_of(district) -> Count:
    return Count(district, Kind.EXITS, date(2026, 6, 30), date(2025, 10, 1))


@pytest.mark.django_db
def test_a_year_that_is_not_over_has_no_exits_yet():
    mine = make.DistrictFactory()
    manager = make.UserFactory(role=Role.DATA_MANAGER, role__district=mine)
    with scope.of(manager), pytest.raises(RuleBroken, match="The end of the period, Jun 30, .* lies in"):
        freeze(by=manager, district=mine, kind=Kind.EXITS, day=timezone.localdate())
