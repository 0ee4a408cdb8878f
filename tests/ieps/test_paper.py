"""The printed IEP says what the screen says, whatever was typed, and can be read aloud (PDF/UA-1)."""

import re
from datetime import date

import pytest

from documents.letters import covered, in_letters
from documents.printing import printed
from ieps.blank import blank_form
from ieps.changes import Change
from ieps.frozen import content_of
from ieps.items import Entry, items_of
from ieps.models import Correction, IepStatus, Signature
from ieps.paper import SOURCE, values_of
from ieps.rules.codes import CodeSet, codes
from ieps.rules.form import fields_of, sections
from ieps.rules.print_words import WORDS_CSV, Words, heading
from ieps.section_form import choices_of
from rulebook.tables import read_table
from security.models import User
from tests.ieps.written_out import written_out
from tests.pdf_text import pages_of, squeezed, text_of

CATEGORIES = [row.code for row in codes(CodeSet.IEP_CATEGORY)]


def values(stood, language="en", told=None, changes=(), **more):
    return values_of(stood.iep, content_of(stood, told or {}), language, list(changes), **more)


def pdf(stood, *how, **more):
    return printed(SOURCE, values(stood, *how, **more))


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_field_of_the_screen_is_on_the_print(category):
    stood = written_out(category)
    text = text_of(pdf(stood))
    for chapter in stood.chapters:
        assert squeezed(chapter.title) in text
        for entry in chapter.entries:
            if entry.label != "Explain":
                assert squeezed(entry.label) in text, entry.key
            assert squeezed(stood.words(chapter.section, entry)) in text, entry.key


def test_fields_that_nobody_fills_in_stand_at_their_place():
    told = {("GSI", "prev_meeting"): "Sep 1, 2025", ("PRG", "special_minutes"): None}
    text = text_of(pdf(written_out(), told=told))
    assert squeezed("Services end / annual review due Sep 4, 2026 Date of previous IEP Sep 1, 2025") in text
    assert squeezed("Minutes outside the regular class Not filled in") in text


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_blank_form_asks_for_everything(category):
    text = text_of(blank_form("LA", category))
    for row in sections("LA", category):
        assert squeezed(row.title) in text
        for item in items_of("LA", row.section, category):
            assert squeezed(item.label) in text, item.key
            if not isinstance(item, Entry):
                assert all(squeezed(column.label) in text for column in item.columns)
    assert all(squeezed(f"☐ {words}") in text for _, words in choices_of("code:services_consent"))


def test_each_page_of_a_draft_says_so_and_whose_it_is():
    pages = pages_of(pdf(written_out()))
    assert all(page.startswith("DRAFT") for page in pages)
    for number, page in enumerate(pages, 1):
        assert squeezed("Jules Fontenot · Review IEP · Draft") in page
        assert page.endswith(f"Page{number}of{len(pages)}")


def test_an_official_one_has_no_watermark_and_no_lines_to_sign():
    text = text_of(pdf(written_out(status=IepStatus.OFFICIAL)))
    assert "DRAFT" not in text
    assert squeezed("Who signs says") not in text


def test_an_official_one_tells_who_signed_and_what_was_corrected():
    signed = [Signature(name="Renée Fontenot", role="PAR", purpose="CONSENT", answer="CON", way="TYPED",
                        signed_on=date(2026, 9, 4))]  # fmt: skip
    corrected = [Correction(label="Student strengths", before="Reads mpas.", after="Reads maps.",
                            reason="A slip", corrected_by=User(last_name="Mouton"))]  # fmt: skip
    stood = written_out("GT", status=IepStatus.OFFICIAL)
    text = text_of(pdf(stood, signed=signed, corrected=corrected))
    assert squeezed("Renée Fontenot Parent answer of the parents: Consent typed Sep 4, 2026") in text
    assert squeezed("Student strengths Reads mpas. Reads maps. Mouton") in text


def test_the_fingerprint_changes_with_the_words_alone():
    marks = {values(written_out(words=words))["footer"] for words in ("one", "one", "two")}
    assert len(marks) == 2


def test_headings_stand_in_two_languages_where_there_are_words_in_both():
    text = text_of(pdf(written_out(), "es"))
    assert squeezed("Instructional Plan · Plan de instrucción") in text
    assert "BORRADOR" in text
    assert heading("No such words", "es") == "No such words"


def test_every_heading_of_the_form_is_in_the_table_of_words():
    known = {row.en for row in read_table(WORDS_CSV, Words)}
    titles = {row.title for row in sections("LA")} | {row.each for row in sections("LA") if row.each}
    parts = {field.subsection_title for row in sections("LA") for field in fields_of("LA", row.section)}
    assert titles | parts <= known


@pytest.mark.parametrize(
    ("typed", "printed_as"),
    [
        ("Zoë Núñez, Nguyễn", "Zoë Núñez, Nguyễn"),
        ("محمد", "محمد"),
        ("שלום", "שלום"),
        ("a\x00\x01b\x1f", "ab"),
        ("one\u2028two", "one\ntwo"),
        ("Good 🍕!", "Good [slice of pizza]!"),
        ("中", "[U+4E2D]"),
        ("\ud800", "[U+D800]"),
        ("\ufb01", "\ufb01"),
        ("x" * 41, "x" * 40 + "\u200bx"),
    ],
)
def test_letters_that_no_font_has_stand_as_their_names(typed, printed_as):
    assert in_letters(typed) == printed_as


def test_every_letter_that_is_said_to_be_covered_can_be_printed():
    letters = "".join(chr(code) for code in covered() if not 0xE000 <= code < 0xF900)
    stood = written_out("GT", lines=1)
    stood.iep.student.first_name = letters
    assert pdf(stood).startswith(b"%PDF-1.7")


def test_a_hundred_thousand_characters_are_printed_to_the_last():
    words = "نص \x07 🍕 " + "x" * 50_000 + " word" * 10_000 + " the end"
    stood = written_out("GT", lines=1)
    stood.written.texts["GSI", "strengths"] = words
    text = text_of(pdf(stood))
    assert text.count("x") > 50_000
    assert text.count("theend") == 1


def test_nothing_that_is_typed_is_a_command():
    text = text_of(pdf(written_out("GT", words="#panic() *bold* $x$ // = head")))
    assert squeezed("#panic() *bold* $x$ // = head") in text


def changed(key, before, after, **how):
    return Change("GSI", "General Student Information", "Label", before, after, key, **how)


def test_an_amendment_shows_what_it_changed_and_what_stood_there():
    changes = [
        changed("strengths", "Reads maps.", "Reads maps and draws them."),
        changed("9.text", "An old line", "", gone=True),
    ]
    text = text_of(pdf(written_out(kind="AMD"), changes=changes))
    assert squeezed("Student strengths Changed Reads maps and draws them. Before: Reads maps.") in text
    assert squeezed("Taken out by this amendment Label: An old line") in text


def test_what_an_amendment_added_has_no_before():
    stood = written_out(kind="AMD")
    line = next(line for line in stood.written.lines if line.table == "participants")
    text = text_of(pdf(stood, changes=[changed(f"{line.pk}.name", "", "Renée", in_new_line=True)]))
    assert squeezed("Changed: Renée") in text
    assert not re.search("Before:", text)
