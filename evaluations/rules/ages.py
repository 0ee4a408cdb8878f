"""Deadlines at an age: Part C to B, transition, rights, age-out."""

from datetime import date

from evaluations.rules.clock import Due, due
from evaluations.rules.countings import versions_of
from evaluations.rules.standing import is_excepted
from organizations.rules.calendar import birthday, school_year_of
from organizations.rules.profiles import AgeOutRule, StateProfile

PART_C_NOTICE, TRANSITION_PLAN = "D12", "D15"
LATE_REFERRAL = "late referral"


def due_at_age(number: str, state: str, birth_date: date, part: str = "") -> Due | None:
    """A deadline that starts with a birthday, by the row in force on that birthday; None without one.

    Who was past the age already when a rule began has that rule, counted from the birthday all the same.
    """
    known = [
        (row, birthday(birth_date, row.age))
        for row in versions_of(number, state, part)
        if row.age is not None
    ]
    found = [(row, day) for row, day in known if row.last_day is None or day <= row.last_day]
    first = min(found, key=lambda one: max(one[1], one[0].first_day or one[1]), default=None)
    return due(*first) if first else None


def part_c_notice_due(state: str, birth_date: date, referred_on: date) -> Due | None:
    """90 days before the third birthday; none after a referral less than 45 days before it (D12)."""
    late = due_at_age(PART_C_NOTICE, state, birth_date, LATE_REFERRAL)
    if late and is_excepted(late, referred_on):
        return None
    return due_at_age(PART_C_NOTICE, state, birth_date)


def needs_transition_plan(state: str, birth_date: date, iep_last_day: date) -> bool:
    """On any IEP that is still in effect on the birthday, or comes after it (D15)."""
    plan = due_at_age(TRANSITION_PLAN, state, birth_date)
    return plan is not None and plan.start <= iep_last_day


def last_day_of_eligibility(profile: StateProfile, birth_date: date) -> date:
    """The birthday at the state's highest age, or the end of that school year, as the profile says (D37)."""
    day = birthday(birth_date, profile.idea_max_age)
    return school_year_of(day).last_day if profile.age_out_rule is AgeOutRule.END_OF_SCHOOL_YEAR else day
