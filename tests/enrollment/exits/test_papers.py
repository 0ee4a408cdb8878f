"""Documentation of an exit: what the state decides, and what counts until then."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from enrollment import actions
from enrollment.actions.papers import default_overdue
from enrollment.models import EnrollmentSettings, ExitPaper, SedsState
from journal.models import Entry
from security import scope
from security.models import Notice
from security.refusals import NotAllowed, RuleBroken
from students.models import Jurisdiction
from tests.enrollment.exits.conftest import SEP_4, letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def handed_in(do):
    def hand_in(enrollment) -> ExitPaper:
        return do(actions.hand_in_paper, enrollment=enrollment, file=letter())

    return hand_in


def responsible_until(enrollment):
    with scope.system():
        return Jurisdiction.objects.get(student=enrollment.student_id).last_day


DECISIONS = [
    # reported, special, accepted, what counts, roster afterwards, left the cohort, does responsibility end
    pytest.param("1941", True, True, "1941", "AUTO_EXITED", True, True, marks=pytest.mark.rule("OSSE-R5.01")),
    pytest.param(
        "1941", True, False, "1984", "PENDING_PWN", False, False, marks=pytest.mark.rule("OSSE-R9.05")
    ),
    pytest.param("1944", False, True, "1944", "NOT_ON", True, True, marks=pytest.mark.rule("OSSE-R7.04")),
    pytest.param("1943", False, False, "1984", "NOT_ON", False, True, marks=pytest.mark.rule("OSSE-R9.06")),
    # 1942 leaves the cohort when approved, and the special education roster only after the notice (A2).
    pytest.param(
        "1942", True, True, "1942", "PENDING_PWN", True, False, marks=pytest.mark.rule("OSSE-R5.07")
    ),
]


@pytest.mark.parametrize(("code", "special", "accepted", "counts", "state", "cohort", "ends"), DECISIONS)
def test_what_a_decision_changes(
    do, left, handed_in, now, code, special, accepted, counts, state, cohort, ends
):
    gone = left(code, special)
    do(
        actions.decide_paper,
        as_state=True,
        paper=handed_in(gone),
        accepted=accepted,
        reason="No name of a school on it",
    )
    row = now(gone)
    assert (row.exit_code, row.effective_exit_code, row.seds_state) == (code, counts, state)
    assert bool(row.cohort_left_at) == cohort
    assert responsible_until(gone) == (SEP_4 if ends else None)


@pytest.mark.rule("OSSE-R5.02", "OSSE-R7.04")
def test_handed_in_is_not_yet_accepted(left, handed_in, now):
    gone = left("1941")
    handed_in(gone)
    row = now(gone)
    assert (row.seds_state, row.cohort_left_at) == (SedsState.EXIT_CODED, None)


@pytest.mark.rule("OSSE-R9.05")
def test_a_better_paper_takes_the_default_back(do, left, handed_in, now):
    gone = left("1941")
    do(actions.decide_paper, as_state=True, paper=handed_in(gone), accepted=False, reason="Unreadable")
    refused = now(gone)
    do(actions.decide_paper, as_state=True, paper=handed_in(gone), accepted=True)
    row = now(gone)
    assert (refused.effective_exit_code, row.effective_exit_code) == ("1984", "1941")
    assert (row.defaulted_at, row.seds_state) == (None, SedsState.AUTO_EXITED)


@pytest.mark.rule("OSSE-R9.05")
def test_the_default_is_told_and_the_state_can_take_it_back(dc, do, left, handed_in, now):
    gone = left("1941")
    do(actions.decide_paper, as_state=True, paper=handed_in(gone), accepted=False, reason="Unreadable")
    later = timezone.localdate() + timedelta(days=10)
    do(actions.lift_default, as_state=True, enrollment=gone, due=later, reason="The school was closed.")
    row = now(gone)
    with scope.system():
        told = Entry.objects.filter(kind="EXIT_PAPERS", student_id=gone.student_id).values_list(
            "words", flat=True
        )
        assert "1941 counts as 1984: the state refused its documentation" in told
    assert (row.effective_exit_code, row.seds_state) == ("1941", SedsState.EXIT_CODED)
    assert row.documentation_due == later


REFUSED = [
    ("2020", "verified by DCPS"),
    ("1966", "kept by the LEA"),
]


@pytest.mark.rule("OSSE-R7.07", "OSSE-R9.01", "OSSE-R9.03")
@pytest.mark.parametrize(("code", "sentence"), REFUSED)
def test_what_is_only_kept_is_not_decided(do, left, handed_in, code, sentence):
    gone = left(code, special=False)
    assert gone.documentation_due is None
    with pytest.raises(RuleBroken, match=sentence):
        do(actions.decide_paper, as_state=True, paper=handed_in(gone), accepted=True)


@pytest.mark.rule("OSSE-R7.07", "OSSE-R9.04")
def test_a_credential_is_verified_by_dcps_or_pcsb(do, left, now):
    gone = left("2020")
    before = now(gone).seds_state
    do(actions.verify_credential, as_state=True, enrollment=gone, verifier="PCSB")
    row = now(gone)
    assert (before, row.seds_state) == (SedsState.EXIT_CODED, SedsState.AUTO_EXITED)
    assert row.cohort_left_at is None


@pytest.mark.rule("OSSE-R7.06")
def test_without_documentation_the_code_to_use_is_1984(do, left, now):
    gone = left("1940", special=False)
    do(actions.declare_no_documentation, enrollment=gone)
    row = now(gone)
    assert (row.exit_code, row.effective_exit_code, row.cohort_left_at) == ("1940", "1984", None)


def test_a_district_does_not_decide_about_its_own_papers(do, left, handed_in):
    with pytest.raises(NotAllowed, match="^Only a state administrator"):
        do(actions.decide_paper, paper=handed_in(left("1941")), accepted=True)


def test_a_refusal_says_why(do, left, handed_in):
    with pytest.raises(RuleBroken, match="Say why") as refusal:
        do(actions.decide_paper, as_state=True, paper=handed_in(left("1941")), accepted=False)
    assert refusal.value.field == "reason"


GRACE = [
    # days of grace that the state gives, today, counts as
    (None, date(2027, 6, 1), "1941"),
    (10, date(2026, 9, 9), "1941"),
    (10, date(2026, 9, 19), "1941"),
    pytest.param(10, date(2026, 9, 20), "1984", marks=pytest.mark.rule("OSSE-R9.05")),
    pytest.param(0, date(2026, 9, 10), "1984", marks=pytest.mark.rule("OSSE-R9.02")),
]


@pytest.mark.parametrize(("grace", "today", "counts"), GRACE)
def test_missing_documentation_defaults_after_the_grace(dc, left, now, grace, today, counts):
    EnrollmentSettings.objects.create(state=dc.state, grace_days=grace)
    gone = left("1941")
    default_overdue(today)
    assert now(gone).effective_exit_code == counts
    assert Notice.objects.filter(user=dc.registrar, key__startswith="exit-default").exists() == (
        counts == "1984"
    )


def test_what_waits_for_the_state_is_not_missing(dc, left, handed_in, now):
    EnrollmentSettings.objects.create(state=dc.state, grace_days=0)
    gone = left("1941")
    handed_in(gone)
    assert default_overdue(date(2027, 1, 1)) == 0
    assert now(gone).effective_exit_code == "1941"
