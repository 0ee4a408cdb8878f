"""Archived records are asked for with a purpose, opened by somebody else's approval, and read for 30 days."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from journal.actions import record
from migration.access import check_may_ask, check_may_run, why_not_decide, why_not_read
from migration.archive.pack import Packed, unpacked
from migration.archive.reach import district_of, live_child
from migration.models import ArchivedStudent, ArchiveRequest, ArchiveVisit
from migration.refusals import NO_PURPOSE
from organizations.models import District
from security.actions.notices import tell
from security.models import User
from security.queries.people import people_with, state_administrators
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Permission

DAYS_OPEN = 30  # RLO-13


@transaction.atomic
def ask_for_archive(*, by: User, child: ArchivedStudent, purpose: str) -> ArchiveRequest:
    """Raises NotAllowed, RuleBroken without a purpose or while an own request waits or is open."""
    check_may_ask(by, child)
    if not purpose.strip():
        raise RuleBroken(NO_PURPOSE, "purpose")
    child = ArchivedStudent.objects.without_pack().select_for_update(of=("self",)).get(pk=child.pk)
    mine = child.requests.filter(asked_by=by)
    if any(asked.state in ("waiting", "open") for asked in mine):
        raise RuleBroken("You have asked for these records already. Look at your request.")
    asked = ArchiveRequest.objects.create(
        archive=child, district=district_of(child), purpose=purpose.strip()[:300], asked_by=by
    )
    _note("ARCHIVE_ASKED", f"{by} asked for archived records", by, asked, purpose=asked.purpose)
    deciders = [person for person in deciders_of(asked.district) if person.pk != by.pk]
    _tell(deciders, f"{by} asks to read archived records. You decide.", asked)
    return asked


@transaction.atomic
def approve_archive_request(*, by: User, asked: ArchiveRequest, answer: str = "") -> ArchiveRequest:
    """Open to the requester alone, for 30 days from now. Raises NotAllowed, RuleBroken."""
    asked = _undecided(by, asked)
    return _decide(by, asked, approved=True, answer=answer)


@transaction.atomic
def refuse_archive_request(*, by: User, asked: ArchiveRequest, answer: str) -> ArchiveRequest:
    """Raises NotAllowed, RuleBroken without a reason."""
    asked = _undecided(by, asked)
    if not answer.strip():
        raise RuleBroken("Say why it is refused: whoever asked has to know.", "answer")
    return _decide(by, asked, approved=False, answer=answer)


@transaction.atomic
def read_archive(*, by: User, asked: ArchiveRequest, what: str) -> list[Packed]:
    """The records, and a line in the record of access. Raises NotAllowed."""
    if sentence := why_not_read(by, asked):
        raise NotAllowed(sentence)
    ArchiveVisit.objects.create(request=asked, archive_id=asked.archive_id, by=by, what=what)
    if child := live_child(asked.archive):
        by.looked_at(child.pk, what, asked.purpose)
    return unpacked(asked.archive.pack)


def note_reconciled(*, by: User, child: ArchivedStudent) -> ArchiveVisit:
    """The state saw a record beside its line of the extract. Raises NotAllowed."""
    check_may_run(by)
    return ArchiveVisit.objects.create(archive=child, by=by, what="a line of the extract")


def deciders_of(district: District | None) -> Iterable[User]:
    """The district's supervisors; the state where no district answered, or where it has none."""
    found = people_with(Permission.DECIDE_ARCHIVE, district) if district else User.objects.none()
    return found if found.exists() else state_administrators()


def _undecided(by: User, asked: ArchiveRequest) -> ArchiveRequest:
    rows = ArchiveRequest.objects.select_for_update(of=("self",)).select_related("district", "asked_by")
    asked = rows.get(pk=asked.pk)
    if sentence := why_not_decide(by, asked):
        raise NotAllowed(sentence)
    if asked.state != "waiting":
        raise RuleBroken(f"This request is decided already: it is {asked.state}. Nothing was changed.")
    return asked


def _decide(by: User, asked: ArchiveRequest, *, approved: bool, answer: str) -> ArchiveRequest:
    now = timezone.now()
    asked.approved, asked.decided_by, asked.decided_at = approved, by, now
    asked.answer = answer.strip()[:300]
    asked.ends_at = now + timedelta(days=DAYS_OPEN) if approved else None
    asked.save(update_fields=["approved", "decided_by", "decided_at", "answer", "ends_at"])
    word = "approved" if approved else "refused"
    _note(f"ARCHIVE_{word.upper()}", f"Request of {asked.asked_by} for archived records {word}", by, asked)
    said = f"Archived records are open to you for {DAYS_OPEN} days." if approved else (
        "Your request for archived records is refused. The reason stands there."
    )  # fmt: skip
    _tell([asked.asked_by], said, asked)
    return asked


def _tell(people: Iterable[User], words: str, asked: ArchiveRequest) -> None:
    address = reverse("migration:archive_request", args=[asked.pk])
    tell(people, words, key=f"archive-{asked.pk}-{asked.state}", address=address)


def _note(kind: str, words: str, by: User, asked: ArchiveRequest, **more: str) -> None:
    child = live_child(asked.archive)
    record(
        kind, words, by=by, student_id=child and child.pk, district_id=asked.district_id, request=asked.pk,
        **more,
    )  # fmt: skip
