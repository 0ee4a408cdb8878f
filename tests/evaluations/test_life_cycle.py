"""From the referral to the locked report, and back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from evaluations import actions
from evaluations.models import Evaluation
from evaluations.report import reports_of
from evaluations.stages import Stage, next_of, stage_of
from journal.models import Entry
from security import scope
from security.refusals import NotAllowed, RuleBroken, Stale
from tests.evaluations.conftest import CONSENT, DECIDED, ELIGIBLE
from tests.factories import EvaluationFactory, IepFactory, StudentFactory, UserFactory

pytestmark = pytest.mark.usefixtures("as_system")


def test_a_child_goes_from_referral_to_a_locked_report(child, coordinator, parish):
    evaluation = actions.refer(
        by=coordinator, student=child, kind="INIT", on=date(2025, 8, 20), reason="Reading stands still."
    )
    assert (evaluation.district, stage_of(evaluation)) == (parish, Stage.REFERRED)
    evaluation = actions.request_consent(by=coordinator, evaluation=evaluation, on=date(2025, 8, 25))
    evaluation = actions.receive_consent(by=coordinator, evaluation=evaluation, on=CONSENT)
    evaluation = actions.record_determination(by=coordinator, evaluation=evaluation, found=ELIGIBLE)
    evaluation = actions.lock(by=coordinator, evaluation=evaluation)
    evaluation.refresh_from_db()
    assert (stage_of(evaluation), next_of(evaluation)) == (Stage.LOCKED, None)
    assert (evaluation.locked_by, evaluation.lock_version) == (coordinator, 1)
    assert [str(each) for each in evaluation.exceptionalities.all()] == ["1 SLD", "2 SLI"]


def test_every_deed_is_a_line_in_the_journal(decided, coordinator, supervisor):
    locked = actions.lock(by=coordinator, evaluation=decided)
    actions.unlock(by=supervisor, evaluation=locked, reason="Wrong date.")
    last = Entry.objects.order_by("-pk").first()
    assert last.kind == "EVALUATION_UNLOCKED"
    assert (last.actor_name, last.student_id) == ("Marcus Ledet", decided.student_id)
    assert last.details == {"evaluation": decided.pk, "kind_of_evaluation": "INIT", "reason": "Wrong date."}


def test_unlocking_lets_it_be_corrected_and_locked_as_the_next_version(decided, supervisor, coordinator):
    locked = actions.lock(by=coordinator, evaluation=decided)
    actions.unlock(by=supervisor, evaluation=locked, reason="The other exceptionality was left out.")
    actions.record_determination(by=coordinator, evaluation=locked, found=ELIGIBLE)
    assert actions.lock(by=coordinator, evaluation=locked).lock_version == 2


def test_a_corrected_determination_replaces_only_what_differs(decided, coordinator):
    kept = decided.exceptionalities.get(rank=1).pk
    actions.record_determination(by=coordinator, evaluation=decided, found=ELIGIBLE)
    assert list(decided.exceptionalities.values_list("rank", "code")) == [(1, "SLD"), (2, "SLI")]
    assert decided.exceptionalities.get(rank=1).pk == kept


def test_an_unlocked_evaluation_is_discarded_with_its_reason(decided, coordinator):
    actions.discard(by=coordinator, evaluation=decided, reason="Entered for the wrong child.")
    assert not Evaluation.objects.filter(pk=decided.pk).exists()
    assert Entry.objects.order_by("-pk").first().details["reason"] == "Entered for the wrong child."


def test_an_evaluation_that_an_iep_stands_on_is_kept(decided, coordinator):
    IepFactory(student=decided.student, district=decided.district, evaluation=decided)
    with pytest.raises(RuleBroken, match="An IEP stands on this evaluation"):
        actions.discard(by=coordinator, evaluation=decided, reason="Entered twice.")
    assert Evaluation.objects.filter(pk=decided.pk).exists()


def test_a_locked_evaluation_is_not_discarded(decided, coordinator):
    locked = actions.lock(by=coordinator, evaluation=decided)
    with pytest.raises(RuleBroken, match="Unlock it first"):
        actions.discard(by=coordinator, evaluation=locked, reason="Entered twice.")


def test_the_state_is_asked_for_one_consent_only_where_consent_is_needed(child, parish, coordinator):
    waiver = EvaluationFactory(student=child, district=parish, kind="WAIV", consent_date=None)
    assert next_of(waiver) is Stage.DETERMINED
    with pytest.raises(RuleBroken, match="No consent is asked for this type: Triennial reevaluation waiver"):
        actions.request_consent(by=coordinator, evaluation=waiver, on=DECIDED)


@pytest.mark.rule("EDFI-R15")
def test_two_locked_initial_evaluations_never_share_a_determination_date(decided, child, parish, coordinator):
    actions.lock(by=coordinator, evaluation=decided)
    second = EvaluationFactory(
        student=child, district=parish, referral_date=date(2025, 8, 20), consent_date=CONSENT
    )
    second = actions.record_determination(by=coordinator, evaluation=second, found=ELIGIBLE)
    with pytest.raises(
        RuleBroken, match="Another initial evaluation of this student was determined on Oct 20, 2025"
    ):
        actions.lock(by=coordinator, evaluation=second)


@pytest.mark.rule("EDFI-R15")
def test_two_people_locking_at_once_get_the_same_sentence_from_the_constraint(
    decided, child, parish, coordinator, monkeypatch
):
    actions.lock(by=coordinator, evaluation=decided)
    second = EvaluationFactory(
        student=child, district=parish, referral_date=date(2025, 8, 20), consent_date=CONSENT
    )
    second = actions.record_determination(by=coordinator, evaluation=second, found=ELIGIBLE)
    monkeypatch.setattr("evaluations.access.check_may_lock", lambda user, evaluation: None)
    with pytest.raises(RuleBroken, match="determined on Oct 20, 2025 and is locked"):
        actions.lock(by=coordinator, evaluation=second)
    assert not Evaluation.objects.get(pk=second.pk).locked


def test_who_locks_second_is_told(decided, coordinator):
    actions.lock(by=coordinator, evaluation=decided)
    with pytest.raises(RuleBroken, match="The evaluation is locked already"):
        actions.lock(by=coordinator, evaluation=decided)


def test_a_deed_on_a_version_that_has_moved_on_overwrites_nothing(evaluation, coordinator):
    seen = evaluation.version
    actions.receive_consent(by=coordinator, evaluation=evaluation, on=CONSENT, seen=seen)
    with pytest.raises(Stale, match="Somebody else changed this evaluation"):
        actions.record_determination(by=coordinator, evaluation=evaluation, found=ELIGIBLE, seen=seen)


TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.mark.rule("EDFI-R46")
@pytest.mark.parametrize(
    ("found", "field", "sentence"),
    [
        (replace(ELIGIBLE, on=TOMORROW), "on", "The determination date is in the future."),
        (replace(ELIGIBLE, on=date(2025, 8, 31)), "on", "before the consent of Sep 1, 2025"),
        (replace(ELIGIBLE, outcome="XXXX"), "outcome", "The code XXXX is not in the table."),
        (replace(ELIGIBLE, primary="ZZZ"), "primary", "The code ZZZ is not in the table."),
        (replace(ELIGIBLE, others=("SLD",)), "primary", "listed again among the others"),
        (replace(ELIGIBLE, outcome="NOTE"), "primary", "Only an eligible student has an exceptionality."),
        (replace(ELIGIBLE, primary="DD"), "primary", "Developmental Delay is for ages 3 through 8"),
        (replace(ELIGIBLE, late_reason="Snow"), "late_reason", "only with the delay reason Other"),
        (replace(ELIGIBLE, delay_reason="T", late_reason="Snow"), "late_reason", "only one may be given"),
    ],
)
def test_a_determination_that_contradicts_itself_is_refused_beside_its_field(
    evaluation, coordinator, found, field, sentence
):
    with pytest.raises(RuleBroken, match=sentence) as refused:
        actions.record_determination(by=coordinator, evaluation=evaluation, found=found)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("kind", "on", "reason", "field"),
    [
        ("NONE", date(2025, 8, 20), "Reading", "kind"),
        ("INIT", TOMORROW, "Reading", "referral_date"),
        ("INIT", date(2010, 1, 1), "Reading", "referral_date"),
        ("INIT", date(2025, 8, 20), "   ", "reason"),
    ],
)
def test_a_referral_that_cannot_be_true_is_refused(child, coordinator, kind, on, reason, field):
    with pytest.raises(RuleBroken) as refused:
        actions.refer(by=coordinator, student=child, kind=kind, on=on, reason=reason)
    assert refused.value.field == field


def test_a_referral_sent_twice_makes_one_evaluation(evaluation, child, coordinator):
    with pytest.raises(RuleBroken, match="in progress already, referred Aug 20, 2025"):
        actions.refer(by=coordinator, student=child, kind="INIT", on=DECIDED, reason="Reading")


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (TOMORROW, "The consent is in the future."),
        (date(2025, 8, 1), "The consent is before the referral of Aug 20, 2025."),
        (date(2025, 11, 1), "The consent is after the determination of Oct 20, 2025."),
    ],
)
def test_a_consent_on_an_impossible_day_is_refused(decided, coordinator, on, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        actions.receive_consent(by=coordinator, evaluation=decided, on=on)


def test_only_somebody_of_the_responsible_district_can_lock(decided, reader):
    with pytest.raises(NotAllowed) as refused:
        actions.lock(by=reader, evaluation=decided)
    assert str(refused.value).startswith("Only a")
    assert str(refused.value).endswith("of Cypress Parish can lock an evaluation.")


def test_a_coordinator_cannot_unlock(decided, coordinator):
    locked = actions.lock(by=coordinator, evaluation=decided)
    with pytest.raises(NotAllowed, match="can unlock an evaluation"):
        actions.unlock(by=coordinator, evaluation=locked, reason="Wrong date.")


def test_the_refusal_names_the_people_who_can(decided, coordinator, supervisor):
    locked = actions.lock(by=coordinator, evaluation=decided)
    with pytest.raises(NotAllowed) as refused:
        actions.unlock(by=coordinator, evaluation=locked, reason="Wrong date.")
    assert "Marcus Ledet can do this." in [way.text for way in refused.value.ways]


def test_nobody_unlocks_without_a_reason(decided, supervisor, coordinator):
    locked = actions.lock(by=coordinator, evaluation=decided)
    with pytest.raises(RuleBroken, match="Say why it is unlocked"):
        actions.unlock(by=supervisor, evaluation=locked, reason="  ")


def test_what_is_missing_to_lock_is_named(evaluation, coordinator):
    with pytest.raises(RuleBroken, match="Still missing: determination date, outcome."):
        actions.lock(by=coordinator, evaluation=evaluation)


def test_a_child_whom_no_district_answers_for_cannot_be_referred(db):
    from security.rules.roles import Role

    anybody = UserFactory(role=Role.SPED_SUPERVISOR)
    with pytest.raises(RuleBroken, match="No district answers for this student today"):
        actions.refer(by=anybody, student=StudentFactory(), kind="INIT", on=DECIDED, reason="Reading")


def test_after_a_move_the_new_district_finishes_the_evaluation(decided, coordinator):
    from security.rules.roles import Role
    from tests.factories import DistrictFactory, JurisdictionFactory

    here = DistrictFactory(name="Bayou Parish")
    decided.student.jurisdictions.update(last_day=date(2025, 12, 31))
    JurisdictionFactory(student=decided.student, district=here, first_day=date(2026, 1, 1))
    with pytest.raises(NotAllowed, match="of Bayou Parish can lock"):
        actions.lock(by=coordinator, evaluation=decided)
    ours = UserFactory(role=Role.EVALUATION_COORDINATOR, role__district=here)
    assert actions.lock(by=ours, evaluation=decided).locked
    assert reports_of(decided)[0].district == here
    with scope.of(coordinator):
        assert reports_of(decided) == []
