"""The count that a page is about, among those that this person may see."""

from django.http import HttpRequest

from reports.federal import access
from reports.models import Snapshot, SnapshotState
from ui.parts import Status

TONES = {
    SnapshotState.FROZEN: "info", SnapshotState.CERTIFIED: "good", SnapshotState.REOPENED: "warn",
    SnapshotState.REPLACED: "quiet",
}  # fmt: skip


def found(request: HttpRequest, pk: int) -> Snapshot:
    return access.snapshot_for(request.user, pk)


def status_of(snapshot: Snapshot) -> Status:
    return Status(TONES[SnapshotState(snapshot.state)], snapshot.get_state_display())
