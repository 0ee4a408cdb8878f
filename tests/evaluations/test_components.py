"""The parts of an evaluation: given out by the coordinator, completed by their evaluator alone."""

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from evaluations import actions
from evaluations.actions import Assessed
from evaluations.models import Component
from security.models import DistrictGrant
from security.refusals import NotAllowed, RuleBroken, Stale
from security.rules.roles import Role
from tests.evaluations.conftest import CONSENT
from tests.factories import UserFactory

pytestmark = pytest.mark.usefixtures("as_system")
TOMORROW = timezone.localdate() + timedelta(days=1)
DONE = Assessed("Woodcock-Johnson IV, standard conditions.", "Reads at the level of grade 2.")


def assign(by, evaluation, evaluator, area="ACADEMIC", on=CONSENT):
    return actions.assign_component(by=by, evaluation=evaluation, area=area, evaluator=evaluator, on=on)


@pytest.fixture
def component(evaluation, coordinator, psychologist):
    return assign(coordinator, evaluation, psychologist)


def complete(by, component, on=date(2025, 9, 20), assessed=DONE, **more):
    return actions.complete_component(by=by, component=component, on=on, assessed=assessed, **more)


def test_the_psychologist_completes_what_the_coordinator_gave_out(component, psychologist):
    done = complete(psychologist, component)
    assert (done.completed_on, done.findings) == (date(2025, 9, 20), DONE.findings)


def test_nobody_else_completes_it(component, coordinator, supervisor, reader):
    for somebody in (coordinator, supervisor, reader):
        with pytest.raises(NotAllowed, match="Only Mireille Guidry, to whom it was given"):
            complete(somebody, component)


def test_only_the_coordinator_gives_out_and_takes_back(component, evaluation, psychologist, supervisor):
    for somebody in (psychologist, supervisor):
        with pytest.raises(NotAllowed, match="can change an evaluation"):
            assign(somebody, evaluation, psychologist, area="VISION")
        with pytest.raises(NotAllowed):
            actions.take_back_component(by=somebody, component=component, reason="Ill.")


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"area": "NONE"}, "area"),
        ({"area": "ACADEMIC"}, "area"),
        ({"area": "VISION", "on": TOMORROW}, "on"),
        ({"area": "VISION", "on": date(2025, 8, 1)}, "on"),
    ],
)
def test_an_assignment_that_cannot_be_is_refused(
    component, evaluation, coordinator, psychologist, words, field
):
    with pytest.raises(RuleBroken) as refused:
        assign(coordinator, evaluation, psychologist, **words)
    assert refused.value.field == field


def test_an_evaluator_belongs_to_pupil_appraisal(evaluation, coordinator, reader):
    with pytest.raises(RuleBroken, match="cannot be the evaluator") as refused:
        assign(coordinator, evaluation, reader)
    assert refused.value.field == "evaluator"


@pytest.mark.parametrize(
    ("on", "assessed", "field"),
    [
        (TOMORROW, DONE, "on"),
        (date(2025, 8, 25), DONE, "on"),
        (date(2025, 9, 20), Assessed(" ", "Found."), "instruments"),
        (date(2025, 9, 20), Assessed("Test.", " "), "findings"),
    ],
)
def test_a_completion_that_cannot_be_is_refused(component, psychologist, on, assessed, field):
    with pytest.raises(RuleBroken) as refused:
        complete(psychologist, component, on, assessed)
    assert refused.value.field == field


def test_nothing_is_assessed_before_the_consent(child, parish, coordinator, psychologist):
    referred = actions.refer(by=coordinator, student=child, kind="INIT", on=CONSENT, reason="Reading")
    with pytest.raises(RuleBroken, match="nothing is assessed before it"):
        complete(psychologist, assign(coordinator, referred, psychologist))


def test_a_second_window_overwrites_nothing(component, psychologist):
    actions.write_component(by=psychologist, component=component, assessed=Assessed("A", "B"), version=1)
    with pytest.raises(Stale):
        actions.write_component(by=psychologist, component=component, assessed=Assessed("C", "D"), version=1)


def test_a_save_under_way_does_not_stop_the_button(component, psychologist):
    begun = Assessed(DONE.instruments, "")
    actions.write_component(by=psychologist, component=component, assessed=begun, version=1)
    assert complete(psychologist, component, version=1).findings == DONE.findings


