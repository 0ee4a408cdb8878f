"""May a student leave with this code on this day? A refusal is a sentence; a warning does not refuse."""

from datetime import date

from enrollment.rules.backdating import lag_days
from enrollment.rules.codes import DEFAULT_CODE, ExitCode, why_not_usable
from enrollment.rules.facts import ATTENDING, REGISTERED, ExitFacts
from organizations.rules.calendar import age_on, in_words, school_year_of
from organizations.rules.profiles import AgeOutRule, state_profile

COMPULSORY_AGE_ENDS = 18
GENERAL_EDUCATION_NO_SHOW = "4321"
SPECIAL_EDUCATION_NO_SHOW = "1234"
IDEA_MAXIMUM_AGE = "1968"
LEA_MAXIMUM_AGE = "1962"
QUIT_UNDER_AGE = "1980"


def why_not_exit(code: ExitCode, facts: ExitFacts, on: date) -> str | None:
    """The first reason against it, or None. Authority: OSSE 2016, slides 17, 23-28, 39."""
    if reason := why_not_usable(code, on):
        return reason
    checks = (_why_not_the_day, _why_not_the_stage, _why_not_the_code)
    return next((reason for check in checks if (reason := check(code, facts, on))), None)


def warnings_of_exit(code: ExitCode, facts: ExitFacts, on: date) -> tuple[str, ...]:
    """What to think about before saving; none of it refuses the exit."""
    checks = (_backdated, _maybe_idea_age, _over_compulsory_age)
    return tuple(warning for check in checks if (warning := check(code, facts, on)))


def _why_not_the_day(code: ExitCode, facts: ExitFacts, on: date) -> str | None:
    """CHECK-4: nobody leaves before they came."""
    if on < facts.first_day:
        return f"The exit date is before the entry on {in_words(facts.first_day)}."
    return None


def _why_not_the_stage(code: ExitCode, facts: ExitFacts, on: date) -> str | None:
    """R3.01, R3.05, CHECK-11: no-show codes are for Stage 4 without attendance, all others for Stage 5."""
    if code.stage is None:
        return None
    never_came = facts.stage == REGISTERED and not facts.attended
    if code.stage == REGISTERED and not never_came:
        return f"{code.code} is for students who never attended; this student has attended."
    if code.stage == ATTENDING and never_came:
        return (
            "A student who never attended leaves with 4321 (general education) or 1234 (special education)."
        )
    if code.stage == ATTENDING and facts.stage == REGISTERED:
        return "This student has attended: record the Stage 5 entry first."
    return None


def _why_not_the_code(code: ExitCode, facts: ExitFacts, on: date) -> str | None:
    """What single codes ask for."""
    asks = {
        GENERAL_EDUCATION_NO_SHOW: _why_not_general_no_show,
        SPECIAL_EDUCATION_NO_SHOW: _why_not_special_no_show,
        IDEA_MAXIMUM_AGE: _why_not_aged_out,
        DEFAULT_CODE: _why_not_unknown,
    }
    return asks[code.code](code, facts, on) if code.code in asks else None


def _why_not_general_no_show(code: ExitCode, facts: ExitFacts, on: date) -> str | None:
    """R3.02, R3.08."""
    if facts.has_special_education:
        return (
            "4321 is for general education only: a student with an IEP who never attended leaves with 1234."
        )
    if facts.evaluation_pending:
        return "An evaluation of this student is pending: 4321 waits until eligibility is decided."
    return None


def _why_not_special_no_show(code: ExitCode, facts: ExitFacts, on: date) -> str | None:
    """R3.03, R3.04."""
    if not facts.has_special_education:
        return (
            "1234 is for special education only: a general education student who never came leaves with 4321."
        )
    if not facts.contact_efforts_recorded:
        return "1234 needs documented, significant attempts to find the student: record them first."
    return None


def _why_not_aged_out(code: ExitCode, facts: ExitFacts, on: date) -> str | None:
    """R5.06, with the state's own maximum age and rule (A12)."""
    state = state_profile(code.profile)
    if not facts.birth_date:
        return f"{code.code} needs the birth date."
    reached_by = on
    if state.age_out_rule == AgeOutRule.END_OF_SCHOOL_YEAR:
        reached_by = school_year_of(on).first_day
    if age_on(reached_by, facts.birth_date) < state.idea_max_age:
        return f"{code.code} is for students past the maximum age of {state.idea_max_age} for IDEA services."
    return None


def _why_not_unknown(code: ExitCode, facts: ExitFacts, on: date) -> str | None:
    """A10: a chosen 1984 says that due diligence was done, so it must be recorded."""
    if not facts.contact_efforts_recorded:
        return "1984 says that the LEA has performed due diligence: record what was done to reach the family."
    return None


def _backdated(code: ExitCode, facts: ExitFacts, on: date) -> str | None:
    """R10.01."""
    lag = lag_days(on, facts.recorded_on or on)
    return f"This date is {lag} {'day' if lag == 1 else 'days'} back." if lag else None


def _maybe_idea_age(code: ExitCode, facts: ExitFacts, on: date) -> str | None:
    """R1.06: before 1968 existed, 1962 carried its cases as well."""
    split = date(2016, 7, 1)
    if code.code == LEA_MAXIMUM_AGE and on < split:
        return "Before 2016-17 this may also be an IDEA maximum-age exit."
    return None


def _over_compulsory_age(code: ExitCode, facts: ExitFacts, on: date) -> str | None:
    """A17: 1980 says under the maximum age for compulsory attendance."""
    if code.code != QUIT_UNDER_AGE or not facts.birth_date:
        return None
    if age_on(on, facts.birth_date) >= COMPULSORY_AGE_ENDS:
        return f"1980 is for students under {COMPULSORY_AGE_ENDS}; this student is older."
    return None
