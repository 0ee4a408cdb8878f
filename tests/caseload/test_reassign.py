"""Handing students over: who may, what goes, what stays and why."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from caseload.actions.reassign import reassign
from caseload.held import held_by
from evaluations.models import Evaluation
from ieps.models import IepStatus
from journal.models import Entry
from security import scope
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine():
    return make.DistrictFactory(name="Cypress Parish")


@pytest.fixture
def supervisor(mine):
    return make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=mine)


@pytest.fixture
def solange(mine):
    return make.UserFactory(role=Role.EVALUATION_COORDINATOR, role__district=mine, last_name="Fuselier")


@pytest.fixture
def remy(mine):
    return make.UserFactory(role=Role.EVALUATION_COORDINATOR, role__district=mine, last_name="Guidry")


def evaluation_of(person, district, **facts):
    child = make.StudentFactory(district=district)
    return make.EvaluationFactory(student=child, district=district, coordinator=person, **facts)


def keys(person, of):
    return [held.key for held in held_by(of, person)]


def test_evaluations_go_over_and_are_told(mine, supervisor, solange, remy):
    one, other = evaluation_of(solange, mine), evaluation_of(solange, mine)
    due = make.DeadlineFactory(student=one.student, district=mine, record_id=one.pk, responsible=solange,
                               due_on=one.consent_date)  # fmt: skip
    with scope.of(supervisor):
        done = reassign(by=supervisor, person=solange, to=remy, chosen=[f"evaluation-{one.pk}"])
        due.refresh_from_db()
    assert [held.record.pk for held in done.moved] == [one.pk]
    with scope.system():
        held = dict(Evaluation.objects.values_list("pk", "coordinator__last_name"))
        told = Entry.objects.filter(kind="EVALUATION_HANDED_OVER", student_id=one.student_id).count()
        details = Entry.objects.get(kind="CASELOAD_HANDED_OVER").details
    assert held == {one.pk: "Guidry", other.pk: "Fuselier"}
    assert due.responsible == remy
    assert told == 1
    assert (details["from"], details["to"]) == (solange.pk, remy.pk)
    notice = remy.notices.get()
    assert "handed 1 record of Dana Fuselier over to you" in notice.words
    assert "Jules" not in notice.words


def test_what_the_other_person_may_not_do_stays_and_says_why(mine, supervisor, solange, remy):
    draft = make.IepFactory(student=make.StudentFactory(district=mine), district=mine, author=solange)
    evaluation = evaluation_of(solange, mine)
    with scope.of(supervisor):
        done = reassign(by=supervisor, person=solange, to=remy, chosen=keys(solange, supervisor))
    assert [held.record.pk for held in done.moved] == [evaluation.pk]
    [(held, why)] = done.stayed
    assert held.record.pk == draft.pk
    assert "Only a case manager of Cypress Parish can manage an IEP." in why
    assert "Dana Guidry is none there." in why


def test_an_iep_in_force_goes_to_another_case_manager_and_an_old_one_does_not(mine, supervisor):
    before, after = (
        make.UserFactory(role=Role.IEP_AUTHOR, role__district=mine, last_name=name)
        for name in ("Hebert", "Roy")
    )
    child = make.StudentFactory(district=mine)
    make.IepFactory(student=child, district=mine, author=before, status=IepStatus.SUPERSEDED)
    current = make.IepFactory(student=child, district=mine, author=before, status=IepStatus.OFFICIAL)
    with scope.of(supervisor):
        done = reassign(by=supervisor, person=before, to=after, chosen=keys(before, supervisor))
        current.refresh_from_db()
    assert [held.record for held in done.moved] == [current]
    assert current.author == after


def test_a_locked_evaluation_and_anothers_district_are_not_offered(mine, supervisor, solange):
    evaluation_of(solange, mine, locked=True)
    evaluation_of(solange, make.DistrictFactory())
    with scope.of(supervisor):
        assert keys(solange, supervisor) == []


@pytest.mark.parametrize("role", [Role.EVALUATION_COORDINATOR, Role.READER, Role.DATA_MANAGER])
def test_only_a_supervisor_hands_over(role, mine, solange, remy):
    evaluation = evaluation_of(solange, mine)
    by = make.UserFactory(role=role, role__district=mine)
    with scope.of(by), pytest.raises(NotAllowed, match="Only a special education supervisor"):
        reassign(by=by, person=solange, to=remy, chosen=[f"evaluation-{evaluation.pk}"])


def test_nothing_chosen_and_the_same_person_are_refused(supervisor, solange, remy):
    with scope.of(supervisor), pytest.raises(RuleBroken, match="Choose at least one student"):
        reassign(by=supervisor, person=solange, to=remy, chosen=[])
    with pytest.raises(RuleBroken, match="has them already"):
        reassign(by=supervisor, person=solange, to=solange, chosen=["evaluation-1"])


def test_the_page_hands_over_and_says_what_stayed(mine, supervisor, solange, remy, browse):
    evaluation = evaluation_of(solange, mine)
    make.IepFactory(student=make.StudentFactory(district=mine), district=mine, author=solange)
    client, address = browse(supervisor), f"/caseload/hand-over/?person={solange.pk}"
    offered = client.get(address).content.decode()
    assert f'value="evaluation-{evaluation.pk}"' in offered
    page = client.post(address, {"to": remy.pk, "chosen": keys(solange, supervisor)}).content.decode()
    assert "Handed over to Dana Guidry: 1." in page
    assert "Stayed where they are" in page
    assert client.post(address, {"to": remy.pk}).status_code == 400
    assert browse(solange).get(address).status_code == 403


def test_the_page_asks_no_more_for_many_than_for_one(mine, supervisor, solange, browse):
    client = browse(supervisor)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/caseload/hand-over/", {"person": solange.pk})
        return len(asked)

    evaluation_of(solange, mine)
    queries()
    one = queries()
    for _ in range(3):
        evaluation_of(solange, mine)
    assert queries() == one
