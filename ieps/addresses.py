"""Addresses of the fields and lines of a section.

A section has a hundred of them. They are put together, since to look one up takes ten times as long.
"""

from functools import cache
from urllib.parse import quote

from django.urls import reverse

from ieps.models import Iep

ANY = 999_999_999  # stands for the number of a row
SECTION, FIELD = "any-section", "any-field"


def of_field(name: str, iep: Iep, section: str, key: str) -> str:
    return _pattern(name, FIELD).format(iep.pk, quote(section), quote(key))


def of_line(name: str, iep: Iep, section: str, line: int) -> str:
    return _pattern(name, ANY + 1).format(iep.pk, quote(section), line)


@cache
def _pattern(name: str, last: str | int) -> str:
    """The address with a place for the IEP, the section and what is in it."""
    found = reverse(f"ieps:{name}", args=[ANY, SECTION, last])
    return found.replace(str(ANY), "{}").replace(SECTION, "{}").replace(str(last), "{}")
