"""Who may set up a connection: the data managers of its district, or the state for one of the whole state."""

from edfi.models import Connection
from organizations.models import District
from security.access import check, why_not
from security.models import User
from security.rules.roles import Permission

DEED = "set up a connection to the state's Ed-Fi API"


def why_not_set_up(user: User, connection: Connection) -> str | None:
    return why_not(user, Permission.MANAGE_EDFI, connection.district, DEED)


def check_may_set_up(user: User, district: District | None) -> None:
    check(user, Permission.MANAGE_EDFI, district, DEED)
