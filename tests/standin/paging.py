"""Pages by offset and limit or by a token, and windows of change versions. EDFI-B16, EDFI-B18, EDFI-B19."""

import sys
from dataclasses import dataclass

from . import problems

MOST_ROWS, USUAL = 500, 25
BY_OFFSET, BY_TOKEN = {"offset", "limit", "totalCount"}, {"pageToken", "pageSize"}


@dataclass(frozen=True)
class Wanted:
    """Rows from `first` on, as many as `limit`; `until` ends a partition."""

    first: int
    limit: int
    total: bool
    until: int = sys.maxsize


def taken_from(query: dict[str, str]) -> Wanted:
    """What the query says of pages; the criteria are left in it."""
    asked = {name: query.pop(name) for name in BY_OFFSET | BY_TOKEN if name in query}
    if asked.keys() & BY_OFFSET and asked.keys() & BY_TOKEN:
        raise problems.bad_parameter("Page tokens cannot be used together with offset, limit or totalCount.")
    first, _, until = asked.get("pageToken", f"{asked.get('offset', 0)}-{sys.maxsize}").partition("-")
    limit = int(asked.get("pageSize", asked.get("limit", USUAL)))
    if not 0 <= limit <= MOST_ROWS:
        raise problems.bad_parameter("Limit must be omitted or set to a value between 0 and 500.")
    return Wanted(int(first), limit, asked.get("totalCount", "").lower() == "true", int(until))


def versions_taken_from(query: dict[str, str]) -> range:
    """The change versions that are asked for."""
    least, most = (query.pop(name, None) for name in ("minChangeVersion", "maxChangeVersion"))
    return range(int(least or 0), int(most) + 1 if most else sys.maxsize)


def page(rows: list[dict], wanted: Wanted) -> tuple[list[dict], dict[str, str]]:
    """The rows of the page, and the headers that tell of the others."""
    end = min(wanted.first + wanted.limit, wanted.until)
    headers = {"Total-Count": str(len(rows))} if wanted.total else {}
    if end < min(len(rows), wanted.until):
        headers["Next-Page-Token"] = f"{end}-{wanted.until}"
    return rows[wanted.first : end], headers


def partitions(rows: int, number: int) -> list[str]:
    """Tokens of so many parts, each of five largest pages at least."""
    size = max(5 * MOST_ROWS, -(-rows // number))
    return [f"{first}-{first + size}" for first in range(0, rows, size)]
