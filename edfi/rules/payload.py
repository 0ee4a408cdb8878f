"""The two records of an evaluation, field by field; what is absent is left out, never null."""

from dataclasses import dataclass
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
from edfi.rules.records import SEORA, SSEPEA, NotSent, Payload, Record
from edfi.rules.tables import Condition

LATE_REASON_LENGTH = 255


@dataclass(frozen=True)
class Case:
    """An evaluation that is to be sent: its dates, the enrollment it reports from, its school year."""

    facts: Facts
    evaluation: EvaluationFacts
    consent: date
    determination: date
    enrollment: EnrollmentFacts
    window: YearWindow
    settings: ConnectionSettings
    today: date

    def without(self, condition: Condition, field: str = "") -> NotSent:
        """Why this case cannot be sent after all; to be raised."""
        return NotSent(condition, self.evaluation.id, field)


def eligibility_record(case: Case) -> Record:
    """The SSEPEA of this evaluation, all fields from it alone. EDFI-R13, R40 to R53. Raises NotSent."""
    key: Payload = {
        "consentToEvaluationReceivedDate": case.consent.isoformat(),
        "educationOrganizationId": school_number(case),
        "programEducationOrganizationId": _program_owner(case),
        "programName": case.settings.program_name,
        "programTypeDescriptor": _descriptor("programType", "SPED", case),
        "studentUniqueId": case.facts.student.edfi_id,
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
        "ideaPartDescriptor": _descriptor("ideaPart", "B", case),
        "eligibilityEvaluationTypeDescriptor": _descriptor("eligibilityEvaluationType", "INIT", case),
        "ideaIndicator": idea_indicator(case),
        **_determination(case),
        **_lateness(case),
    }
    return Record(SSEPEA, case.window.year, key, payload, case.evaluation.id)


def responsibility_record(case: Case) -> Record:
    """The SEORA through which the state reaches a child who is only evaluated; it begins with the consent."""
    key: Payload = {
        "beginDate": case.consent.isoformat(),
        "educationOrganizationId": school_number(case),
        "responsibilityDescriptor": _descriptor("responsibility", "SIE", case),
        "studentUniqueId": case.facts.student.edfi_id,
    }
    payload = {
        "beginDate": key["beginDate"],
        "responsibilityDescriptor": key["responsibilityDescriptor"],
        "educationOrganizationReference": {"educationOrganizationId": key["educationOrganizationId"]},
        "studentReference": {"studentUniqueId": key["studentUniqueId"]},
    }
    return Record(SEORA, case.window.year, key, payload, case.evaluation.id)


def school_number(case: Case) -> int:
    """The School Override first, else the enrollment's school. EDFI-R40, R18."""
    number = case.enrollment.override_school_edfi_id or case.enrollment.school_edfi_id
    if number is None:
        raise case.without(Condition.NO_SCHOOL_NUMBER)
    return number


def idea_indicator(case: Case) -> bool:
    """EDFI-R51, reading C9: an official IEP in the school year, or the outcome if the connection says so."""
    if case.settings.idea_policy is IdeaPolicy.OUTCOME:
        return case.evaluation.outcome == ELIGIBLE
    return any(case.window.start <= iep.official_day <= case.window.end for iep in case.facts.ieps)


def _determination(case: Case) -> Payload:
    """EDFI-R45, R47: reported once the day has come."""
    if case.determination > case.today:
        return {"evaluationCompleteIndicator": False}
    day = case.determination.isoformat()
    return {"eligibilityDeterminationDate": day, "evaluationCompleteIndicator": True}


def _lateness(case: Case) -> Payload:
    """A delay reason or, for "Other", the text: never both. EDFI-R48, R49, R50."""
    reason, text = case.evaluation.delay_reason, case.evaluation.late_reason.strip()
    if reason and reason != OTHER:
        return {"evaluationDelayReasonDescriptor": _descriptor("evaluationDelayReason", reason, case)}
    if reason == OTHER and len(text) > LATE_REASON_LENGTH:
        raise case.without(Condition.LATE_REASON_TOO_LONG)
    return {"evaluationLateReason": text} if reason and text else {}


def _program_owner(case: Case) -> int:
    if case.settings.program_education_organization_id is None:
        raise case.without(Condition.MISSING_FIELD, "programReference.educationOrganizationId")
    return case.settings.program_education_organization_id


def _descriptor(name: str, code: str, case: Case) -> str:
    if uri := case.settings.descriptors.get((name, code)):
        return uri
    raise NotSent(Condition.UNMAPPED_CODE, case.evaluation.id, code, name)
