"""Certifying a count, and reopening it for a reason."""

from django.db import transaction
from django.utils import timezone

from journal.actions import record
from organizations.rules.calendar import in_words
from reports.federal import access
from reports.models import Snapshot, SnapshotState
from security.models import User
from security.refusals import RuleBroken

SHORTEST = 10  # letters of a reason


@transaction.atomic
def certify(*, by: User, snapshot: Snapshot) -> Snapshot:
    """The district says that the count is right. Raises NotAllowed; RuleBroken when it has said so."""
    access.check_may_certify(by, snapshot.district, "certify its count")
    snapshot = _locked(snapshot)
    access.check_stands(snapshot)
    if snapshot.is_certified:
        by_whom, on = snapshot.certified_by, in_words(timezone.localdate(snapshot.certified_at))
        raise RuleBroken(f"{by_whom} certified this count on {on}: it is not certified twice.")
    snapshot.state, snapshot.certified_by, snapshot.certified_at = (
        SnapshotState.CERTIFIED,
        by,
        timezone.now(),
    )
    snapshot.save(update_fields=["state", "certified_by", "certified_at"])
    _note("COUNT_CERTIFIED", "certified", by, snapshot)
    return snapshot


@transaction.atomic
def reopen(*, by: User, snapshot: Snapshot, reason: str) -> Snapshot:
    """What was frozen may be put right now, child by child; it has to be certified again afterwards."""
    access.check_may_certify(by, snapshot.district, "reopen its count")
    snapshot = _locked(snapshot)
    access.check_stands(snapshot)
    if snapshot.is_reopened:
        raise RuleBroken("The count is open already.")
    if len(reason.strip()) < SHORTEST:
        raise RuleBroken("Say in a few words why the count is reopened.", "reason")
    snapshot.state, snapshot.reopened_by, snapshot.reopened_at = SnapshotState.REOPENED, by, timezone.now()
    snapshot.reopened_for = reason.strip()
    snapshot.save(update_fields=["state", "reopened_by", "reopened_at", "reopened_for"])
    _note("COUNT_REOPENED", "reopened", by, snapshot, reason=snapshot.reopened_for)
    return snapshot


def _locked(snapshot: Snapshot) -> Snapshot:
    rows = Snapshot.objects.select_for_update(of=("self",)).select_related("district__state", "certified_by")
    return rows.get(pk=snapshot.pk)


def _note(kind: str, deed: str, by: User, snapshot: Snapshot, **more: str) -> None:
    words = f"{deed} the {snapshot.called}"
    record(kind, words, by=by, district_id=snapshot.district_id, snapshot=snapshot.pk, **more)
