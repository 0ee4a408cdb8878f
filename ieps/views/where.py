"""Where an IEP stands, what is next, and who does it: told on its page."""

from dataclasses import dataclass, field

from django.urls import reverse

from ieps import access
from ieps.checking import Finding
from ieps.models import Iep
from ieps.rules.life import Stage, Standing, stages
from ieps.signed import Signing
from security.models import User
from ui.dates import in_words
from ui.parts import Check, Phase, Status

Link = tuple[str, str]
TONES = {
    Standing.DRAFT: Status("info", "draft", "edit"),
    Standing.CURRENT: Status("good", "current", "check_circle"),
    Standing.FUTURE: Status("info", "future", "schedule"),
    Standing.HISTORICAL: Status("quiet", "historical", "history"),
    Standing.DELETED: Status("quiet", "deleted", "delete"),
}


@dataclass(frozen=True)
class Where:
    """`links` lead on, the first one is what is next for this person."""

    phases: list[Phase] = field(default_factory=list)
    words: str = ""
    why_not: str | None = None
    links: list[Link] = field(default_factory=list)


def where(user: User, iep: Iep) -> Where:
    if iep.student_id is None:
        return Where()
    return _draft(user, iep, Signing(iep)) if iep.is_draft else _agreed(user, iep)


def phases_of(signing: Signing) -> list[Phase]:
    order = [row.stage for row in stages()]
    now = order.index(signing.stage)
    return [
        Phase(row.name, "done" if place < now else "now" if place == now else "todo", f"by {row.who}")
        for place, row in enumerate(stages())
    ]


def checks_of(iep: Iep, findings: list[Finding]) -> list[Check]:
    return [
        Check(
            "bad" if each.is_blocking else "warn", each.sentence,
            ". ".join(filter(None, (each.title, each.authority))), _address(iep, each),
        )
        for each in findings
    ]  # fmt: skip


def _address(iep: Iep, each: Finding) -> str:
    if each.key == "docs":
        return f"{reverse('ieps:review', args=[iep.pk])}#attach"
    return f"{reverse('ieps:section', args=[iep.pk, each.section])}#{each.anchor}"


def _draft(user: User, iep: Iep, signing: Signing) -> Where:
    words = {
        Stage.WRITTEN: signing.why_not_signed,
        Stage.SIGNED: signing.why_not_answered,
        Stage.APPROVED: "Everybody has signed who has to. The district's representative approves it next.",
        Stage.OFFICIAL: signing.why_not_official or "Everything is there: it can be made official.",
    }[signing.stage]
    links = [("Check, sign and approve", reverse("ieps:review", args=[iep.pk]))]
    return Where(phases_of(signing), words or "", None, links)


def _agreed(user: User, iep: Iep) -> Where:
    offered = (
        ("Amend", "ieps:amend", access.why_not_amend(user, iep)),
        ("Correct a slip of the pen", "ieps:correct", access.why_not_correct(user, iep)),
        ("Ask to delete it", "ieps:deletion", access.why_not_ask_deletion(user, iep)),
    )
    links = [(label, reverse(name, args=[iep.pk])) for label, name, why_not in offered if why_not is None]
    if iep.parent_date or iep.odr_date:
        links.append(("Signatures and files", reverse("ieps:review", args=[iep.pk])))
    if iep.amends_id:
        links.insert(0, ("What it changes", reverse("ieps:changes", args=[iep.pk])))
    return Where([], _words(iep), None, links)


def _words(iep: Iep) -> str:
    first = in_words(iep.first_day) if iep.first_day else ""
    if iep.replaced_from:
        how = "amended" if iep.replaced_by and iep.replaced_by.amends_id else "replaced by a newer one"
        return f"In effect from {first}; {how} from {in_words(iep.replaced_from)}."
    if iep.standing is Standing.FUTURE:
        return f"Official, and in effect from {first} on; until then the earlier IEP stands."
    return f"In effect from {first}." if first else ""
