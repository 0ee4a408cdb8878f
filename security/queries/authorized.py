"""The list of authorized users for any day: who had a role, what it was, and where (SEC-30)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from organizations.models import District
from rulebook.formulas import guarded
from security.models import Assignment, User
from security.queries.assurances import assurance_status
from security.rules.roles import Role, row_of
from ui.dates import moment_in_words

COLUMNS = (
    "Name", "Position", "Role", "Place", "IEP Forms", "Staff ID", "First day", "Last day", "Last sign-in",
    "Assurance", "As of",
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; `site` by its id, empty for the district and all its sites."""

    name: str = ""
    site: str = ""
    role: str = ""


@dataclass(frozen=True)
class AuthorizedUser:
    user: User
    roles: tuple[Assignment, ...]
    assurance: str

    @property
    def names_of_roles(self) -> str:
        return ", ".join(dict.fromkeys(role_name(row) for row in self.roles))

    @property
    def names_of_places(self) -> str:
        return ", ".join(dict.fromkeys(str(row.place or "the whole state") for row in self.roles))

    @property
    def iep_forms(self) -> bool:
        return any(row.iep_forms for row in self.roles)


def role_name(row: Assignment) -> str:
    return row_of(Role(row.role)).short


def roles_on(district: District, day: date, wanted: Wanted = Wanted()) -> QuerySet[Assignment]:  # noqa: B008
    rows = Assignment.objects.on(day).reaching(district, day).select_related("district", "site")
    if wanted.site:
        rows = rows.filter(site=wanted.site)
    return rows.filter(role=wanted.role) if wanted.role else rows


def people_on(district: District, day: date, wanted: Wanted) -> QuerySet[User]:
    """Unordered: each person with a role on the day that fits."""
    people = User.objects.filter(pk__in=roles_on(district, day, wanted).values("user_id"))
    for word in wanted.name.split():
        begins = Q(last_name__istartswith=word) | Q(first_name__istartswith=word)
        people = people.filter(begins | Q(staff_id__istartswith=word))
    return people


def described(people: Iterable[User], district: District, day: date) -> list[AuthorizedUser]:
    """Each person with all their roles of the day; two queries however many there are."""
    people = list(people)
    roles: dict[int, list[Assignment]] = defaultdict(list)
    for row in roles_on(district, day).filter(user__in=people).order_by("first_day", "pk"):
        roles[row.user_id].append(row)
    signed = assurance_status([user.pk for user in people], day)
    return [AuthorizedUser(user, tuple(roles[user.pk]), signed.get(user.pk, "-")) for user in people]


def lines_of_file(
    people: Iterable[User], district: District, day: date, at: datetime
) -> Iterator[dict[str, str]]:
    """One line for each person and role, as the exported file holds them, with the instant it was made."""
    as_of = f"{day.isoformat()}, made {timezone.localtime(at):%Y-%m-%d %H:%M %Z}"
    for person in described(people, district, day):
        for row in person.roles:
            yield {name: guarded(cell) for name, cell in _line(person, row, as_of).items()}


def _line(person: AuthorizedUser, row: Assignment, as_of: str) -> dict[str, str]:
    user = person.user
    cells = (
        f"{user.last_name}, {user.first_name}", user.position,
        role_name(row), str(row.place or "the whole state"),
        "Y" if row.iep_forms else "N", user.staff_id or "", row.first_day.isoformat(),
        row.last_day.isoformat() if row.last_day else "",
        moment_in_words(user.last_login) if user.last_login else "never", person.assurance, as_of,
    )  # fmt: skip
    return dict(zip(COLUMNS, cells, strict=True))


def names_and_positions(district: District, day: date) -> list[tuple[str, str]]:
    """For public inspection: 34 CFR 300.623(d). No staff ID, no role, no place."""
    people = people_on(district, day, Wanted()).order_by("last_name", "first_name")
    return [(f"{user.last_name}, {user.first_name}", user.position) for user in people]
