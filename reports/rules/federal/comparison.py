"""This year beside last year by the federal thresholds, and a frozen child beside the same child today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from reports.rules.federal.cells import TOTAL, Cells, Codes, in_table_order
from reports.rules.federal.rows import CategorySet, Level
from reports.rules.federal.tables import sets

# reporting.md 3.6, check 11: more than 10 percent and more than 10 children.
MOST_PERCENT, MOST_CHILDREN = 10, 10
# What is frozen of a child, what it is called on a page, and where the rule is told.
FIELDS = {
    "file": ("File", "EDFacts FS002 and FS089: age and grade"),
    "counted": ("Counted", "EDFacts FS002: enrolled and active on the count date"),
    "reasons": ("Why not counted", "Reasons why a child is not counted"),
    "age": ("Age", "Age on the count date"),
    "race": ("Race and ethnicity", "Hispanic first, then two or more races, then the one"),
    "sex": ("Sex", "EDFacts, Sex (Membership)"),
    "disability": ("Disability", "Exceptionalities and their federal categories"),
    "environment": ("Educational environment", "The IEP in effect on the count date"),
    "english_learner": ("English learner", "The IEP's answer about limited English proficiency"),
    "basis": ("Basis of exit", "Reasons of exit and their federal categories"),
    "grade": ("Grade", "The enrollment on the count date"),
    "site_id": ("School", "The public school that answers for the child on the count date"),
    "iep_until": ("IEP until", "Edit check 13: the IEP in effect on the count date"),
    "evaluated_on": ("Last evaluation", "Edit check 13: decided by the count date, and locked"),
    "percent": ("Week in the regular class", "Edit check 7: the minutes of the IEP in effect"),
    "exit_day": ("Exit from special education", "EDFacts FS009: the latest exit of the period"),
    "left_at": ("Age at the exit", "Edit check 8: age on the day of the exit"),
    "school_exit": ("Exit from the school", "Edit check 10: what the code of the exit means"),
}
Values = Mapping[str, object]


@dataclass(frozen=True)
class Change:
    """`frozen` or `live` is None where the child is only in the other of the two."""

    field: str
    frozen: object
    live: object

    @property
    def label(self) -> str:
        return FIELDS[self.field][0]

    @property
    def rule(self) -> str:
        return FIELDS[self.field][1]


def changes(frozen: Values | None, live: Values | None) -> list[Change]:
    """Field by field; a child that is in one only is told by whether it is counted there."""
    if frozen is None or live is None:
        there = frozen or live or {}
        counted = there.get("counted")
        return [Change("counted", counted if frozen else None, counted if live else None)]
    return [Change(name, frozen[name], live[name]) for name in FIELDS if frozen[name] != live[name]]


@dataclass(frozen=True)
class YearToYear:
    """One cell of a one-way subtotal, or of the total, in both years."""

    set: CategorySet
    codes: Codes
    before: int
    now: int

    @property
    def difference(self) -> int:
        return self.now - self.before

    @property
    def percent(self) -> Fraction | None:
        """None where nobody stood there last year."""
        return Fraction(100 * self.difference, self.before) if self.before else None

    @property
    def needs_comment(self) -> bool:
        """More than 10 percent and more than 10 children, up or down; from nobody every change is more."""
        by_share = self.percent is None or abs(self.percent) > MOST_PERCENT
        return by_share and abs(self.difference) > MOST_CHILDREN


def year_to_year(spec: str, year: int, before: Cells, now: Cells) -> list[YearToYear]:
    """The total and every one-way subtotal, in the order of the tables."""
    found = []
    for row in _one_way(sets(spec, Level.DISTRICT, year)):
        here, there = now.get(row.set, {}), before.get(row.set, {})
        found += [YearToYear(row, codes, there.get(codes, 0), here.get(codes, 0))
                  for codes in in_table_order(spec, row, year, {*here, *there})]  # fmt: skip
    return found


def _one_way(rows: Iterable[CategorySet]) -> list[CategorySet]:
    return [
        row for row in rows if row.set == TOTAL or (row.set.startswith("ST") and len(row.categories) == 1)
    ]
