"""Who is on which roster on a day: single cases that an enrollment expert can read and extend."""

import csv
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enrollment.actions import Papers, enter_student, exit_student
from enrollment.models import Enrollment, SpecialEducationActivity
from enrollment.queries.backdating import entries
from enrollment.queries.cohort import cohort_of
from enrollment.queries.dropout import year_ends
from enrollment.queries.roster_difference import difference
from enrollment.queries.rosters import Asked, Members, Roster, groups, student_ids
from enrollment.rules.seds import SedsState, on_roster
from organizations.rules.calendar import school_year_of
from security import scope
from security.refusals import RuleBroken
from security.rules.roles import Role
from students.actions.merge import undo_merge
from tests import factories as make
from tests.students.test_merge import merged

CASES = list(csv.DictReader((Path(__file__).parent / "membership.csv").open(encoding="utf-8")))
SEP_4, OCT_1 = date(2026, 9, 4), date(2026, 10, 1)


def asked(district, day: date = SEP_4, **more) -> Asked:
    return Asked(district.pk, day, timezone.now(), **more)


def on_it(district, day: date = SEP_4, **more) -> set[int]:
    with scope.elevated():
        return student_ids(asked(district, day, **more))


@pytest.mark.parametrize(
    "case", [pytest.param(c, id=c["case"], marks=pytest.mark.rule(c["rule"])) for c in CASES]
)
def test_membership_of_the_state_roster_by_case(dc, case):
    child = make.StudentFactory(state=dc.state, district=dc.mine)
    make.EnrollmentFactory(
        student=child, district=dc.mine, site=dc.school, stage=int(case["stage"]),
        no_show=case["no_show"] == "yes", first_day=date.fromisoformat(case["first_day"]),
        exit_code=case["exit_code"], last_day=case["last_day"] or None,
    )  # fmt: skip
    there = child.pk in on_it(dc.mine, date.fromisoformat(case["day"]))
    assert there == (case["on_sled"] == "yes")


@pytest.mark.rule("OSSE-R4.03")
@pytest.mark.parametrize("entered", [date(2026, 9, 4), date(2026, 9, 5)])
def test_2040_and_1811_leave_no_gap_and_count_once(dc, enrolled, entered):
    before, academy = enrolled(), make.NonpublicSiteFactory(state=dc.state)
    Enrollment.objects.filter(pk=before.pk).update(last_day=SEP_4, exit_code="2040")
    make.EnrollmentFactory(
        student=before.student, district=dc.mine, site=academy, first_day=entered, entry_code="1811"
    )
    for day in (date(2026, 9, 3), SEP_4, date(2026, 9, 5), date(2026, 9, 6)):
        with scope.elevated():
            assert sum(group.n for group in groups(asked(dc.mine, day))) == 1


def test_a_roster_is_counted_by_school_and_grade_and_listed_by_name(dc, enrolled):
    enrolled(grade="09", last_name="Zydeco")
    enrolled(grade="10", last_name="Arceneaux")
    with scope.of(dc.registrar):
        counted = groups(asked(dc.mine))
        members = Members(asked(dc.mine), 2)[:1]
    assert [(group.site_id, group.grade, group.n) for group in counted] == [
        (dc.school.pk, "09", 1), (dc.school.pk, "10", 1),
    ]  # fmt: skip
    assert [row.student.last_name for row in members] == ["Arceneaux"]


def test_a_neighbour_reads_nothing_of_another_districts_roster(dc, enrolled):
    enrolled()
    neighbour = make.UserFactory(role=Role.REGISTRAR, role__district=dc.theirs)
    with scope.of(neighbour):
        assert student_ids(asked(dc.mine)) == set()


