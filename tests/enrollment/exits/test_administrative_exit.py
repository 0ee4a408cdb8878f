"""The long way out of special education: attempts, notice, request, the state's answer."""

from datetime import date

import pytest
from django.utils import timezone

from enrollment import actions
from enrollment.models import ContactWay, Duty, DutyKind, RequestState, SedsState, SupportRequest
from security import scope
from security.refusals import NotAllowed, RuleBroken
from students.models import Jurisdiction
from tests.enrollment.exits.conftest import SEP_4

pytestmark = pytest.mark.django_db
NOTICE_DAY = date(2026, 9, 30)
ASKED = {"words": "Please remove the student.", "due_diligence": "Three calls and a visit."}


@pytest.fixture
def tried(do):
    def attempt(enrollment):
        return do(
            actions.record_contact_attempt,
            enrollment=enrollment,
            on=SEP_4,
            way=ContactWay.PHONE,
            result="No answer",
        )

    return attempt


@pytest.fixture
def noticed(do):
    def issue(enrollment):
        return do(actions.issue_exit_notice, enrollment=enrollment, on=NOTICE_DAY)

    return issue


@pytest.fixture
def requested(do, left, tried, noticed):
    gone = left("1966")
    tried(gone)
    noticed(gone)
    return do(actions.request_administrative_exit, enrollment=gone, **ASKED)


@pytest.mark.rule("OSSE-R5.09")
@pytest.mark.parametrize(
    ("has_tried", "has_noticed", "sentence"),
    [
        (False, False, "Record the efforts"),
        (False, True, "Record the efforts"),
        (True, False, "Prior written notice has not been issued"),
    ],
)
def test_a_request_needs_attempts_and_notice(do, left, tried, noticed, has_tried, has_noticed, sentence):
    gone = left("1966")
    if has_tried:
        tried(gone)
    if has_noticed:
        noticed(gone)
    with pytest.raises(RuleBroken, match=sentence):
        do(actions.request_administrative_exit, enrollment=gone, **ASKED)


@pytest.mark.rule("OSSE-R5.10", "OSSE-R11.03")
def test_the_request_is_the_one_that_the_state_names(requested):
    assert requested.issue_type == "Enrollment / Enrollment Audit"
    assert requested.sub_category == "Administrative Exit from SEDS / PWN"


@pytest.mark.rule("OSSE-R11.04", "OSSE-R5.10")
def test_without_due_diligence_nothing_is_submitted(do, left, tried, noticed, now):
    gone = left("1966")
    tried(gone)
    noticed(gone)
    with pytest.raises(RuleBroken, match="done yourself") as refusal:
        do(actions.request_administrative_exit, enrollment=gone, words="Please", due_diligence=" ")
    assert refusal.value.field == "due_diligence"
    assert now(gone).seds_state == SedsState.PWN_ISSUED


ANSWERS = [
    # what the state does, roster afterwards, is the child off it
    (RequestState.ANSWERED, SedsState.ADMIN_EXIT_REQUESTED, False),
    (RequestState.REFUSED, SedsState.PWN_ISSUED, False),
    (RequestState.GRANTED, SedsState.ADMIN_EXITED, True),
]


@pytest.mark.rule("OSSE-R5.11")
@pytest.mark.parametrize(("answer", "state", "off"), ANSWERS)
def test_only_a_granted_request_takes_the_child_off_the_roster(do, requested, now, answer, state, off):
    do(actions.answer_request, as_state=True, request=requested, words="Seen.", state=answer)
    row = now(requested.enrollment)
    with scope.system():
        activity, mine = row.student.activities.get(), Jurisdiction.objects.get(student=row.student_id)
    assert row.seds_state == state
    assert activity.last_day == (NOTICE_DAY if off else None)
    assert mine.last_day == (NOTICE_DAY if off else None)


@pytest.mark.rule("OSSE-R5.08")
def test_services_go_on_until_the_notice(do, left, tried, noticed, now):
    gone = left("1966")
    tried(gone)
    noticed(gone)
    with scope.system():
        assert now(gone).student.activities.get().last_day is None


def test_a_request_taken_back_leads_back(do, requested, now):
    do(actions.withdraw_request, request=requested)
    assert now(requested.enrollment).seds_state == SedsState.PWN_ISSUED


def test_the_district_adds_what_the_state_asks_for(do, requested):
    do(
        actions.answer_request, as_state=True, request=requested, words="Which calls?",
        state=RequestState.ANSWERED,
    )  # fmt: skip
    added = do(actions.add_to_request, request=requested, words="Sep 4, 8 and 11.")
    with scope.system():
        said = [answer.words for answer in added.answers.all()]
    assert (added.state, said) == (RequestState.OPEN, ["Which calls?", "Sep 4, 8 and 11."])


def test_a_closed_request_stays_closed(do, requested):
    answer = {"as_state": True, "request": requested, "words": "Yes", "state": RequestState.GRANTED}
    do(actions.answer_request, **answer)
    with pytest.raises(RuleBroken, match="was closed on"):
        do(actions.answer_request, **answer)


def test_the_district_does_not_grant_its_own_request(do, requested):
    with pytest.raises(NotAllowed, match="^Only a state administrator"):
        do(actions.answer_request, request=requested, words="Yes", state=RequestState.GRANTED)


@pytest.mark.rule("OSSE-R5.11")
def test_a_child_that_comes_back_takes_the_request_with_it(dc, do, requested, now):
    day, gone = timezone.localdate(), now(requested.enrollment)
    do(
        actions.enter_student, child=gone.student, district=dc.mine, site=dc.school, code="1880",
        on=day, grade="09", papers=actions.Papers(first_attended=day),
    )  # fmt: skip
    with scope.system():
        requested = SupportRequest.objects.get(pk=requested.pk)
    assert requested.state == RequestState.WITHDRAWN
    assert now(gone).seds_state == SedsState.ACTIVE


NO_NOTICE = [
    ("1941", True, "waits for its documentation"),
    ("1966", False, "not on the special education roster"),
    ("2040", True, "no exit here"),
]


@pytest.mark.parametrize(("code", "special", "sentence"), NO_NOTICE)
def test_a_notice_that_is_not_needed_is_refused(left, noticed, code, special, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        noticed(left(code, special))


PART_C = [
    pytest.param(False, SedsState.AUTO_EXITED, "NO", marks=pytest.mark.rule("OSSE-R5.03")),
    pytest.param(True, SedsState.PENDING_PWN, "YES", marks=pytest.mark.rule("OSSE-R5.04")),
]


@pytest.mark.rule("OSSE-R5.05")
@pytest.mark.parametrize(("served", "state", "history"), PART_C)
def test_an_unknown_part_c_history_is_found_out_first(do, left, now, served, state, history):
    gone = left("1960", grade="PK")
    with scope.system():
        duty = Duty.objects.get(enrollment=gone)
    do(actions.answer_part_c, enrollment=gone, served=served, how="Records of early intervention")
    row = now(gone)
    with scope.system():
        duty.refresh_from_db()
    assert (duty.kind, bool(duty.done_on)) == (DutyKind.PART_C_HISTORY, True)
    assert (row.seds_state, row.student.part_c_history) == (state, history)


@pytest.mark.rule("OSSE-R3.04")
def test_attempts_on_record_count_as_efforts(do, enrolled, tried):
    registered = enrolled(special=True, stage=4)
    tried(registered)
    gone = do(actions.mark_no_show, enrollment=registered, on=SEP_4)
    assert (gone.exit_code, gone.seds_state) == ("1234", SedsState.PENDING_PWN)
