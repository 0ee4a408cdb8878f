"""Whatever order the verbs come in, the roster and the table of moves never disagree."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enrollment import actions
from enrollment.models import (
    ContactWay,
    Enrollment,
    ExitNotice,
    ExitPaper,
    RequestState,
    SedsState,
    SupportRequest,
)
from enrollment.rules.seds import SedsState as Standing
from enrollment.rules.seds import on_roster, seds_moves
from security import scope
from security.refusals import RuleBroken
from security.rules.roles import Role
from tests import factories as make
from tests.enrollment.exits.conftest import SEP_4, letter

CODES = ("1941", "1942", "1960", "1966", "2020", "1984", "2040")
VERBS = ("attempt", "paper", "accept", "refuse", "notice", "ask", "grant", "deny", "withdraw", "part_c",
         "lift", "verify", "none", "back")  # fmt: skip
DEEDS = st.lists(st.sampled_from(VERBS), min_size=1, max_size=9)
STEPS = {(move.from_state, move.to_state) for move in seds_moves()}


@pytest.fixture
def people(dc):
    return dc.registrar, make.UserFactory(role=Role.SEA_ADMINISTRATOR)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(code=st.sampled_from(CODES), deeds=DEEDS)
@pytest.mark.django_db
@pytest.mark.rule("OSSE-R5.11")
def test_no_sequence_takes_a_child_off_while_something_is_pending(dc, people, enrolled, code, deeds):
    registrar, state = people
    with transaction.atomic():
        row = enrolled(special=True)
        with scope.of(registrar):
            actions.exit_student(by=registrar, enrollment=row, code=code, on=SEP_4, how_known="Told")
        before = _state(row)
        for deed in deeds:
            _try(deed, registrar, state, row)
            now = _state(row)
            assert now == before or (before, now) in _reachable(before)
            before = now
            _check(row)
        transaction.set_rollback(True)


def _state(row: Enrollment) -> Standing:
    with scope.system():
        return Standing[Enrollment.objects.get(pk=row.pk).seds_state]


def _reachable(state: Standing) -> set[tuple[Standing, Standing]]:
    """One move, or two of one deed: a default taken back by the paper that is accepted."""
    return {(state, to) for start, to in STEPS if start == state}


def _try(deed: str, registrar, state, row: Enrollment) -> None:
    by = state if deed in ("accept", "refuse", "grant", "deny", "lift", "verify") else registrar
    with scope.of(by):
        row = Enrollment.objects.select_related("student", "district__state", "site").get(pk=row.pk)
        try:
            with transaction.atomic():
                _do(deed, by, row)
        except RuleBroken as refusal:
            said = str(refusal)
            assert said.endswith(".")


def _do(deed: str, by, row: Enrollment) -> None:
    paper = ExitPaper.objects.filter(enrollment=row).last()
    asked = SupportRequest.objects.filter(enrollment=row).order_by("pk").last()
    this = {"by": by, "enrollment": row}
    if deed == "attempt":
        actions.record_contact_attempt(**this, on=SEP_4, way=ContactWay.PHONE, result="No answer")
    elif deed == "paper":
        actions.hand_in_paper(**this, file=letter())
    elif deed in ("accept", "refuse") and paper:
        actions.decide_paper(by=by, paper=paper, accepted=deed == "accept", reason="Seen")
    elif deed == "notice":
        actions.issue_exit_notice(**this, on=SEP_4)
    elif deed == "ask":
        actions.request_administrative_exit(**this, words="Please", due_diligence="One call")
    elif deed in ("grant", "deny") and asked:
        answer = RequestState.GRANTED if deed == "grant" else RequestState.REFUSED
        actions.answer_request(by=by, request=asked, words="Seen", state=answer)
    elif deed == "withdraw" and asked:
        actions.withdraw_request(by=by, request=asked)
    elif deed == "part_c":
        actions.answer_part_c(**this, served=False, how="Records")
    elif deed == "lift":
        actions.lift_default(**this, due=timezone.localdate() + timedelta(days=5), reason="Closed school")
    elif deed == "verify":
        actions.verify_credential(**this, verifier="DCPS")
    elif deed == "none":
        actions.declare_no_documentation(**this)
    elif deed == "back":
        _come_back(by, row)


def _come_back(by, row: Enrollment) -> None:
    on = SEP_4 + timedelta(days=5)
    actions.enter_student(
        by=by, child=row.student, district=row.district, site=row.site, code="1880", on=on, grade="09",
        papers=actions.Papers(first_attended=on),
    )  # fmt: skip


def _check(row: Enrollment) -> None:
    """Off the roster means shown or granted; on it means that the activity is open."""
    with scope.system():
        row = Enrollment.objects.select_related("student").get(pk=row.pk)
        state = Standing[row.seds_state]
        serving = row.student.activities.filter(last_day=None).exists()
        asked = row.support_requests.filter(sub_category__startswith="Administrative")
        assert serving == on_roster(state)
        assert asked.filter(closed_at=None).exists() == (state == Standing.ADMIN_EXIT_REQUESTED)
        if row.seds_state == SedsState.ADMIN_EXITED:
            assert asked.filter(state=RequestState.GRANTED).exists()
            assert ExitNotice.objects.filter(enrollment=row).exists()
            assert row.contact_attempts.exists()
        if row.seds_state == SedsState.AUTO_EXITED:
            assert row.documentation_accepted_at or row.student.part_c_history == "NO"
        if row.effective_exit_code != row.exit_code:
            assert (row.effective_exit_code, bool(row.defaulted_at)) == ("1984", True)
            assert row.cohort_left_at is None
