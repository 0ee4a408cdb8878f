"""In which order this server creates records: asked once a day, and kept with the connection (EDFI-B20)."""

from datetime import timedelta

import uvloop
from django.utils import timezone

from edfi.actions.reconcile import client_of
from edfi.bulk import told_order
from edfi.models import Connection
from edfi.patience import Patience

AGAIN_AFTER = timedelta(days=1)


def keep_order(connection: Connection, patience: Patience | None = None) -> None:
    """A server that does not tell is asked again tomorrow; until then the order stays. Raises Unreachable."""
    now, asked = timezone.now(), connection.order_asked_at
    last = connection.years.order_by("-school_year").first()
    if last is None or (asked and now - asked < AGAIN_AFTER):
        return
    connection.order = uvloop.run(_ask(connection, last.school_year, patience)) or connection.order
    connection.order_asked_at = now
    connection.save(update_fields=["order", "order_asked_at"])


async def _ask(connection: Connection, year: int, patience: Patience | None) -> dict[str, int]:
    async with client_of(connection, patience) as client:
        await client.reach(year)
        return await told_order(client, year)
