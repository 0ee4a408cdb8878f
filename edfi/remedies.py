"""Where a reason is mended: on a page of the record, in the connection, or by a state value for a code."""

from dataclasses import dataclass

from django.urls import reverse

from edfi.models import Trouble
from edfi.rules.records import PARTICIPATION
from edfi.rules.tables import Condition, Fixer

WITHOUT_VALUE = {Condition.UNMAPPED_CODE, Condition.LEFT_OUT}
IN_THE_CONNECTION = {
    Condition.PROFILE_NOT_PUBLIC,
    Condition.NO_YEAR_CONFIGURATION,
    Condition.AFTER_YEAR_END,
    Condition.MISSING_FIELD,
    *WITHOUT_VALUE,
}


@dataclass(frozen=True)
class Value:
    """A local code whose state value is missing, or is not known there (`uri`)."""

    descriptor: str
    local_code: str
    uri: str = ""


@dataclass(frozen=True)
class Place:
    url: str
    words: str


def value_to_map(trouble: Trouble) -> Value | None:
    """The code behind the reason, if another state value for it is the remedy."""
    name, _, rest = trouble.about.partition(" ")
    if trouble.code in WITHOUT_VALUE:
        return Value(name, rest)
    if not name.endswith("Descriptor") or not rest:
        return None
    known = trouble.connection.descriptors().items()
    codes = [code for (descriptor, code), uri in known if uri == rest and f"{descriptor}Descriptor" == name]
    return Value(name.removesuffix("Descriptor"), codes[0], rest) if codes else None


def place_to_mend(trouble: Trouble) -> Place:
    if trouble.who == Fixer.EVALUATION_COORDINATOR:
        return Place(reverse("evaluations:evaluation", args=[trouble.evaluation_id]), "Open the evaluation")
    if trouble.who == Fixer.IEP_AUTHOR and trouble.resource == PARTICIPATION:
        return Place(reverse("ieps:iep", args=[trouble.evaluation_id]), "Open the IEP")
    if trouble.code in IN_THE_CONNECTION or trouble.about == "Program":
        return Place(reverse("edfi:connection", args=[trouble.connection_id]), "Open the connection")
    return Place(reverse("caseload:student", args=[trouble.student_id]), "Open the student")
