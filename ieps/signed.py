"""How far a draft has come on its way to be official: who signed, who approved, what is lacking."""

from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from ieps.checking import Finding, blocking, findings_of
from ieps.models import Attachment, Iep, Purpose, Signature
from ieps.outline import Written
from ieps.rules.conditions import holds
from ieps.rules.life import Stage, stage_of
from ieps.rules.majority import Signs, majority
from ieps.rules.signing import ANSWER, SPECIAL, Answer, decides, why_not_answered
from ieps.seal import seal_of
from ieps.written import written_of

ANOTHER_ANSWER = (
    "Placement tells another answer than the parents signed: put the answer back, or have them sign again."
)
NOT_APPROVED = "The approval of the district's representative is missing."


@dataclass(frozen=True)
class Member:
    """A participant as the IEP names them, with the signature that stands, and those made void."""

    line: int
    name: str
    role: str
    attended: bool
    decides: bool
    signature: Signature | None = None
    void: int = 0


class Signing:
    """One draft with its findings and signatures; each is read once."""

    def __init__(self, iep: Iep, written: Written | None = None) -> None:
        """`written` where it is at hand."""
        self.iep = iep
        if written is not None:
            self.written = written

    @cached_property
    def written(self) -> Written:
        return written_of(self.iep)

    @cached_property
    def findings(self) -> list[Finding]:
        return findings_of(self.iep, self.written)

    @cached_property
    def seal(self) -> str:
        """Of a draft that of its content; of an IEP that was agreed to, that which was approved."""
        approved = [each.sha256 for each in self.signatures if each.purpose == Purpose.APPROVAL]
        return seal_of(self.iep, self.written, self.files) if self.iep.is_draft else (approved or [""])[-1]

    @cached_property
    def files(self) -> list[Attachment]:
        return list(self.iep.attachments.select_related("document", "added_by"))

    @cached_property
    def signatures(self) -> list[Signature]:
        return list(self.iep.signatures.select_related("recorded_by", "paper"))

    @property
    def standing(self) -> list[Signature]:
        """Those given to the content as it is now; of an official IEP all that were."""
        return [each for each in self.signatures if each.sha256 == self.seal]

    @property
    def void(self) -> list[Signature]:
        return [each for each in self.signatures if each.sha256 != self.seal]

    @property
    def answer(self) -> Signature | None:
        return next((each for each in reversed(self.standing) if each.purpose == Purpose.CONSENT), None)

    @property
    def approval(self) -> Signature | None:
        return next((each for each in reversed(self.standing) if each.purpose == Purpose.APPROVAL), None)

    @cached_property
    def of_age(self) -> bool:
        """Whether the rights are the student's own (34 CFR 300.520)."""
        child = self.iep.student
        if child is None or child.birth_date is None:
            return False
        rights = majority(child.state.profile, child.birth_date)
        return rights.signs(timezone.localdate()) is Signs.STUDENT

    @cached_property
    def members(self) -> list[Member]:
        rows = self.written.circumstances.tables.get("GSI.participants", ())
        lines = [
            line.pk for line in self.written.lines if (line.section, line.table) == ("GSI", "participants")
        ]
        return [self._member(pk, row) for pk, row in zip(lines, rows, strict=True)]

    def _member(self, pk: int, row) -> Member:
        signed = [each for each in self.standing if each.line_id == pk and each.purpose != Purpose.APPROVAL]
        void = [each for each in self.void if each.line_id == pk]
        role = row.get("role", "")
        return Member(
            pk, row.get("name", ""), role, row.get("attended") == "Y", decides(role, self.of_age),
            signed[-1] if signed else None, len(void),
        )  # fmt: skip

    @property
    def teachers(self) -> list[str]:
        return [member.name for member in self.members if member.role == SPECIAL]

    @property
    def why_not_signed(self) -> str | None:
        """What is not ready for signatures yet."""
        left = blocking(self.findings, before_signing=True)
        return f"{_things(len(left))} to fill in or put right before anybody signs." if left else None

    @property
    def why_not_answered(self) -> str | None:
        answers = [each for each in self.standing if each.purpose == Purpose.CONSENT]
        return why_not_answered(
            self.iep.kind,
            [Answer(each.answer) for each in answers],
            no_parent_attended=holds("no_parent_attended", self.written.circumstances),
            by_agreement=self.iep.agreed_on is not None,
        )

    @property
    def why_not_official(self) -> str | None:
        """The first sentence that keeps it from being official."""
        left = blocking(self.findings)
        if left and not self.why_not_signed and not self.why_not_answered:
            return " ".join(each.sentence for each in left)
        return (
            self.why_not_signed
            or self.why_not_answered
            or self._why_not_as_signed
            or (None if self.approval else NOT_APPROVED)
        )

    @property
    def _why_not_as_signed(self) -> str | None:
        """The answer comes with the signature, but can be written over like every text."""
        written = self.written.texts.get(ANSWER, "").strip()
        return ANOTHER_ANSWER if self.answer and written != self.answer.answer else None

    @property
    def stage(self) -> Stage:
        return stage_of(self.why_not_signed is None, self.why_not_answered is None, self.approval is not None)


def _things(many: int) -> str:
    return "One thing is" if many == 1 else f"{many} things are"
