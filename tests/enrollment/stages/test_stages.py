"""Registered, looked for, attending: what is owed from Stage 4 on."""

from datetime import date, timedelta

import pytest
from django.db import connection

from enrollment import actions
from enrollment.actions.stages import follow_registration, follow_registrations
from enrollment.models import Duty, DutyKind, Enrollment, SupportRequest
from enrollment.rules.stages import owes_special_education, whereabouts_since
from security import scope
from security.refusals import RuleBroken
from security.rules.roles import Role
from tests import factories as make

OPENS = date(2026, 8, 17)
AUG_3, AUG_10 = date(2026, 8, 3), date(2026, 8, 10)

OWED = [
    # stage, has an IEP, is referred, owed from Stage 4 on
    (4, True, False, True),
    (4, False, True, True),
    (4, False, False, False),
    (5, True, True, False),
]


@pytest.mark.rule("OSSE-R2.07")
@pytest.mark.parametrize(("stage", "special", "pending", "owed"), OWED)
def test_special_education_is_owed_from_the_registration_on(stage, special, pending, owed):
    facts = {"has_special_education": special, "evaluation_pending": pending}
    assert owes_special_education(stage, **facts) == owed


SOUGHT = [
    # stage, special, registered, first official school day, today, looked for since
    (4, True, AUG_10, OPENS, OPENS, None),
    (4, True, AUG_10, OPENS, OPENS + timedelta(days=1), OPENS),
    (4, True, date(2026, 10, 1), OPENS, date(2026, 10, 2), date(2026, 10, 1)),
    (4, True, AUG_10, None, date(2026, 10, 2), None),
    (4, False, AUG_10, OPENS, date(2026, 10, 2), None),
    (5, True, AUG_10, OPENS, date(2026, 10, 2), None),
]


@pytest.mark.rule("OSSE-R2.08")
@pytest.mark.parametrize(("stage", "special", "registered", "opens", "today", "since"), SOUGHT)
def test_a_child_who_has_not_come_is_looked_for(stage, special, registered, opens, today, since):
    facts = {"has_special_education": special, "registered_on": registered, "first_school_day": opens}
    assert whereabouts_since(stage, **facts, today=today) == since


@pytest.fixture
def calendar(dc):
    year = make.SchoolYearFactory(state=dc.state)
    return make.CalendarFactory(
        district=dc.mine, school_year=year, first_school_day=OPENS, last_school_day=date(2027, 6, 15)
    )


@pytest.fixture
def registered(dc, calendar):
    """`registered(special=True)`: entered with 1800 on Aug 10, as a registrar does it."""

    def register(special: bool = True) -> Enrollment:
        student = make.StudentFactory(state=dc.state)
        if special:
            make.ActivityFactory(student=student, district=dc.mine)
        papers = actions.Papers(forms_received_on=AUG_3, agreement_received_on=AUG_10)
        with scope.of(dc.registrar):
            return actions.enter_student(
                by=dc.registrar, child=student, district=dc.mine, site=dc.school, code="1800", on=AUG_10,
                grade="05", papers=papers,
            )  # fmt: skip

    return register


def owed(enrollment, **more) -> set[str]:
    with scope.system():
        return set(Duty.objects.filter(enrollment=enrollment, **more).values_list("kind", flat=True))


def come(dc, enrollment, on: date, code: str = "1880"):
    with scope.of(dc.registrar):
        return actions.attend(by=dc.registrar, enrollment=enrollment, code=code, first_attended=on)


@pytest.mark.django_db
@pytest.mark.rule("OSSE-R2.07", "OSSE-R2.08")
def test_the_registration_opens_what_is_owed_at_once(registered):
    assert owed(registered()) == {DutyKind.SPECIAL_EDUCATION, DutyKind.WHEREABOUTS}
    assert owed(registered(special=False)) == set()


