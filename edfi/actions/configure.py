"""A connection to a state's Ed-Fi API is set up: address, key, years, switches, values of codes.

What changes which records should be there (a switch turned on, a value of a code) sends nothing by itself:
the resource says "resync needed" until it is compared as a whole (EDFI-R31).
"""

import re
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db import IntegrityError, transaction

from edfi.access import check_may_set_up
from edfi.actions.dirty import mark_everyone
from edfi.models import Connection, DescriptorMapping, YearConfiguration
from edfi.rules.records import PARTICIPATION, SEORA, SSEPEA, resources_with
from edfi.rules.years import FIRST_YEAR, school_year_of, year_name
from journal.actions import record
from organizations.models import District, State
from security import scope
from security.models import User
from security.refusals import RuleBroken

EVERY = (SSEPEA, SEORA, PARTICIPATION)
# Settings that decide what should be there, for every child.
DECIDES = {
    "base_url", "namespaces", "program_education_organization_id", "profile", "year_policy", "idea_policy",
    "future_policy",
}  # fmt: skip
SWITCHES = ("send_eligibility", "send_responsibility", "send_programs")
URI = re.compile(r"uri://[^#\s]+/[A-Za-z]+Descriptor#[^#]+")
SEGMENT = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True)
class Setup:
    """What a person enters of a connection. `secret` empty: the stored one stays."""

    name: str
    base_url: str
    key: str
    secret: str = ""
    profile: str = "public"
    year_policy: str = "consent"
    idea_policy: str = "official_iep"
    future_policy: str = "hold"
    nightly: str = "mend"
    delete_percent: int = 5
    edit_policy: str = "post"
    delete_order: str = "eligibility_first"
    unmapped_policy: str = "hold"
    program_education_organization_id: int | None = None
    namespaces: dict[str, str] = field(default_factory=dict)

    @property
    def plain(self) -> dict[str, object]:
        return {name: value for name, value in vars(self).items() if name != "secret"}


@dataclass(frozen=True)
class Year:
    """A school year by the year in which it ends, with its days and the switch of each resource."""

    school_year: int
    first_day: date | None = None
    last_day: date | None = None
    send_eligibility: bool = True
    send_responsibility: bool = True
    send_programs: bool = False


@transaction.atomic
def make_connection(*, by: User, state: State, district: District | None, setup: Setup) -> Connection:
    """A new connection, switched off. Raises NotAllowed, RuleBroken."""
    check_may_set_up(by, district)
    if not setup.secret:
        raise RuleBroken("Enter the secret that belongs to the key.", "secret")
    connection = Connection(state=state, district=district, enabled=False)
    _take(connection, setup)
    _tell("EDFI_CONNECTION_MADE", f"Set up the Ed-Fi connection {connection}", connection, by)
    return connection


@transaction.atomic
def change_connection(*, by: User, connection: Connection, setup: Setup) -> Connection:
    """Another address asks for the secret again, so that nobody sends a stored secret elsewhere.

    Raises NotAllowed, RuleBroken.
    """
    check_may_set_up(by, connection.district)
    connection = _locked(connection)
    if setup.base_url != connection.base_url and not setup.secret:
        raise RuleBroken("Enter the secret again: the address is another one.", "secret")
    before = {name: getattr(connection, name) for name in setup.plain}
    _take(connection, setup)
    changed = sorted(name for name, value in setup.plain.items() if before[name] != value)
    if setup.secret:
        changed.append("secret")
    if "base_url" in changed:
        _forget_what_is_there(connection)
    if DECIDES.intersection(changed):
        _need_resync(connection, *EVERY)
    elif "unmapped_policy" in changed:
        _need_resync(connection, PARTICIPATION)
    words = f"Changed the Ed-Fi connection {connection}"
    _tell("EDFI_CONNECTION_CHANGED", words, connection, by, fields=changed)
    return connection


@transaction.atomic
def switch(*, by: User, connection: Connection, on: bool) -> Connection:
    """Off: nothing is sent, and what was sent stays (EDFI-R28). On: every child is compared.

    Raises NotAllowed, RuleBroken.
    """
    check_may_set_up(by, connection.district)
    connection = _locked(connection)
    if on and not connection.years.exists():
        raise RuleBroken("Add a school year first: without one nothing is sent.")
    connection.enabled = on
    connection.save(update_fields=["enabled"])
    if on:
        mark_everyone(connection)
    words = f"Switched the Ed-Fi connection {connection} {'on' if on else 'off'}"
    _tell("EDFI_CONNECTION_SWITCHED", words, connection, by, on=on)
    return connection


