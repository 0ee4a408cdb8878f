"""Addresses of the pages that lists lead to."""

from functools import cache

from django.urls import NoReverseMatch, reverse

ANY = 999_999_999  # stands for the number of a row


def page(name: str, number: int | None = None) -> str:
    """The address of a page, "" where the product has none."""
    if number is None:
        return _look_up(name)
    before, found, after = _look_up(name, ANY).partition(str(ANY))
    return f"{before}{number}{after}" if found else ""


@cache
def _look_up(name: str, *args: int) -> str:
    """Once: an address of a list of hundreds is put together, since to look it up takes ten times as long."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
