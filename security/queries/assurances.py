"""Whether people have signed the confidentiality assurance, in words for lists."""

from collections.abc import Iterable
from datetime import date


def assurance_status(user_ids: Iterable[int], day: date) -> dict[int, str]:
    """By user id, such as "signed Aug 4"; who is not in it has no status to show."""
    return {}
