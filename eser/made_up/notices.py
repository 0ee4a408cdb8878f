"""Notices, contacts and requests for records of some made-up children, in every state that a list shows."""

from collections.abc import Iterator
from datetime import date, timedelta

from enrollment.actions import Attempt
from enrollment.models import ContactWay
from evaluations.models import Evaluation
from notices import actions
from notices.actions import Asked, Handed, Typed
from notices.models import Notice
from notices.rules.kinds import Kind, elements_of
from security.models import User

WRITER = "solange.fuselier"
SOME = 16
TEXTS = {
    "action": "Special education and related services begin as the team has agreed.",
    "why": "Support in class alone has not been enough.",
    "basis": "The integrated report, the observations of two teachers and the state test.",
    "help": "The pupil appraisal office of the district, (555) 555-0142.",
    "options": "Waiting until spring was rejected: the gap grows.",
    "factors": "None.",
}


def tell(today: date) -> None:
    """By the coordinator of the first district, about its latest determinations."""
    writer = User.objects.get(username=WRITER)
    recent = Evaluation.objects.filter(district__code="101", determination_date__isnull=False)
    latest = recent.select_related("student").order_by("-determination_date", "pk")[:SOME]
    for n, evaluation in enumerate(latest):
        _about(evaluation, n, writer, today)


def _about(evaluation: Evaluation, n: int, writer: User, today: date) -> None:
    """Every fourth is a draft, every fourth not delivered; every fourth family asked for records."""
    typed = Typed(dict(_texts()), event_on=today + timedelta(days=2 + n))
    notice = actions.draft(
        by=writer, student=evaluation.student, kind=Kind.PRIOR_WRITTEN, typed=typed, evaluation=evaluation
    )
    called = Attempt(today - timedelta(days=n), ContactWay.PHONE, "Left a message.", whom="Mother")
    actions.log_contact(by=writer, student=evaluation.student, tried=called)
    if n % 4:
        _send(notice, n, writer, today)
    if n % 4 == 1:
        asked = Asked("Mother", today - timedelta(days=5 * n), "The whole record")
        actions.take_records_request(by=writer, student=evaluation.student, asked=asked)


def _texts() -> Iterator[tuple[str, str]]:
    for element in elements_of(Kind.PRIOR_WRITTEN):
        if element.required:
            said = element.choices[0] if element.choices else element.begins_with
            yield element.element, TEXTS.get(element.element, said)


def _send(notice: Notice, n: int, writer: User, today: date) -> None:
    issued = actions.issue(by=writer, notice=notice, on=today - timedelta(days=n))
    if n % 4 > 1:
        handed = Handed("HAND", issued.issued_on or today, "Mother")
        actions.deliver(by=writer, notice=issued, handed=handed)
