"""The conditions of the form, by the names that its tables give them (column `when`)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

ALTERNATE = ("K2ALT", "LEAPC", "ELPTC")
EVIDENCE_FROM, EVIDENCE_BELOW = Decimal("2.0"), Decimal("2.3")  # LAC 28:XCVII.505.A
EARLIER_COHORT = 2020  # the cohort of 2019-20, by the year in which it ends
EIGHTY_PERCENT = "RC80"
YEAR = re.compile(r"[0-9]{4}")
PARENT = "PAR"

Row = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What the conditions look at. `answers` by section and key ("PRG.assessment"), `tables` likewise.

    `of_transition_age`, `of_majority_told_age`: at some day while the IEP is in effect, by the state's
    deadlines D15 and D16. `waived`: a triennial waiver was agreed since the last IEP. `computed_setting`: the
    code of the environment that follows from the services, "" where none does.
    """

    kind: str = ""
    of_transition_age: bool = False
    of_majority_told_age: bool = False
    waived: bool = False
    computed_setting: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)

    def answer(self, key: str) -> str:
        return self.answers.get(key, "").strip()


def _tested(iep: Circumstances) -> bool:
    return iep.answer("PRG.assessment") not in ("", "NONE")


def _attended(iep: Circumstances, role: str) -> bool:
    rows = iep.tables.get("GSI.participants", ())
    return any(row.get("role") == role and row.get("attended") == "Y" for row in rows)


def _absent(iep: Circumstances) -> bool:
    return any(row.get("attended") == "N" for row in iep.tables.get("GSI.participants", ()))


def _no_parent(iep: Circumstances) -> bool:
    """Known only when it is said of everybody whether they attended."""
    rows = iep.tables.get("GSI.participants", ())
    is_told = bool(rows) and all(row.get("attended") for row in rows)
    return is_told and not _attended(iep, PARENT)


def deviations_below(iep: Circumstances) -> Decimal | None:
    """The standard deviations below the mean, as a number that can be compared."""
    try:
        deviations = Decimal(iep.answer("LEAPC.sd_below"))
    except InvalidOperation:
        return None
    return deviations if deviations.is_finite() else None


def is_earlier_cohort(iep: Circumstances) -> bool:
    cohort = iep.answer("LEAPC.cohort")
    return bool(YEAR.fullmatch(cohort)) and int(cohort) <= EARLIER_COHORT


def _evidence(iep: Circumstances) -> bool:
    deviations = deviations_below(iep)
    return deviations is not None and EVIDENCE_FROM <= deviations < EVIDENCE_BELOW


def _adaptive(iep: Circumstances) -> bool:
    return is_earlier_cohort(iep) or _evidence(iep)


def _removed(iep: Circumstances) -> bool:
    """Some of the day is outside the regular class, or the team chose otherwise than computed."""
    chosen = iep.answer("PLC.lre")
    return bool(chosen) and (chosen != EIGHTY_PERCENT or iep.computed_setting not in ("", chosen))


def _is(key: str, *values: str) -> Callable[[Circumstances], bool]:
    return lambda iep: iep.answer(key) in values


CONDITIONS: dict[str, Callable[[Circumstances], bool]] = {
    "turns_17": lambda iep: iep.of_majority_told_age,
    "transition_age": lambda iep: iep.of_transition_age,
    "waived_since_last": lambda iep: iep.waived,
    "member_absent": _absent,
    "no_parent_attended": _no_parent,
    "tested": _tested,
    "review": lambda iep: iep.kind == "REV",
    "initial_or_interim": lambda iep: iep.kind in ("INI", "INT"),
    "interim": lambda iep: iep.kind == "INT",
    "leap_connect": _is("PRG.assessment", "LEAPC"),
    "k2_alternate": _is("PRG.assessment", "K2ALT"),
    "alternate_assessment": _is("PRG.assessment", *ALTERNATE),
    "april_dunn_eligible": _is("PRG.eligible", "Y"),
    "transport_needed": _is("PRG.needed", "Y"),
    "esy_eligible": _is("PRG.decision", "Y"),
    "adaptive_asked": _adaptive,
    "evidence_asked": _evidence,
    "not_neighborhood_school": _is("SITE.neighborhood", "N"),
    "less_than_80_percent": _removed,
}


def holds(when: str, iep: Circumstances) -> bool:
    """Whether a condition is true of this IEP; the empty one always is."""
    return not when or CONDITIONS[when](iep)
