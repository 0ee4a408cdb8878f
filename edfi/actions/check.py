"""Does a connection work? Everything that can be asked without writing anything, answered in words."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

import uvloop

from edfi.answers import Outcome
from edfi.calling import client_of
from edfi.client import Client
from edfi.models import Connection
from edfi.patience import Patience
from edfi.references import children_are_there, program_is_there
from edfi.rules.records import PARTICIPATION, RESOURCES, SSEPEA, resources_with
from edfi.rules.root_cause import NAMES
from edfi.rules.words import in_words
from edfi.rules.years import year_name
from organizations.models import Site
from security.refusals import Unreachable
from students.models import Student
from ui.parts import Check

QUICK = Patience(tries=1, timeout=8)
NEEDED = {"create", "delete"}
MOST_SITES = 200
MOST_CHILDREN = 20


def check_connection(connection: Connection) -> list[Check]:
    """Address, key, rights, school years, values of codes, schools: one finding for each."""
    asked = Asked(
        years=[row.school_year for row in connection.years.all()],
        resources=_resources(connection),
        codes=sorted(connection.descriptors().items()),
        sites=list(_sites(connection)[:MOST_SITES]),
        program=_program(connection),
        children=list(_children(connection)[:MOST_CHILDREN]),
    )
    return uvloop.run(_check(connection, asked))


@dataclass(frozen=True)
class Asked:
    """What is looked up. `children`: Ed-Fi IDs of some; `program`: the criteria of the program, or None."""

    years: list[int]
    resources: tuple[str, ...]
    codes: list[tuple[tuple[str, str], str]]
    sites: list[Site]
    program: dict[str, str] | None
    children: list[str]


def _resources(connection: Connection) -> tuple[str, ...]:
    """Program records are asked about where a school year sends them."""
    with_programs = any(year.send_programs for year in connection.years.all())
    return tuple(name for name in RESOURCES if with_programs or name != PARTICIPATION)


def _program(connection: Connection) -> dict[str, str] | None:
    settings = connection.rule_settings()
    owner = settings.program_education_organization_id
    kind = settings.descriptors.get(("programType", "SPED"))
    if not (kind and owner):
        return None
    return {
        "educationOrganizationId": str(owner),
        "programName": settings.program_name,
        "programTypeDescriptor": kind,
    }


def _children(connection: Connection):
    """Those that were evaluated last, as far as the person may see them."""
    rows = Student.objects.filter(state=connection.state_id, evaluations__locked=True).exclude(edfi_id="")
    if connection.district_id:
        rows = rows.filter(evaluations__district=connection.district_id)
    return rows.order_by("-evaluations__pk").values_list("edfi_id", flat=True)


async def _check(connection: Connection, asked: Asked) -> list[Check]:
    found: list[Check] = []
    years = asked.years
    try:
        async with client_of(connection, QUICK) as client:
            for year in years[-1:] or [0]:
                await client.reach(year)
                about = await client.describe(year)
                found.extend(_about(about, asked.resources))
            found.extend([finding async for finding in _years(client, years)])
            if years:
                found.extend([finding async for finding in _codes(client, years[-1], asked)])
                found.extend([finding async for finding in _schools(client, years[-1], asked.sites)])
                found.extend(await program_is_there(client, years[-1], asked.program))
                found.extend(await children_are_there(client, years[-1], asked.children))
    except Unreachable as silence:
        found.append(Check("bad", str(silence), "Nothing further was asked."))
    if not years:
        found.append(Check("bad", "No school year is set up, so nothing is sent.", "Add one below."))
    return found


def _about(about: dict, resources: tuple[str, ...]) -> Iterable[Check]:
    yield Check("good", f"Ed-Fi API {about.get('version', 'of unknown version')} answers, and takes the key.")
    info = about.get("token_info")
    if not info or not info.get("resources"):
        yield Check("warn", "The API does not say what the key may write.", "The first record will tell.")
        return
    for resource in resources:
        name = f"{NAMES[resource]}s"
        if missing_rights(info, resource):
            yield Check("bad", f"The key may not write {name}.", "The state has to give it the claim set.")
        else:
            yield Check("good", f"The key may write and delete {name}.")


def missing_rights(token_info: dict, resource: str) -> set[str]:
    """EDFI-B25."""
    for row in token_info.get("resources") or []:
        if row["resource"].rpartition("/")[2] == resource:
            return NEEDED - {operation.lower() for operation in row.get("operations", [])}
    return set(NEEDED)


async def _years(client: Client, years: list[int]) -> AsyncIterator[Check]:
    """EDFI-B21: a wrong year answers 404 on everything."""
    for year in years:
        try:
            await client.reach(year)
        except Unreachable:
            yield Check("bad", f"There is no school year {year_name(year)} at this address.")
            continue
        answer = await client.rows(SSEPEA, year, {"limit": "0"})
        if isinstance(answer, Outcome):
            yield Check("bad", f"School year {year_name(year)}: {_refusal(answer)}")
        else:
            yield Check("good", f"School year {year_name(year)} is there.")


async def _codes(client: Client, year: int, asked: Asked) -> AsyncIterator[Check]:
    """EDFI-B11, A11: every value that may be sent exists at the server."""
    known: dict[str, set[str] | None] = {}
    without: dict[str, list[str]] = {}
    codes = [row for row in asked.codes if {*resources_with(row[0][0])} & {*asked.resources}]
    for (descriptor, code), uri in codes:
        if not uri:
            without.setdefault(descriptor, []).append(code)
            continue
        if descriptor not in known:
            known[descriptor] = await _values(client, year, descriptor)
        values = known[descriptor]
        if values is None:
            yield Check("warn", f"The values of {descriptor} could not be read.")
        elif uri not in values:
            yield Check("bad", f"The server does not know {uri}.", f"It stands for {descriptor} {code}.")
    for descriptor, some in without.items():
        yield Check("warn", f"Codes of {in_words(descriptor)} without a state value: {', '.join(some)}.")
    if all(known.values()):
        yield Check("good", f"{len(codes)} values of codes were looked up.")


async def _values(client: Client, year: int, descriptor: str) -> set[str] | None:
    rows = await client.rows(f"{descriptor}Descriptors", year, {})
    if isinstance(rows, Outcome):
        return None
    return {f"{row['namespace']}#{row['codeValue']}" for row in rows}


async def _schools(client: Client, year: int, sites: list[Site]) -> AsyncIterator[Check]:
    if without := [site for site in sites if not site.edfi_id]:
        yield Check("warn", f"{len(without)} schools have no Ed-Fi number.", _some(without))
    rows = await client.rows("schools", year, {})
    if isinstance(rows, Outcome):
        yield Check("warn", "The schools at the server could not be read.", _refusal(rows))
        return
    there = {row.get("schoolId") for row in rows}
    numbered = [site for site in sites if site.edfi_id]
    if unknown := [site for site in numbered if site.edfi_id not in there]:
        yield Check("bad", f"The server does not know {len(unknown)} of our schools.", _some(unknown))
    if numbered and not unknown:
        yield Check("good", f"The server knows all {len(numbered)} schools with an Ed-Fi number.")


def _sites(connection: Connection):
    rows = Site.objects.filter(state=connection.state_id, excluded_from_state=False).order_by("name")
    return rows.filter(district=connection.district_id) if connection.district_id else rows


def _some(sites: list[Site]) -> str:
    names = ", ".join(str(site) for site in sites[:3])
    return f"{names} and {len(sites) - 3} more" if len(sites) > 3 else names


def _refusal(outcome: Outcome) -> str:
    return f"it answered with status {outcome.status}." if outcome.status else "it did not answer."
