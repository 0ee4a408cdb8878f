"""Alarm clocks of the exchange: look for marks every few seconds, and send over each connection by itself."""

from celery import shared_task
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from edfi.actions.exchange import exchange
from edfi.models import Connection, DirtyStudent, Trouble
from security import scope


@shared_task(name="edfi.tasks.send_dirty")
def send_dirty() -> None:
    """Wake a sender for each connection that has something to do."""
    marked = DirtyStudent.objects.filter(connection=OuterRef("pk"))
    due = Trouble.objects.open().filter(connection=OuterRef("pk"), retry_at__lte=timezone.now())
    with scope.system():
        ids = list(
            Connection.objects.filter(Q(Exists(marked)) | Q(Exists(due)), enabled=True).values_list(
                "pk", flat=True
            )
        )
    for connection_id in ids:
        send_to.delay(connection_id)


@shared_task(name="edfi.tasks.send_to")
def send_to(connection_id: int) -> None:
    """May run twice: a second sender of the same connection steps back."""
    connection = Connection.objects.select_related("state").filter(pk=connection_id, enabled=True).first()
    if connection:
        exchange(connection)
