"""The ways from one indicator to the others."""

from django.urls import reverse

SHORT = {
    5: "School age settings", 6: "Early childhood settings", 11: "Initial evaluations",
    12: "Early transition", 13: "Transition of youth", 14: "After school",
}  # fmt: skip


def chips(number: int, year: str = "") -> list[tuple[str, str, bool]]:
    """Words, address, and whether it is this one; the school year goes along where it is chosen."""
    query = f"?year={year}" if year else ""
    return [(words, reverse(f"reports:indicator_{n}") + query, n == number) for n, words in SHORT.items()]
