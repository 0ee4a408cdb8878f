"""What a refusal is about: the one thing to mend, however many records it keeps back."""

import re
from collections.abc import Mapping
from typing import Any

from edfi.rules.records import PARTICIPATION, SEORA, SSEPEA
from edfi.rules.words import in_words

NAMES = {
    SSEPEA: "eligibility record",
    SEORA: "responsibility record",
    PARTICIPATION: "program record",
}
STUDENT = "Student"
# What the state has to know first, and how it comes to know it.
SENT_BY = {
    STUDENT: "The SIS sends it.",
    "School": "Check the school's Ed-Fi number.",
    "EducationOrganization": "Check the school's Ed-Fi number.",
    "Program": "Check the program's organization and name in the connection.",
}
MOST = 400


def root_of(about: str, payload: Mapping[str, Any]) -> str:
    """ "evaluationDelayReasonDescriptor uri://…#C", "Student", "evaluationLateReason".

    Equal for equal causes. Of values only descriptors are named, which come from our tables.
    """
    name = field_of(about)
    value = _value_at(payload, about)
    is_descriptor = name.endswith("Descriptor") and isinstance(value, str)
    return f"{name} {value}"[:MOST] if is_descriptor else name


def field_of(about: str) -> str:
    """The last name of a path, without its place in a list."""
    return re.sub(r"\[\d+\]", "", about).rpartition(".")[2]


def refusal(root: str, resource: str) -> str:
    """Why the state does not take the record, in a sentence."""
    name, _, uri = root.partition(" ")
    if uri:
        return f"The state has no value “{uri.rpartition('#')[2][:60]}” for the {in_words(name)}."
    if name:
        return f"The state refused the {NAMES[resource]} because of the {in_words(name)}."
    return f"The state refused the {NAMES[resource]}."


def waiting(root: str) -> str:
    """For which other record it waits, in a sentence that is the same for all that wait for it."""
    if root in SENT_BY:
        name = "school" if root == "EducationOrganization" else in_words(root)
        return f"The state does not have the {name} yet. {SENT_BY[root]}"
    return "Another record must be at the state first. The SIS sends it."


def _value_at(payload: Mapping[str, Any], path: str) -> Any:
    value: Any = payload
    for part in re.findall(r"\w+", path):
        if isinstance(value, list):
            value = value[int(part)] if part.isdigit() and int(part) < len(value) else None
        else:
            value = value.get(part) if isinstance(value, Mapping) else None
    return value
