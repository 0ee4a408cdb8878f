"""The eligibility meeting: its day, its team, who agreed, and who dissented with what statement."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from evaluations import actions
from evaluations.actions import Member
from evaluations.models import TeamMember
from evaluations.report import lines_of
from security.refusals import NotAllowed, RuleBroken
from tests.evaluations.conftest import CONSENT, DECIDED, ELIGIBLE
from tests.factories import EvaluationFactory

pytestmark = pytest.mark.usefixtures("as_system")
MET = date(2025, 10, 15)
TOMORROW = timezone.localdate() + timedelta(days=1)
AGREES = Member("Corinne Fontenot", "PARENT", agrees=True, signed_on=MET)
DISSENTS = Member(
    "Ambrose Hebert", "TEACHER", agrees=False, signed_on=MET, statement="The scores do not bear it out."
)


@pytest.fixture
def met(evaluation, coordinator):
    return actions.record_meeting(by=coordinator, evaluation=evaluation, on=MET)


def record(by, evaluation, member, **more):
    return actions.record_member(by=by, evaluation=evaluation, member=member, **more)


def test_each_says_yes_or_no_and_the_report_holds_it(met, coordinator):
    record(coordinator, met, AGREES)
    record(coordinator, met, DISSENTS)
    told = dict(lines_of(met))
    assert told["Team member 1"] == "Corinne Fontenot, parent: agrees, signed Oct 15, 2025"
    assert told["Team member 2"].endswith("dissents, signed Oct 15, 2025\n\nThe scores do not bear it out.")


@pytest.mark.parametrize(
    ("member", "field", "sentence"),
    [
        (replace(AGREES, name=" "), "name", "Write the name"),
        (replace(AGREES, part="KING"), "part", "Choose in what part"),
        (replace(AGREES, signed_on=None), "signed_on", "Enter the day of the signature"),
        (replace(AGREES, signed_on=TOMORROW), "signed_on", "The signature is in the future"),
        (replace(AGREES, signed_on=date(2025, 10, 1)), "signed_on", "before the meeting of Oct 15, 2025"),
        (replace(AGREES, agrees=None), "agrees", "Say whether the member agreed"),
        (replace(DISSENTS, statement=" "), "statement", "Who dissents says why in a statement"),
    ],
)
def test_a_member_that_cannot_be_is_refused_beside_the_field(met, coordinator, member, field, sentence):
    with pytest.raises(RuleBroken, match=sentence) as refused:
        record(coordinator, met, member)
    assert refused.value.field == field


def test_the_database_wants_the_statement_too(met):
    with pytest.raises(IntegrityError, match="dissent_with_its_statement"), transaction.atomic():
        TeamMember.objects.create(evaluation=met, name="A", part="OTHER", agrees=False, signed_on=MET)


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (TOMORROW, "The meeting is in the future"),
        (date(2025, 8, 25), "before the consent of Sep 1, 2025"),
        (date(2025, 11, 1), "after the determination of Oct 20, 2025"),
    ],
)
def test_a_meeting_on_an_impossible_day_is_refused(decided, coordinator, on, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        actions.record_meeting(by=coordinator, evaluation=decided, on=on)


def test_the_team_does_not_meet_before_the_consent(child, parish, coordinator):
    asked = EvaluationFactory(student=child, district=parish, referral_date=CONSENT, consent_date=None)
    with pytest.raises(RuleBroken, match="There is no consent yet"):
        actions.record_meeting(by=coordinator, evaluation=asked, on=MET)


def test_the_determination_is_not_before_the_meeting(met, coordinator):
    early = replace(ELIGIBLE, on=date(2025, 10, 14))
    with pytest.raises(RuleBroken, match="before the team met on Oct 15, 2025") as refused:
        actions.record_determination(by=coordinator, evaluation=met, found=early)
    assert refused.value.field == "on"


def test_the_lock_waits_for_who_has_not_said(decided, coordinator):
    actions.record_meeting(by=coordinator, evaluation=decided, on=MET)
    silent = record(coordinator, decided, Member("Ambrose Hebert", "TEACHER"))
    with pytest.raises(RuleBroken, match="missing: agreement or dissent of Ambrose Hebert"):
        actions.lock(by=coordinator, evaluation=decided)
    record(coordinator, decided, DISSENTS, replaces=silent.pk)
    assert actions.lock(by=coordinator, evaluation=decided).locked


def test_a_member_sent_twice_stands_there_once(met, coordinator):
    record(coordinator, met, AGREES)
    with pytest.raises(RuleBroken, match="stands in the team already"):
        record(coordinator, met, AGREES)


def test_somebody_entered_by_mistake_is_left_out(met, coordinator):
    wrong = record(coordinator, met, AGREES)
    actions.leave_out_member(by=coordinator, evaluation=met, member=wrong.pk)
    with pytest.raises(RuleBroken, match="not in the team any more"):
        actions.leave_out_member(by=coordinator, evaluation=met, member=wrong.pk)


def test_the_meeting_is_the_coordinators(evaluation, psychologist, supervisor):
    for somebody in (psychologist, supervisor):
        with pytest.raises(NotAllowed):
            actions.record_meeting(by=somebody, evaluation=evaluation, on=DECIDED)
