"""What differs between two IEPs, and between two moments of one; who changed what when."""

import pytest
from django.urls import reverse
from django.utils import timezone

from ieps import actions
from ieps.actions import Conflict
from ieps.changes import amended_by, changes_between, differences
from ieps.life import life_of
from ieps.models import Line, SectionText
from ieps.stood import as_it_stands, as_it_stood
from ieps.written import chapters_of
from tests.factories import IepFactory

pytestmark = pytest.mark.usefixtures("as_system")


def write(by, iep, section, **texts):
    for key, text in texts.items():
        stored = iep.texts.filter(section=section, field=key).first()
        version = stored.version if stored else 0
        actions.save_text(by=by, iep=iep, section=section, field=key, text=text, version=version)


def line(by, iep, section="GSI", table="participants", source=None, **cells):
    made = actions.add_line(by=by, iep=iep, section=section, table=table)
    if source:
        Line.objects.filter(pk=made.pk).update(came_from=source)
    write(by, iep, section, **{f"{made.pk}.{column}": text for column, text in cells.items()})
    return made


@pytest.fixture
def last_year(child, parish, dana):
    return IepFactory(student=child, district=parish, kind="INI", author=dana)


def told(changes):
    return [(each.label, each.before, each.after) for each in changes]


def test_fields_are_compared_in_words(last_year, draft, dana):
    write(dana, last_year, "GSI", strengths="Reads maps.", meeting_date="9/4/2025")
    write(dana, draft, "GSI", strengths="Reads maps.", meeting_date="9/5/2026")
    assert told(changes_between(last_year, draft)) == [("Team Meeting Date", "Sep 4, 2025", "Sep 5, 2026")]


def test_a_line_is_compared_with_the_one_it_came_from(last_year, draft, dana):
    first = line(dana, last_year, name="Renée", role="PAR")
    line(dana, draft, name="Dana", role="SPE")
    line(dana, draft, source=first, name="Renée Fontenot", role="PAR")
    changes = changes_between(last_year, draft)
    assert told(changes) == [
        ("Participants, line 1: Name", "", "Dana"),
        ("Participants, line 1: Role", "", "SPE Special education teacher"),
        ("Participants, line 2: Name", "Renée", "Renée Fontenot"),
    ]
    assert [each.in_new_line for each in changes] == [True, True, False]


def test_over_several_ieps_a_line_goes_back_to_its_first(last_year, draft, child, parish, dana):
    between = IepFactory(student=child, district=parish, author=dana)
    first = line(dana, last_year, name="Renée")
    second = line(dana, between, source=first, name="Renée")
    line(dana, draft, source=second, name="Renée F.")
    assert told(changes_between(last_year, draft)) == [("Participants, line 1: Name", "Renée", "Renée F.")]


def test_what_was_taken_out_is_told_at_the_end_of_its_section(last_year, draft, dana):
    line(dana, last_year, name="Renée")
    write(dana, draft, "GSI", strengths="Reads maps.")
    assert told(changes_between(last_year, draft)) == [
        ("Student strengths", "", "Reads maps."),
        ("Participants, line 1: Name", "Renée", ""),
    ]


def test_of_two_copies_of_one_line_the_second_is_new(last_year, draft, dana):
    first = line(dana, last_year, name="Renée")
    line(dana, draft, source=first, name="Renée")
    line(dana, draft, source=first, name="Renée")
    assert told(changes_between(last_year, draft)) == [("Participants, line 2: Name", "", "Renée")]


def test_the_fields_of_a_plan_say_which_plan(last_year, draft, dana):
    line(dana, draft, "INS", "", area="Reading")
    assert told(changes_between(last_year, draft)) == [
        ("Area of need 1: Educational need area", "", "Reading")
    ]


@pytest.mark.parametrize("kind", ["AMD", "REV"])
def test_only_an_amendment_amends(kind, last_year, child, parish, dana):
    new = IepFactory(student=child, district=parish, kind=kind, author=dana)
    line(dana, new, source=line(dana, last_year, name="Renée"), name="Renée")
    assert amended_by(new) == (last_year if kind == "AMD" else None)


