"""The edit checks of frozen children (reporting.md 3.6: 3 to 10, 12, 13, 19), one function each.

Each is given one child and gives a sentence, or "" where all is well. Those of whole files: `file_checks`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from enrollment.rules.codes import sped_exits
from ieps.rules.environment import shares
from organizations.rules.calendar import SchoolYearDates, add_months, in_words
from organizations.rules.profiles import Profile, state_profile
from reports.rules.federal.cells import delay_ages, in_years
from reports.rules.federal.child import AGE05K, AGE05NOTK, DD, EARLY, EXITS, SCHOOL_AGE, Reason
from reports.rules.federal.tables import MISSING, reasons

EVALUATION_LASTS = 36  # months: 34 CFR 300.303(b)(2)
DIPLOMAS = ("GHS", "GRADALTDPL")
ONLY_WHERE_OFFERED = ("GRADALTDPL", "RC")


@dataclass(frozen=True, kw_only=True)
class Child:
    """A frozen child with what the checks ask of it; `percent` of the week in the regular class.

    `left_at`: its age on the day of the exit; `school_exit`: what the exit from the school means
    (enrollment/rules/exit_meanings.csv); `school_open`: None where it is at no school.
    """

    file: str
    reasons: tuple[str, ...] = ()
    age: str = "10"
    race: str = "WH7"
    sex: str = "F"
    disability: str = "SLD"
    environment: str = ""
    english_learner: str = "NLEP"
    basis: str = ""
    iep_until: date | None = None
    evaluated_on: date | None = None
    percent: Fraction | None = None
    exit_day: date | None = None
    left_at: int | None = None
    school_exit: str = ""
    school_open: bool | None = True
    district_code: str = "001"
    profile: Profile = Profile.LA
    day: date
    period: SchoolYearDates

    @property
    def counted(self) -> bool:
        return not self.reasons


def nothing_missing(child: Child) -> str:
    """Check 3."""
    names = {
        "race": child.race, "sex": child.sex, "disability": child.disability,
        "English learner status": child.english_learner,
    }  # fmt: skip
    missing = [name for name, code in names.items() if code in ("", MISSING)]
    return f"Missing: {', '.join(missing)}." if missing else ""


def five_in_one_file(child: Child) -> str:
    """Check 4."""
    misplaced = {AGE05K: SCHOOL_AGE, AGE05NOTK: EARLY}.get(child.age, child.file) != child.file
    return f"{child.age} stands in {child.file}." if misplaced else ""


def delay_at_its_ages(child: Child) -> str:
    """Check 5."""
    if Reason.DD_AGE in child.reasons or Reason.DD_EXIT in child.reasons:
        return _why(child, Reason.DD_AGE, Reason.DD_EXIT)
    if child.disability != DD or child.file == EXITS:
        return f"{DD} stands in {EXITS}." if child.disability == DD else ""
    return "" if in_years(child.age) in delay_ages() else f"{DD} at age {child.age}."


def environment_fits(child: Child) -> str:
    """Check 6."""
    return _why(child, Reason.NO_IEP, Reason.NO_ENVIRONMENT, Reason.ENVIRONMENT_DOES_NOT_FIT)


def agrees_with_minutes(child: Child) -> str:
    """Check 7: only of the settings that follow from the share of the week."""
    computed = {row.code for row in shares()}
    if child.environment not in computed or child.percent is None:
        return ""
    code = next(row.code for row in shares() if child.percent >= row.at_least)
    if code == child.environment:
        return ""
    share = f"{int(child.percent)} % of the week in the regular class"
    return f"{share} is {code}, the IEP says {child.environment}."


def at_maximum_age(child: Child) -> str:
    """Check 8."""
    most = state_profile(child.profile).idea_max_age
    if child.basis != "RMA" or child.left_at is None or child.left_at >= most:
        return ""
    return f"Reached maximum age at {child.left_at}: the state's maximum age is {most}."


def offered_by_the_state(child: Child) -> str:
    """Check 9: offered is what a reason of exit of the state stands for alone."""
    if child.basis not in ONLY_WHERE_OFFERED:
        return ""
    own = [row for row in sped_exits() if row.profile == child.profile] or list(sped_exits())
    offered = any(row.federal_categories == (child.basis,) for row in own)
    return "" if offered else f"{child.basis}: no reason of exit of the state stands for it alone."


def exits_agree(child: Child) -> str:
    """Check 10."""
    if child.exit_day and not child.period.first_day <= child.exit_day <= child.period.last_day:
        return f"The exit of {in_words(child.exit_day)} lies outside of the period."
    if child.basis and child.school_exit and (child.school_exit == "diploma") != (child.basis in DIPLOMAS):
        return f"The basis is {child.basis}, the exit from the school means: {child.school_exit}."
    return ""


def one_district(child: Child) -> str:
    """Check 12."""
    return _why(child, Reason.TWO_DISTRICTS)


def in_date(child: Child) -> str:
    """Check 13: of children that are counted on the count day."""
    if child.file == EXITS or not child.counted:
        return ""
    late = []
    if child.iep_until and child.iep_until < child.day:
        late.append(f"The IEP ended on {in_words(child.iep_until)}.")
    if child.evaluated_on and add_months(child.evaluated_on, EVALUATION_LASTS) < child.day:
        late.append(f"The last evaluation is of {in_words(child.evaluated_on)}.")
    return " ".join(late)


def directory_knows(child: Child) -> str:
    """Check 19."""
    if not child.district_code:
        return "The district has no identifier."
    return "The school was closed on the date." if child.school_open is False else ""


def _why(child: Child, *asked: Reason) -> str:
    return " ".join(f"{reasons()[why].words}." for why in child.reasons if why in asked)


BY_NUMBER: dict[int, Callable[[Child], str]] = {
    3: nothing_missing, 4: five_in_one_file, 5: delay_at_its_ages, 6: environment_fits,
    7: agrees_with_minutes, 8: at_maximum_age, 9: offered_by_the_state, 10: exits_agree,
    12: one_district, 13: in_date, 19: directory_knows,
}  # fmt: skip
