"""One deadline that runs or ran for a child, before its day is counted."""

from datetime import date
from typing import NamedTuple


class Duty(NamedTuple):
    """`stated` is a due day that another table gives; `extended_to` a longer time that was approved."""

    number: str
    record_kind: str
    record_id: int
    starts_on: date
    district_id: int | None
    responsible_id: int | None = None
    site_id: int | None = None
    met_on: date | None = None
    excuse: str = ""
    extended_to: date | None = None
    extension_code: str = ""
    stated: date | None = None
    part: str = ""
