"""Which deadlines run for a child: what started each, and what has met or excused it (sources.csv)."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import zip_longest

from caseload.rules.duty import Duty
from caseload.rules.facts import ChildFacts, EvaluationFacts, IepFacts
from caseload.rules.told import INITIAL_IEP, duties_told
from evaluations.rules.ages import last_day_of_eligibility
from evaluations.rules.codes import DelayReason, Outcome, delay_reasons_wi, evaluation_type, outcome
from evaluations.rules.countings import Event, counting_on, versions_of
from notices.rules.kinds import Kind
from organizations.rules.calendar import birthday, in_words
from organizations.rules.profiles import Profile, state_profile

INTERIM, AMENDMENT, DECLASSIFIED = "INT", "AMD", "DEC"
NO_FULL_IEP = (INTERIM, AMENDMENT, DECLASSIFIED)
# 34 CFR 300.301(d), 300.309(c): these delays are excused, "other" is not.
EXCUSING = (DelayReason.TRANSFER, DelayReason.CHILD_UNAVAILABLE, DelayReason.INITIAL_SLD)


def duties_of(child: ChildFacts) -> Iterator[Duty]:
    """Every deadline that runs or ran, met ones too; at most one for a number, part and record."""
    for evaluation in child.evaluations:
        yield from _referral(child, evaluation)
        yield from _evaluation(child, evaluation)
        yield from _initial_iep(child, evaluation)
        yield from _copy_of_the_report(child, evaluation)
    yield from _reevaluations(child)
    yield from _reviews(child)
    yield from _interim(child)
    yield from _part_c(child)
    yield from _age_out(child)
    yield from _documentation(child)
    yield from duties_told(child)


def _referral(child: ChildFacts, row: EvaluationFacts) -> Iterator[Duty]:
    """D01. Only where consent is asked for; of an old record the consent tells that it was.

    A prior written notice that refuses the evaluation answers the referral too.
    """
    if row.referred and _needs_consent(row):
        answers = [day for day in (row.asked, _refused(child, row)) if day]
        met = min(answers, default=None) or row.consented or row.determined
        yield _of(child, row, "D01", row.referred, met, _ended(row))


def _evaluation(child: ChildFacts, row: EvaluationFacts) -> Iterator[Duty]:
    """D02 and D03 of an initial evaluation, D11 of any other."""
    if row.consented is None or not _needs_consent(row):
        return
    number = "D02" if _is_initial(row) else "D11"
    met = _finished(child, row, number, row.consented)
    excuse = _excuse(row, met)
    yield _of(child, row, number, row.consented, met, excuse, longer=True)
    if number == "D02":
        yield _of(child, row, "D03", row.consented, row.determined, excuse, longer=True)


def _initial_iep(child: ChildFacts, row: EvaluationFacts) -> Iterator[Duty]:
    """D05. An older IEP is missing here where the first one that is known is no initial one."""
    if not _is_initial(row) or row.outcome != Outcome.ELIGIBLE or row.determined is None:
        return
    start = _start_of_the_iep(child, row)
    later = [iep for iep in child.ieps if iep.met >= row.determined and iep.kind != INTERIM]
    first = min(later, key=lambda iep: (iep.met, iep.id), default=None)
    if start and (first is None or first.kind == INITIAL_IEP):
        met = first.met if first else None
        yield _of(child, row, "D05", start, met, "" if met else child.why_out)


def _copy_of_the_report(child: ChildFacts, row: EvaluationFacts) -> Iterator[Duty]:
    """D04, before the first IEP meeting after the determination, as soon as a notice announces it."""
    if row.outcome != Outcome.ELIGIBLE or row.determined is None:
        return
    announced = [one.event for one in child.notices if one.kind == Kind.MEETING and one.event]
    meeting = min((day for day in announced if day >= row.determined), default=None)
    if meeting and not any(row.determined <= iep.met < meeting for iep in child.ieps):
        yield _of(child, row, "D04", meeting, row.copied)


def _reevaluations(child: ChildFacts) -> Iterator[Duty]:
    """D09, from each evaluation that found the child eligible to the next one."""
    done = sorted(
        (row for row in child.evaluations if row.determined and _determines(row)),
        key=lambda row: _day_of(row),
    )
    for row, after in zip_longest(done, done[1:]):
        if row.outcome == Outcome.ELIGIBLE and row.determined:
            met = after.determined if after else None
            yield _of(child, row, "D09", row.determined, met, "" if met else child.why_out)


def _reviews(child: ChildFacts) -> Iterator[Duty]:
    """D08, from each full IEP to the next."""
    full = sorted(
        (iep for iep in child.ieps if iep.kind not in NO_FULL_IEP), key=lambda iep: (iep.met, iep.id)
    )
    for iep, after in zip_longest(full, full[1:]):
        met = after.met if after else None
        yield _of_iep(child, iep, "D08", iep.met, met)


def _interim(child: ChildFacts) -> Iterator[Duty]:
    """D31. An interim IEP may not outlast the initial evaluation beside it (LAC 28:XCVII.111.C, 307)."""
    beside = next((row for row in child.evaluations if _is_initial(row) and row.consented), None)
    for iep in child.ieps:
        if iep.kind == INTERIM and beside and beside.consented:
            later = [one.met for one in child.ieps if one.kind not in NO_FULL_IEP and one.met >= iep.met]
            yield _of_iep(child, iep, "D31", beside.consented, min(later, default=None), beside)


def _part_c(child: ChildFacts) -> Iterator[Duty]:
    """D14, of a child who came from Part C in time and was found eligible."""
    third = birthday(child.birth_date, 3)
    found = [row for row in child.evaluations if _is_initial(row) and row.outcome == Outcome.ELIGIBLE]
    if child.had_part_c and any(row.referred and row.referred < third for row in found):
        met = min((iep.first_day or iep.met for iep in child.ieps), default=None)
        yield _of_child(child, "D14", third, met, "" if met else _why_no_iep_yet(child))


def _why_no_iep_yet(child: ChildFacts) -> str:
    """34 CFR 303.211: where the state offers it, parents may go on with early intervention."""
    if day := child.went_on_with_part_c:
        return f"The parents chose on {in_words(day)} to go on with early intervention"
    return child.why_out


def _age_out(child: ChildFacts) -> Iterator[Duty]:
    """D37, of a child in special education and of one who was."""
    if not (child.in_special_education or child.special_education_ended):
        return
    if days := _days_of_age(child.profile, child.birth_date):
        ended = None if child.in_special_education else child.special_education_ended
        yield _of_child(child, "D37", days[0], ended, stated=days[1])


@lru_cache(maxsize=20_000)
def _days_of_age(profile: str, born: date) -> tuple[date, date] | None:
    """The birthday, and the last day of eligibility; None where the table gives no age."""
    age = next((row.age for row in versions_of("D37", profile) if row.age is not None), None)
    if age is None:
        return None
    return birthday(born, age), last_day_of_eligibility(state_profile(Profile(profile)), born)


def _documentation(child: ChildFacts) -> Iterator[Duty]:
    """D38. The days are those of the exit code; a due day without an exit day is kept as it is."""
    for row in child.exits:
        yield Duty(
            "D38", "enrollment", row.id, row.last_day or row.due, row.district_id, site_id=row.site_id,
            met_on=row.accepted, stated=row.due,
        )  # fmt: skip


def _refused(child: ChildFacts, row: EvaluationFacts) -> date | None:
    told = (one for one in child.notices if one.refuses and one.evaluation_id == row.id)
    return min((one.told for one in told if one.told), default=None)


def _of(
    child: ChildFacts,
    row: EvaluationFacts,
    number: str,
    start: date,
    met: date | None,
    excuse: str = "",
    longer: bool = False,
) -> Duty:
    return Duty(
        number, "evaluation", row.id, start, row.district_id or child.district_id, row.coordinator_id,
        child.site_id, met, excuse, row.extended_to if longer else None,
        row.extension_code if longer else "",
    )  # fmt: skip


def _of_iep(
    child: ChildFacts,
    iep: IepFacts,
    number: str,
    start: date,
    met: date | None,
    beside: EvaluationFacts | None = None,
) -> Duty:
    excuse = "" if met else child.why_out
    return Duty(
        number, "iep", iep.id, start, iep.district_id or child.district_id, iep.author_id, child.site_id,
        met, excuse, beside.extended_to if beside else None, beside.extension_code if beside else "",
    )  # fmt: skip


def _of_child(
    child: ChildFacts,
    number: str,
    start: date,
    met: date | None,
    excuse: str = "",
    stated: date | None = None,
) -> Duty:
    return Duty(
        number, "student", child.id, start, child.district_id, None, child.site_id, met, excuse, stated=stated
    )


def _needs_consent(row: EvaluationFacts) -> bool:
    known = evaluation_type(row.kind)
    return known is None or known.needs_consent


def _is_initial(row: EvaluationFacts) -> bool:
    known = evaluation_type(row.kind)
    return known is not None and known.initial


def _determines(row: EvaluationFacts) -> bool:
    known = outcome(row.outcome)
    return known is not None and known.determines


def _day_of(row: EvaluationFacts) -> tuple[date, int]:
    assert row.determined is not None
    return row.determined, row.id


def _finished(child: ChildFacts, row: EvaluationFacts, number: str, consent: date) -> date | None:
    """Met by the report where the state's row says so; an old record may be locked without that day."""
    counting = counting_on(number, child.profile, consent)
    if counting is None or counting.met_by is not Event.DISSEMINATED:
        return row.determined
    return row.disseminated or (row.determined if row.locked else None)


def _start_of_the_iep(child: ChildFacts, row: EvaluationFacts) -> date | None:
    assert row.determined is not None
    counting = counting_on("D05", child.profile, row.determined)
    if counting is None or counting.starts_with is not Event.DISSEMINATED:
        return row.determined
    return row.disseminated or (row.determined if row.locked else None)


def _ended(row: EvaluationFacts) -> str:
    """Why an evaluation came to no determination."""
    known = outcome(row.outcome)
    return known.name if known and not known.determines else ""


def _excuse(row: EvaluationFacts, met: date | None) -> str:
    if ended := _ended(row):
        return ended
    if row.revoked and not met:
        return f"Consent withdrawn on {in_words(row.revoked)}"
    if met and row.delay_reason in EXCUSING:
        return next(str(known) for known in delay_reasons_wi() if known.code == row.delay_reason)
    return ""
