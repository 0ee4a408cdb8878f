"""An IEP on paper: what the printed form is given, section by section, as on the screen."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils import timezone

from documents.printing import printed
from ieps.changes import Change
from ieps.models import Correction, Iep, Signature
from ieps.rules.codes import CodeSet, name_of
from ieps.rules.form import form_called
from ieps.rules.print_words import ENGLISH, heading, in_language
from ieps.sheet import Sheet, Told
from ieps.stood import Stood, as_it_stands
from ieps.told import told
from students.facts import grade_name, grouped, id_name
from students.models import Student
from ui.dates import in_words, moment_in_words
from ui.two_texts import compare

SOURCE = Path(__file__).parent / "prints" / "iep.typ"
FIXED = {
    "page": "Page", "of": "of", "empty": "Not filled in", "changed": "Changed", "before": "Before",
    "taken_out": "Taken out by this amendment", "not_part": "Not part of this IEP",
    "signatures": "Signatures", "name": "Name", "role": "Role", "signature": "Signature", "date": "Date",
    "signed_what": "What was signed", "signed_how": "How", "corrected": "Corrected after it was signed",
    "sign_here": "Who signs says that he or she took part. Consent is given in its own section.",
}  # fmt: skip
MARKED = "What an amendment changed is underlined; what stood there before is told beside it."
FREE_LINES = 3
PARTICIPANTS = ("GSI", "participants")


def print_iep(iep: Iep, *, language: str = ENGLISH, changes: Iterable[Change] = ()) -> bytes:
    """The PDF, in which `changes` are marked where they stand; an official one with its signatures."""
    signed = () if iep.is_draft else iep.signatures.all()
    corrected = () if iep.is_draft else iep.corrections.select_related("corrected_by")
    values = values_of(as_it_stands(iep), language, told(iep), list(changes), signed, corrected)
    return printed(SOURCE, values)


def values_of(
    stood: Stood,
    language: str,
    told: Told,
    changes: list[Change],
    signed: Iterable[Signature] = (),
    corrected: Iterable[Correction] = (),
) -> dict[str, Any]:
    iep, form = stood.iep, form_called(stood.iep.form)
    marks = {(each.section, each.key): each for each in changes if not each.gone}
    sheet = Sheet(stood, language, told, marks)
    shown = [chapter for chapter in stood.chapters if chapter.needed or chapter.is_begun]
    content = [sheet.chapter(chapter, number) for number, chapter in enumerate(shown, 1)]
    for chapter, values in zip(shown, content, strict=True):
        values["gone"] = [_gone(each) for each in changes if each.gone and each.section == chapter.section]
    child = iep.student.full_name if iep.student else "Student not known"
    title, mark = heading(form.title, language), fingerprint(content)
    return {
        "title": title,
        "author": str(iep.district or ""),
        "lang": "en",
        "words": fixed_words(language),
        "child": child,
        "facts": _facts(iep, language),
        "told": [heading(MARKED, language)] if changes else [],
        "watermark": in_language("DRAFT", language) if iep.is_draft else "",
        "footer": f"{child} · {iep.kind_name} IEP · {_standing(iep)} · {mark[:12]}",
        "chapters": content,
        "left_out": [heading(each.title, language) for each in stood.chapters if each not in shown],
        "signers": _signers(stood) if iep.is_draft else [],
        "signed": [_signature(each) for each in signed],
        "corrected": [_correction(each) for each in corrected],
        "about": f"{form.authority}. Printed {moment_in_words(timezone.now())}. Content (SHA-256): {mark}",
        "blank": False,
    }


def fixed_words(language: str) -> dict[str, str]:
    page = {key: in_language(FIXED[key], language) for key in ("page", "of")}
    return {key: heading(words, language) for key, words in FIXED.items()} | page


def fingerprint(content: list[dict[str, Any]]) -> str:
    """The same for the same words, whenever they are printed."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _gone(change: Change) -> dict[str, Any]:
    return {"label": change.label, "was": [[change.before, True]]}


def _facts(iep: Iep, language: str) -> list[tuple[str, str]]:
    child = iep.student
    facts = [
        *(_child(child) if child else []),
        ("Grade", grade_name(iep.grade or (child.grade if child else "")).capitalize()),
        ("School", iep.home_site.name if iep.home_site else ""),
        ("Category", iep.category_name),
        ("Type", iep.kind_name),
        ("Status", "Draft: not agreed yet" if iep.is_draft else _standing(iep)),
        ("Team meeting", in_words(iep.meeting_date) if iep.meeting_date else ""),
        ("In effect", _span(iep)),
    ]
    return [(heading(label, language), value) for label, value in facts if value]


def _child(child: Student) -> list[tuple[str, str]]:
    born = in_words(child.birth_date) if child.birth_date else ""
    return [(id_name(child), grouped(child.state_student_id)), ("Born", born)]


def _span(iep: Iep) -> str:
    days = [in_words(day) for day in (iep.first_day, iep.last_day) if day]
    return " to ".join(days)


def _standing(iep: Iep) -> str:
    at = f" of {in_words(timezone.localdate(iep.modified_at))}" if iep.is_draft else ""
    return f"{iep.get_status_display().capitalize()}{at}"


def _signers(stood: Stood) -> list[tuple[str, str]]:
    """Who took part, and free lines for those who are not written down."""
    texts = stood.written.texts
    keys = [line.pk for line in stood.written.lines if (line.section, line.table) == PARTICIPANTS]
    named = [(texts.get(("GSI", f"{key}.name"), ""), texts.get(("GSI", f"{key}.role"), "")) for key in keys]
    roles = [(name, name_of(CodeSet.PARTICIPANT_ROLE, role) or role) for name, role in named]
    return [*roles, *[("", "")] * FREE_LINES]


def _signature(each: Signature) -> list[str]:
    role = name_of(CodeSet.PARTICIPANT_ROLE, each.role) or each.role
    answer = name_of(CodeSet.SERVICES_CONSENT, each.answer) if each.answer else ""
    what = ": ".join(filter(None, (each.get_purpose_display(), answer)))
    return [each.name, role, what, each.get_way_display(), in_words(each.signed_on)]


def _correction(each: Correction) -> dict[str, Any]:
    old, new = compare(each.before, each.after)
    why = f"{each.corrected_by}, {moment_in_words(each.corrected_at)}: {each.reason}"
    return {"label": each.label, "was": old, "value": new, "why": why}
