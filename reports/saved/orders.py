"""From what was saved, or waits, to the order of a file: the list as it was laid out then."""

from collections.abc import Mapping

from reports.actions import Order
from reports.lists.every import every_list


def order_of(slug: str, query: Mapping[str, str], format: str, reason: str, bom: bool) -> Order:
    """Raises KeyError for a list that is no longer there."""
    found = every_list()[slug].laid_out(query)
    return Order(found, found.state(query), format, reason, bom)
