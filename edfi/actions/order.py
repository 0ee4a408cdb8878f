"""In which order this server creates records: asked once a day, and kept with the connection (EDFI-B20)."""

from datetime import timedelta

from django.utils import timezone

from edfi.bulk import told_order
from edfi.calling import Api
from edfi.client import Client
from edfi.models import Connection

AGAIN_AFTER = timedelta(days=1)


def keep_order(connection: Connection, api: Api) -> None:
    """A server that does not tell is asked again tomorrow; until then the order stays. Raises Unreachable."""
    now, asked = timezone.now(), connection.order_asked_at
    last = connection.years.order_by("-school_year").first()
    if last is None or (asked and now - asked < AGAIN_AFTER):
        return
    connection.order = api.ask(_told(api.client, last.school_year)) or connection.order
    connection.order_asked_at = now
    connection.save(update_fields=["order", "order_asked_at"])


async def _told(client: Client, year: int) -> dict[str, int]:
    await client.reach(year)
    return await told_order(client, year)
