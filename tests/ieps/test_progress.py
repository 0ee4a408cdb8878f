"""Progress toward goals: measured, charted, reported for a period, told to the parents."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from ieps import actions
from ieps.actions import Measured, Progress
from ieps.goals import goals_of, measured
from ieps.models import GoalReport, Iep, IepStatus, Line, Measurement
from ieps.reporting import reports_due
from ieps.rules.progress import Period
from ieps.views.progress import points_of
from notices.models import Notice
from organizations.rules.calendar import school_year_of
from security import scope
from security.refusals import NotAllowed, RuleBroken, Stale
from security.rules.roles import Role
from tests import factories as make

TODAY = timezone.localdate()
PERIOD = Period(TODAY - timedelta(days=30), TODAY + timedelta(days=15), 2)
ENOUGH = Progress(True, "Reads 60 words a minute, up from 42.")


def with_goal(iep, place=1, came_from=None, **texts):
    """One plan with its texts, as long as the IEP is a draft."""
    line = Line.objects.create(iep=iep, section="INS", place=place, came_from=came_from)
    said = {"area": "Reading", "goal": "Reads 90 words a minute.", "criterion": "90", **texts}
    for field, text in said.items():
        make.SectionTextFactory(iep=iep, section="INS", line=line, field=f"{line.pk}.{field}", text=text)
    return line


def agreed(iep, **facts):
    facts = {"status": IepStatus.OFFICIAL, "first_day": TODAY - timedelta(days=90)} | facts
    Iep.objects.filter(pk=iep.pk).update(**facts)
    iep.refresh_from_db()
    return iep


@pytest.fixture
def goal(draft, as_system):
    line = with_goal(draft)
    agreed(draft)
    return line


@pytest.fixture
def official(goal, draft):
    return draft


def words(n, ago=0, **facts) -> Measured:
    return Measured(TODAY - timedelta(days=ago), Decimal(n), **{"unit": "words a minute", **facts})


def told(by, iep, progress=ENOUGH):
    for one in goals_of([iep.pk])[iep.pk]:
        actions.save_progress(by=by, iep=iep, goal=one, period=PERIOD, progress=progress)
    return actions.issue_progress(by=by, iep=iep, period=PERIOD, on=TODAY)


def test_a_measurement_stands_with_its_goal(official, goal, dana):
    actions.measure(by=dana, iep=official, goal=goal, measured=words(42, 20, note="Cold read"))
    (one,) = goals_of([official.pk])[official.pk]
    (row,) = measured([one])[goal.pk]
    assert (one.title, row.measured, row.by) == ("Goal 1, Reading", "42 words a minute", dana)


def test_a_goal_goes_on_with_what_was_measured_before(official, goal, child, parish, dana):
    actions.measure(by=dana, iep=official, goal=goal, measured=words(42, 20))
    following = make.IepFactory(student=child, district=parish, kind="REV", author=dana)
    later = with_goal(following, came_from=goal)
    actions.measure(by=dana, iep=agreed(following), goal=later, measured=words(60))
    (one,) = goals_of([following.pk])[following.pk]
    assert [row.value for row in measured([one])[later.pk]] == [42, 60]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"on": TODAY + timedelta(days=1)}, "in the future"),
        ({"on": TODAY - timedelta(days=91)}, "older"),
        ({"unit": " "}, "what is counted"),
    ],
)
def test_what_cannot_be_measured_is_said(official, goal, dana, wrong, said):
    right = {"on": TODAY, "value": Decimal(1), "unit": "percent"}
    with pytest.raises(RuleBroken, match=said):
        actions.measure(by=dana, iep=official, goal=goal, measured=Measured(**right | wrong))


def test_a_draft_has_no_progress_yet(draft, dana, as_system):
    with pytest.raises(RuleBroken, match="official IEP"):
        actions.measure(by=dana, iep=draft, goal=with_goal(draft), measured=words(42))


def test_a_goal_of_another_iep_is_not_measured_here(official, child, parish, dana):
    other = with_goal(make.IepFactory(student=child, district=parish))
    with pytest.raises(RuleBroken, match="does not stand"):
        actions.measure(by=dana, iep=official, goal=other, measured=words(42))


def test_a_reader_measures_nothing(official, goal, parish):
    reader = make.UserFactory(role=Role.READER, role__district=parish)
    with pytest.raises(NotAllowed):
        actions.measure(by=reader, iep=official, goal=goal, measured=words(42))


def test_what_was_measured_stays_and_is_withdrawn_once(official, goal, dana):
    row = actions.measure(by=dana, iep=official, goal=goal, measured=words(420))
    with pytest.raises(ProgrammingError), transaction.atomic():
        Measurement.objects.filter(pk=row.pk).update(value=42)
    row = actions.withdraw_measurement(by=dana, iep=official, measurement=row)
    assert points_of([row, row]) == []
    with pytest.raises(RuleBroken, match="already"):
        actions.withdraw_measurement(by=dana, iep=official, measurement=row)


def test_a_chart_has_one_unit(official, goal, dana):
    every = [words(10, 9, unit="percent"), words(42, 8), words(50, 7)]
    rows = [actions.measure(by=dana, iep=official, goal=goal, measured=each) for each in every]
    assert [point.n for point in points_of(rows)] == [42, 50]


@pytest.mark.rule("DEADLINE-D18")
def test_a_report_tells_of_every_goal_with_what_was_measured(official, goal, dana):
    actions.measure(by=dana, iep=official, goal=goal, measured=words(60))
    notice = told(dana, official)
    line = dict(notice.lines)["Goal 1, Reading"]
    assert "60 words a minute" in line
    assert "Progress is sufficient to reach the goal" in line
    assert notice.is_whole
    assert GoalReport.objects.get().notice_id == notice.pk


@pytest.mark.rule("DEADLINE-D18")
def test_a_report_without_one_of_the_goals_is_not_issued(draft, dana, as_system):
    with_goal(draft)
    with_goal(draft, 2, area="Math")
    agreed(draft)
    first, _ = goals_of([draft.pk])[draft.pk]
    actions.save_progress(by=dana, iep=draft, goal=first, period=PERIOD, progress=ENOUGH)
    with pytest.raises(RuleBroken, match="Still missing for: Goal 2, Math"):
        actions.issue_progress(by=dana, iep=draft, period=PERIOD, on=TODAY)


def test_what_the_parents_were_told_stays(official, dana):
    told(dana, official)
    with pytest.raises(RuleBroken, match="have this report already"):
        told(dana, official, Progress(False, "Something else", 1))
    with pytest.raises(ProgrammingError), transaction.atomic():
        GoalReport.objects.update(text="Something else")


def test_of_two_who_write_about_one_goal_the_second_sees_the_first(official, dana, kofi):
    (one,) = goals_of([official.pk])[official.pk]
    where = {"iep": official, "goal": one, "period": PERIOD}
    actions.save_progress(by=dana, progress=ENOUGH, **where)
    with pytest.raises(Stale, match="Dana Mouton wrote.*60 words"):
        actions.save_progress(by=kofi, progress=Progress(False, "Slow."), **where)
    assert actions.save_progress(by=kofi, progress=Progress(False, "Slow.", 1), **where).version == 2


@pytest.fixture
def term(parish):
    year = school_year_of(TODAY)
    return make.CalendarFactory(
        district=parish, school_year__first_day=year.first_day, school_year__last_day=year.last_day,
        first_school_day=max(year.first_day, TODAY - timedelta(days=100)), last_school_day=year.last_day,
    )  # fmt: skip


def test_who_is_missing_is_told_by_the_period_of_the_iep(official, term):
    (due,) = reports_due([official], TODAY)
    assert due.period.first <= TODAY <= due.period.last
    assert (due.written, due.notice_id) == (0, None)


def test_without_a_calendar_there_is_no_period(official):
    (due,) = reports_due([official], TODAY)
    assert due.period is None


def test_measured_and_withdrawn_on_the_page(official, goal, dana, browse):
    client, page = browse(dana), reverse("ieps:progress", args=[official.pk])
    typed = {"on": TODAY.isoformat(), "value": "42", "unit": "words a minute"}
    assert client.post(f"{page}goals/{goal.pk}/", {**typed, "value": "many"}).status_code == 400
    client.post(f"{page}goals/{goal.pk}/", typed)
    assert "42 words a minute" in client.get(page).content.decode()
    client.post(f"{page}measurements/{Measurement.objects.get().pk}/withdraw/")
    assert "withdrawn by Dana Mouton" in client.get(page).content.decode()


def test_a_caseload_is_reported_in_one_page_and_printed(official, goal, dana, term, browse):
    client, page = browse(dana), reverse("ieps:progress_reports")
    shown = client.get(page).content.decode()
    assert "0 of 1 goals written" in shown
    said = {
        f"goal{goal.pk}-sufficient": "yes",
        f"goal{goal.pk}-text": "Reads well.",
        f"goal{goal.pk}-seen": "0",
    }
    client.post(page, said)
    assert "1 of 1 goals written" in client.get(page).content.decode()
    stale = client.post(page, {**said, f"goal{goal.pk}-text": "Reads badly."})
    assert stale.status_code == 400
    assert "Reads badly." in stale.content.decode()
    client.post(page, {**said, f"goal{goal.pk}-seen": "1", "issue": official.pk})
    with scope.system():
        notice = Notice.objects.get()
    assert f"/parents/notices/{notice.pk}/" in client.get(page).content.decode()
    printed = client.get(reverse("notices:print", args=[notice.pk]))
    assert printed.content.startswith(b"%PDF")


def test_a_colleague_reports_for_every_student_but_not_by_default(official, term, kofi, browse):
    client, page = browse(kofi), reverse("ieps:progress_reports")
    assert "No IEP in effect is yours." in client.get(page).content.decode()
    assert official.student.full_name in client.get(page, {"who": "all"}).content.decode()


def test_the_api_measures_by_the_same_verb(official, goal, dana, browse):
    client, address = browse(dana), reverse("api:iep-measurements", args=[official.pk])
    sent = {"goal": goal.pk, "on": TODAY.isoformat(), "value": "42", "unit": "words a minute"}
    assert client.post(address, sent, content_type="application/json").status_code == 201
    refused = client.post(
        address, {**sent, "on": (TODAY + timedelta(days=1)).isoformat()}, content_type="application/json"
    )
    assert "in the future" in refused.content.decode()
    (told_of,) = client.get(address).json()
    assert [row["value"] for row in told_of["measurements"]] == ["42.00"]
