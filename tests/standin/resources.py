"""The resources that the stand-in knows: keys, references and types of Data Standard 5.0."""

from dataclasses import dataclass
from datetime import date

from . import problems

STUDENTS = "students"
SCHOOLS = "schools"
PROGRAMS = "programs"
SSA = "studentSchoolAssociations"
SEORA = "studentEducationOrganizationResponsibilityAssociations"
SSEPEA = "studentSpecialEducationProgramEligibilityAssociations"
PARTICIPATION = "studentSpecialEducationProgramAssociations"
TRUTHS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True)
class Resource:
    """`key` and `fields` are dotted paths; a field is a date, text, integer, boolean or descriptor."""

    name: str
    item: str
    key: tuple[str, ...]
    fields: dict[str, str]
    references: tuple[str, ...] = ()
    updatable: bool = False
    max_lengths: tuple[tuple[str, int], ...] = ()

    @property
    def required(self) -> tuple[str, ...]:
        extra = ("ideaPartDescriptor",) if self.name == SSEPEA else ()
        return self.key + extra


STUDENT, ED_ORG = "studentReference.studentUniqueId", "educationOrganizationReference.educationOrganizationId"
PROGRAM_KEY = ("educationOrganizationId", "programName", "programTypeDescriptor")
PROGRAM = tuple(f"programReference.{part}" for part in PROGRAM_KEY)

RESOURCES = {
    resource.name: resource
    for resource in (
        Resource(STUDENTS, "Student", ("studentUniqueId",), {"studentUniqueId": "text", "birthDate": "date"}),
        Resource(SCHOOLS, "School", ("schoolId",), {"schoolId": "integer"}),
        Resource(
            PROGRAMS,
            "Program",
            (ED_ORG, "programName", "programTypeDescriptor"),
            {ED_ORG: "integer", "programName": "text", "programTypeDescriptor": "descriptor"},
        ),
        Resource(
            SSA,
            "StudentSchoolAssociation",
            ("entryDate", "schoolReference.schoolId", STUDENT),
            {
                "entryDate": "date",
                "exitWithdrawDate": "date",
                "schoolReference.schoolId": "integer",
                STUDENT: "text",
            },
            references=("studentReference", "schoolReference"),
            updatable=True,
        ),
        Resource(
            SEORA,
            "StudentEducationOrganizationResponsibilityAssociation",
            ("beginDate", ED_ORG, "responsibilityDescriptor", STUDENT),
            {
                "beginDate": "date",
                "endDate": "date",
                ED_ORG: "integer",
                "responsibilityDescriptor": "descriptor",
                STUDENT: "text",
            },
            references=("studentReference", "educationOrganizationReference"),
        ),
        Resource(
            SSEPEA,
            "StudentSpecialEducationProgramEligibilityAssociation",
            ("consentToEvaluationReceivedDate", ED_ORG, *PROGRAM, STUDENT),
            {
                "consentToEvaluationReceivedDate": "date",
                "eligibilityDeterminationDate": "date",
                ED_ORG: "integer",
                STUDENT: "text",
                **dict(zip(PROGRAM, ("integer", "text", "descriptor"), strict=True)),
                "ideaPartDescriptor": "descriptor",
                "eligibilityEvaluationTypeDescriptor": "descriptor",
                "evaluationDelayReasonDescriptor": "descriptor",
                "evaluationCompleteIndicator": "boolean",
                "ideaIndicator": "boolean",
                "evaluationLateReason": "text",
            },
            references=("studentReference", "educationOrganizationReference", "programReference"),
            max_lengths=(("evaluationLateReason", 255),),
        ),
        Resource(
            PARTICIPATION,
            "StudentSpecialEducationProgramAssociation",
            ("beginDate", ED_ORG, *PROGRAM, STUDENT),
            {
                **dict.fromkeys(("beginDate", "endDate", "iepBeginDate", "iepEndDate"), "date"),
                **dict.fromkeys(("lastEvaluationDate", "specialEducationExitDate"), "date"),
                ED_ORG: "integer",
                STUDENT: "text",
                **dict(zip(PROGRAM, ("integer", "text", "descriptor"), strict=True)),
                "ideaEligibility": "boolean",
                **dict.fromkeys(("schoolHoursPerWeek", "specialEducationHoursPerWeek"), "number"),
                "reasonExitedDescriptor": "descriptor",
                "specialEducationExitReasonDescriptor": "descriptor",
                "specialEducationSettingDescriptor": "descriptor",
                "disabilities[].disabilityDescriptor": "descriptor",
                "specialEducationProgramServices[].specialEducationProgramServiceDescriptor": "descriptor",
            },
            references=("studentReference", "educationOrganizationReference", "programReference"),
        ),
    )
}


def value_at(payload: dict, path: str) -> object:
    """The value at a dotted path, None where it is absent."""
    for part in path.split("."):
        payload = payload.get(part) if isinstance(payload, dict) else None
    return payload


def natural_key(resource: Resource, payload: dict) -> tuple:
    return tuple(value_at(payload, path) for path in resource.key)


def as_taken(resource: Resource, payload: object) -> object:
    """Without fields that nobody knows, and with booleans that came as text. EDFI-B14."""
    if not isinstance(payload, dict):
        return payload
    known = {path.partition(".")[0].removesuffix("[]") for path in resource.fields}
    truths = {path for path, kind in resource.fields.items() if kind == "boolean"}
    return {
        name: TRUTHS.get(str(value).lower(), value) if name in truths else value
        for name, value in payload.items()
        if name in known
    }


def check_body(resource: Resource, payload: object, descriptors: set[str]) -> None:
    """Raise the 400 that names every bad field at once (EDFI-B11, EDFI-B12, EDFI-B13)."""
    if not isinstance(payload, dict):
        raise problems.bad_request("The request body is not a JSON object.")
    errors = {
        f"$.{where}": [message]
        for path in resource.fields
        for where, value in _places(payload, path)
        if (message := _why_not(resource, path, value, descriptors))
    }
    if errors:
        raise problems.invalid(errors)


def _places(payload: dict, path: str) -> list[tuple[str, object]]:
    """(path as a problem names it, value): one, or one for each item of a list ("disabilities[].x")."""
    name, is_list, inner = path.partition("[].")
    if not is_list:
        return [(path, value_at(payload, path))]
    items = payload.get(name) or []
    return [(f"{name}[{place}].{inner}", value_at(item, inner)) for place, item in enumerate(items)]


def _why_not(resource: Resource, path: str, value: object, descriptors: set[str]) -> str | None:
    name = path.rsplit(".", 1)[-1]
    if value is None:
        return f"{name} is required." if path in resource.required else None
    kind = resource.fields[path]
    if kind == "descriptor":
        title = name[0].upper() + name[1:]
        return None if value in descriptors else f"{title} value '{value}' does not exist."
    if not _is(kind, value):
        return f"{name}: the value is not a {kind}."
    if isinstance(value, str) and value != value.strip() and path in resource.key:
        return f"{name} cannot contain leading or trailing spaces."
    if isinstance(value, str) and len(value) > dict(resource.max_lengths).get(path, 1000):
        return f"{name} is too long."
    return None


def _is(kind: str, value: object) -> bool:
    if kind == "date":
        return isinstance(value, str) and _is_date(value)
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, {"text": str, "boolean": bool}[kind]) and value != ""


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
