"""In which order records are created at a server, as it says itself (EDFI-B20), and as our rules need it."""

from collections.abc import Iterable, Mapping

from edfi.rules.records import RESOURCES, SEORA, SSEPEA

Order = Mapping[str, int]


def order_of(dependencies: object) -> dict[str, int]:
    """Resource to the step in which it may be created; one that is told of twice, the earlier.

    `dependencies` is what the server answered; what is not in the official form is left out.
    """
    found: dict[str, int] = {}
    for row in dependencies if isinstance(dependencies, list) else []:
        name = str(row.get("resource", "")).rpartition("/")[2]
        at = row.get("order")
        if name and isinstance(at, int) and "Create" in row.get("operations", []):
            found[name] = min(at, found.get(name, at))
    return found


def posting_order(order: Order, resources: Iterable[str] = RESOURCES) -> list[str]:
    """The responsibility comes before the eligibility whatever the server says (EDFI-R7); last, what it does
    not know. Deletes go the other way round."""
    resources = list(resources)
    last = max(order.values(), default=0) + 1
    ranked = sorted(resources, key=lambda name: (order.get(name, last), resources.index(name)))
    if ranked.index(SEORA) > ranked.index(SSEPEA):
        ranked.remove(SEORA)
        ranked.insert(ranked.index(SSEPEA), SEORA)
    return ranked
