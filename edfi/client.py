"""The client of an Ed-Fi API: one token, discovery, patience with outages, and an Outcome for every request.

Logs name the resource, the verb and the status; never a child, a payload or an answer.
"""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from json import JSONDecodeError
from typing import Any, Protocol

import aiohttp
import structlog
from yarl import URL

from edfi.answers import TRANSIENT, Outcome, Result, outcome_of
from edfi.pace import Pace
from edfi.patience import LONGEST_WAIT, Patience, asked_for
from edfi.rules.there import DAY, same_key
from security.refusals import Unreachable

log = structlog.get_logger("eser.edfi")
PAGE = 500  # the most that a server gives at once (EDFI-B16)
NEEDED = {"oauth", "dataManagementApi"}
SILENT = "The Ed-Fi API does not answer."
NO_API = "There is no Ed-Fi API at the address of this connection."
NO_TOKEN_LEFT = (
    "The Ed-Fi API has given out all the access tokens that it allows for this key. They end by themselves,"
    " mostly within half an hour; until then nothing is sent."
)
NO_ANSWER = Outcome(Result.RETRY, code="network")
NETWORK = (aiohttp.ClientError, TimeoutError, OSError)


class TooManyTokens(aiohttp.ClientConnectionError):
    """EDFI-B3: the API has given out as many tokens as it allows for one key."""


class TokenCache(Protocol):
    """Where the one token of a connection lies, shared by all processes (EDFI-B3)."""

    def get(self) -> str | None: ...

    def put(self, token: str, seconds: int) -> None: ...

    def forget(self, token: str) -> None: ...


@dataclass
class OwnToken:
    """A token cache of this process alone."""

    token: str | None = None

    def get(self) -> str | None:
        return self.token

    def put(self, token: str, seconds: int) -> None:
        self.token = token

    def forget(self, token: str) -> None:
        self.token = None if self.token == token else self.token


@dataclass(frozen=True)
class Address:
    """`base_url` may contain {year}; `namespaces` names the path segment of resources outside "ed-fi"."""

    base_url: str
    key: str
    secret: str
    namespaces: Mapping[str, str]


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    body: Any


