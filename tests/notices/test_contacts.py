"""One log of contacts: what is recorded for any reason meets what an exit asks for. And requests."""

from datetime import date, time, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import ProgrammingError, transaction
from django.utils import timezone

from enrollment.actions import Attempt, record_contact_attempt
from enrollment.facts import exit_facts
from enrollment.models import ContactAttempt, ContactWay, ExitNotice, SedsState
from notices import actions
from notices.actions import Asked, Typed
from notices.models import RecordsRequest
from notices.rules.kinds import Kind
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from tests.factories import EnrollmentFactory, UserFactory
from tests.notices.conftest import EFFECTIVE, ISSUED, complete

pytestmark = pytest.mark.usefixtures("as_system")
CALLED = Attempt(date(2026, 10, 1), ContactWay.PHONE, "Nobody answered.", time(15, 30), "Corinne Dupre")
ASKED = Asked("Corinne Dupre", date(2026, 9, 1), "The whole record")
TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.fixture
def enrolled(child, parish):
    return EnrollmentFactory(student=child, district=parish)


@pytest.mark.rule("OSSE-R5.09")
def test_a_contact_about_anything_is_an_effort_that_an_exit_asks_for(child, enrolled, coordinator):
    assert not exit_facts(enrolled, how_known="", today=ISSUED).contact_efforts_recorded
    actions.log_contact(by=coordinator, student=child, tried=CALLED)
    assert exit_facts(enrolled, how_known="", today=ISSUED).contact_efforts_recorded


def test_an_attempt_of_an_exit_stands_in_the_same_log(child, enrolled, registrar):
    record_contact_attempt(
        by=registrar, enrollment=enrolled, on=date(2026, 9, 1), way=ContactWay.VISIT, result="Moved away."
    )
    actions.log_contact(by=registrar, student=child, tried=CALLED)
    assert [row.way for row in ContactAttempt.objects.filter(student=child)] == ["VISIT", "PHONE"]


def test_a_child_who_is_enrolled_nowhere_has_contacts_too(child, coordinator):
    proof = ContentFile(b"%PDF-1.7 a letter", name="letter.pdf")
    kept = actions.log_contact(by=coordinator, student=child, tried=CALLED, file=proof)
    assert (kept.enrollment, kept.whom, kept.at_time) == (None, "Corinne Dupre", time(15, 30))
    assert kept.document_id


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"on": TOMORROW}, "on"),
        ({"on": date(2010, 1, 1)}, "on"),
        ({"result": " "}, "result"),
        ({"whom": ""}, "whom"),
    ],
    ids=str,
)
def test_what_cannot_be_a_contact(child, coordinator, wrong, field):
    with pytest.raises(RuleBroken) as refused:
        actions.log_contact(by=coordinator, student=child, tried=Attempt(**{**CALLED.__dict__, **wrong}))
    assert refused.value.field == field


def test_who_only_reads_records_no_contact(child, parish):
    reader = UserFactory(role=Role.READER, role__district=parish)
    with pytest.raises(NotAllowed, match="can record contacts with parents"):
        actions.log_contact(by=reader, student=child, tried=CALLED)


@pytest.mark.rule("OSSE-R5.08")
@pytest.mark.parametrize("role", [Role.SPED_SUPERVISOR, Role.EVALUATION_COORDINATOR])
def test_a_notice_about_an_exit_is_the_notice_of_that_exit(child, parish, role):
    """Who may not exit a student leaves that step to who may."""
    writer = UserFactory(role=role, role__district=parish)
    left = EnrollmentFactory(
        student=child, district=parish, exit_code="1984", last_day=date(2026, 9, 20),
        effective_exit_code="1984", seds_state=SedsState.PENDING_PWN,
    )  # fmt: skip
    typed = Typed(complete(Kind.PRIOR_WRITTEN), event_on=EFFECTIVE)
    notice = actions.draft(by=writer, student=child, kind="PWN", typed=typed, enrollment=left)
    actions.issue(by=writer, notice=notice, on=ISSUED)
    issued = ExitNotice.objects.filter(enrollment=left, issued_on=ISSUED).exists()
    assert issued is (role == Role.SPED_SUPERVISOR)


@pytest.mark.rule("DEADLINE-D24")
def test_a_request_for_records_is_due_in_45_days_and_answered_once(child, registrar):
    request = actions.take_records_request(by=registrar, student=child, asked=ASKED)
    assert request.due("LA").day == date(2026, 10, 16)
    assert list(RecordsRequest.objects.open()) == [request]
    answered = actions.answer_records_request(
        by=registrar, request=request, on=date(2026, 10, 2), way="COPIES", answer="IEP of May"
    )
    assert answered.standing("LA", date(2026, 12, 1)) == "MET"
    with pytest.raises(RuleBroken, match=r"was answered on Oct 2, 2026"):
        actions.answer_records_request(by=registrar, request=request, on=date(2026, 10, 3), way="SHOWN")
    with pytest.raises(ProgrammingError, match="answered_once"), transaction.atomic():
        RecordsRequest.objects.filter(pk=request.pk).update(answered_on=date(2026, 9, 2))


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (Asked("", date(2026, 9, 1), "All"), "asked_by"),
        (Asked("Corinne", date(2026, 9, 1), ""), "what"),
        (Asked("Corinne", TOMORROW, "All"), "asked_on"),
        (Asked("Corinne", date(2026, 9, 1), "All", date(2026, 8, 1)), "meeting_on"),
    ],
)
def test_what_cannot_be_a_request(child, registrar, asked, field):
    with pytest.raises(RuleBroken) as refused:
        actions.take_records_request(by=registrar, student=child, asked=asked)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("on", "way", "field"), [(date(2026, 8, 31), "SHOWN", "on"), (TOMORROW, "SHOWN", "on"),
                             (date(2026, 9, 2), "", "way")],
)  # fmt: skip
def test_what_cannot_be_an_answer(child, registrar, on, way, field):
    request = actions.take_records_request(by=registrar, student=child, asked=ASKED)
    with pytest.raises(RuleBroken) as refused:
        actions.answer_records_request(by=registrar, request=request, on=on, way=way)
    assert refused.value.field == field


def test_a_contact_sent_twice_is_one_and_a_proof_is_never_lost(child, coordinator):
    for content in (None, None, b"%PDF-1.7 one", b"%PDF-1.7 another", None):
        file = content and ContentFile(content, name="letter.pdf")
        actions.log_contact(by=coordinator, student=child, tried=CALLED, file=file)
    found = ContactAttempt.objects.filter(student=child).values_list("document_id", flat=True)
    assert [bool(document_id) for document_id in found] == [False, True, True]
