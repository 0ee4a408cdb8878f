"""The transition checklist of one IEP: read from its section, answered by the team."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ieps import actions
from ieps.models import Iep, IepStatus, Line
from ieps.rules.indicator_13 import Answer
from ieps.transition import checklists_of
from security import scope
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from tests import factories as make

TODAY = timezone.localdate()


@pytest.fixture
def youth(parish):
    return make.StudentFactory(district=parish, birth_date=date(TODAY.year - 17, 1, 5))


def text(iep, field, words, line=None, section="TRN"):
    key = f"{line.pk}.{field}" if line else field
    return make.SectionTextFactory(iep=iep, section=section, line=line, field=key, text=words)


def written(iep):
    """Every part that can be read, the agency left out."""
    with scope.elevated():
        goal = Line.objects.create(iep=iep, section="INS", place=1)
        rows = {
            table: Line.objects.create(iep=iep, section="TRN", table=table, place=1)
            for table in ("assessments", "actions", "annual_goal_links")
        }
    for field in ("pg_education", "pg_employment", "course_of_study", "invited"):
        text(iep, field, "Will work as a welder.")
    for field, words in {"name": "Interests", "date": "9/1/2026", "result": "Metal"}.items():
        text(iep, field, words, rows["assessments"])
    for field in ("action", "person"):
        text(iep, field, "Counselor", rows["actions"])
    text(iep, "goal", str(goal.pk), rows["annual_goal_links"])
    return iep


@pytest.fixture
def plan(youth, parish, dana):
    iep = make.IepFactory(student=youth, district=parish, kind="REV", author=dana)
    text(iep, "meeting_date", TODAY.isoformat(), section="GSI")
    return written(iep)


def answers(iep) -> dict[str, Answer]:
    return {one.item.item: one.answer for one in checklists_of([iep], TODAY)[iep.pk]}


def test_the_section_is_read_and_the_team_is_asked_for_the_rest(plan, as_system):
    found = answers(plan)
    assert {item for item, answer in found.items() if answer is Answer.OPEN} == {"goals", "agencies"}
    assert {answer for item, answer in found.items() if item not in ("goals", "agencies")} == {Answer.YES}


def test_the_team_answers_and_may_answer_anew(plan, dana, as_system):
    actions.answer_checklist(by=dana, iep=plan, item="goals", answer="no")
    actions.answer_checklist(by=dana, iep=plan, item="goals", answer="yes", words="Each names a job.")
    actions.answer_checklist(by=dana, iep=plan, item="agencies", answer="not applicable")
    assert set(answers(plan).values()) == {Answer.YES, Answer.NOT_APPLICABLE}


@pytest.mark.parametrize(
    ("item", "answer"),
    [("courses", "yes"), ("strange", "yes"), ("goals", "perhaps"), ("goals", "not applicable")],
)
def test_what_the_iep_itself_tells_is_not_answered(plan, dana, as_system, item, answer):
    with pytest.raises(RuleBroken):
        actions.answer_checklist(by=dana, iep=plan, item=item, answer=answer)


def test_a_reader_answers_nothing(plan, parish, as_system):
    reader = make.UserFactory(role=Role.READER, role__district=parish)
    with pytest.raises(NotAllowed):
        actions.answer_checklist(by=reader, iep=plan, item="goals", answer="yes")


def test_goals_in_the_words_of_the_earlier_iep_are_asked_about(plan, youth, parish, as_system):
    last_year = written(make.IepFactory(student=youth, district=parish, kind="INI"))
    Iep.objects.filter(pk=last_year.pk).update(
        status=IepStatus.OFFICIAL, meeting_date=TODAY - timedelta(days=350)
    )
    assert answers(plan)["updated"] is Answer.OPEN


def test_answered_on_the_page_that_says_who_signs(plan, dana, browse):
    client, page = browse(dana), reverse("ieps:transition", args=[plan.pk])
    shown = client.get(page).content.decode()
    assert "6 of 8 parts are there." in shown
    assert "The parent" in shown
    assert client.post(f"{page}goals/", {"answer": "perhaps"}).status_code == 400
    client.post(f"{page}goals/", {"answer": "yes", "words": "Each names a job."})
    client.post(f"{page}agencies/", {"answer": "not applicable"})
    assert "Every part is there." in client.get(page).content.decode()
    assert client.post(f"{page}courses/", {"answer": "yes"}).status_code == 404


def test_the_api_answers_by_the_same_verb(plan, dana, browse):
    client, address = browse(dana), reverse("api:iep-transition", args=[plan.pk])
    sent = {"item": "goals", "answer": "yes"}
    found = client.post(address, sent, content_type="application/json").json()
    assert found[0]["answer"] == "yes"
    refused = client.post(address, {"item": "courses", "answer": "yes"}, content_type="application/json")
    assert refused.status_code == 400
