"""The desired state: which Ed-Fi records should exist for a student, and why others should not.

Every trigger of the source page (create, lock, edit, unlock, delete, exit, override, changed key) is a case
of this one function; the sender brings the state's copy to it (Wisconsin Ed-Fi v3.6).
"""

from collections.abc import Iterator
from datetime import date

from edfi.rules.enrollments import needs_responsibility, reporting_enrollment, why_not_report
from edfi.rules.facts import (
    ELIGIBLE,
    INITIAL,
    ConnectionSettings,
    EnrollmentFacts,
    EvaluationFacts,
    Facts,
    FuturePolicy,
    Profile,
    YearWindow,
)
from edfi.rules.payload import eligibility_record, responsibility_record
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
    sent: list[EvaluationFacts] = []
    for evaluation in sorted(facts.evaluations, key=_lock_order):
        try:
            enrollment, window = _place(facts, evaluation, settings, today)
            own = tuple(_records(facts, evaluation, enrollment, window, settings, today))
            _refuse_twin(evaluation, own, sent, records)
        except NotSent as reason:
            not_sent.append(reason)
            continue
        records.extend(own)
        sent.append(evaluation)
        warnings.extend(_warnings(evaluation, enrollment, window, own))
    return Desired(tuple(records), tuple(not_sent), tuple(warnings), _has_reported_enrollment(facts, today))


def _lock_order(evaluation: EvaluationFacts) -> tuple[bool, str, int]:
    locked = evaluation.locked_at
    return locked is None, locked.isoformat() if locked else "", evaluation.id


def _place(
    facts: Facts, evaluation: EvaluationFacts, settings: ConnectionSettings, today: date
) -> tuple[EnrollmentFacts, YearWindow]:
    _check_evaluation(facts, evaluation, settings, today)
    enrollment, why_not = reporting_enrollment(facts.enrollments, evaluation.determination_date)
    if enrollment is None:
        raise NotSent(why_not, evaluation.id)
    return enrollment, scope_window(evaluation, enrollment, settings)


def _check_evaluation(
    facts: Facts, evaluation: EvaluationFacts, settings: ConnectionSettings, today: date
) -> None:
    """What must hold before any enrollment is looked at, first reason first."""
    consent, determination = evaluation.consent_date, evaluation.determination_date
    day = scope_date(evaluation, settings)
    ahead = determination is not None and determination > today
    reasons = (
        (settings.profile is not Profile.PUBLIC, Condition.PROFILE_NOT_PUBLIC),
        (evaluation.type != INITIAL, Condition.NOT_INITIAL),
        (evaluation.locked_at is None, Condition.NOT_LOCKED),
        (day is not None and school_year_of(day) < FIRST_YEAR - 1, Condition.BEFORE_2022_23),
        (not facts.student.edfi_id.strip(), Condition.NO_EDFI_ID),
        (consent is None, Condition.NO_CONSENT_DATE),
        (determination is None, Condition.NO_DETERMINATION_DATE),
        (bool(consent and determination and determination < consent), Condition.DETERMINED_BEFORE_CONSENT),
        (ahead and settings.future_policy is FuturePolicy.HOLD, Condition.DETERMINATION_IN_FUTURE),
    )
    for applies, reason in reasons:
        if applies:
            raise NotSent(reason, evaluation.id)


def _records(
    facts: Facts,
    evaluation: EvaluationFacts,
    enrollment: EnrollmentFacts,
    window: YearWindow,
    settings: ConnectionSettings,
    today: date,
) -> Iterator[Record]:
    if needs_responsibility(enrollment):
        yield responsibility_record(facts, evaluation, enrollment, window, settings)
    yield eligibility_record(facts, evaluation, enrollment, window, settings, today)


def _refuse_twin(
    evaluation: EvaluationFacts, own: tuple[Record, ...], sent: list[EvaluationFacts], records: list[Record]
) -> None:
    """EDFI-A3 and A4: two evaluations must not become one record, nor share a determination date."""
    taken = {record.address for record in records if record.resource == SSEPEA}
    if any(record.address in taken for record in own):
        raise NotSent(Condition.SAME_KEY, evaluation.id)
    if any(other.determination_date == evaluation.determination_date for other in sent):
        raise NotSent(Condition.SAME_DETERMINATION_DATE, evaluation.id)


def _warnings(
    evaluation: EvaluationFacts, enrollment: EnrollmentFacts, window: YearWindow, own: tuple[Record, ...]
) -> Iterator[NotSent]:
    if evaluation.outcome == ELIGIBLE and not own[-1].payload["ideaIndicator"]:
        yield NotSent(Condition.ELIGIBLE_WITHOUT_IEP, evaluation.id)
    if enrollment.eval_only and school_year_of(evaluation.consent_date) != window.year:
        yield NotSent(Condition.EVAL_ONLY_OTHER_YEAR, evaluation.id)


def _has_reported_enrollment(facts: Facts, today: date) -> bool:
    """Whether the student information system keeps an enrollment of this child at the state."""
    return any(
        why_not_report(enrollment) is None and not enrollment.excluded and enrollment.first_day <= today
        for enrollment in facts.enrollments
    )