class Client:
    """`async with Client(address) as client:`; raises Unreachable where no request can succeed."""

    def __init__(
        self,
        address: Address,
        tokens: TokenCache | None = None,
        patience: Patience | None = None,
        pace: Pace | None = None,
    ) -> None:
        self.address = address
        self.tokens = tokens or OwnToken()
        self.patience = patience or Patience()
        self.pace = pace or Pace()
        self._urls: dict[int, Mapping[str, str]] = {}
        self._places: dict[tuple[str, int], URL] = {}
        self._lost = False
        self._bearer = ""
        self._headers: dict[str, str] = {}
        self._signing_in = asyncio.Lock()

    async def __aenter__(self) -> "Client":
        # A timer for the whole of each request (`total`) costs a tenth of its time.
        longest = self.patience.timeout
        timeout = aiohttp.ClientTimeout(total=None, connect=longest, sock_read=longest)
        self._session = aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def post(self, resource: str, year: int, body: bytes) -> Outcome:
        """Create or replace by natural key; the id comes from Location. EDFI-B5, D4."""
        answer = await self._ask("POST", resource, year, data=body)
        if not isinstance(answer, Answer):
            return answer
        ods_id = answer.headers.get("Location", "").rstrip("/").rpartition("/")[2]
        return outcome_of("POST", answer.status, answer.body, ods_id)

    async def delete(self, resource: str, year: int, ods_id: str) -> Outcome:
        """EDFI-B9, D4: 404 is done too."""
        answer = await self._ask("DELETE", resource, year, ods_id)
        return outcome_of("DELETE", answer.status, answer.body) if isinstance(answer, Answer) else answer

    async def find(self, resource: str, year: int, natural_key: dict) -> dict | None | Outcome:
        """The record with this natural key, None if there is none, or the Outcome of a failed look.

        The query knows one educationOrganizationId where the key has two, so the rest is matched here.
        """
        day = DAY[resource]
        query = {"studentUniqueId": natural_key["studentUniqueId"], day: natural_key[day], "limit": "100"}
        answer = await self.page(resource, year, query)
        if not isinstance(answer, Answer):
            return answer
        return next((item for item in answer.body if same_key(item, natural_key)), None)

    async def rows(self, resource: str, year: int, criteria: Mapping[str, str]) -> list[dict] | Outcome:
        """Every record that the criteria find, page by page; one page where they have a `limit`. EDFI-B16."""
        found: list[dict] = []
        while True:
            page = {"limit": str(PAGE), "offset": str(len(found)), **criteria}
            answer = await self.page(resource, year, page)
            if not isinstance(answer, Answer):
                return answer
            found.extend(answer.body)
            if "limit" in criteria or len(answer.body) < PAGE:
                return found

    async def page(
        self, resource: str, year: int, query: Mapping[str, str], suffix: str = ""
    ) -> Answer | Outcome:
        """A list as the API gives it at once, with the headers that tell of the rest."""
        answer = await self._ask("GET", resource, year, suffix, params=query)
        if isinstance(answer, Answer) and (answer.status != 200 or not isinstance(answer.body, list)):
            return outcome_of("GET", answer.status if answer.status != 200 else 502, answer.body)
        return answer

    async def partitions(self, resource: str, year: int, number: int) -> list[str]:
        """Page tokens at which so many readers may begin; none where the API gives none. EDFI-B18."""
        answer = await self._ask("GET", resource, year, "partitions", params={"number": str(number)})
        body = answer.body if isinstance(answer, Answer) and answer.status == 200 else None
        return body.get("pageTokens", []) if isinstance(body, dict) else []

    async def look_up(self, name: str, year: int, suffix: str = "") -> Any:
        """What stands at an address of the discovery document; None where the API has no such thing."""
        await self._discover(year)
        if not (url := self._urls[year].get(name)):
            return None
        headers = {"Authorization": f"Bearer {await self._token(year)}"}
        try:
            async with self._session.get(url.rstrip("/") + suffix, headers=headers) as response:
                return await _body(response) if response.status == 200 else None
        except NETWORK:
            return None

    def version(self) -> tuple[int, ...]:
        """Of the API, as discovery told it: (7, 3)."""
        parts = str(self._about.get("version", "")).split(".")
        return tuple(int(part) for part in parts if part.isdigit())

    async def describe(self, year: int) -> dict:
        """What the API says of itself and of our key: version, dataModels, token_info. EDFI-B1, B25."""
        await self._discover(year)
        token = await self._token(year)
        url = self._urls[year]["oauth"].rstrip("/") + "_info"
        headers = {"Authorization": f"Bearer {token}"}
        try:
            async with self._session.post(url, json={"token": token}, headers=headers) as response:
                info = await _body(response) if response.status == 200 else None
        except NETWORK:
            info = None
        return {**self._about, "token_info": info}

    async def reach(self, year: int) -> None:
        """Make sure that the API is there and takes our key, before anything is tried. Raises Unreachable.

        A client that is used again asks anew only when a request had no success whatever was tried.
        """
        why = SILENT
        if self._lost:
            self._urls.clear()
        for attempt in range(self.patience.tries):
            try:
                await self._discover(year)
                await self._token(year)
                self._lost = False
                return
            except TooManyTokens:
                why = NO_TOKEN_LEFT
            except NETWORK:
                why = SILENT
            await self._pause(attempt, None)
        raise Unreachable(why)

    async def _ask(
        self, verb: str, resource: str, year: int, suffix: str = "", **how: Any
    ) -> Answer | Outcome:
        """One request; transient trouble is waited out, unless the server asks for a longer wait."""
        outcome = NO_ANSWER
        for attempt in range(self.patience.tries):
            wait, begun = None, time.perf_counter()
            try:
                answer = await self._signed_in(verb, resource, year, suffix, **how)
                if answer.status not in TRANSIENT:
                    self.pace.went_well(time.perf_counter() - begun)
                    return answer
                log.warning("the state is busy", method=verb, resource=resource, status=answer.status)
                outcome = outcome_of(verb, answer.status, answer.body)
                wait = asked_for(answer.headers.get("Retry-After"))
            except NETWORK as trouble:
                outcome = Outcome(Result.RETRY, code="network", answer=type(trouble).__name__)
                log.warning("no answer from the state", method=verb, resource=resource, attempt=attempt + 1)
            self.pace.had_trouble()
            if wait is not None and wait > LONGEST_WAIT:
                return replace(outcome, wait=wait)
            await self._pause(attempt, wait)
        self._lost = True
        return outcome

    async def _pause(self, attempt: int, wait: float | None) -> None:
        if attempt + 1 < self.patience.tries:
            await asyncio.sleep(self.patience.pause(attempt, wait))

    async def _signed_in(self, verb: str, resource: str, year: int, suffix: str, **how: Any) -> Answer:
        """EDFI-B4: a token that is not taken is replaced once."""
        place = self._places.get((resource, year)) or await self._place(resource, year)
        url = place.joinpath(suffix, encoded=True) if suffix else place
        token = self._bearer or await self._token(year)
        answer = await self._once(verb, url, **how)
        if answer.status == 401:
            self._forget(token)
            await self._token(year)
            answer = await self._once(verb, url, **how)
        return answer

    async def _once(self, verb: str, url: URL, **how: Any) -> Answer:
        """Its connection is free again as soon as the body is read."""
        response = await self._session.request(verb, url, headers=self._headers, allow_redirects=False, **how)
        raw = await response.read()
        return Answer(response.status, response.headers, _said(response, raw) if raw else None)

    async def _place(self, resource: str, year: int) -> URL:
        """Where the resource is, kept: to build it anew takes a tenth of the time of a request."""
        await self._discover(year)
        namespace = self.address.namespaces.get(resource, "ed-fi")
        base = self._urls[year]["dataManagementApi"].rstrip("/")
        return self._places.setdefault((resource, year), URL(f"{base}/{namespace}/{resource}"))

    async def _discover(self, year: int) -> None:
        """EDFI-B1: every address comes from the API itself."""
        if year in self._urls:
            return
        base = self.address.base_url.replace("{year}", str(year))
        async with self._session.get(base) as response:
            if response.status in TRANSIENT:
                raise aiohttp.ClientConnectionError
            about = await _body(response)
        urls = about.get("urls") if isinstance(about, dict) else None
        if not urls or not urls.keys() >= NEEDED:
            raise Unreachable(NO_API)
        encrypted = all(urls[name].startswith("https:") for name in NEEDED)
        if base.startswith("https:") and not encrypted:
            raise Unreachable("The Ed-Fi API names addresses that are not encrypted.")
        self._about, self._urls[year] = about, urls

    async def _token(self, year: int) -> str:
        """EDFI-B2, B3: the token in the cache, or a new one; asked for by one request at a time."""
        async with self._signing_in:
            if self._bearer or (kept := self.tokens.get()):
                return self._bearer or self._sign(kept)
            form = {"grant_type": "client_credentials"}
            login = {"Authorization": aiohttp.encode_basic_auth(self.address.key, self.address.secret)}
            async with self._session.post(self._urls[year]["oauth"], data=form, headers=login) as response:
                body = await _body(response)
                if response.status == HTTPStatus.TOO_MANY_REQUESTS:
                    raise TooManyTokens
                if response.status in TRANSIENT:
                    raise aiohttp.ClientConnectionError
                if response.status != 200 or not isinstance(body, dict) or "access_token" not in body:
                    raise Unreachable("The Ed-Fi API does not accept the key and secret of this connection.")
            self.tokens.put(body["access_token"], int(body.get("expires_in", 1800)))
            return self._sign(body["access_token"])

    def _sign(self, token: str) -> str:
        """Every request from now on."""
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._bearer = token
        return token

    def _forget(self, token: str) -> None:
        """Here, and for all processes; not one that somebody has replaced meanwhile."""
        self.tokens.forget(token)
        self._bearer = "" if self._bearer == token else self._bearer


async def _body(response: aiohttp.ClientResponse) -> Any:
    return _said(response, await response.read())


def _said(response: aiohttp.ClientResponse, raw: bytes) -> Any:
    if not raw.strip():
        return None
    text = raw.decode(response.get_encoding(), errors="replace")
    try:
        return json.loads(text)
    except JSONDecodeError:
        return text
