"""A large export waits for a second person, who reads the reason before the file is made."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jobs.models import Job
from journal.actions import record
from reports import access, actions
from reports.actions import Order
from reports.exports.access import deciders, district_of, why_not_decide
from reports.lists.listing import List
from reports.models import ExportRequest
from reports.models.export_request import Decision
from reports.saved.orders import order_of
from security import scope
from security.actions.notices import tell
from security.refusals import NotAllowed, RuleBroken, Stale


def is_large(n: int) -> bool:
    """Does an export of so many rows need a second person?"""
    return n > settings.ESER_EXPORT_CAP


@transaction.atomic
def ask_second_person(*, by: Any, order: Order, n: int) -> ExportRequest:
    """Raises NotAllowed."""
    if sentence := access.why_not_export(by, order.found):
        raise NotAllowed(sentence)
    request = ExportRequest.objects.create(
        asked_by=by, district=district_of(access.export_scope(by, order.found)), slug=order.found.slug,
        query=order.state.query(), format=order.format, bom=order.bom, reason=order.reason, rows=n,
    )  # fmt: skip
    _note("EXPORT_ASKED", f"asked for an export of {n:,} rows", by, request)
    words = f"{by} asks for an export of {n:,} rows. A second person decides."
    tell(deciders(request), words[:300], key=f"export: {request.pk}", address=request.get_absolute_url())
    return request


@transaction.atomic
def approve_export(*, by: Any, request: ExportRequest) -> ExportRequest:
    """The file is made now, for who asked. Raises NotAllowed, RuleBroken, Stale."""
    request = _undecided(request)
    if sentence := why_not_decide(by, request):
        raise NotAllowed(sentence)
    owner = request.asked_by
    try:
        order = order_of(request.slug, request.query, request.format, request.reason, request.bom)
    except KeyError:
        raise RuleBroken("This list is no longer there. Refuse the request.") from None
    if sentence := access.why_not_take(owner, order.found):
        raise RuleBroken(f"{owner} may not take this list away any more. {sentence}")
    if not _is_of_the_same(request, owner, order.found):
        raise RuleBroken(
            f"The districts whose children would leave are others by now than when {owner} asked."
            " Refuse the request, so that it is asked anew."
        )
    with scope.of(owner):
        n = actions.count(owner, order)
        _check_not_grown(request, n)
        actions.note(owner, order, n, approved_by=by.pk, request=request.pk)
    request.job_id = actions.open_job_for(owner, order, n, request=request.pk).pk
    return _decide(by, request, Decision.APPROVED, "approved")


@transaction.atomic
def refuse_export(*, by: Any, request: ExportRequest, words: str) -> ExportRequest:
    """`words`: why, for who asked. Raises NotAllowed, RuleBroken, Stale."""
    request = _undecided(request)
    if sentence := why_not_decide(by, request):
        raise NotAllowed(sentence)
    if not words.strip():
        raise RuleBroken("Say why: who asked reads it.", "words")
    request.words = words.strip()
    return _decide(by, request, Decision.REFUSED, "refused")


@transaction.atomic
def withdraw_export(*, by: Any, request: ExportRequest) -> ExportRequest:
    """By who asked. Raises NotAllowed, Stale."""
    request = _undecided(request)
    if request.asked_by_id != by.pk:
        raise NotAllowed(f"Only {request.asked_by}, who asked, can take this back.")
    return _decide(by, request, Decision.WITHDRAWN, "took back")


def _undecided(request: ExportRequest) -> ExportRequest:
    rows = ExportRequest.objects.select_for_update(of=("self",)).select_related("asked_by", "district")
    request = rows.get(pk=request.pk)
    if request.decision:
        raise Stale(f"This request is {request.get_decision_display()} already. Nothing was changed.")
    return request


def _check_not_grown(request: ExportRequest, n: int) -> None:
    """Approved is what was read: by a tenth more rows it is another list."""
    if n > request.rows * 1.1:
        raise RuleBroken(
            f"{request.rows:,} rows were asked for, and the list has {n:,} by now."
            " Refuse the request, so that it is asked anew."
        )


def why_not_write(job: Job, by: Any, found: List) -> str | None:
    """A sentence when the file would by now be of children about whom somebody else decides."""
    request = ExportRequest.objects.select_related("district").filter(pk=job.params.get("request")).first()
    if request is None or _is_of_the_same(request, by, found):
        return None
    return "The districts whose children would leave are others by now than were approved. Ask for it anew."


def _is_of_the_same(request: ExportRequest, owner: Any, found: List) -> bool:
    """The scope is that of now; who decides was told by the scope of then."""
    return district_of(access.export_scope(owner, found)) == request.district


def _decide(by: Any, request: ExportRequest, decision: Decision, word: str) -> ExportRequest:
    request.decision, request.decided_by, request.decided_at = decision, by, timezone.now()
    request.save()
    _note(f"EXPORT_{decision}", f"{word} an export of {request.rows:,} rows", by, request)
    if by.pk != request.asked_by_id:
        words, address = f"Your export of {request.rows:,} rows is {word}.", request.get_absolute_url()
        tell([request.asked_by], words, key=f"export decided: {request.pk}", address=address)
    return request


def _note(kind: str, words: str, by: Any, request: ExportRequest) -> None:
    record(
        kind, words, by=by, district_id=request.district_id, request=request.pk, list=request.slug,
        rows=request.rows, asked_by=request.asked_by_id, reason=request.reason,
    )  # fmt: skip
