"""The count that a page is about, among those that this person may see."""

from django.http import Http404, HttpRequest

from reports.federal import access
from reports.models import Snapshot, SnapshotState
from ui.parts import Status

TONES = {
    SnapshotState.FROZEN: "info", SnapshotState.CERTIFIED: "good", SnapshotState.REOPENED: "warn",
    SnapshotState.REPLACED: "quiet",
}  # fmt: skip


def found(request: HttpRequest, pk: int) -> Snapshot:
    """Raises NotAllowed for who sees no whole district, 404 where the count is another's."""
    access.check_may_see(request.user)
    rows = Snapshot.objects.visible_to(request.user).select_related("district__state", "frozen_by")
    snapshot = rows.select_related("certified_by", "reopened_by").filter(pk=pk).first()
    if snapshot is None:
        raise Http404
    return snapshot


def status_of(snapshot: Snapshot) -> Status:
    return Status(TONES[SnapshotState(snapshot.state)], snapshot.get_state_display())
