"""An IEP on paper: what the printed form is given, section by section, as on the screen."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from documents.printing import printed
from ieps.changes import Change
from ieps.frozen import Content, content_of
from ieps.models import AgreedCopy, Attachment, Correction, Iep, Signature
from ieps.models.agreed import sha256_of
from ieps.rules.codes import CodeSet, name_of
from ieps.rules.form import form_called
from ieps.rules.print_words import ENGLISH, heading, in_language
from ieps.sheet import Mark, Sheet
from ieps.stood import as_it_stands
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
    "signed_what": "What was signed", "signed_how": "How",
    "files": "Files that belong to this IEP", "corrected": "Corrected after it was signed",
    "sign_here": "Who signs says that he or she took part. Consent is given in its own section.",
}  # fmt: skip
MARKED = "What an amendment changed is underlined; what stood there before is told beside it."
FREE_LINES = 3
PARTICIPANTS = ("GSI", "participants")


def print_iep(iep: Iep, *, language: str = ENGLISH, changes: Iterable[Change] = ()) -> bytes:
    """The PDF, in which `changes` are marked where they stand. Of an official one what was agreed to, word
    for word, with its signatures and with the corrections since then marked.
    """
    if iep.is_draft:
        content = content_of(as_it_stands(iep), told(iep), attachments=_files(iep))
        return printed(SOURCE, values_of(iep, content, language, list(changes)))
    corrected = list(iep.corrections.select_related("corrected_by"))
    kept = AgreedCopy.objects.filter(iep=iep).first()
    content = kept.content if kept else content_of(as_it_stands(iep), told(iep), attachments=_files(iep))
    signed = iep.signatures.all()
    return printed(SOURCE, values_of(iep, content, language, list(changes), signed, corrected))


def _files(iep: Iep) -> QuerySet[Attachment]:
    return iep.attachments.select_related("document")


def values_of(
    iep: Iep,
    content: Content,
    language: str,
    changes: list[Change],
    signed: Iterable[Signature] = (),
    corrected: Sequence[Correction] = (),
) -> dict[str, Any]:
    """`content` as frozen.py gives it."""
    form, child = form_called(iep.form), iep.student.full_name if iep.student else "Student not known"
    sheet = Sheet(language, _corrections(corrected, language) | _marks(changes, language))
    chapters = [sheet.chapter(chapter, number) for number, chapter in enumerate(content["chapters"], 1)]
    for chapter, values in zip(content["chapters"], chapters, strict=True):
        values["gone"] = [_gone(each) for each in changes if each.gone and each.section == chapter["section"]]
    title, mark = heading(form.title, language), sha256_of(content)
    return {
        "title": title,
        "author": str(iep.district or ""),
        "lang": "en",
        "words": fixed_words(language),
        "child": child,
        "facts": _facts(iep, content["school"], language),
        "told": [heading(MARKED, language)] if changes else [],
        "watermark": in_language("DRAFT", language) if iep.is_draft else "",
        "footer": f"{child} · {iep.title} · {_standing(iep)} · {mark[:12]}",
        "chapters": chapters,
        "left_out": [heading(each, language) for each in content["left_out"]],
        "files": [f"{each['kind']}: {each['name']}" for each in content["attachments"]],
        "signers": _signers(content) if iep.is_draft else [],
        "signed": [_signature(each) for each in signed],
        "corrected": [_correction(each) for each in corrected],
        "about": f"{form.authority}. Printed {moment_in_words(timezone.now())}. Content (SHA-256): {mark}",
        "blank": False,
    }


def _marks(changes: list[Change], language: str) -> dict[tuple[str, str], Mark]:
    label = heading(FIXED["changed"], language)
    return {
        (each.section, each.key): Mark(label, each.after, None if each.in_new_line else each.before)
        for each in changes
        if not each.gone
    }


def _corrections(corrected: Sequence[Correction], language: str) -> dict[tuple[str, str], Mark]:
    """What was signed, and what is read in its place now."""
    label, found = heading(FIXED["corrected"], language), {}
    for each in corrected:
        place = (each.section, each.field)
        first = found[place].before if place in found else each.before
        found[place] = Mark(label, each.after, first)
    return found


def fixed_words(language: str) -> dict[str, str]:
    page = {key: in_language(FIXED[key], language) for key in ("page", "of")}
    return {key: heading(words, language) for key, words in FIXED.items()} | page


def _gone(change: Change) -> dict[str, Any]:
    return {"label": change.label, "was": [[change.before, True]]}


def _facts(iep: Iep, school: str, language: str) -> list[tuple[str, str]]:
    child = iep.student
    facts = [
        *(_child(child) if child else []),
        ("Grade", grade_name(iep.grade or (child.grade if child else "")).capitalize()),
        ("School", school),
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


def _signers(content: Content) -> list[tuple[str, str]]:
    """Who took part, and free lines for those who are not written down."""
    named = [pair for chapter in content["chapters"] for pair in _participants(chapter)]
    return [*named, *[("", "")] * FREE_LINES]


def _participants(chapter: Content) -> Iterator[tuple[str, str]]:
    tables = (item for part in chapter["parts"] for item in part["items"] if "rows" in item)
    for table in tables:
        if (chapter["section"], table["key"]) == PARTICIPANTS:
            columns = [column["column"] for column in table["columns"]]
            for row in table["rows"]:
                cells = dict(zip(columns, row["cells"], strict=True))
                yield cells["name"], cells["role"].partition(" ")[2] or cells["role"]


def _signature(each: Signature) -> list[str]:
    role = name_of(CodeSet.PARTICIPANT_ROLE, each.role) or each.role
    answer = name_of(CodeSet.SERVICES_CONSENT, each.answer) if each.answer else ""
    what = ": ".join(filter(None, (each.get_purpose_display(), answer)))
    return [each.name, role, what, each.get_way_display(), in_words(each.signed_on)]


def _correction(each: Correction) -> dict[str, Any]:
    old, new = compare(each.before, each.after)
    why = f"{each.corrected_by}, {moment_in_words(each.corrected_at)}: {each.reason}"
    return {"label": each.label, "was": old, "value": new, "why": why}
