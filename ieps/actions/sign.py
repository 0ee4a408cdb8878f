"""Signatures: of those who took part, of the parents with their answer, and the approval of the district."""

import re
from dataclasses import dataclass
from datetime import date

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from documents.actions import store
from documents.models import Document
from ieps import access
from ieps.actions.hold import hold, hold_with_texts
from ieps.actions.save_text import save_text
from ieps.models import Iep, Purpose, Signature
from ieps.models.signature import Way
from ieps.rules.codes import CodeSet, name_of
from ieps.rules.signing import ANSWER, REPRESENTATIVE
from ieps.signed import Member, Signing
from journal.actions import record
from security.models import User
from security.refusals import RuleBroken

DRAWN = re.compile(r"M[MLQC0-9 .,-]{8,20000}")
SIGNED_PAPER = "signed_iep"
CHANGED = "The IEP was changed since you opened this page. Read it once more, then sign."


@dataclass(frozen=True)
class Given:
    """How it was signed: `name` as typed, `drawing` an SVG path, or the scanned `file` with the day on it.

    `seen`: the seal of the content that the person had before them; what came since they have not read.
    """

    name: str
    way: str = Way.TYPED
    drawing: str = ""
    file: File | None = None
    signed_on: date | None = None
    ip: str | None = None
    seen: str = ""


@transaction.atomic
def sign(*, by: User, iep: Iep, line: int, given: Given, answer: str = "") -> Signature:
    """A participant signs the content as it stands; who decides gives an `answer` of services_consents.csv.

    `line` is that of the participant. Raises NotAllowed, RuleBroken, documents.rules.FileRefused.
    """
    section, field = ANSWER
    iep = hold_with_texts(iep, section=section, field=field)
    access.check_may_write(by, iep)
    signing = Signing(iep)
    member = _member(signing, line)
    _check(signing, member, given, answer)
    purpose = Purpose.CONSENT if member.decides else Purpose.TEAM
    signature = _keep(by, iep, signing, given, purpose=purpose, role=member.role, line=line, answer=answer)
    if member.decides:
        _write_answer(by, iep, answer)
    _tell("IEP_SIGNED", f"Signed the {iep.title}, as {_role(member.role)}", signature, by)
    return signature


@transaction.atomic
def approve(*, by: User, iep: Iep, given: Given) -> Signature:
    """The district's representative approves the content that was signed. LAC 28:XCVII.107.A.1.

    Raises NotAllowed, RuleBroken (what is lacking; the own child).
    """
    iep = hold(iep)
    signing = Signing(iep)
    access.check_may_approve(by, iep, signing.teachers)
    if sentence := signing.why_not_signed or signing.why_not_answered:
        raise RuleBroken(sentence)
    _check_given(given, signing)
    signature = _keep(by, iep, signing, given, purpose=Purpose.APPROVAL, role=REPRESENTATIVE)
    _tell("IEP_APPROVED", f"Approved the {iep.title}", signature, by)
    return signature


def _member(signing: Signing, line: int) -> Member:
    found = next((member for member in signing.members if member.line == line), None)
    if found is None:
        raise RuleBroken("This participant is not in the IEP any more.")
    return found


def _check(signing: Signing, member: Member, given: Given, answer: str) -> None:
    if sentence := signing.why_not_signed:
        raise RuleBroken(sentence)
    if member.signature:
        raise RuleBroken(f"{member.name} has signed this already.")
    if member.decides and not name_of(CodeSet.SERVICES_CONSENT, answer):
        raise RuleBroken("Choose the answer of the parents.", "answer")
    _check_given(given, signing)


def _check_given(given: Given, signing: Signing) -> None:
    if given.seen and given.seen != signing.seal:
        raise RuleBroken(CHANGED)
    if not given.name.strip():
        raise RuleBroken("Type the name of the person who signs.", "name")
    if given.way == Way.DRAWN and not DRAWN.fullmatch(given.drawing):
        raise RuleBroken("Draw the signature, or type the name instead.", "drawing")
    if given.way == Way.PAPER:
        _check_paper(given)


def _check_paper(given: Given) -> None:
    if given.file is None:
        raise RuleBroken("Choose the scanned page that was signed.", "file")
    if given.signed_on is None:
        raise RuleBroken("Say when the paper was signed.", "signed_on")
    if given.signed_on > timezone.localdate():
        raise RuleBroken("The day on the paper is in the future.", "signed_on")


def _keep(by: User, iep: Iep, signing: Signing, given: Given, **of_whom) -> Signature:
    line = of_whom.pop("line", None)
    on_paper = given.way == Way.PAPER
    return Signature.objects.create(
        iep=iep,
        line_id=line,
        name=" ".join(given.name.split())[:120],
        way=given.way,
        drawing=given.drawing if given.way == Way.DRAWN else "",
        paper=_paper(by, iep, given) if on_paper else None,
        signed_on=given.signed_on if on_paper else timezone.localdate(),
        sha256=signing.seal,
        ip=given.ip,
        recorded_by=by,
        **of_whom,
    )


def _paper(by: User, iep: Iep, given: Given) -> Document:
    return store(given.file, SIGNED_PAPER, by.pk, student_id=iep.student_id, district_id=iep.district_id)


def _write_answer(by: User, iep: Iep, answer: str) -> None:
    section, field = ANSWER
    stored = iep.texts.filter(section=section, field=field).first()
    version = stored.version if stored else 0
    save_text(by=by, iep=iep, section=section, field=field, text=answer, version=version)


def _role(code: str) -> str:
    return name_of(CodeSet.PARTICIPANT_ROLE, code).lower() or "somebody else"


def _tell(kind: str, words: str, signature: Signature, by: User) -> None:
    iep = signature.iep
    record(
        kind, words, by=by, student_id=iep.student_id, district_id=iep.district_id,
        iep=iep.pk, signature=signature.pk, way=signature.way, answer=signature.answer,
    )  # fmt: skip
