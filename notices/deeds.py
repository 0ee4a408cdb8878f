"""What can happen to a notice or a request, and how the journal tells it."""

from enum import StrEnum
from typing import Any

from journal.actions import record
from security.models import User


class Deed(StrEnum):
    DRAFTED = "NOTICE_DRAFTED"
    ISSUED = "NOTICE_ISSUED"
    DELIVERED = "NOTICE_DELIVERED"
    DISCARDED = "NOTICE_DISCARDED"
    ASKED = "RECORDS_ASKED"
    ANSWERED = "RECORDS_ANSWERED"
    SERVICES_CONSENTED = "SERVICES_CONSENTED"
    SERVICES_REFUSED = "SERVICES_REFUSED"
    SERVICES_REVOKED = "SERVICES_REVOKED"
    SERVICES_END = "SERVICES_END"
    SERVICES_GO_ON = "SERVICES_GO_ON"


def tell(
    deed: Deed, words: str, row: Any, *, by: User, district_id: int | None = None, **details: Any
) -> None:
    """`row` is what it happened to: a notice or a request, which has a student and a district.

    `district_id`: whose deed it is, where the row is another's.
    """
    place = district_id or row.district_id
    record(deed, words, by=by, student_id=row.student_id, district_id=place, row=row.pk, **details)
