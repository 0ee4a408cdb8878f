"""One record three times: as it should be, as the state has it, as it was last sent."""

from datetime import date

import uvloop
from django.utils import timezone

from edfi.answers import Outcome
from edfi.calling import client_of
from edfi.client import Client
from edfi.models import Connection, Identity, Trouble
from edfi.patience import Patience
from edfi.reading import facts_of
from edfi.rules.desired import desired_records
from edfi.rules.records import SSEPEA, Record
from organizations.models import Site
from security import scope
from security.refusals import Unreachable
from ui.dates import in_words
from ui.parts import Difference

FIELDS = (
    ("Student at the state", "studentReference.studentUniqueId"),
    ("Consent received", "consentToEvaluationReceivedDate"),
    ("From", "beginDate"),
    ("To", "endDate"),
    ("School", "educationOrganizationReference.educationOrganizationId"),
    ("Responsibility", "responsibilityDescriptor"),
    ("Program", "programReference.programName"),
    ("Evaluation type", "eligibilityEvaluationTypeDescriptor"),
    ("Eligibility determined", "eligibilityDeterminationDate"),
    ("Evaluation complete", "evaluationCompleteIndicator"),
    ("Delay reason", "evaluationDelayReasonDescriptor"),
    ("Late reason", "evaluationLateReason"),
    ("Eligible", "ideaIndicator"),
    ("Part of IDEA", "ideaPartDescriptor"),
    ("IEP from", "iepBeginDate"),
    ("IEP to", "iepEndDate"),
    ("Last evaluation", "lastEvaluationDate"),
    ("Eligible by IDEA", "ideaEligibility"),
    ("Disabilities", "disabilities"),
    ("Setting", "specialEducationSettingDescriptor"),
    ("Hours of school a week", "schoolHoursPerWeek"),
    ("Services", "specialEducationProgramServices"),
    ("Hours of special education a week", "specialEducationHoursPerWeek"),
    ("Left school because of", "reasonExitedDescriptor"),
    ("Left special education", "specialEducationExitDate"),
    ("Left special education because of", "specialEducationExitReasonDescriptor"),
)
QUICK = Patience(tries=1, timeout=4)


def should_be(trouble: Trouble) -> Record | None:
    """Computed now, from the records as they are; None while it should not be there."""
    with scope.elevated():  # what is sent rests on facts of every district
        facts = facts_of([trouble.student_id], trouble.connection).get(trouble.student_id)
    if facts is None:
        return None
    desired = desired_records(facts, trouble.connection.rule_settings(), timezone.localdate())
    about = (trouble.resource or SSEPEA, trouble.evaluation_id)
    return next((r for r in desired.records if (r.resource, r.evaluation_id) == about), None)


def last_sent(trouble: Trouble) -> Identity | None:
    return Identity.objects.filter(
        connection=trouble.connection,
        student_id=trouble.student_id,
        evaluation_id=trouble.evaluation_id,
        resource=trouble.resource or SSEPEA,
    ).first()


def is_there(connection: Connection, resource: str, year: int, natural_key: dict) -> dict | None:
    """The state's copy, or None. Raises Unreachable with a sentence."""

    async def look() -> dict | None:
        async with client_of(connection, QUICK) as client:
            await client.reach(year)
            return await copy_of(client, resource, year, natural_key)

    return uvloop.run(look())


async def copy_of(client: Client, resource: str, year: int, natural_key: dict) -> dict | None:
    found = await client.find(resource, year, natural_key)
    if isinstance(found, Outcome):
        raise Unreachable("The state did not show its copy of this record.")
    return found


def differences(wanted: dict | None, there: dict | None, sent: dict | None) -> list[Difference]:
    """Rows of the comparison; fields that none of the three has are left out."""
    rows = []
    for label, path in FIELDS:
        values = [_at(payload, path) for payload in (wanted, there, sent)]
        if any(value is not None for value in values):
            words = [
                in_words_of(value, path) if payload is not None else "(no record)"
                for value, payload in zip(values, (wanted, there, sent), strict=True)
            ]
            differs = wanted is not None and there is not None and not _same(*values[:2])
            rows.append(Difference(label, words, technical=path.rpartition(".")[2], differs=differs))
    return rows


def _same(one: object, other: object) -> bool:
    """The state may hold a list in another order."""
    if isinstance(one, list) and isinstance(other, list):
        return _codes(one) == _codes(other)
    return one == other


def _codes(items: list) -> list[str]:
    """The codes of a list of disabilities or services."""
    values = (value for item in items for name, value in item.items() if name.endswith("Descriptor"))
    return sorted(str(value).rpartition("#")[2] for value in values)


def in_words_of(value: object, path: str) -> str:
    """A value as a person reads it: days, yes and no, the code of a descriptor, the name of a school."""
    if value is None:
        return "(nothing)"
    if isinstance(value, list):
        return ", ".join(_codes(value)) or "(nothing)"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if path.endswith(("Date", "beginDate")):
        return in_words(date.fromisoformat(str(value)[:10]))
    if path.endswith("Descriptor"):
        return str(value).rpartition("#")[2]
    if path.endswith("educationOrganizationId"):
        site = Site.objects.filter(edfi_id=value).first()
        return f"{site} ({value})" if site else str(value)
    return str(value)


def _at(payload: dict | None, path: str) -> object:
    value: object = payload
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value
