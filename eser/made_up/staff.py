"""Staff of the demonstration state, one sign-in for each role, from staff.csv."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.contrib.auth.hashers import make_password

from organizations.models import District, Site, State
from rulebook.tables import read_table
from security.actions.assign import assign
from security.models import User
from security.rules.roles import Role

PASSWORD = "cypress demo heron 26"  # noqa: S105 - printed by `make demo`, for made-up data only


@dataclass(frozen=True)
class StaffRow:
    username: str
    first_name: str
    last_name: str
    staff_id: str
    position: str
    role: Role
    iep_forms: bool
    authority: str
    district: str = ""
    site: str = ""


@cache
def staff_rows() -> tuple[StaffRow, ...]:
    return read_table(Path(__file__).parent / "staff.csv", StaffRow)


def hire(state: State, since: date) -> None:
    """Every person of the table, with their roles from the day given on."""
    password = make_password(PASSWORD)
    for row in staff_rows():
        district = District.objects.filter(state=state, code=row.district).first()
        site = Site.objects.filter(state=state, code=row.site).first()
        user, _ = User.objects.get_or_create(
            username=row.username,
            defaults={
                "first_name": row.first_name,
                "last_name": row.last_name,
                "staff_id": row.staff_id,
                "position": row.position,
                "district": district or (site and site.district),
                "password": password,
            },
        )
        assign(
            by=None,
            user=user,
            role=row.role,
            district=district,
            site=site,
            iep_forms=row.iep_forms,
            first_day=since,
            reason="demonstration",
        )