def test_a_completed_one_is_opened_again_by_its_evaluator_and_not_taken_back(
    component, coordinator, psychologist
):
    complete(psychologist, component)
    with pytest.raises(RuleBroken, match="completed it on Sep 20, 2025; it stays"):
        actions.take_back_component(by=coordinator, component=component, reason="Wrong area.")
    again = actions.reopen_component(by=psychologist, component=component, reason="A score was wrong.")
    assert (again.completed_on, again.findings) == (None, DONE.findings)


class TestWhenTheEvaluatorHasLeft:
    moved_on = {"on": date(2025, 10, 1), "reason": "She moved to another parish."}

    @pytest.fixture
    def other(self, parish):
        return UserFactory(
            first_name="Odile", last_name="Bergeron", role=Role.PUPIL_APPRAISAL, role__district=parish
        )

    @pytest.fixture
    def left(self, component, psychologist):
        complete(psychologist, component)
        DistrictGrant.objects.filter(user=psychologist).delete()
        return component

    def test_the_coordinator_gives_it_to_another_and_the_history_keeps_the_earlier_words(
        self, left, coordinator, psychologist, other
    ):
        given = actions.give_on_component(by=coordinator, component=left, to=other, **self.moved_on)
        assert (given.evaluator, given.completed_on, given.findings) == (other, None, DONE.findings)
        complete(other, given, on=date(2025, 10, 5), assessed=Assessed("WJ IV.", "Grade 3."))
        (before,) = given.written_before()
        assert (before.evaluator, before.completed_on, before.findings) == (
            psychologist, date(2025, 9, 20), DONE.findings,
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            ({"reason": " "}, "Say why somebody else goes on"),
            ({"on": date(2025, 8, 25)}, "before the assignment"),
            ({"to": "reader"}, "cannot be the evaluator"),
        ],
    )
    def test_what_cannot_be_is_refused(self, left, coordinator, other, reader, words, sentence):
        sent = self.moved_on | words | {"to": reader if "to" in words else other}
        with pytest.raises(RuleBroken, match=sentence):
            actions.give_on_component(by=coordinator, component=left, **sent)

    def test_who_still_works_here_keeps_it(self, component, coordinator, other):
        with pytest.raises(RuleBroken, match="Mireille Guidry still assesses students here"):
            actions.give_on_component(by=coordinator, component=component, to=other, **self.moved_on)

    def test_only_the_coordinator_gives_it_on(self, left, supervisor, other):
        for somebody in (supervisor, other):
            with pytest.raises(NotAllowed, match="can change an evaluation"):
                actions.give_on_component(by=somebody, component=left, to=other, **self.moved_on)


def test_the_lock_waits_for_an_open_component(decided, coordinator, psychologist):
    component = assign(coordinator, decided, psychologist)
    with pytest.raises(RuleBroken, match="missing: component academic performance by Mireille Guidry"):
        actions.lock(by=coordinator, evaluation=decided)
    complete(psychologist, component)
    actions.lock(by=coordinator, evaluation=decided)
    with pytest.raises(ProgrammingError, match="Cannot change a locked evaluation"), transaction.atomic():
        Component.objects.filter(pk=component.pk).update(findings="Other.")
    with pytest.raises(RuleBroken, match="The evaluation is locked"):
        actions.reopen_component(by=psychologist, component=component, reason="Late thought.")


def test_after_the_parents_withdrew_nobody_assesses(component, evaluation, coordinator, psychologist):
    withdrawn = date(2025, 9, 15)
    actions.revoke_consent(by=coordinator, evaluation=evaluation, on=withdrawn, reason="By letter.")
    with pytest.raises(RuleBroken, match="withdrew their consent on Sep 15, 2025"):
        assign(coordinator, evaluation, psychologist, area="VISION")
    with pytest.raises(RuleBroken, match="this evaluation has ended"):
        complete(psychologist, component)
    assert complete(psychologist, component, on=withdrawn).completed_on == withdrawn


def test_a_corrected_consent_stays_before_what_was_assessed(component, evaluation, coordinator, psychologist):
    complete(psychologist, component)
    with pytest.raises(RuleBroken, match="after the completion of a component of Sep 20, 2025") as refused:
        actions.receive_consent(by=coordinator, evaluation=evaluation, on=date(2025, 9, 21))
    assert refused.value.field == "consent_date"
    actions.receive_consent(by=coordinator, evaluation=evaluation, on=date(2025, 9, 20))
