"""Consent: asked for, given, refused, asked for again, withdrawn."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from evaluations import actions
from evaluations.models import Evaluation
from evaluations.rules.stages import Stage, next_of, row_of, stages
from evaluations.stages import stage_of
from journal.models import Entry
from security.refusals import RuleBroken
from tests.evaluations.conftest import CONSENT, ELIGIBLE
from tests.factories import EvaluationFactory

pytestmark = pytest.mark.usefixtures("as_system")
ASKED, NO = date(2025, 8, 25), date(2025, 9, 2)


@pytest.fixture
def asked(child, parish):
    return EvaluationFactory(
        student=child, district=parish, referral_date=date(2025, 8, 20), consent_requested_on=ASKED,
        consent_date=None,
    )  # fmt: skip


def test_table_and_enum_have_the_same_stages():
    assert [row.stage for row in stages()] == list(Stage)


@pytest.mark.parametrize(
    ("stage", "with_consent", "without"),
    [
        (Stage.REFERRED, Stage.CONSENT_REQUESTED, Stage.DETERMINED),
        (Stage.CONSENT_REFUSED, Stage.CONSENT_REQUESTED, Stage.CONSENT_REQUESTED),
        (Stage.CONSENT_RECEIVED, Stage.MET, Stage.MET),
        (Stage.MET, Stage.DETERMINED, Stage.DETERMINED),
        (Stage.DETERMINED, Stage.LOCKED, Stage.LOCKED),
        (Stage.LOCKED, None, None),
        (Stage.ENDED, None, None),
    ],
)
def test_what_comes_next(stage, with_consent, without):
    assert (next_of(stage, needs_consent=True), next_of(stage, needs_consent=False)) == (
        with_consent,
        without,
    )


def test_refused_consent_waits_to_be_asked_for_again(asked, coordinator):
    refused = actions.refuse_consent(by=coordinator, evaluation=asked, on=NO, reason="They want to wait.")
    assert stage_of(refused) == Stage.CONSENT_REFUSED
    again = actions.request_consent(by=coordinator, evaluation=refused, on=date(2025, 10, 1))
    assert (stage_of(again), again.consent_refused_on) == (Stage.CONSENT_REQUESTED, None)
    given = actions.receive_consent(by=coordinator, evaluation=again, on=date(2025, 10, 3))
    assert stage_of(given) == Stage.CONSENT_RECEIVED


def test_withdrawn_consent_ends_the_evaluation_and_keeps_what_was_done(asked, coordinator):
    given = actions.receive_consent(by=coordinator, evaluation=asked, on=CONSENT)
    ended = actions.revoke_consent(
        by=coordinator, evaluation=given, on=date(2025, 9, 20), reason="By letter."
    )
    assert (row_of(stage_of(ended)).name, ended.consent_date) == ("ended", CONSENT)
    assert not Evaluation.objects.in_progress().exists()
    last = Entry.objects.order_by("-pk").first()
    assert (last.kind, last.details["reason"]) == ("CONSENT_REVOKED", "By letter.")


@pytest.mark.rule("EDFI-R43")
@pytest.mark.rule("DEADLINE-D02")
def test_told_that_no_assessment_is_needed_that_day_is_day_zero(asked, coordinator):
    told = actions.tell_no_assessment(by=coordinator, evaluation=asked, on=CONSENT)
    assert (stage_of(told), told.consent_date) == (Stage.CONSENT_RECEIVED, CONSENT)
    assert Entry.objects.order_by("-pk").first().kind == "NO_ASSESSMENT_NEEDED"
    with pytest.raises(RuleBroken, match="Day 0 of this evaluation is"):
        actions.tell_no_assessment(by=coordinator, evaluation=told, on=CONSENT)


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (date(2999, 1, 1), "The notice is in the future"),
        (date(2020, 1, 1), "The notice is before the referral"),
    ],
)
def test_parents_are_not_told_before_the_referral_or_tomorrow(asked, coordinator, on, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        actions.tell_no_assessment(by=coordinator, evaluation=asked, on=on)


TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.mark.parametrize(
    ("verb", "given", "on", "reason", "sentence"),
    [
        ("refuse_consent", False, TOMORROW, "None.", "The refusal is in the future."),
        (
            "refuse_consent",
            False,
            date(2025, 8, 1),
            "None.",
            "The refusal is before the request of Aug 25, 2025.",
        ),
        ("refuse_consent", False, NO, " ", "or that they gave none"),
        ("refuse_consent", True, NO, "None.", "The consent came in on Sep 1, 2025."),
        ("revoke_consent", False, NO, "By letter.", "There is no consent that could be withdrawn."),
        ("revoke_consent", True, date(2025, 8, 30), "By letter.", "is before the consent of Sep 1, 2025"),
        ("revoke_consent", True, NO, "", "they must do so in writing"),
    ],
)
def test_what_cannot_be_true_is_refused(asked, coordinator, verb, given, on, reason, sentence):
    if given:
        actions.receive_consent(by=coordinator, evaluation=asked, on=CONSENT)
    with pytest.raises(RuleBroken, match=sentence):
        getattr(actions, verb)(by=coordinator, evaluation=asked, on=on, reason=reason)


def test_consent_is_not_withdrawn_after_the_determination(asked, coordinator):
    given = actions.receive_consent(by=coordinator, evaluation=asked, on=CONSENT)
    actions.record_determination(by=coordinator, evaluation=given, found=ELIGIBLE)
    with pytest.raises(RuleBroken, match="has its outcome already: Eligible"):
        actions.revoke_consent(by=coordinator, evaluation=given, on=date(2025, 11, 1), reason="By letter.")


@pytest.mark.parametrize(
    "impossible",
    [
        {"consent_refused_on": NO},
        {"consent_revoked_on": ASKED},
    ],
    ids=["given and refused", "withdrawn before it was given"],
)
def test_the_database_keeps_consent_possible(asked, impossible):
    with pytest.raises(IntegrityError), transaction.atomic():
        Evaluation.objects.filter(pk=asked.pk).update(consent_date=CONSENT, **impossible)


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (TOMORROW, "The report is in the future."),
        (date(2025, 10, 1), "The report is before the determination of Oct 20, 2025."),
    ],
)
def test_a_report_is_given_out_after_the_determination(decided, coordinator, on, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        actions.give_out(by=coordinator, evaluation=decided, on=on)
    given = actions.give_out(by=coordinator, evaluation=decided, on=date(2025, 10, 24))
    assert given.dissemination_date == date(2025, 10, 24)


def test_a_report_that_decides_nothing_is_not_given_out(asked, coordinator):
    with pytest.raises(RuleBroken, match="There is no determination yet"):
        actions.give_out(by=coordinator, evaluation=asked, on=NO)


@pytest.fixture
def withdrawn(asked, coordinator):
    given = actions.receive_consent(by=coordinator, evaluation=asked, on=CONSENT)
    return actions.revoke_consent(by=coordinator, evaluation=given, on=NO, reason="By letter.")


def test_what_has_ended_is_not_gone_on_with(withdrawn, coordinator):
    for verb, told in (
        (actions.request_consent, {"on": date(2025, 10, 1)}),
        (actions.receive_consent, {"on": date(2025, 10, 3)}),
        (actions.record_determination, {"found": ELIGIBLE}),
    ):
        with pytest.raises(RuleBroken, match="withdrew their consent on Sep 2, 2025"):
            verb(by=coordinator, evaluation=withdrawn, **told)


def test_the_page_says_that_it_has_ended(withdrawn, coordinator, browse):
    text = browse(coordinator).get(f"/evaluations/{withdrawn.pk}/").content.decode()
    assert "The evaluation has ended" in text
    assert "Before it is locked" not in text


def test_a_consent_that_the_type_asks_for_no_more_is_shown(child, parish, coordinator, browse):
    waiver = EvaluationFactory(student=child, district=parish, kind="WAIV", consent_date=CONSENT)
    answer = browse(coordinator).get(f"/evaluations/{waiver.pk}/")
    assert (answer.status_code, "Consent received" in answer.content.decode()) == (200, True)


def test_a_corrected_request_stays_before_the_consent(as_system, decided, coordinator):
    with pytest.raises(RuleBroken, match="The request is after the consent of Sep 1, 2025"):
        actions.request_consent(by=coordinator, evaluation=decided, on=date(2025, 9, 2))


def test_a_corrected_determination_stays_before_the_report_was_given_out(as_system, decided, coordinator):
    actions.give_out(by=coordinator, evaluation=decided, on=date(2025, 10, 24))
    with pytest.raises(RuleBroken, match="given out on Oct 24, 2025, before this determination"):
        actions.record_determination(
            by=coordinator, evaluation=decided, found=replace(ELIGIBLE, on=date(2025, 10, 25))
        )
