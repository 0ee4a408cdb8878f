"""The two records of an evaluation, field by field; what is absent is left out, never null."""

from datetime import date

from edfi.rules.facts import (
    ELIGIBLE,
    OTHER,
    ConnectionSettings,
    EnrollmentFacts,
    EvaluationFacts,
    Facts,
    IdeaPolicy,
    YearWindow,
)
from edfi.rules.records import SEORA, SSEPEA, NotSent, Record
from edfi.rules.tables import Condition

LATE_REASON_LENGTH = 255


def eligibility_record(
    facts: Facts,
    evaluation: EvaluationFacts,
    enrollment: EnrollmentFacts,
    window: YearWindow,
    settings: ConnectionSettings,
    today: date,
) -> Record:
    """The SSEPEA of this evaluation, all fields from it alone. EDFI-R13, R40 to R53. Raises NotSent."""
    key = {
        "consentToEvaluationReceivedDate": evaluation.consent_date.isoformat(),
        "educationOrganizationId": school_number(evaluation, enrollment),
        "programEducationOrganizationId": _program_owner(evaluation, settings),
        "programName": settings.program_name,
        "programTypeDescriptor": _descriptor("programType", "SPED", evaluation, settings),
        "studentUniqueId": facts.student.edfi_id,
    }
    payload = {
        "consentToEvaluationReceivedDate": key["consentToEvaluationReceivedDate"],
        "educationOrganizationReference": {"educationOrganizationId": key["educationOrganizationId"]},
        "programReference": {
            "educationOrganizationId": key["programEducationOrganizationId"],
            "programName": key["programName"],
            "programTypeDescriptor": key["programTypeDescriptor"],
        },
        "studentReference": {"studentUniqueId": key["studentUniqueId"]},
        "ideaPartDescriptor": _descriptor("ideaPart", "B", evaluation, settings),
        "eligibilityEvaluationTypeDescriptor": _descriptor(
            "eligibilityEvaluationType", "INIT", evaluation, settings
        ),
        "ideaIndicator": idea_indicator(facts, evaluation, window, settings),
        **_determination(evaluation, today),
        **_lateness(evaluation, settings),
    }
    return Record(SSEPEA, window.year, key, payload, evaluation.id)


def responsibility_record(
    facts: Facts,
    evaluation: EvaluationFacts,
    enrollment: EnrollmentFacts,
    window: YearWindow,
    settings: ConnectionSettings,
) -> Record:
    """The SEORA through which the state reaches a child who is only evaluated; it begins with the consent."""
    key = {
        "beginDate": evaluation.consent_date.isoformat(),
        "educationOrganizationId": school_number(evaluation, enrollment),
        "responsibilityDescriptor": _descriptor("responsibility", "SIE", evaluation, settings),
        "studentUniqueId": facts.student.edfi_id,
    }
    payload = {
        "beginDate": key["beginDate"],
        "responsibilityDescriptor": key["responsibilityDescriptor"],
        "educationOrganizationReference": {"educationOrganizationId": key["educationOrganizationId"]},
        "studentReference": {"studentUniqueId": key["studentUniqueId"]},
    }
    return Record(SEORA, window.year, key, payload, evaluation.id)


def school_number(evaluation: EvaluationFacts, enrollment: EnrollmentFacts) -> int:
    """The School Override first, else the enrollment's school. EDFI-R40, R18."""
    number = enrollment.override_school_edfi_id or enrollment.school_edfi_id
    if number is None:
        raise NotSent(Condition.NO_SCHOOL_NUMBER, evaluation.id)
    return number


def idea_indicator(
    facts: Facts, evaluation: EvaluationFacts, window: YearWindow, settings: ConnectionSettings
) -> bool:
    """EDFI-R51, reading C9: an official IEP in the school year, or the outcome if the connection says so."""
    if settings.idea_policy is IdeaPolicy.OUTCOME:
        return evaluation.outcome == ELIGIBLE
    return any(window.start <= iep.official_day <= window.end for iep in facts.ieps)


def _determination(evaluation: EvaluationFacts, today: date) -> dict:
    """EDFI-R45, R47: reported once the day has come."""
    if evaluation.determination_date is None or evaluation.determination_date > today:
        return {"evaluationCompleteIndicator": False}
    day = evaluation.determination_date.isoformat()
    return {"eligibilityDeterminationDate": day, "evaluationCompleteIndicator": True}


def _lateness(evaluation: EvaluationFacts, settings: ConnectionSettings) -> dict:
    """A delay reason or, for "Other", the text: never both. EDFI-R48, R49, R50."""
    if not evaluation.delay_reason:
        return {}
    if evaluation.delay_reason != OTHER:
        uri = _descriptor("evaluationDelayReason", evaluation.delay_reason, evaluation, settings)
        return {"evaluationDelayReasonDescriptor": uri}
    text = evaluation.late_reason.strip()
    if len(text) > LATE_REASON_LENGTH:
        raise NotSent(Condition.LATE_REASON_TOO_LONG, evaluation.id)
    return {"evaluationLateReason": text} if text else {}


def _program_owner(evaluation: EvaluationFacts, settings: ConnectionSettings) -> int:
    if settings.program_education_organization_id is None:
        raise NotSent(Condition.MISSING_FIELD, evaluation.id, "programReference.educationOrganizationId")
    return settings.program_education_organization_id


def _descriptor(name: str, code: str, evaluation: EvaluationFacts, settings: ConnectionSettings) -> str:
    if uri := settings.descriptors.get((name, code)):
        return uri
    raise NotSent(Condition.UNMAPPED_CODE, evaluation.id, code)
