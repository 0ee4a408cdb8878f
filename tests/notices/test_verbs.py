"""A notice is drafted, issued, delivered, replaced; nothing of an issued one changes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import ProgrammingError, transaction
from django.utils import timezone

from documents.models import Document
from journal.models import Entry
from notices import actions
from notices.actions import Handed, Typed
from notices.models import Delivery, Notice, RecordsRequest, ServicesConsent, Status
from notices.rules.kinds import Kind
from security import scope
from security.refusals import NotAllowed, RuleBroken, Stale
from security.rules.roles import Role
from tests.factories import (
    DistrictFactory,
    EvaluationFactory,
    JurisdictionFactory,
    RecordsRequestFactory,
    StudentFactory,
    UserFactory,
)
from tests.notices.conftest import EFFECTIVE, ISSUED, complete

pytestmark = pytest.mark.usefixtures("as_system")
BY_MAIL = Handed("MAIL", ISSUED + timedelta(days=1), "Corinne Dupre")
TOMORROW = timezone.localdate() + timedelta(days=1)


def test_a_draft_may_be_incomplete_and_says_what_is_missing_when_it_is_issued(child, coordinator):
    draft = actions.draft(
        by=coordinator, student=child, kind="PWN", typed=Typed({"action": "We propose to evaluate."})
    )
    assert draft.status == Status.DRAFT
    with pytest.raises(RuleBroken, match="Still missing: What the district does; .*Why; .*Takes effect on"):
        actions.issue(by=coordinator, notice=draft, on=ISSUED)


@pytest.mark.rule("DEADLINE-D20")
def test_an_issued_notice_keeps_its_text_with_its_hash(issued):
    assert (issued.status, issued.is_whole) == (Status.ISSUED, True)
    assert ["Takes effect on", "Oct 20, 2026"] in issued.lines
    assert ["Student", "Zora Dupre"] in issued.lines
    assert Entry.objects.filter(kind="NOTICE_ISSUED", student_id=issued.student_id).exists()


@pytest.mark.parametrize(
    "change",
    [{"elements": {}}, {"event_on": date(2027, 1, 1)}, {"issued_on": None, "sha256": ""}, {"lines": []}],
    ids=str,
)
def test_the_database_lets_nobody_change_it(issued, change):
    with pytest.raises(ProgrammingError, match="issued_is_immutable"), transaction.atomic():
        Notice.objects.filter(pk=issued.pk).update(**change)


def test_nor_take_it_away(issued, coordinator):
    with pytest.raises(RuleBroken, match="stays as it is"):
        actions.discard(by=coordinator, notice=issued)
    with pytest.raises(ProgrammingError, match="issued_is_kept"), transaction.atomic():
        Notice.objects.filter(pk=issued.pk).delete()


def test_a_draft_is_changed_and_discarded(draft, coordinator):
    changed = actions.change(
        by=coordinator, notice=draft, typed=Typed({"why": "Reads late.\r\nAnd\n"}), seen=1
    )
    assert (changed.elements, changed.version) == ({"why": "Reads late.\nAnd"}, 2)
    with pytest.raises(Stale, match="Somebody else changed this notice"):
        actions.change(by=coordinator, notice=draft, typed=Typed(), seen=1)
    actions.discard(by=coordinator, notice=draft)
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (TOMORROW, "The day of issue is in the future."),
        (date(2010, 1, 1), "before the birth of Mar 12, 2015"),
    ],
    ids=str,
)
def test_the_day_of_issue_is_a_possible_one(draft, coordinator, on, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        actions.issue(by=coordinator, notice=draft, on=on)


def test_a_mistake_is_answered_by_a_notice_that_replaces_it(issued, coordinator, child):
    typed = Typed(complete(Kind.PRIOR_WRITTEN) | {"why": "Reads two years late."}, event_on=EFFECTIVE)
    again = actions.draft(by=coordinator, student=child, kind="PWN", typed=typed, replaces=issued)
    assert list(Notice.objects.standing()) == [issued]
    with pytest.raises(RuleBroken, match="before the notice that it replaces, of Oct 1, 2026"):
        actions.issue(by=coordinator, notice=again, on=ISSUED - timedelta(days=1))
    actions.issue(by=coordinator, notice=again, on=ISSUED)
    assert list(Notice.objects.standing()) == [again]
    issued.refresh_from_db()
    assert issued.is_whole
    with pytest.raises(RuleBroken, match="replaced already"):
        actions.draft(by=coordinator, student=child, kind="PWN", typed=typed, replaces=issued)


def test_a_draft_and_another_kind_are_not_replaced(issued, coordinator, child):
    with pytest.raises(RuleBroken, match="by one of its kind"):
        actions.draft(by=coordinator, student=child, kind="MEETING", typed=Typed(), replaces=issued)
    begun = actions.draft(by=coordinator, student=child, kind="PWN", typed=Typed())
    with pytest.raises(RuleBroken, match="change that one"):
        actions.draft(by=coordinator, student=child, kind="PWN", typed=Typed(), replaces=begun)


@pytest.mark.rule("DEADLINE-D20")
def test_it_has_reached_the_parents_once_a_delivery_is_recorded(issued, registrar):
    assert list(Notice.objects.undelivered()) == [issued]
    proof = ContentFile(b"%PDF-1.7 a receipt", name="receipt.pdf")
    delivery = actions.deliver(by=registrar, notice=issued, handed=replace(BY_MAIL, file=proof))
    actions.deliver(by=registrar, notice=issued, handed=replace(BY_MAIL, on=ISSUED, channel="HAND"))
    assert Document.objects.get(pk=delivery.document_id).student_id == issued.student_id
    assert (list(Notice.objects.delivered()), list(Notice.objects.undelivered())) == ([issued], [])
    assert Notice.objects.first_delivered("PWN") == {issued.student_id: ISSUED}
    assert Notice.objects.first_delivered("PWN", of="evaluation_id") == {}


def test_the_same_delivery_sent_twice_is_one(issued, registrar):
    first, again = (actions.deliver(by=registrar, notice=issued, handed=BY_MAIL) for _ in range(2))
    assert first == again
    with pytest.raises(ProgrammingError, match="append_only"), transaction.atomic():
        Delivery.objects.update(to="Somebody else")


@pytest.mark.parametrize(
    ("handed", "field", "sentence"),
    [
        (replace(BY_MAIL, on=TOMORROW), "on", "in the future"),
        (replace(BY_MAIL, on=ISSUED - timedelta(days=1)), "on", "before the issue of Oct 1, 2026"),
        (replace(BY_MAIL, channel=""), "channel", "Choose how"),
        (replace(BY_MAIL, channel="CERTIFIED"), "proof", "certified mail leaves one"),
        (replace(BY_MAIL, to=" "), "to", "Say who received it"),
    ],
)
def test_what_cannot_be_a_delivery(issued, registrar, handed, field, sentence):
    with pytest.raises(RuleBroken, match=sentence) as refused:
        actions.deliver(by=registrar, notice=issued, handed=handed)
    assert refused.value.field == field


def test_a_draft_is_not_delivered(draft, registrar):
    with pytest.raises(RuleBroken, match="Issue it first"):
        actions.deliver(by=registrar, notice=draft, handed=BY_MAIL)


@pytest.mark.rule("DEADLINE-D22")
def test_safeguards_count_for_the_school_year_in_which_they_were_given(child, coordinator):
    typed = Typed(complete(Kind.SAFEGUARDS))
    notice = actions.draft(by=coordinator, student=child, kind="SAFEGUARDS", typed=typed)
    actions.issue(by=coordinator, notice=notice, on=ISSUED)
    actions.deliver(by=coordinator, notice=notice, handed=BY_MAIL)
    this_year = Notice.objects.safeguards_given(date(2026, 7, 1), date(2027, 6, 30))
    assert this_year == {child.pk: BY_MAIL.on}
    assert Notice.objects.safeguards_given(date(2027, 7, 1), date(2028, 6, 30)) == {}


def test_the_day_that_it_is_about_is_not_before_the_birth(child, coordinator):
    with pytest.raises(RuleBroken, match="The day is before the birth of Mar 12, 2015") as refused:
        actions.draft(by=coordinator, student=child, kind="PWN", typed=Typed(event_on=date(1900, 1, 2)))
    assert refused.value.field == "event_on"


def test_who_writes_and_who_only_delivers(child, registrar, coordinator):
    with pytest.raises(NotAllowed, match="can write a notice to parents"):
        actions.draft(by=registrar, student=child, kind="PWN", typed=Typed())
    with pytest.raises(RuleBroken, match="Choose which notice"):
        actions.draft(by=coordinator, student=child, kind="CHANGED", typed=Typed())


def test_a_notice_is_about_records_of_its_own_student(child, coordinator, parish):
    other = EvaluationFactory(student=StudentFactory(district=parish), district=parish)
    with pytest.raises(RuleBroken, match="belongs to another student"):
        actions.draft(by=coordinator, student=child, kind="PWN", typed=Typed(), evaluation=other)


def test_of_two_drafts_that_replace_one_notice_the_first_issued_does(issued, coordinator, child):
    typed = Typed(complete(Kind.PRIOR_WRITTEN), event_on=EFFECTIVE)
    first, second = (
        actions.draft(by=coordinator, student=child, kind="PWN", typed=typed, replaces=issued)
        for _ in range(2)
    )
    actions.issue(by=coordinator, notice=first, on=ISSUED)
    with pytest.raises(RuleBroken, match="replaced already"):
        actions.issue(by=coordinator, notice=second, on=ISSUED)
    assert list(Notice.objects.standing()) == [first]


@pytest.fixture
def moved(child, parish):
    """The child lives in another parish now; its coordinator."""
    child.jurisdictions.update(last_day=timezone.localdate() - timedelta(days=1))
    there = DistrictFactory(state=parish.state, name="Live Oak Parish")
    JurisdictionFactory(student=child, district=there, first_day=timezone.localdate())
    return UserFactory(role=Role.EVALUATION_COORDINATOR, role__district=there)


def test_what_the_next_district_answers_is_its_own(child, parish, coordinator, moved):
    """The earlier one reads neither the answer nor the withdrawal: they came after its time."""
    request = RecordsRequestFactory(student=child, district=parish, asked_on=date(2026, 9, 1))
    ServicesConsent.objects.create(
        student=child, district=parish, given=True, answered_on=date(2026, 9, 1), signed_by="Ada Dupre",
        by_id=coordinator.pk,
    )  # fmt: skip
    with scope.of(moved):
        actions.answer_records_request(by=moved, request=request, on=timezone.localdate(), way="SHOWN")
        actions.revoke_services(by=moved, student=child, on=timezone.localdate(), how="By letter.")
    for person, n in ((moved, 1), (coordinator, 0)):
        with scope.of(person):
            assert (RecordsRequest.objects.count(), ServicesConsent.objects.count()) == (n, n)


def test_nobody_issues_in_the_name_of_the_district_before(draft, moved):
    with pytest.raises(RuleBroken, match="Cypress Parish drafted this notice and answers .* no more"):
        actions.issue(by=moved, notice=draft, on=ISSUED)
    actions.discard(by=moved, notice=draft)


def test_how_the_next_district_delivers_it_is_its_own_to_read(issued, moved, coordinator):
    """Who issued it reads the notice, and neither whom the later one gave it nor that it did."""
    with scope.of(moved):
        actions.deliver(by=moved, notice=issued, handed=BY_MAIL)
    for person, n in ((moved, 1), (coordinator, 0)):
        with scope.of(person):
            told = Entry.objects.filter(kind="NOTICE_DELIVERED")
            assert (Notice.objects.count(), Delivery.objects.count(), told.count()) == (1, n, n)


def test_what_the_next_district_keeps_as_proof_is_its_own(issued, moved):
    proof = ContentFile(b"%PDF-1.7 a receipt", name="receipt.pdf")
    delivery = actions.deliver(by=moved, notice=issued, handed=replace(BY_MAIL, file=proof))
    assert Document.objects.get(pk=delivery.document_id).district_id == moved.assignments.get().district_id


@pytest.mark.parametrize(
    ("who", "known", "day_zero"),
    [
        ("coordinator", {}, BY_MAIL.on),
        ("registrar", {}, None),
        ("coordinator", {"consent_date": ISSUED}, ISSUED),
        ("coordinator", {"referral_date": TOMORROW}, None),
    ],
    ids=["day zero", "left to who may", "consent came in before", "told before the referral"],
)
def test_no_further_assessment_starts_the_clock_of_its_evaluation(
    request, child, parish, coordinator, who, known, day_zero
):
    evaluation = EvaluationFactory(
        student=child, district=parish, kind="REEV", outcome="",
        **{"consent_date": None, "referral_date": date(2026, 9, 1), **known},
    )  # fmt: skip
    typed = Typed(complete(Kind.NO_ASSESSMENT))
    notice = actions.draft(
        by=coordinator, student=child, kind=Kind.NO_ASSESSMENT, typed=typed, evaluation=evaluation
    )
    actions.issue(by=coordinator, notice=notice, on=ISSUED)
    actions.deliver(by=request.getfixturevalue(who), notice=notice, handed=BY_MAIL)
    evaluation.refresh_from_db()
    assert evaluation.consent_date == day_zero
