"""Everything that a district's ODS shows of schools, students and enrollments, or only what changed there.

Half a list is none: whatever goes wrong raises Unreachable with a sentence, and nothing was read.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from edfi.answers import Outcome
from edfi.bulk import BY_TOKEN, NEXT, Criteria, between, one_by_one
from edfi.client import NO_API, PAGE, Answer, Client
from edfi.rules.pulled import ASSOCIATIONS, PULLED, SCHOOLS, STUDENTS, as_read
from edfi.rules.years import year_name
from security.refusals import Unreachable

NAMES = {SCHOOLS: "schools", STUDENTS: "students", ASSOCIATIONS: "enrollments"}
PARTS_AT_ONCE = 8
TRIES = 3
LONGEST_ID = 64
Told = Callable[..., None]
Rows = dict[str, dict[str, str]]  # by the id that the ODS gave


@dataclass
class Fetched:
    """`rows` and `gone` by resource. `whole`: everything that there is; else what changed."""

    whole: bool
    newest: int | None = None
    rows: dict[str, Rows] = field(default_factory=dict)
    gone: dict[str, set[str]] = field(default_factory=dict)

    @property
    def changes(self) -> int:
        return sum(map(len, self.rows.values())) + sum(map(len, self.gone.values()))


@dataclass(frozen=True)
class Versions:
    """What the change queries reach back to, and how far they are."""

    oldest: int
    newest: int


class Reading:
    """One reading of one school year. `tell(done=, total=)` counts records."""

    def __init__(self, client: Client, year: int, tell: Told) -> None:
        self.client, self.year, self.tell = client, year, tell
        self.done = 0

    async def all(self, since: int | None) -> Fetched:
        """What changed after the version `since`, where the ODS can tell it; everything where it cannot."""
        await self.arrive()
        await self.count(SCHOOLS)  # a token that has ended is replaced before the versions are asked for
        versions = await self.versions()
        newest = versions.newest if versions else None
        if since is not None and versions and versions.oldest - 1 <= since <= versions.newest:
            return await self._changes(since, versions.newest)
        counted = {resource: await self.count(resource) for resource in PULLED}
        self.tell(done=0, total=sum(number or 0 for number in counted.values()))
        found = Fetched(whole=True, newest=newest)
        for resource in PULLED:
            found.rows[resource] = await self._every(resource, counted[resource])
        return found

    async def arrive(self) -> None:
        """The ODS is there, and takes the key. Raises Unreachable. EDFI-B21."""
        try:
            await self.client.reach(self.year)
        except Unreachable as trouble:
            if str(trouble) == NO_API and "{year}" in self.client.address.base_url:
                raise Unreachable(f"{trouble} Is {year_name(self.year)} set up there?") from None
            raise

    async def versions(self) -> Versions | None:
        """EDFI-B19; None where the ODS tells of no changes. Versions before 6 write the names otherwise."""
        about = await self.client.look_up("changeQueries", self.year, "/availableChangeVersions")
        named = {name.lower(): value for name, value in about.items()} if isinstance(about, dict) else {}
        oldest, newest = named.get("oldestchangeversion"), named.get("newestchangeversion")
        return Versions(int(oldest or 0), int(newest)) if isinstance(newest, int) else None

    async def count(self, resource: str) -> int | None:
        """How many records the key may see; None where the ODS does not count. Raises Unreachable."""
        answer = await self._page(resource, {"limit": "0", "totalCount": "true"})
        total = answer.headers.get("Total-Count", "")
        return int(total) if total.isdigit() else None

    async def first(self, resource: str, most: int) -> list[dict]:
        """So many of them. Raises Unreachable."""
        return (await self._page(resource, {"limit": str(most)})).body

    async def _changes(self, since: int, newest: int) -> Fetched:
        found, window = Fetched(whole=False, newest=newest), between(since, newest)
        for resource in PULLED:
            changed = await self._one_after_another(resource, window)
            found.rows[resource] = self._kept(resource, changed)
            gone = await self._one_after_another(resource, window, "deletes")
            found.gone[resource] = {self._id(resource, row) for row in gone}
        return found

    async def _every(self, resource: str, counted: int | None) -> Rows:
        """By token where the ODS is new enough, else by offset (EDFI-B16, B18): several pages at once."""
        if self.client.version() >= BY_TOKEN:
            return self._kept(resource, await self._by_tokens(resource))
        for _ in range(TRIES):
            rows = self._kept(resource, await self._by_offsets(resource, counted))
            counted = await self.count(resource)
            if counted is None or len(rows) >= counted:
                return rows
        raise Unreachable(
            f"The ODS was written to while its {NAMES[resource]} were read, so that pages left some out."
            " Read it again when it is quiet."
        )

    async def _by_tokens(self, resource: str) -> list[dict]:
        tokens: Sequence[str] = await self.client.partitions(resource, self.year, PARTS_AT_ONCE) or [""]

        async def part(token: str) -> list[dict]:
            return await self._one_after_another(resource, {"pageToken": token} if token else {})

        return [row for rows in await one_by_one(self.client, tokens, part) for row in rows]

    async def _by_offsets(self, resource: str, counted: int | None) -> list[dict]:
        if counted is None:
            return await self._one_after_another(resource, {})

        async def at(offset: int) -> list[dict]:
            answer = await self._page(resource, {"limit": str(PAGE), "offset": str(offset)})
            self._tell_of(answer.body)
            return answer.body

        offsets = range(0, counted, PAGE)
        return [row for rows in await one_by_one(self.client, offsets, at) for row in rows]

    async def _one_after_another(self, resource: str, criteria: Criteria, suffix: str = "") -> list[dict]:
        by_token = self.client.version() >= BY_TOKEN
        query = {"pageSize": str(PAGE)} if by_token else {"limit": str(PAGE), "offset": "0"}
        query = {**query, **criteria}
        rows: list[dict] = []
        while True:
            answer = await self._page(resource, query, suffix)
            rows.extend(answer.body)
            self._tell_of(answer.body)
            if by_token and (token := answer.headers.get(NEXT)):
                query["pageToken"] = token
            elif by_token or len(answer.body) < PAGE:
                return rows
            else:
                query["offset"] = str(len(rows))

    async def _page(self, resource: str, query: Criteria, suffix: str = "") -> Answer:
        """A page for people in place of an answer is asked for again, as an outage is."""
        for attempt in range(self.client.patience.tries):
            answer = await self.client.page(resource, self.year, query, suffix)
            if isinstance(answer, Answer):
                return answer
            if not _is_for_people(answer):
                break
            await asyncio.sleep(self.client.patience.pause(attempt, None))
        raise Unreachable(why_unread(answer, resource, self.year))

    def _kept(self, resource: str, rows: list[dict]) -> Rows:
        """Each once, though two pages show it."""
        return {self._id(resource, row): as_read(resource, row) for row in rows}

    def _id(self, resource: str, row: object) -> str:
        """Written one way, with or without dashes."""
        found = row.get("id") if isinstance(row, dict) else None
        if not found:
            raise Unreachable(f"The ODS shows {NAMES[resource]} in a way that is no Ed-Fi record.")
        return str(found).replace("-", "").lower()[:LONGEST_ID]

    def _tell_of(self, rows: list[dict]) -> None:
        self.done += len(rows)
        self.tell(done=self.done)


def why_unread(outcome: Outcome, resource: str, year: int) -> str:
    """What a person makes of a refusal while this resource was read; of no child."""
    name = NAMES[resource]
    if outcome.status is None:
        return f"The connection to the ODS broke while {name} were read, and nothing was handed over."
    if _is_for_people(outcome):
        return (
            f"Something between here and the ODS answered with a web page in place of {name}, such as a"
            " sign-in or a notice. Whoever runs the network has to look."
        )
    said = {
        401: "The ODS no longer accepts the key: it was asked for a new token and refused that one too.",
        403: f"The key may not read {name}. Whoever gave it has to add the right to read.",
        404: f"There are no {name} at this address for {year_name(year)}: is that school year set up there?",
        429: f"The ODS has too many requests to give out {name} now. Try it again later.",
    }
    status = outcome.status
    return said.get(status) or f"The ODS answered with status {status} when {name} were asked for."


def _is_for_people(outcome: Outcome) -> bool:
    return outcome.answer.lstrip().startswith("<")
