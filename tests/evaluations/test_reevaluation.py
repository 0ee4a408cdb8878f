"""What comes after a locked evaluation: a reevaluation, or the agreement that none is needed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from evaluations import actions
from evaluations.actions import Agreement
from evaluations.report import lines_of
from evaluations.rules.due_days import evaluation_due
from security.refusals import RuleBroken
from tests.factories import ExceptionalityFactory

SIGNED = Agreement("Corinne Fontenot", date(2026, 9, 1), "Anselm Roy", date(2026, 9, 4), True)
TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.fixture
def waiver(as_system, decided, coordinator, child):
    actions.lock(by=coordinator, evaluation=decided)
    on = date(2026, 8, 20)
    return actions.refer(by=coordinator, student=child, kind="WAIV", on=on, reason="Three years are near.")


def test_the_later_signature_is_the_day_of_the_waiver_and_what_was_found_goes_on(waiver, coordinator):
    waived = actions.waive(by=coordinator, evaluation=waiver, agreement=SIGNED)
    assert (waived.determination_date, waived.outcome) == (date(2026, 9, 4), "ELIG")
    assert [str(each) for each in waived.exceptionalities.all()] == ["1 SLD"]
    assert actions.lock(by=coordinator, evaluation=waived).locked
    assert dict(lines_of(waived))["Waived by the district"] == "Anselm Roy, Sep 4, 2026"


def test_without_both_signatures_it_is_not_locked(waiver, coordinator):
    with pytest.raises(RuleBroken, match="agreement of parents and district"):
        actions.lock(by=coordinator, evaluation=waiver)


@pytest.mark.parametrize(
    ("agreement", "field", "sentence"),
    [
        (replace(SIGNED, parent_signed_on=TOMORROW), "parent_signed_on", "is in the future"),
        (replace(SIGNED, agency_signed_on=date(2025, 1, 1)), "agency_signed_on", "before the evaluation"),
        (replace(SIGNED, parent_name=" "), "parent_name", "Write who signed"),
        (
            replace(SIGNED, data_are_adequate=False),
            "data_are_adequate",
            "data on the student are not",
        ),
    ],
)
def test_an_agreement_that_cannot_be_is_refused(waiver, coordinator, agreement, field, sentence):
    with pytest.raises(RuleBroken, match=sentence) as refused:
        actions.waive(by=coordinator, evaluation=waiver, agreement=agreement)
    assert refused.value.field == field


def test_some_exceptionalities_need_guidance_first(as_system, decided, child, coordinator):
    ExceptionalityFactory(evaluation=decided, rank=2, code="HI")
    actions.lock(by=coordinator, evaluation=decided)
    waiver = actions.refer(
        by=coordinator, student=child, kind="WAIV", on=date(2026, 8, 20), reason="Three years are near."
    )
    with pytest.raises(RuleBroken, match="guidance for Hearing Impairment") as refused:
        actions.waive(by=coordinator, evaluation=waiver, agreement=SIGNED)
    assert refused.value.field == "guidance"
    told = replace(SIGNED, guidance="The audiologist agrees.")
    assert actions.waive(by=coordinator, evaluation=waiver, agreement=told).outcome == "ELIG"


def test_nothing_is_waived_where_nothing_was_found(as_system, child, coordinator):
    waiver = actions.refer(
        by=coordinator, student=child, kind="WAIV", on=date(2026, 8, 20), reason="Three years are near."
    )
    with pytest.raises(RuleBroken, match="nothing goes on"):
        actions.waive(by=coordinator, evaluation=waiver, agreement=SIGNED)


@pytest.mark.rule("DEADLINE-D11")
@pytest.mark.parametrize(
    ("kind", "profile", "number", "day"),
    [
        ("INIT", "DC", "D02", date(2026, 3, 2)),
        ("REEV", "DC", "D11", None),
        ("REEV", "WI", "D11", date(2026, 3, 2)),
        ("DIFF", "WI", "D02", date(2026, 3, 2)),
    ],
)
def test_a_reevaluation_has_its_own_deadline(kind, profile, number, day):
    due = evaluation_due(profile, date(2026, 1, 1), None, kind=kind)
    assert (due.counting.deadline, due.day) == (number, day)


def test_the_page_of_a_locked_evaluation_leads_to_the_next(waiver, decided, coordinator, browse):
    text = browse(coordinator).get(f"/evaluations/{decided.pk}/").content.decode()
    assert "A reevaluation is due by Oct 20, 2028" in text
    assert f"/evaluations/refer/{decided.student_id}/?kind=REEV" in text
    sent = {
        "parent_name": "Corinne Fontenot", "parent_signed_on": "9/1/2026", "data_are_adequate": "on",
        "agency_name": "Anselm Roy", "agency_signed_on": "9/4/2026",
    }  # fmt: skip
    said = browse(coordinator).post(f"/evaluations/{waiver.pk}/waiver/", sent, follow=True).content.decode()
    assert "The waiver is recorded. Next: lock it." in said
