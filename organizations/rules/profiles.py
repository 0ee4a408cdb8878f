"""State profiles: what differs between Louisiana, the District of Columbia and Wisconsin.

The demonstration state takes its forms from the first, its codes from the second, its Ed-Fi from the third.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

from rulebook.tables import read_table

PROFILES_CSV = Path(__file__).parent / "state_profiles.csv"


class Profile(StrEnum):
    LA = "LA"
    DC = "DC"
    WI = "WI"
    DEMO = "DEMO"


class AgeOutRule(StrEnum):
    """When eligibility ends in the year a student reaches the maximum age (OSSE 2016, A12)."""

    BIRTHDAY = "birthday"
    END_OF_SCHOOL_YEAR = "end of school year"


@dataclass(frozen=True)
class StateProfile:
    """One state. The times are local; `roll_up`, `freeze` and `go_live` are the instants they mean.

    `enrollment_codes` names the profile whose entry and exit codes are used here, `edfi_descriptors` the one
    whose Ed-Fi descriptors are (none: the core ones of Ed-Fi).
    """

    KEY: ClassVar = ("profile",)

    profile: Profile
    name: str
    time_zone: str
    student_id_name: str
    day_kinds: tuple[str, ...]
    school_year_first_day: str
    idea_max_age: int
    age_out_rule: AgeOutRule
    enrollment_codes: Profile
    authority: str
    edfi_program_organization_id: int | None = None
    edfi_program_type: str = ""
    edfi_program_name: str = ""
    edfi_descriptors: str = ""
    roll_up_from: datetime | None = None
    freeze_at: datetime | None = None
    go_live_at: datetime | None = None
    note: str = ""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def roll_up(self) -> datetime | None:
        """From this instant a district also reaches its nonpublic and early childhood sites (ROL-01)."""
        return self._instant(self.roll_up_from)

    @property
    def freeze(self) -> datetime | None:
        """From this instant the legacy system is view only (RLO-01)."""
        return self._instant(self.freeze_at)

    @property
    def go_live(self) -> datetime | None:
        """From this instant data entry may resume (RLO-17)."""
        return self._instant(self.go_live_at)

    def _instant(self, local: datetime | None) -> datetime | None:
        return local and local.replace(tzinfo=self.zone)


@cache
def state_profiles() -> tuple[StateProfile, ...]:
    return read_table(PROFILES_CSV, StateProfile)


@cache
def state_profile(profile: Profile) -> StateProfile:
    return next(row for row in state_profiles() if row.profile == profile)
