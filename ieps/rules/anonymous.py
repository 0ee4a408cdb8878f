"""What is kept for other children says nothing of this one: its names become "the student" (34 CFR 99.3).

Names are found as they are written with a capital, so that "will" or "grace" in a sentence stays.
"""

import re
from collections.abc import Iterable

STUDENT = "the student"
LONG_NUMBER = re.compile(r"\d{6,}")
BEGINNING = re.compile(r"(^|[.!?:]\s+|\n\s*)the student")
TWICE = re.compile(r"\bthe student(\s+the student)+", re.IGNORECASE)


class OfAChild(ValueError):
    """The message says what would tell who the child is."""


def without_names(text: str, names: Iterable[str]) -> str:
    """The text with each of these names replaced."""
    for name in sorted({name.strip() for name in names if len(name.strip()) > 1}, key=len, reverse=True):
        forms = {re.escape(name), re.escape(name.upper())}
        text = re.sub(rf"(?<!\w)(?:{'|'.join(sorted(forms))})(?!\w)", STUDENT, text)
    text = TWICE.sub(STUDENT, text)
    return BEGINNING.sub(lambda found: f"{found[1]}The student", text)


def check_no_child(text: str) -> None:
    """Raises OfAChild where a number stands that could be the number of a student."""
    if found := LONG_NUMBER.search(text):
        raise OfAChild(f"“{found[0]}” could be the number of a student. Take it out first.")
