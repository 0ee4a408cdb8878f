"""A record as the state shows it, made comparable with one of ours.

Servers write the same value in more ways than one: descriptors in another case, days with a time, booleans
as text, and fields beside those that we send (EDFI-B14). None of that is a difference.
"""

from collections.abc import Collection, Iterable
from datetime import date

from edfi.rules.facts import ConnectionSettings
from edfi.rules.records import PARTICIPATION, SEORA, SSEPEA, Payload, digest
from edfi.rules.years import year_of_day

ED_ORG = "educationOrganizationReference.educationOrganizationId"
NESTED = {
    "educationOrganizationId": ED_ORG,
    "programEducationOrganizationId": "programReference.educationOrganizationId",
    "programName": "programReference.programName",
    "programTypeDescriptor": "programReference.programTypeDescriptor",
    "studentUniqueId": "studentReference.studentUniqueId",
}
DAY = {SEORA: "beginDate", SSEPEA: "consentToEvaluationReceivedDate", PARTICIPATION: "beginDate"}
KEYS = {
    SEORA: ("beginDate", "educationOrganizationId", "responsibilityDescriptor", "studentUniqueId"),
    SSEPEA: ("consentToEvaluationReceivedDate", *NESTED),
    PARTICIPATION: ("beginDate", *NESTED),
}
BESIDE_THE_KEY = {
    SEORA: (),
    SSEPEA: (
        "ideaPartDescriptor",
        "eligibilityEvaluationTypeDescriptor",
        "ideaIndicator",
        "eligibilityDeterminationDate",
        "evaluationCompleteIndicator",
        "evaluationDelayReasonDescriptor",
        "evaluationLateReason",
    ),
    PARTICIPATION: (
        "iepBeginDate",
        "iepEndDate",
        "endDate",
        "lastEvaluationDate",
        "ideaEligibility",
        "disabilities",
        "specialEducationSettingDescriptor",
        "schoolHoursPerWeek",
        "specialEducationHoursPerWeek",
        "specialEducationProgramServices",
        "reasonExitedDescriptor",
        "specialEducationExitDate",
        "specialEducationExitReasonDescriptor",
    ),
}
TRUTHS = {"true": True, "1": True, "false": False, "0": False}


def flat_key(item: Payload, names: Iterable[str]) -> Payload:
    """The natural key of a record as the API shows it, under the flat names of our keys."""
    return {name: _at(item, NESTED.get(name, name)) for name in names}


def same_key(item: Payload, key: Payload) -> bool:
    return canonical(flat_key(item, key)) == canonical(key)


def spot(key: Payload) -> str:
    """Equal for two ways to write the same natural key."""
    return digest(canonical(key))


def comparable(resource: str, item: Payload) -> Payload:
    """Only what we may send beside the key, each value in one way of writing; absent where it is empty."""
    return canonical({name: item.get(name) for name in BESIDE_THE_KEY[resource]})


def canonical(values: Payload) -> Payload:
    return {name: _plain(name, value) for name, value in values.items() if value not in (None, "", [])}


def _plain(name: str, value: object) -> object:
    if isinstance(value, list):
        return sorted((canonical(each) for each in value), key=digest)
    text = str(value)
    if name.endswith("Descriptor"):
        return text.casefold()
    if name.endswith("Date"):
        return text[:10]
    if name.endswith(("Indicator", "Eligibility")):
        return TRUTHS.get(text.lower(), text)
    if name.endswith("PerWeek"):
        return float(text)
    return text


def is_ours(resource: str, item: Payload, settings: ConnectionSettings, schools: Collection[int]) -> bool:
    """A record of the kind that we send, at one of these schools. EDFI-A9, B22.

    Others send responsibilities of other kinds, other programs and other types of evaluation. Of a program
    record nothing tells whether we or the student information system sent it, so none counts as ours.
    """
    if resource == PARTICIPATION or _at(item, ED_ORG) not in schools:
        return False
    if resource == SEORA:
        return _means(item, "responsibilityDescriptor", settings, ("responsibility", "SIE"))
    kind = ("eligibilityEvaluationType", "INIT")
    return (
        _at(item, NESTED["programEducationOrganizationId"]) == settings.program_education_organization_id
        and _at(item, NESTED["programName"]) == settings.program_name
        and _means(item, NESTED["programTypeDescriptor"], settings, ("programType", "SPED"))
        and (
            "eligibilityEvaluationTypeDescriptor" not in item
            or _means(item, "eligibilityEvaluationTypeDescriptor", settings, kind)
        )
    )


def year_there(resource: str, item: Payload, settings: ConnectionSettings) -> int:
    """The school year of a record in an ODS that holds all years."""
    return year_of_day(date.fromisoformat(str(item[DAY[resource]])[:10]), settings)


def _means(item: Payload, path: str, settings: ConnectionSettings, code: tuple[str, str]) -> bool:
    return str(_at(item, path)).casefold() == settings.descriptors.get(code, "").casefold()


def _at(item: object, path: str) -> object:
    for part in path.split("."):
        item = item.get(part) if isinstance(item, dict) else None
    return item
