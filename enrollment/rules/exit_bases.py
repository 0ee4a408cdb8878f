"""What the code of an exit from school says of why special education ended with it.

Authority: EDFacts FS009, Basis of Exit; the crosswalk of OSSE's exit codes.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

from enrollment.rules.codes import code_set
from organizations.rules.profiles import Profile
from rulebook.tables import read_table

EXIT_BASES_CSV = Path(__file__).parent / "exit_bases.csv"


@dataclass(frozen=True)
class ExitBasis:
    """More than one federal category: the code alone does not decide it. None: it may be no exit at all."""

    KEY: ClassVar = ("profile", "code")

    profile: Profile
    code: str
    authority: str
    federal_categories: tuple[str, ...] = ()
    note: str = ""


@cache
def exit_bases() -> tuple[ExitBasis, ...]:
    return read_table(EXIT_BASES_CSV, ExitBasis)


def exit_basis(profile: Profile, code: str) -> ExitBasis | None:
    """Of a code that is used in a state; None where no source says anything of it."""
    used = code_set(profile)
    return next((row for row in exit_bases() if (row.profile, row.code) == (used, code)), None)
