"""The desired state: which Ed-Fi records should exist for a student, and why others should not.

Every trigger of the source page (create, lock, edit, unlock, delete, exit, override, changed key) is a case
of this one function; the sender brings the state's copy to it (Wisconsin Ed-Fi v3.6).
"""

from collections.abc import Iterator
from datetime import date

from edfi.rules.concerns import concerns
from edfi.rules.enrollments import needs_responsibility, reporting_enrollment, why_not_report
from edfi.rules.facts import (
    ELIGIBLE,
    INITIAL,
    ConnectionSettings,
    EvaluationFacts,
    Facts,
    FuturePolicy,
    Profile,
)
from edfi.rules.payload import Case, eligibility_record, responsibility_record
from edfi.rules.program import program_records
from edfi.rules.records import SSEPEA, Desired, NotSent, Record
from edfi.rules.tables import Condition
from edfi.rules.years import FIRST_YEAR, school_year_of, scope_date, scope_window


def desired_records(facts: Facts, settings: ConnectionSettings, today: date) -> Desired:
    """The records of all configured school years, and every reason not to send.

    Evaluations are taken in the order in which they were locked, so that of two that would be one record
    the earlier stays (EDFI-R13 to R15).
    """
    records: list[Record] = []
    not_sent: list[NotSent] = []
    warnings: list[NotSent] = []
    sent: list[Case] = []
    for evaluation in sorted(facts.evaluations, key=_lock_order):
        determined = evaluation.determination_date
        if not concerns(settings, facts, evaluation.district_id, determined, determined):
            continue
        try:
            case = _case(facts, evaluation, settings, today)
            own = tuple(_records(case))
            _refuse_twin(case, own, sent, records)
        except NotSent as reason:
            not_sent.append(reason)
            continue
        records.extend(own)
        sent.append(case)
        warnings.extend(_warnings(case, own))
    for found in program_records(facts, settings, today):
        if isinstance(found, Record):
            records.append(found)
        else:
            (warnings if found.code is Condition.LEFT_OUT else not_sent).append(found)
    return Desired(tuple(records), tuple(not_sent), tuple(warnings), _has_reported_enrollment(facts, today))


def _lock_order(evaluation: EvaluationFacts) -> tuple[bool, str, int]:
    locked = evaluation.locked_at
    return locked is None, locked.isoformat() if locked else "", evaluation.id


def _case(facts: Facts, evaluation: EvaluationFacts, settings: ConnectionSettings, today: date) -> Case:
    """The evaluation with all that it needs to be sent. Raises NotSent with the first reason against it."""
    if reason := _why_never(evaluation, settings) or _why_not_yet(facts, evaluation):
        raise NotSent(reason, evaluation.id)
    consent, determination = _days(evaluation)
    if determination > today and settings.future_policy is FuturePolicy.HOLD:
        raise NotSent(Condition.DETERMINATION_IN_FUTURE, evaluation.id)
    enrollment = reporting_enrollment(facts.enrollments, determination)
    if isinstance(enrollment, Condition):
        raise NotSent(enrollment, evaluation.id)
    window = scope_window(evaluation, enrollment, settings)
    return Case(facts, evaluation, consent, determination, enrollment, window, settings, today)


def _why_never(evaluation: EvaluationFacts, settings: ConnectionSettings) -> Condition | None:
    """EDFI-R1, R2, R4, R11, R20: nothing that a person should mend."""
    if settings.profile is not Profile.PUBLIC:
        return Condition.PROFILE_NOT_PUBLIC
    if evaluation.type != INITIAL:
        return Condition.NOT_INITIAL
    if evaluation.locked_at is None:
        return Condition.NOT_LOCKED
    day = scope_date(evaluation, settings)
    # An Eval Only enrollment may belong to the year after the consent, so one year is left open here.
    if day is not None and school_year_of(day) < FIRST_YEAR - 1:
        return Condition.BEFORE_2022_23
    return None


def _why_not_yet(facts: Facts, evaluation: EvaluationFacts) -> Condition | None:
    """EDFI-R42, R43."""
    if not facts.student.edfi_id.strip():
        return Condition.NO_EDFI_ID
    if evaluation.consent_date is None:
        return Condition.NO_CONSENT_DATE
    return Condition.NO_DETERMINATION_DATE if evaluation.determination_date is None else None


def _days(evaluation: EvaluationFacts) -> tuple[date, date]:
    """(consent, determination) in their order. EDFI-R46."""
    consent, determination = evaluation.consent_date, evaluation.determination_date
    if consent is None or determination is None or determination < consent:
        raise NotSent(Condition.DETERMINED_BEFORE_CONSENT, evaluation.id)
    return consent, determination


def _records(case: Case) -> Iterator[Record]:
    if needs_responsibility(case.enrollment):
        yield responsibility_record(case)
    yield eligibility_record(case)


def _refuse_twin(case: Case, own: tuple[Record, ...], sent: list[Case], records: list[Record]) -> None:
    """EDFI-A3 and A4: two evaluations must not become one record, nor share a determination date."""
    taken = {record.address for record in records if record.resource == SSEPEA}
    if any(record.address in taken for record in own):
        raise case.without(Condition.SAME_KEY)
    if any(other.determination == case.determination for other in sent):
        raise case.without(Condition.SAME_DETERMINATION_DATE)


def _warnings(case: Case, own: tuple[Record, ...]) -> Iterator[NotSent]:
    if case.evaluation.outcome == ELIGIBLE and not own[-1].payload["ideaIndicator"]:
        yield case.without(Condition.ELIGIBLE_WITHOUT_IEP)
    if case.enrollment.eval_only and school_year_of(case.consent) != case.window.year:
        yield case.without(Condition.EVAL_ONLY_OTHER_YEAR)


def _has_reported_enrollment(facts: Facts, today: date) -> bool:
    """Whether the student information system keeps an enrollment of this child at the state."""
    return any(
        why_not_report(enrollment) is None and not enrollment.excluded and enrollment.first_day <= today
        for enrollment in facts.enrollments
    )