@pytest.mark.django_db
@pytest.mark.rule("OSSE-R2.07")
def test_a_referral_after_the_registration_is_found_at_night(dc, registered):
    row = registered(special=False)
    make.EvaluationFactory(student=row.student, district=dc.mine)
    follow_registrations()
    follow_registrations()
    assert owed(row) == {DutyKind.SPECIAL_EDUCATION}


DAYS = [
    # first day attended, what the Stage 5 entry is dated
    pytest.param(OPENS, OPENS, marks=pytest.mark.rule("OSSE-R2.06")),
    pytest.param(date(2026, 8, 20), date(2026, 8, 20), marks=pytest.mark.rule("OSSE-R2.06")),
    pytest.param(date(2026, 8, 13), OPENS, marks=pytest.mark.rule("OSSE-R2.06")),
]


@pytest.mark.django_db
@pytest.mark.rule("OSSE-R2.04")
@pytest.mark.parametrize(("came", "dated"), DAYS)
def test_the_first_day_makes_it_stage_5(dc, registered, came, dated):
    row = come(dc, registered(), came)
    assert (row.stage, row.entry_code, row.first_day, row.attended) == (5, "1880", dated, True)
    assert row.first_attended == came


@pytest.mark.django_db
@pytest.mark.rule("OSSE-R2.08")
def test_who_came_is_not_looked_for_and_the_obligation_stays(dc, registered):
    row = come(dc, registered(), OPENS)
    assert owed(row, done_on=None) == {DutyKind.SPECIAL_EDUCATION}


@pytest.mark.django_db
def test_the_day_of_the_registration_stays_in_the_history(dc, registered):
    row = come(dc, registered(), OPENS)
    with scope.system(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT entry_code, first_day FROM enrollment_enrollmentevent WHERE pgh_obj_id = %s"
            " ORDER BY pgh_id",
            [row.pk],
        )
        history = cursor.fetchall()
    assert (history[0], history[-1]) == (("1800", AUG_10), ("1880", OPENS))


@pytest.mark.django_db
def test_the_same_first_day_sent_twice_is_one(dc, registered):
    row = come(dc, registered(), OPENS)
    assert come(dc, row, OPENS).version == row.version


JUN_20 = date(2026, 6, 20)


@pytest.fixture
def registered_in_summer(dc, calendar, enrolled):
    """Registered on Jun 20, when the school of the year before has ended."""
    year = make.SchoolYearFactory(
        state=dc.state, name="2025-26", first_day=date(2025, 7, 1), last_day=date(2026, 6, 30)
    )
    days = {"first_school_day": date(2025, 8, 18), "last_school_day": date(2026, 6, 12)}
    before = make.CalendarFactory(district=dc.mine, school_year=year, **days)
    row = enrolled(special=True, stage=4)
    with scope.elevated():
        Enrollment.objects.filter(pk=row.pk).update(first_day=JUN_20, calendar=before, school_year=year)
        row.refresh_from_db()
    return row


@pytest.mark.django_db
@pytest.mark.rule("OSSE-R2.08")
def test_who_registered_in_summer_is_looked_for_when_the_next_school_year_has_begun(registered_in_summer):
    found = []
    for day in (date(2026, 6, 25), OPENS, OPENS + timedelta(days=1)):
        with scope.elevated():
            follow_registration(registered_in_summer, day)
        found.append(owed(registered_in_summer, kind=DutyKind.WHEREABOUTS))
    assert found == [set(), set(), {DutyKind.WHEREABOUTS}]


@pytest.mark.django_db
@pytest.mark.rule("OSSE-R2.06")
def test_who_registered_in_summer_begins_with_the_first_school_day(dc, calendar, registered_in_summer):
    row = come(dc, registered_in_summer, date(2026, 8, 12))
    assert (row.first_day, row.calendar, row.school_year) == (OPENS, calendar, calendar.school_year)