@pytest.mark.rule("OSSE-R4.05")
def test_the_difference_of_two_days_names_who_left_who_came_and_why(dc, enrolled):
    left, stays = enrolled(), enrolled()
    came = make.EnrollmentFactory(
        student=make.StudentFactory(state=dc.state, district=dc.mine), district=dc.mine, site=dc.school,
        first_day=SEP_4,
    )  # fmt: skip
    with scope.of(dc.registrar):
        exit_student(by=dc.registrar, enrollment=left, code="1941", on=SEP_4)
        changes, more = difference(asked(dc.mine, date(2026, 9, 3)), asked(dc.mine, SEP_4))
    told = [(row.student.pk, row.came, row.why.partition(" ")[0], row.day) for row in changes]
    assert told == [(left.student_id, False, "1941", SEP_4), (came.student_id, True, "1880", SEP_4)]
    assert not more
    assert stays.student_id not in {row.student.pk for row in changes}


@pytest.mark.rule("CHECK-23")
def test_a_merged_record_counts_once_for_the_state_from_the_merge_until_it_is_undone(dc, enrolled):
    """Both have the enrollment and the activity, so those of the merged record stay behind with it."""
    same = {"last_name": "Fontenot", "birth_date": date(2012, 1, 1), "sex": "M", "special": True}
    kept, double = enrolled(**same).student, enrolled(**same).student
    manager = make.UserFactory(role=Role.DATA_MANAGER, role__district=dc.mine)
    before = timezone.now()
    done = merged(manager, kept, double)
    after = timezone.now()
    with scope.elevated():
        assert [member.student_id for member in cohort_of(dc.mine, 2030)] == [kept.pk]
        assert [row.student_id for row in year_ends(dc.mine, school_year_of(SEP_4))] == [kept.pk]
        assert [row.student_id for row in entries(dc.mine, school_year_of(SEP_4))] == [kept.pk]
    undo_merge(by=manager, done=done)
    both, one = {kept.pk, double.pk}, {kept.pk}
    for roster in Roster:
        with scope.elevated():
            found = [
                student_ids(Asked(dc.mine.pk, SEP_4, at, roster)) for at in (before, after, timezone.now())
            ]
        assert found == [both, one, both]


CODES = st.lists(st.sampled_from(["1941", "1942", "1960", "1984", "2040", "1968", "2020"]), max_size=3)


@pytest.mark.rule("OSSE-R5.07")
def test_special_education_goes_on_at_the_district_that_the_child_enters(dc, enrolled):
    left, there = enrolled(special=True), make.UserFactory(role=Role.REGISTRAR, role__district=dc.theirs)
    make.ActivityFactory(student=left.student, district=None)
    with scope.of(dc.registrar):
        exit_student(by=dc.registrar, enrollment=left, code="1962", on=SEP_4, how_known="Called.")
    with scope.of(there):
        enter_student(
            by=there, child=left.student, district=dc.theirs, site=dc.neighbour, code="1880", on=OCT_1,
            grade="09", papers=Papers(first_attended=OCT_1), takes_over=True,
        )  # fmt: skip
    days = (date(2026, 9, 30), OCT_1)
    rosters = [
        [left.student_id in on_it(of, day, roster=Roster.SPECIAL_EDUCATION) for day in days]
        for of in (dc.mine, dc.theirs)
    ]
    assert rosters == [[True, False], [False, True]]
    with scope.elevated():
        assert left.student.activities.get(last_day=None).first_day == OCT_1


@pytest.mark.rule("OSSE-R5.07")
@pytest.mark.rule("OSSE-R5.11")
@settings(
    max_examples=20,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(codes=CODES, special=st.booleans(), part_c=st.sampled_from(["YES", "NO", "UNKNOWN"]))
def test_the_special_education_roster_says_what_the_table_of_moves_says(dc, enrolled, codes, special, part_c):
    enrollment = enrolled(special=special, part_c_history=part_c, birth_date=date(2015, 3, 12))
    for code in codes:
        try:
            with scope.of(dc.registrar):
                exit_student(by=dc.registrar, enrollment=enrollment, code=code, on=SEP_4, how_known="Called.")
        except RuleBroken:
            continue
    with scope.elevated():
        enrollment.refresh_from_db()
    stands = on_roster(SedsState[enrollment.seds_state]) if special else False
    there = enrollment.student_id in on_it(dc.mine, date(2026, 9, 5), roster=Roster.SPECIAL_EDUCATION)
    assert there == stands
    with scope.elevated():
        assert SpecialEducationActivity.objects.filter(last_day=None).count() >= there
