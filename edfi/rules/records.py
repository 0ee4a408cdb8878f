"""What the state should hold, and why it should not hold more."""

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from edfi.rules.tables import Condition, Fixer, conditions
from edfi.rules.words import in_words

SEORA = "studentEducationOrganizationResponsibilityAssociations"
SSEPEA = "studentSpecialEducationProgramEligibilityAssociations"
PARTICIPATION = "studentSpecialEducationProgramAssociations"
RESOURCES = (SEORA, SSEPEA, PARTICIPATION)


OF_IEPS = frozenset({"disability", "specialEducationSetting", "specialEducationProgramService"})
OF_PROGRAMS = OF_IEPS | {"specialEducationExitReason", "reasonExited"}


def resources_with(descriptor: str) -> tuple[str, ...]:
    """The resources whose records hold values of this descriptor."""
    if descriptor == "responsibility":
        return (SEORA,)
    if descriptor == "programType":
        return (SSEPEA, PARTICIPATION)
    return (PARTICIPATION,) if descriptor in OF_PROGRAMS else (SSEPEA,)


def canonical(value: object) -> bytes:
    """As JSON with sorted names and no blanks, so that order of writing is no change."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON."""
    return hashlib.sha256(canonical(value)).hexdigest()


Payload = dict[str, Any]
Address = tuple[str, int, str]
Source = tuple[str, int]


def source_of(resource: str, number: int) -> Source:
    """Of what a record tells: ("iep", id) or ("evaluation", id)."""
    return ("iep" if resource == PARTICIPATION else "evaluation"), number


@dataclass(frozen=True)
class Record:
    """One Ed-Fi record of one school year; `natural_key` holds flat names, `payload` what it says.

    It is written out once: `body` is what is sent, and what `payload_digest` is the digest of.
    `evaluation_id`: the evaluation it comes from, or the IEP of a program record (see `source_of`).
    """

    resource: str
    year: int
    natural_key: Payload
    payload: Payload
    evaluation_id: int

    @cached_property
    def key_digest(self) -> str:
        return digest(self.natural_key)

    @cached_property
    def body(self) -> bytes:
        return canonical(self.payload)

    @cached_property
    def payload_digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    @property
    def address(self) -> Address:
        """(resource, school year, digest of the natural key)"""
        return self.resource, self.year, self.key_digest


@dataclass(unsafe_hash=True)
class NotSent(Exception):
    """Why an evaluation is not at the state, in a sentence. Raised while deciding, listed afterwards."""

    code: Condition
    evaluation_id: int
    field: str = ""
    descriptor: str = ""
    resource: str = ""

    @property
    def about(self) -> str:
        """The root of the reason: equal for all that one thing would mend."""
        return f"{self.descriptor} {self.field}".strip()

    @property
    def sentence(self) -> str:
        words = {"field": self.field, "descriptor": in_words(self.descriptor)}
        return conditions()[self.code].sentence.format(**words)

    @property
    def needs_person(self) -> bool:
        return conditions()[self.code].who is not Fixer.NOBODY


@dataclass(frozen=True)
class Desired:
    """`has_reported_enrollment`: the state also reaches the child through an enrollment from the SIS."""

    records: tuple[Record, ...] = ()
    not_sent: tuple[NotSent, ...] = ()
    warnings: tuple[NotSent, ...] = ()
    has_reported_enrollment: bool = False
    by_address: dict[Address, Record] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_address", {record.address: record for record in self.records})
