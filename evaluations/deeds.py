"""What can happen to an evaluation, and how it is told: to the history triggers and to the journal."""

import json
import uuid
from enum import StrEnum

from django.db import connection

from evaluations.models import Evaluation
from journal.actions import record
from security.models import User


class Deed(StrEnum):
    REFERRED = "EVALUATION_REFERRED"
    CONSENT_REQUESTED = "CONSENT_REQUESTED"
    CONSENT_RECEIVED = "CONSENT_RECEIVED"
    CONSENT_REFUSED = "CONSENT_REFUSED"
    CONSENT_REVOKED = "CONSENT_REVOKED"
    NO_ASSESSMENT = "NO_ASSESSMENT_NEEDED"
    EXTENSION_ASKED = "EXTENSION_ASKED"
    EXTENSION_APPROVED = "EXTENSION_APPROVED"
    EXTENSION_REFUSED = "EXTENSION_REFUSED"
    COMPONENT_ASSIGNED = "COMPONENT_ASSIGNED"
    COMPONENT_COMPLETED = "COMPONENT_COMPLETED"
    COMPONENT_REOPENED = "COMPONENT_REOPENED"
    COMPONENT_TAKEN_BACK = "COMPONENT_TAKEN_BACK"
    COMPONENT_GIVEN_ON = "COMPONENT_GIVEN_ON"
    MET = "ELIGIBILITY_MEETING"
    MEMBER = "TEAM_MEMBER_RECORDED"
    MEMBER_LEFT_OUT = "TEAM_MEMBER_LEFT_OUT"
    WAIVED = "REEVALUATION_WAIVED"
    DETERMINED = "EVALUATION_DETERMINED"
    GIVEN_OUT = "EVALUATION_GIVEN_OUT"
    COPY_GIVEN = "EVALUATION_COPY_GIVEN"
    LOCKED = "EVALUATION_LOCKED"
    UNLOCKED = "EVALUATION_UNLOCKED"
    DISCARDED = "EVALUATION_DISCARDED"
    HANDED_OVER = "EVALUATION_HANDED_OVER"


WORDS = {
    Deed.REFERRED: "Referred for evaluation",
    Deed.CONSENT_REQUESTED: "Consent requested",
    Deed.CONSENT_RECEIVED: "Consent received",
    Deed.CONSENT_REFUSED: "Consent refused",
    Deed.CONSENT_REVOKED: "Consent withdrawn",
    Deed.NO_ASSESSMENT: "Parents told that no further assessment is needed",
    Deed.EXTENSION_ASKED: "Extension asked for",
    Deed.EXTENSION_APPROVED: "Extension approved",
    Deed.EXTENSION_REFUSED: "Extension refused",
    Deed.COMPONENT_ASSIGNED: "Component assigned",
    Deed.COMPONENT_COMPLETED: "Component completed",
    Deed.COMPONENT_REOPENED: "Component opened again",
    Deed.COMPONENT_TAKEN_BACK: "Component taken back",
    Deed.COMPONENT_GIVEN_ON: "Component given to somebody else",
    Deed.MET: "Eligibility meeting recorded",
    Deed.MEMBER: "Team member recorded",
    Deed.MEMBER_LEFT_OUT: "Team member taken out",
    Deed.WAIVED: "Reevaluation waived",
    Deed.DETERMINED: "Determination recorded",
    Deed.GIVEN_OUT: "Report given out",
    Deed.COPY_GIVEN: "Copy of the report given to the parents",
    Deed.LOCKED: "Locked",
    Deed.UNLOCKED: "Unlocked",
    Deed.DISCARDED: "Discarded",
    Deed.HANDED_OVER: "Handed over",
}

TELL = """
    SELECT set_config('pghistory.context_id', %s, true),
           set_config('pghistory.context_metadata',
                      (coalesce(nullif(current_setting('pghistory.context_metadata', true), ''), '{}')::jsonb
                       || %s::jsonb)::text, true)
"""


def begin(deed: Deed, *, by: User, reason: str = "") -> None:
    """From here on, the history triggers of this transaction write down who does what, and why."""
    context = {"user": by.pk, "deed": deed.value, "reason": reason}
    with connection.cursor() as cursor:
        cursor.execute(TELL, [str(uuid.uuid4()), json.dumps(context)])


def tell(
    deed: Deed,
    words: str,
    evaluation: Evaluation,
    *,
    by: User,
    reason: str = "",
    district_id: int | None = None,
) -> None:
    """One line in the journal; `words` follow the name of the deed ("Locked, initial, Oct 2, 2026").

    `district_id`: whose deed it is, where the evaluation is another's.
    """
    details = {"evaluation": evaluation.pk, "kind_of_evaluation": evaluation.kind}
    if reason:
        details["reason"] = reason
    record(
        deed,
        f"{WORDS[deed]}{words and ', '}{words}",
        by=by,
        student_id=evaluation.student_id,
        district_id=district_id or evaluation.district_id,
        **details,
    )
