"""Does a connection work? Everything that can be asked without writing anything, answered in words."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

from edfi.actions.reconcile import client_of
from edfi.answers import Outcome
from edfi.client import Client
from edfi.models import Connection
from edfi.patience import Patience
from edfi.rules.records import SEORA, SSEPEA
from edfi.rules.years import year_name
from organizations.models import Site
from security.refusals import Unreachable

QUICK = Patience(tries=1, timeout=8)
NAMES = {SSEPEA: "eligibility records", SEORA: "responsibility records"}
NEEDED = {"create", "delete"}
MOST_SITES = 200


@dataclass(frozen=True)
class Finding:
    """`tone`: good, warn or bad."""

    tone: str
    text: str
    sub: str = ""


def check_connection(connection: Connection) -> list[Finding]:
    """Address, key, rights, school years, values of codes, schools: one finding for each."""
    codes = sorted(connection.descriptors().items())
    sites = list(_sites(connection)[:MOST_SITES])
    years = [row.school_year for row in connection.years.all()]
    return asyncio.run(_check(connection, years, codes, sites))


async def _check(connection: Connection, years: list[int], codes: list, sites: list[Site]) -> list[Finding]:
    found: list[Finding] = []
    try:
        async with client_of(connection, QUICK) as client:
            for year in years[-1:] or [0]:
                await client.reach(year)
                about = await client.describe(year)
                found.extend(_about(about))
            found.extend([finding async for finding in _years(client, years)])
            if years:
                found.extend([finding async for finding in _codes(client, years[-1], codes)])
                found.extend([finding async for finding in _schools(client, years[-1], sites)])
    except Unreachable as silence:
        found.append(Finding("bad", str(silence), "Nothing further was asked."))
    if not years:
        found.append(Finding("bad", "No school year is set up, so nothing is sent.", "Add one below."))
    return found


def _about(about: dict) -> Iterable[Finding]:
    yield Finding(
        "good", f"Ed-Fi API {about.get('version', 'of unknown version')} answers, and takes the key."
    )
    info = about.get("token_info")
    if not info or not info.get("resources"):
        yield Finding("warn", "The API does not say what the key may write.", "The first record will tell.")
        return
    for resource, name in NAMES.items():
        if missing_rights(info, resource):
            yield Finding("bad", f"The key may not write {name}.", "The state has to give it the claim set.")
        else:
            yield Finding("good", f"The key may write and delete {name}.")


def missing_rights(token_info: dict, resource: str) -> set[str]:
    """EDFI-B25."""
    for row in token_info.get("resources") or []:
        if row["resource"].rpartition("/")[2] == resource:
            return NEEDED - {operation.lower() for operation in row.get("operations", [])}
    return set(NEEDED)


async def _years(client: Client, years: list[int]) -> AsyncIterator[Finding]:
    """EDFI-B21: a wrong year answers 404 on everything."""
    for year in years:
        try:
            await client.reach(year)
        except Unreachable:
            yield Finding("bad", f"There is no school year {year_name(year)} at this address.")
            continue
        answer = await client.rows(SSEPEA, year, {"limit": "0"})
        if isinstance(answer, Outcome):
            yield Finding("bad", f"School year {year_name(year)}: {_refusal(answer)}")
        else:
            yield Finding("good", f"School year {year_name(year)} is there.")


async def _codes(client: Client, year: int, codes: list) -> AsyncIterator[Finding]:
    """EDFI-B11, A11: every value that may be sent exists at the server."""
    known: dict[str, set[str] | None] = {}
    for (descriptor, code), uri in codes:
        if not uri:
            yield Finding("warn", f"{descriptor} {code} has no state value.", "What needs it is not sent.")
            continue
        if descriptor not in known:
            known[descriptor] = await _values(client, year, descriptor)
        values = known[descriptor]
        if values is None:
            yield Finding("warn", f"The values of {descriptor} could not be read.")
        elif uri not in values:
            yield Finding("bad", f"The server does not know {uri}.", f"It stands for {descriptor} {code}.")
    if all(known.values()):
        yield Finding("good", f"{len(codes)} values of codes were looked up.")


async def _values(client: Client, year: int, descriptor: str) -> set[str] | None:
    rows = await client.rows(f"{descriptor}Descriptors", year, {})
    if isinstance(rows, Outcome):
        return None
    return {f"{row['namespace']}#{row['codeValue']}" for row in rows}


async def _schools(client: Client, year: int, sites: list[Site]) -> AsyncIterator[Finding]:
    if without := [site for site in sites if not site.edfi_id]:
        yield Finding("warn", f"{len(without)} schools have no Ed-Fi number.", _some(without))
    rows = await client.rows("schools", year, {})
    if isinstance(rows, Outcome):
        yield Finding("warn", "The schools at the server could not be read.", _refusal(rows))
        return
    there = {row.get("schoolId") for row in rows}
    numbered = [site for site in sites if site.edfi_id]
    if unknown := [site for site in numbered if site.edfi_id not in there]:
        yield Finding("bad", f"The server does not know {len(unknown)} of our schools.", _some(unknown))
    if numbered and not unknown:
        yield Finding("good", f"The server knows all {len(numbered)} schools with an Ed-Fi number.")


def _sites(connection: Connection):
    rows = Site.objects.filter(state=connection.state_id, excluded_from_state=False).order_by("name")
    return rows.filter(district=connection.district_id) if connection.district_id else rows


def _some(sites: list[Site]) -> str:
    names = ", ".join(str(site) for site in sites[:3])
    return f"{names} and {len(sites) - 3} more" if len(sites) > 3 else names


def _refusal(outcome: Outcome) -> str:
    return f"it answered with status {outcome.status}." if outcome.status else "it did not answer."
