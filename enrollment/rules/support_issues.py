"""What may be asked of the state: issue types and sub-categories. Authority: OSSE 2016, slides 42-44."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table

SUPPORT_ISSUES_CSV = Path(__file__).parent / "support_issues.csv"
ADMINISTRATIVE_EXIT = "Administrative Exit from SEDS / PWN"


@dataclass(frozen=True)
class SupportIssue:
    """`granted`: what a granted request does. No sub-category: the source prints no name for it."""

    KEY: ClassVar = ("issue_type", "sub_category")

    issue_type: str
    about: str
    granted: str
    authority: str
    sub_category: str = ""
    note: str = ""


@cache
def support_issues() -> tuple[SupportIssue, ...]:
    return read_table(SUPPORT_ISSUES_CSV, SupportIssue)


def issue_of(sub_category: str) -> SupportIssue | None:
    return next((row for row in support_issues() if row.sub_category == sub_category), None)


def why_not_submit(due_diligence: str) -> str | None:
    """R11.04: what was done before asking stands first."""
    if due_diligence.strip():
        return None
    return "Write down first what you have done yourself: without it nothing is submitted."