def test_an_earlier_moment_is_read_from_the_history(draft, dana):
    start = timezone.now()
    line(dana, draft, name="Renée")
    gone = line(dana, draft, name="Kofi")
    write(dana, draft, "GSI", strengths="Reads maps.")
    then = timezone.now()
    write(dana, draft, "GSI", strengths="Reads maps well.")
    actions.remove_line(by=dana, iep=draft, line=gone)
    assert told(differences(as_it_stood(draft, then), as_it_stands(draft))) == [
        ("Student strengths", "Reads maps.", "Reads maps well."),
        ("Participants, line 2: Name", "Kofi", ""),
    ]
    before = as_it_stood(draft, start)
    assert (before.written.texts, before.written.lines) == ({}, ())


def test_what_was_set_aside_never_stood(draft, dana, kofi):
    write(dana, draft, "GSI", strengths="Reads maps.")
    with pytest.raises(Conflict):
        actions.save_text(by=kofi, iep=draft, section="GSI", field="strengths", text="Sings.", version=0)
    assert as_it_stood(draft, timezone.now()).written.texts["GSI", "strengths"] == "Reads maps."
    deeds = {deed.what: deed.who for deed in life_of(draft, chapters_of(draft))}
    assert deeds["Student strengths: set aside"] == str(kofi)


def test_what_one_person_types_in_one_go_is_told_as_one_change(draft, dana, kofi):
    for text in ("R", "Reads", "Reads maps."):
        write(dana, draft, "GSI", strengths=text)
    write(kofi, draft, "GSI", strengths="Reads maps well.")
    last, first = life_of(draft, chapters_of(draft))
    assert (first.who, first.before, first.after) == (str(dana), [], [("Reads maps.", True)])
    assert (last.who, last.before) == (str(kofi), [("Reads ", False), ("maps.", True)])


def test_lines_and_sections_are_told_too(draft, dana):
    added = line(dana, draft)
    actions.remove_line(by=dana, iep=draft, line=added)
    actions.choose_section(by=dana, iep=draft, section="BIP", added=True)
    assert {(deed.what, deed.who) for deed in life_of(draft, chapters_of(draft))} == {
        ("Participants: a line was added", str(dana)),
        ("Participants: a line was removed", str(dana)),
        ("Added the section Behavior Intervention Plan", str(dana)),
    }


def test_the_page_of_the_history_chooses_by_section_and_person(draft, dana, kofi, browse):
    write(dana, draft, "GSI", strengths="Reads maps.")
    write(kofi, draft, "PRG", total_minutes="1800")
    client = browse(dana)
    whole = client.get(reverse("ieps:life", args=[draft.pk])).content.decode()
    assert "Student strengths</h2>" in whole
    assert "<ins>1800</ins>" in whole
    assert 'aria-label="Main"' in whole
    chosen = client.get(reverse("ieps:life", args=[draft.pk]), {"section": "PRG", "person": kofi.pk})
    assert "Student strengths</h2>" not in chosen.content.decode()
    assert "<ins>1800</ins>" in chosen.content.decode()


def test_two_versions_stand_side_by_side_with_their_words_marked(last_year, draft, dana, browse):
    write(dana, last_year, "GSI", strengths="Reads maps.")
    write(dana, draft, "GSI", strengths="Draws maps.")
    page = browse(dana).get(
        reverse("ieps:versions", args=[draft.pk]), {"before": last_year.pk, "after": draft.pk}
    )
    assert "<del>Reads </del>maps." in page.content.decode()
    assert "<ins>Draws </ins>maps." in page.content.decode()


@pytest.mark.parametrize("key", ["999999", "x@y", "1@2026-13-45", "@", "1@2026-01-01T00:00:00"])
def test_a_version_that_is_none_is_passed_over(key, draft, dana, browse):
    page = browse(dana).get(reverse("ieps:versions", args=[draft.pk]), {"before": key})
    assert page.status_code == 200


def test_an_iep_of_another_child_is_no_version(draft, dana, browse):
    other = IepFactory(district=draft.district)
    SectionText.objects.create(iep=other, section="GSI", field="strengths", text="Of somebody else")
    page = browse(dana).get(reverse("ieps:versions", args=[draft.pk]), {"before": other.pk})
    assert "Of somebody else" not in page.content.decode()
