"""A longer time: asked for with a reason, decided by the supervisor, never by who asked."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from evaluations import actions
from evaluations.actions.extension import waiting
from evaluations.models import Extension
from evaluations.report import lines_of
from evaluations.rules.due_days import reevaluation_due
from organizations.rules.calendar import in_words
from security.actions.assign import assign
from security.models import User
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Permission, Role, roles_with
from tests import factories as make
from tests.evaluations.conftest import ELIGIBLE
from tests.factories import EvaluationFactory

pytestmark = pytest.mark.usefixtures("as_system")
TODAY = timezone.localdate()
DAY = timedelta(days=1)
TO = TODAY + 90 * DAY


def longer(code="PAR", to=TO, reason="Three appointments, never came.") -> actions.Longer:
    return actions.Longer(code, to, reason)


@pytest.fixture
def evaluation(child, parish):
    """Its clock runs."""
    return EvaluationFactory(
        student=child, district=parish, referral_date=TODAY - 20 * DAY, consent_date=TODAY - 10 * DAY
    )


@pytest.fixture
def asked(evaluation, coordinator):
    return actions.ask_extension(by=coordinator, evaluation=evaluation, longer=longer())


def test_approved_it_counts(asked, supervisor):
    approved = actions.decide_extension(by=supervisor, evaluation=asked, approve=True)
    assert (approved.extension_code, approved.extended_to, waiting(approved)) == ("PAR", TO, None)


def test_the_report_names_it_once_it_is_approved(asked, supervisor):
    assert "Extension 1" not in dict(lines_of(asked))
    approved = actions.decide_extension(by=supervisor, evaluation=asked, approve=True)
    told = dict(lines_of(approved))["Extension 1"]
    assert told.startswith(f"to {in_words(TO)}: PAR Parent repeatedly fails")
    assert told.endswith(f", approved {in_words(TODAY)}\n\nThree appointments, never came.")


def test_an_older_record_knows_only_the_day(evaluation):
    evaluation.extended_to, evaluation.extension_code = TO, "EOY"
    assert dict(lines_of(evaluation))["Extension"].startswith(f"to {in_words(TO)}: EOY End-of-school-year")


def test_refused_nothing_changes_and_the_answer_is_kept(asked, supervisor):
    refused = actions.decide_extension(by=supervisor, evaluation=asked, approve=False, answer="Ask again.")
    assert (refused.extended_to, refused.extensions.get().answer) == (None, "Ask again.")


def test_a_refusal_says_why(asked, supervisor):
    with pytest.raises(RuleBroken, match="Say why it is refused"):
        actions.decide_extension(by=supervisor, evaluation=asked, approve=False)


def test_the_decision_is_the_supervisors_alone(asked, coordinator, reader):
    assert [row.role for row in roles_with(Permission.DECIDE_EXTENSIONS)] == ["sped_supervisor"]
    for somebody in (coordinator, reader):
        with pytest.raises(NotAllowed, match="can decide about an extension"):
            actions.decide_extension(by=somebody, evaluation=asked, approve=True)


def test_nobody_decides_their_own(evaluation, supervisor, parish):
    assign(
        by=None, user=supervisor, role=Role.EVALUATION_COORDINATOR, district=parish, site=None,
        iep_forms=False, first_day=TODAY - DAY,
    )  # fmt: skip
    supervisor = User.objects.get(pk=supervisor.pk)
    asked = actions.ask_extension(by=supervisor, evaluation=evaluation, longer=longer())
    with pytest.raises(RuleBroken, match="Somebody else decides it"):
        actions.decide_extension(by=supervisor, evaluation=asked, approve=True)
    with pytest.raises(IntegrityError, match="nobody_decides_their_own"), transaction.atomic():
        asked.extensions.update(approved=True, decided_by_id=supervisor.pk, decided_at=timezone.now())


@pytest.mark.parametrize(
    ("wanted", "field", "sentence"),
    [
        (longer(code="NO"), "code", "Choose why it takes longer"),
        (longer(code="AGR"), "code", "is for this type only: Reevaluation"),
        (longer(to=TODAY), "to", "The longer time ends after"),
        (longer(reason="  "), "reason", "the supervisor decides by it"),
    ],
)
def test_what_cannot_be_asked_is_refused_beside_its_field(evaluation, coordinator, wanted, field, sentence):
    with pytest.raises(RuleBroken, match=sentence) as refused:
        actions.ask_extension(by=coordinator, evaluation=evaluation, longer=wanted)
    assert refused.value.field == field


@pytest.mark.rule("DEADLINE-D02")
@pytest.mark.parametrize(("ago", "sentence"), [(60, None), (61, "is asked for by the due day")])
def test_it_is_asked_for_by_the_due_day(db, ago, sentence):
    """60 calendar days in the District of Columbia: on the last one it may still be asked for."""
    district = make.DistrictFactory(state__code="DC", state__profile="DC")
    coordinator = make.UserFactory(role=Role.EVALUATION_COORDINATOR, role__district=district)
    consent = TODAY - ago * DAY
    running = EvaluationFactory(
        student=make.StudentFactory(district=district), district=district, referral_date=consent,
        consent_date=consent,
    )  # fmt: skip
    if sentence is None:
        assert waiting(actions.ask_extension(by=coordinator, evaluation=running, longer=longer())).to == TO
        return
    with pytest.raises(RuleBroken, match=sentence):
        actions.ask_extension(by=coordinator, evaluation=running, longer=longer())


@pytest.mark.rule("DEADLINE-D09")
def test_an_agreement_does_not_go_beyond_three_years(child, parish, coordinator):
    determined = TODAY - 1030 * DAY
    EvaluationFactory(
        student=child, district=parish, consent_date=None, outcome="ELIG", locked=True,
        determination_date=determined,
    )  # fmt: skip
    again = EvaluationFactory(
        student=child, district=parish, kind="REEV", referral_date=TODAY, consent_date=TODAY
    )
    with pytest.raises(RuleBroken, match="may not go beyond") as refused:
        actions.ask_extension(by=coordinator, evaluation=again, longer=longer(code="AGR"))
    assert refused.value.field == "to"
    ends = reevaluation_due(determined)
    in_time = longer(code="AGR", to=ends)
    assert waiting(actions.ask_extension(by=coordinator, evaluation=again, longer=in_time)).to == ends


def test_after_the_determination_nothing_is_decided(asked, coordinator, supervisor):
    found = replace(ELIGIBLE, on=TODAY)
    actions.record_determination(by=coordinator, evaluation=asked, found=found)
    with pytest.raises(RuleBroken, match="has its outcome already"):
        actions.decide_extension(by=supervisor, evaluation=asked, approve=True)


def test_only_while_the_clock_runs(evaluation, child, parish, coordinator):
    decided = actions.record_determination(
        by=coordinator, evaluation=evaluation, found=replace(ELIGIBLE, on=TODAY)
    )
    with pytest.raises(RuleBroken, match="has its outcome already"):
        actions.ask_extension(by=coordinator, evaluation=decided, longer=longer())
    early = EvaluationFactory(student=child, district=parish, kind="REEV", consent_date=None)
    with pytest.raises(RuleBroken, match="The clock does not run yet"):
        actions.ask_extension(by=coordinator, evaluation=early, longer=longer())


def test_a_second_one_waits_for_the_first(asked, coordinator):
    with pytest.raises(RuleBroken, match="waits for its decision already"):
        actions.ask_extension(by=coordinator, evaluation=asked, longer=longer())


def test_a_decision_is_kept_as_it_was_made(asked, supervisor):
    actions.decide_extension(by=supervisor, evaluation=asked, approve=True)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Extension.objects.filter(evaluation=asked).update(approved=False, answer="No.")


def test_the_supervisor_reads_what_was_asked_and_decides_on_the_page(asked, supervisor, browse):
    page = f"/evaluations/{asked.pk}/"
    text = browse(supervisor).get(f"{page}?step=extension-decision").content.decode()
    assert "Three appointments, never came." in text
    assert "waits for the supervisor" in text
    browse(supervisor).post(f"{page}extension-decision/", {"decision": "approve"})
    asked.refresh_from_db()
    assert asked.extended_to == TO


def test_the_page_says_who_decides(asked, coordinator, browse):
    text = browse(coordinator).get(f"/evaluations/{asked.pk}/?step=extension-decision").content.decode()
    assert "can decide about an extension" in text
