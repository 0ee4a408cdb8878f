"""Entering: new children, known children, children of another district, and who is responsible afterwards."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from enrollment.actions import Papers, enter_student, exit_student
from enrollment.models import Enrollment
from journal.models import Entry
from security import scope
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from students.actions.register import Child
from students.models import Jurisdiction, Student, StudentAccess
from tests import factories as make

pytestmark = pytest.mark.django_db
AUG_10, SEP_4, OCT_1 = date(2026, 8, 10), date(2026, 9, 4), date(2026, 10, 1)
JULES = Child(
    state_student_id="4100000001",
    last_name="Fontenot",
    first_name="Jules",
    birth_date=date(2015, 3, 12),
    sex="M",
)


def enter(dc, child=JULES, code="1880", on=AUG_10, **more):
    options = {
        "district": dc.mine,
        "site": dc.school,
        "grade": "06",
        "papers": Papers(first_attended=on),
    } | more
    by = options.pop("by", dc.registrar)
    with scope.of(by):
        return enter_student(by=by, child=child, code=code, on=on, **options)


def responsibilities(student):
    with scope.system():
        rows = Jurisdiction.objects.filter(student=student).order_by("first_day")
        return [(row.district, row.first_day, row.last_day) for row in rows]


def test_a_new_child_is_written_down_enrolled_and_under_the_district(dc):
    enrollment = enter(dc)
    assert responsibilities(enrollment.student) == [(dc.mine, AUG_10, None)]
    with scope.of(dc.registrar):
        assert Student.objects.visible_to(dc.registrar).get().state_student_id == "4100000001"
        assert (enrollment.stage, enrollment.grade, enrollment.site) == (5, "06", dc.school)


def test_the_same_entry_sent_twice_is_one_entry(dc):
    assert enter(dc).pk == enter(dc).pk
    with scope.system():
        assert Enrollment.objects.count() == Student.objects.count() == 1
        assert Entry.objects.filter(kind="STUDENT_ENTERED").count() == 1


def test_the_number_of_another_child_is_refused(dc):
    make.StudentFactory(
        state=dc.state, state_student_id="4100000001", last_name="Broussard", district=dc.theirs
    )
    with pytest.raises(RuleBroken, match="number of another child") as refusal:
        enter(dc)
    assert refusal.value.field == "state_student_id"


def test_a_child_that_another_district_still_has_enrolled_is_not_taken_over(dc):
    child = make.StudentFactory(state=dc.state, district=dc.theirs)
    make.EnrollmentFactory(student=child, district=dc.theirs, site=dc.neighbour)
    with pytest.raises(RuleBroken, match="still has this child enrolled"):
        enter(dc, child, on=OCT_1, takes_over=True)
    assert responsibilities(child) == [(dc.theirs, date(2023, 8, 14), None)]


def test_responsibility_of_another_district_ends_only_when_somebody_says_so(dc):
    child = make.StudentFactory(state=dc.state, district=dc.theirs)
    with pytest.raises(RuleBroken, match="Confirm that") as refusal:
        enter(dc, child, on=OCT_1)
    assert refusal.value.field == "takes_over"
    enter(dc, child, on=OCT_1, takes_over=True)
    assert responsibilities(child) == [
        (dc.theirs, date(2023, 8, 14), date(2026, 9, 30)),
        (dc.mine, OCT_1, None),
    ]
    with scope.system():
        assert Entry.objects.get(kind="RESPONSIBILITY_ENDED").district_id == dc.theirs.pk


def test_a_known_child_entered_by_its_number_keeps_what_is_known(dc):
    known = make.StudentFactory(
        state=dc.state, state_student_id="4100000001", last_name="FONTENOT", first_name="Julian",
        birth_date=date(2015, 3, 12), district=dc.mine,
    )  # fmt: skip
    enrollment = enter(dc)
    assert (enrollment.student_id, enrollment.student.first_name) == (known.pk, "Julian")


def test_a_second_school_of_the_district_moves_the_site_and_keeps_responsibility(dc):
    child = enter(dc).student
    enter(dc, child, on=SEP_4, site=dc.other)
    assert responsibilities(child) == [(dc.mine, AUG_10, None)]
    with scope.system():
        assert StudentAccess.objects.get(student=child).site == dc.other


@pytest.mark.rule("OSSE-R6.02")
@pytest.mark.rule("OSSE-R6.04")
def test_a_nonpublic_placement_is_an_exit_2040_and_an_entry_1811(dc):
    academy = make.AffiliationFactory(site__state=dc.state, district=dc.mine).site
    first = enter(dc)
    with pytest.raises(RuleBroken, match="needs an exit with 2040"):
        enter(dc, first.student, "1811", SEP_4, site=academy)
    with scope.of(dc.registrar):
        exit_student(by=dc.registrar, enrollment=first, code="2040", on=SEP_4, how_known="Placement decision")
    placed = enter(dc, first.student, "1811", SEP_4, site=academy)
    assert placed.responsible_site == dc.school
    assert responsibilities(first.student) == [(dc.mine, AUG_10, None)]


REFUSED = [
    pytest.param(
        "1800", Papers(), AUG_10, "forms_received_on", "forms", marks=pytest.mark.rule("OSSE-R2.03")
    ),
    pytest.param("1800", Papers(forms_received_on=AUG_10), AUG_10, "agreement_received_on", "agreement"),
    pytest.param(
        "1800", Papers(forms_received_on=AUG_10, agreement_received_on=SEP_4), AUG_10, "first_day", "Sep 4",
        marks=pytest.mark.rule("OSSE-R2.02"),
    ),
    pytest.param(
        "1880", Papers(), AUG_10, "first_attended", "attendance", marks=pytest.mark.rule("OSSE-R2.05")
    ),
    pytest.param("1941", Papers(), AUG_10, "code", "not an entry code", marks=pytest.mark.rule("OSSE-R1.08")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "papers", "on", "field", "words"), REFUSED)
def test_a_refused_entry_names_the_field_and_writes_nothing(dc, code, papers, on, field, words):
    with pytest.raises(RuleBroken, match=words) as refusal:
        enter(dc, code=code, on=on, papers=papers)
    assert refusal.value.field == field
    with scope.system():
        assert not Student.objects.exists()


def test_a_registered_child_has_not_attended(dc):
    enrollment = enter(dc, code="1800", papers=Papers(forms_received_on=AUG_10, agreement_received_on=AUG_10))
    assert (enrollment.stage, enrollment.attended) == (4, False)


@pytest.mark.rule("CHECK-1")
def test_one_school_has_a_child_once(dc):
    first = enter(dc)
    with pytest.raises(RuleBroken, match="is enrolled at"):
        enter(dc, first.student, on=SEP_4)


@pytest.mark.rule("CHECK-21")
def test_a_public_school_of_another_district_is_refused(dc):
    with pytest.raises(RuleBroken, match="school of another district") as refusal:
        enter(dc, site=dc.neighbour)
    assert refusal.value.field == "site"


def test_a_registrar_of_one_school_enters_at_that_school_only(dc):
    registrar = make.UserFactory(role=Role.REGISTRAR, role__site=dc.other)
    with pytest.raises(NotAllowed, match="can enter a student at"):
        enter(dc, by=registrar)
    assert enter(dc, by=registrar, site=dc.other).site == dc.other


@pytest.mark.rule("OSSE-R5.11")
def test_a_child_that_comes_back_is_active_on_the_special_education_roster_again(dc, enrolled):
    left = enrolled(special=True)
    with scope.of(dc.registrar):
        exit_student(
            by=dc.registrar, enrollment=left, code="1942", on=SEP_4, how_known="Letter of the parent"
        )
    back = enter(dc, left.student, on=OCT_1)
    with scope.system():
        left.refresh_from_db()
    assert (left.seds_state, back.seds_state) == ("ACTIVE", "ACTIVE")


@pytest.mark.rule("OSSE-R2.05")
def test_a_day_that_has_not_come_is_no_day_attended(dc):
    ahead = timezone.localdate() + timedelta(days=30)
    with pytest.raises(RuleBroken, match="has not come yet") as refusal:
        enter(dc, on=ahead)
    assert refusal.value.field == "first_attended"
