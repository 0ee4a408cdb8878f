"""How the exchange with the state stands, for the figures of a district."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Count

from edfi.models import Needs, Trouble
from organizations.measures import Counted, Measure


def troubles(day: date) -> Counted:
    rows = Trouble.objects.open().exclude(district=None).exclude(needs=Needs.NOTHING).order_by()
    return list(rows.values_list("district", "needs").annotate(n=Count("pk")))


def _needs() -> Mapping[str, str]:
    return {value: label.capitalize() for value, label in Needs.choices if value != Needs.NOTHING}


EXCHANGE = Measure(
    "exchange", "Exchange with the state", "Records that the state does not hold as they should be.", "Each",
    _needs, troubles, "Records in the way", warns=frozenset({Needs.PERSON}), of_list="ed-fi-errors",
    narrows="needs", also={"by": "rows"},
)  # fmt: skip
