"""Who has to sign before an IEP is official: the parents, or an adult student in their place.

The answer to an initial or interim IEP is a consent (34 CFR 300.300(b)). A review goes on where no parent
could be convinced to attend and the attempts are recorded (34 CFR 300.322(d)). An amendment without a meeting
rests on the parents' agreement alone (34 CFR 300.324(a)(4)).
"""

from collections.abc import Iterable
from dataclasses import dataclass

PARENT, STUDENT, REPRESENTATIVE, SPECIAL = "PAR", "STU", "ODR", "SPE"
CONSENT, REFUSAL = "CON", "REF"
FIRST = ("INI", "INT")
ANSWER = ("PLC", "choice")  # where the form keeps it

NO_CONSENT = "The first services need the consent of the parents: their signature is missing."
REFUSED = "The parents refuse the first services: without their consent none are provided."
NO_ANSWER = "The answer and signature of the parents are missing."
NOT_AGREED = "The parents do not agree to an amendment without a meeting: call the team together."


@dataclass(frozen=True)
class Answer:
    """The latest signature of those who decide that still stands; `code` of services_consents.csv."""

    code: str


def why_not_answered(
    kind: str, answers: Iterable[Answer], *, no_parent_attended: bool, by_agreement: bool
) -> str | None:
    """A sentence while the answer that this IEP needs is not there."""
    latest = list(answers)[-1:]
    if not latest:
        if kind in FIRST:
            return NO_CONSENT
        return None if no_parent_attended and not by_agreement else NO_ANSWER
    if kind in FIRST and latest[0].code != CONSENT:
        return REFUSED
    if by_agreement and latest[0].code != CONSENT:
        return NOT_AGREED
    return None


def decides(role: str, of_age: bool) -> bool:
    """Whose answer counts: the parents', and the student's own from the age of majority (34 CFR 300.520)."""
    return role == STUDENT if of_age else role == PARENT
