"""Staff of the demonstration state, one sign-in for each role, from staff.csv."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from organizations.models import District, Site, State
from organizations.rules.calendar import school_year_of
from rulebook.tables import read_table
from security.actions.assign import assign
from security.actions.assurance import publish_text
from security.models import Assignment, AssuranceSignature, Designation, SecurityPolicy, User
from security.rules.roles import Role

PASSWORD = "cypress demo heron 26"  # noqa: S105 - printed by `make demo`, for made-up data only


ASSURANCE = """\
I read a student's record only where my work with the student asks for it.

I tell nobody what I learn there who has no part in that work, and I leave no record open, printed or copied \
where others find it.

My password is mine alone. What I open is noted with my name, and I say at once when something went wrong.
"""


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
    signs: bool = True


@cache
def staff_rows() -> tuple[StaffRow, ...]:
    return read_table(Path(__file__).parent / "staff.csv", StaffRow)


def hire(state: State, since: date) -> None:
    """Every person of the table, with their roles from the day given on."""
    password = make_password(PASSWORD)
    text = publish_text(by=None, state=state, text=ASSURANCE)
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
        if row.signs and not user.signatures.exists():
            AssuranceSignature.objects.create(
                user=user, text=text, sha256=text.sha256, typed_name=user.get_full_name()
            )
        role = assign(
            by=None,
            user=user,
            role=row.role,
            district=district,
            site=site,
            iep_forms=row.iep_forms,
            first_day=since,
            reason="demonstration",
        )
        if row.role == Role.SECURITY_COORDINATOR:
            _designated(role)


def _designated(role: Assignment) -> None:
    """The coordinator's district has what it needs to approve requests this school year."""
    district, now = role.district, timezone.now()
    year = school_year_of(timezone.localdate(now))
    people = User.objects.filter(district=district)
    superintendent = people.filter(assignments__role=Role.SUPERINTENDENT).first()
    Designation.objects.create(
        district=district,
        user=role.user,
        submitted_by=superintendent or role.user,
        processed_by=User.objects.filter(assignments__role=Role.SEA_ADMINISTRATOR).first(),
        processed_at=now,
        assignment=role,
    )
    SecurityPolicy.objects.get_or_create(
        district=district,
        school_year=year.label,
        defaults={
            "adopted_on": year.first_day + timedelta(days=27),
            "iep_section": "Section 4: IEPs are opened by the student's team alone and never sent by e-mail.",
        },
    )