NO_FIRST_DAY = [
    (date(2026, 8, 9), "1880", "registered on Aug 10, 2026"),
    (date(2030, 1, 1), "1880", "has not come yet"),
    (OPENS, "1800", "Stage 5"),
    (OPENS, "1811", "Stage 5"),
]


@pytest.mark.django_db
@pytest.mark.rule("OSSE-R2.05")
@pytest.mark.parametrize(("came", "code", "sentence"), NO_FIRST_DAY)
def test_a_first_day_that_cannot_be_is_refused(dc, registered, came, code, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        come(dc, registered(), came, code)


@pytest.mark.django_db
def test_a_second_entry_of_a_registered_child_says_what_to_do(dc, registered):
    row = registered()
    with scope.of(dc.registrar), pytest.raises(RuleBroken, match="record the first day attended"):
        actions.enter_student(
            by=dc.registrar, child=row.student, district=dc.mine, site=dc.school, code="1880", on=OPENS,
            grade="05", papers=actions.Papers(first_attended=OPENS),
        )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.rule("OSSE-R3.06")
@pytest.mark.parametrize(("special", "code"), [(True, "1234"), (False, "4321")])
def test_a_no_show_asks_the_state(dc, registered, special, code):
    row = registered(special)
    with scope.of(dc.registrar):
        actions.mark_no_show(by=dc.registrar, enrollment=row, on=OPENS, how_known="Called three times.")
    with scope.system():
        asked = SupportRequest.objects.get(enrollment=row)
    assert asked.due_diligence == "Called three times."
    assert code in asked.words
    assert owed(row, done_on=None, kind=DutyKind.WHEREABOUTS) == set()


@pytest.mark.django_db
@pytest.mark.rule("OSSE-R3.07")
def test_what_a_no_show_is_owed_is_owed_by_the_district_that_it_enters(dc, registered):
    row = registered()
    with scope.of(dc.registrar):
        actions.mark_no_show(by=dc.registrar, enrollment=row, on=OPENS, how_known="Called three times.")
    assert owed(row, done_on=None) == {DutyKind.SPECIAL_EDUCATION}
    theirs = make.UserFactory(role=Role.REGISTRAR, role__district=dc.theirs)
    with scope.of(theirs):
        actions.enter_student(
            by=theirs, child=row.student, district=dc.theirs, site=dc.neighbour, code="1880", on=OPENS,
            grade="05", papers=actions.Papers(first_attended=OPENS), takes_over=True,
        )  # fmt: skip
    assert owed(row, done_on=None) == set()


@pytest.mark.django_db
def test_a_duty_ends_with_what_was_done(dc, registered):
    row = registered()
    with scope.of(dc.registrar):
        duty = Duty.objects.get(enrollment=row, kind=DutyKind.SPECIAL_EDUCATION)
        with pytest.raises(RuleBroken, match="Say what was done"):
            actions.finish_duty(by=dc.registrar, duty=duty, how=" ")
        done = actions.finish_duty(by=dc.registrar, duty=duty, how="IEP of 2025 provided on Aug 18")
    assert (done.done_how, done.done_by_id) == ("IEP of 2025 provided on Aug 18", dc.registrar.pk)


STAGE_AND_CODE = [
    # has come, exit code, why not
    pytest.param(True, "1234", "never attended", marks=pytest.mark.rule("CHECK-5", "OSSE-R3.05")),
    pytest.param(False, "1966", "4321", marks=pytest.mark.rule("CHECK-11", "OSSE-R3.01")),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("came", "code", "sentence"), STAGE_AND_CODE)
def test_no_show_codes_and_all_others_keep_apart(dc, registered, came, code, sentence):
    row = registered()
    if came:
        come(dc, row, OPENS)
    with scope.of(dc.registrar), pytest.raises(RuleBroken, match=sentence):
        actions.exit_student(
            by=dc.registrar, enrollment=row, code=code, on=date(2026, 9, 1), how_known="Called."
        )
