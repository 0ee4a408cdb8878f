"""Can a district's ODS be read? Everything is asked, nothing is kept, and the answers are in words."""

import asyncio
from collections.abc import AsyncIterator, Mapping

from edfi.actions.check import QUICK
from edfi.bulk import BY_TOKEN
from edfi.calling import client_of
from edfi.client import PAGE, Client
from edfi.fetch import NAMES, Reading
from edfi.models import DistrictOds
from edfi.rules.pulled import PULLED, SCHOOLS, as_read
from organizations.models import SchoolYear, Site
from security.refusals import Unreachable
from ui.parts import Check

ALL_READ = "The ODS does not tell what changed, so that every reading asks for everything."
CHANGES_READ = "The ODS tells what changed: after the first, a reading asks for no more than that."
MOST_NAMED = 3


def check_ods(ods: DistrictOds, year: SchoolYear) -> list[Check]:
    """Address, key, school year, what may be read, how it is paged, and the schools; a finding for each."""
    sites = Site.objects.filter(state=ods.district.state_id).exclude(edfi_id=None)
    ours = {str(edfi_id): name for edfi_id, name in sites.values_list("edfi_id", "name")}
    return asyncio.run(_check(client_of(ods, QUICK), year.last_day.year, ours))


async def _check(client: Client, year: int, ours: Mapping[str, str]) -> list[Check]:
    found: list[Check] = []
    try:
        async with client:
            reading = Reading(client, year, lambda **_: None)
            async for finding in _findings(client, reading, ours):
                found.append(finding)
    except Unreachable as trouble:
        found.append(Check("bad", str(trouble), "Nothing further was asked."))
    return found


async def _findings(client: Client, reading: Reading, ours: Mapping[str, str]) -> AsyncIterator[Check]:
    """Raises Unreachable."""
    await reading.arrive()
    version = ".".join(map(str, client.version())) or "of unknown version"
    yield Check("good", f"Ed-Fi API {version} answers, and takes the key.")
    may_read = True
    for resource in PULLED:
        try:
            number = await reading.count(resource)
            yield _may_read(NAMES[resource], number)
        except Unreachable as refusal:
            may_read = False
            yield Check("bad", str(refusal))
    yield Check("good", CHANGES_READ) if await reading.versions() else Check("info", ALL_READ)
    if client.version() < BY_TOKEN:
        words = "This version pages by number: best read when nobody writes to the ODS, such as by night."
        yield Check("info", words)
    if may_read:
        yield await _schools(reading, ours)


def _may_read(name: str, number: int | None) -> Check:
    if number == 0:
        return Check("warn", f"The key may read {name}, and is shown none.")
    what = name if number is None else f"{number:,} {name}"
    return Check("good", f"The key may read {what}.")


async def _schools(reading: Reading, ours: Mapping[str, str]) -> Check:
    rows = [as_read(SCHOOLS, row) for row in await reading.first(SCHOOLS, PAGE)]
    strange = [row["nameOfInstitution"] or row["schoolId"] for row in rows if row["schoolId"] not in ours]
    if not strange:
        return Check("good", f"All {len(rows):,} schools are known here by their Ed-Fi number.")
    named = ", ".join(strange[:MOST_NAMED])
    more = f" and {len(strange) - MOST_NAMED} more" if len(strange) > MOST_NAMED else ""
    return Check("warn", f"No school here has the Ed-Fi number of {named}{more}.")