@transaction.atomic
def keep_year(*, by: User, connection: Connection, year: Year) -> YearConfiguration:
    """Add a school year, or change the one that is there. Raises NotAllowed, RuleBroken."""
    check_may_set_up(by, connection.district)
    connection = _locked(connection)
    _check_year(year)
    row = connection.years.filter(school_year=year.school_year).first()
    earlier = row and [getattr(row, name) for name in SWITCHES]
    days = row and (row.first_day, row.last_day)
    row = row or YearConfiguration(connection=connection)
    for name, value in vars(year).items():
        setattr(row, name, value)
    row.save()
    if earlier:
        now = [getattr(row, name) for name in SWITCHES]
        turned_on = [name for name, was, is_on in zip(EVERY, earlier, now, strict=True) if is_on and not was]
        _need_resync(connection, *(turned_on if days == (row.first_day, row.last_day) else EVERY))
    elif connection.enabled:
        mark_everyone(connection)
    words = f"Set up the school year {row} of the Ed-Fi connection {connection}"
    _tell("EDFI_YEAR_KEPT", words, connection, by, school_year=row.school_year)
    return row


def copy_year(*, by: User, connection: Connection) -> YearConfiguration:
    """The last school year once more, for the next one, with the switches as they are.

    Raises NotAllowed, RuleBroken.
    """
    last = connection.years.order_by("-school_year").first()
    if last is None:
        raise RuleBroken("There is no school year to copy yet.")
    days = {name: _a_year_later(getattr(last, name)) for name in ("first_day", "last_day")}
    switches = {name: getattr(last, name) for name in SWITCHES}
    year = Year(last.school_year + 1, **days, **switches)
    return keep_year(by=by, connection=connection, year=year)


@transaction.atomic
def map_code(*, by: User, connection: Connection, descriptor: str, local_code: str, uri: str) -> None:
    """The state value of a local code over this connection; an empty one takes the value away.

    Raises NotAllowed, RuleBroken.
    """
    check_may_set_up(by, connection.district)
    connection = _locked(connection)
    uri = uri.strip()
    if uri and not URI.fullmatch(uri):
        example = "uri://ed-fi.org/IDEAPartDescriptor#IDEA Part B"
        raise RuleBroken(
            f"A state value looks like {example}: namespace, descriptor, a # and the code.", "uri"
        )
    if connection.descriptors().get((descriptor, local_code), "") == uri:
        return
    DescriptorMapping.objects.update_or_create(
        connection=connection, descriptor=descriptor, local_code=local_code, defaults={"uri": uri}
    )
    _need_resync(connection, *resources_with(descriptor))
    words = f"Mapped {descriptor} {local_code} over the Ed-Fi connection {connection}"
    _tell("EDFI_CODE_MAPPED", words, connection, by, descriptor=descriptor, local_code=local_code, uri=uri)


def _take(connection: Connection, setup: Setup) -> None:
    check_address(setup.base_url)
    if wrong := [name for name in setup.namespaces.values() if not SEGMENT.fullmatch(name)]:
        raise RuleBroken(f"“{wrong[0]}” cannot be part of an address. Write it such as ed-fi.", "namespaces")
    for name, value in setup.plain.items():
        setattr(connection, name, value)
    if setup.secret:
        connection.secret = setup.secret
    try:
        with transaction.atomic():
            connection.save()
    except IntegrityError:
        raise RuleBroken(
            "The state has a connection of this name already. Choose another one.", "name"
        ) from None


def check_address(address: str) -> None:
    """A key and children's records do not travel unencrypted; an installation for trials may allow it."""
    schemes = ("https://", "http://") if settings.ESER_EDFI_UNENCRYPTED else ("https://",)
    if not address.startswith(schemes):
        raise RuleBroken("The address begins with https://, so that everything is encrypted.", "base_url")


def _check_year(year: Year) -> None:
    if year.school_year < FIRST_YEAR:
        raise RuleBroken(f"Records are sent from {year_name(FIRST_YEAR)} on.", "school_year")
    if year.first_day and year.last_day and year.last_day <= year.first_day:
        raise RuleBroken("The last day comes after the first day.", "last_day")
    outside = next(
        (name for name in ("first_day", "last_day") if (day := getattr(year, name))
         and abs(school_year_of(day) - year.school_year) > 1), None,
    )  # fmt: skip
    if outside:
        raise RuleBroken(f"This day is not near the school year {year_name(year.school_year)}.", outside)


def _a_year_later(day: date | None) -> date | None:
    if day is None:
        return None
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _forget_what_is_there(connection: Connection) -> None:
    """Another server has acknowledged nothing yet, and counts its changes in its own way."""
    connection.seen_versions, connection.order, connection.order_asked_at = {}, {}, None
    connection.save(update_fields=["seen_versions", "order", "order_asked_at"])
    with scope.system():
        connection.identities.update(ods_id="", payload_digest="", refused_digest="", acknowledged_at=None)


def _need_resync(connection: Connection, *resources: str) -> None:
    connection.resync_needed = sorted({*connection.resync_needed, *resources})
    connection.save(update_fields=["resync_needed"])


def _locked(connection: Connection) -> Connection:
    rows = Connection.objects.select_for_update(of=("self",)).select_related("state", "district")
    return rows.get(pk=connection.pk)


def _tell(kind: str, words: str, connection: Connection, by: User, **details: object) -> None:
    record(kind, words, by=by, district_id=connection.district_id, connection=connection.pk, **details)
