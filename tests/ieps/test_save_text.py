"""Saving a field: the version decides, and no text is ever lost."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ieps.actions import Conflict, choose_text, discard_draft, save_text, start_draft
from ieps.conflicts import unresolved
from ieps.history import texts_over_time
from ieps.models import Iep, IepStatus, SectionText
from ieps.written import written_of
from journal.models import Entry
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from tests.factories import EvaluationFactory, IepFactory, SectionTextFactory, UserFactory
from ui.dates import in_words
from ui.two_texts import compare

pytestmark = pytest.mark.usefixtures("as_system")


def save(by, iep, text, version=0, field="strengths"):
    return save_text(by=by, iep=iep, section="GSI", field=field, text=text, version=version)


def stands(iep, field="strengths") -> str:
    return SectionText.objects.get(iep=iep, section="GSI", field=field).text


def test_a_draft_is_begun_for_the_district_that_answers_for_the_child(child, parish, dana):
    EvaluationFactory(student=child, district=parish, locked=True, outcome="NOTE", kind="REEV")
    draft = start_draft(by=dana, student=child, kind="INI")
    assert (draft.district, draft.status, draft.author) == (parish, IepStatus.DRAFT, dana)
    assert draft.evaluation == child.evaluations.get()
    assert Entry.objects.get(kind="IEP_DRAFT_STARTED").words == "Began a draft of the Initial IEP"


@pytest.mark.parametrize(("kind", "category"), [("DEC", "REG"), ("???", "REG"), ("INI", "???")])
def test_a_draft_of_a_kind_that_is_not_offered_is_refused(child, dana, kind, category):
    with pytest.raises(RuleBroken):
        start_draft(by=dana, student=child, kind=kind, category=category)


def test_a_second_draft_of_the_same_type_is_refused(draft, child, dana):
    with pytest.raises(RuleBroken, match="A draft of this type is there already"):
        start_draft(by=dana, student=child, kind="REV")


def test_a_reader_writes_nothing(draft, parish):
    reader = UserFactory(role=Role.READER, role__district=parish)
    with pytest.raises(NotAllowed, match="of Cypress Parish can write in an IEP"):
        save(reader, draft, "Something")


def test_each_save_is_the_next_version_and_the_same_text_is_none(draft, dana):
    first = save(dana, draft, "Reads maps.")
    second = save(dana, draft, "Reads maps well.", first.version)
    again = save(dana, draft, "Reads maps well.", second.version)
    assert (first.version, second.version, again.version) == (1, 2, 2)
    assert stands(draft) == "Reads maps well."


def test_a_stale_save_overwrites_nothing_and_carries_both_texts(draft, dana, kofi):
    seen = save(dana, draft, "Reads maps.").version
    save(kofi, draft, "Reads maps and music.", seen)
    with pytest.raises(Conflict, match="Kofi Amédée changed this field while you were typing") as conflict:
        save(dana, draft, "Reads maps well.", seen)
    assert conflict.value.mine == "Reads maps well."
    assert conflict.value.theirs.text == "Reads maps and music."
    assert stands(draft) == "Reads maps and music."
    assert "Reads maps well." in [past.text for past in texts_over_time(draft, "GSI", "strengths")]


def test_two_first_texts_of_one_field_are_both_kept(draft, dana, kofi):
    save(kofi, draft, "Reads music.")
    with pytest.raises(Conflict):
        save(dana, draft, "Reads maps.")
    assert {past.text for past in texts_over_time(draft, "GSI", "strengths")} == {
        "Reads music.",
        "Reads maps.",
    }


def test_a_stale_save_of_the_same_text_is_no_conflict(draft, dana, kofi):
    save(kofi, draft, "Reads maps.")
    assert save(dana, draft, "Reads maps.").saved_by == kofi


def test_two_people_in_two_fields_do_not_hinder_each_other(draft, dana, kofi):
    save(dana, draft, "Reads maps.")
    save(kofi, draft, "Homework takes too long.", field="parent_concerns")
    assert stands(draft) == "Reads maps."
    assert stands(draft, "parent_concerns") == "Homework takes too long."


@pytest.mark.parametrize(
    ("chosen", "stays"), [("Reads maps well.", "Reads maps well."), ("Reads music.", "Reads music.")]
)
def test_choosing_ends_the_conflict_and_keeps_the_other_text(draft, dana, kofi, chosen, stays):
    theirs = save(kofi, draft, "Reads music.")
    with pytest.raises(Conflict):
        save(dana, draft, "Reads maps well.")
    assert set(unresolved(draft, "GSI", dana)) == {"strengths"}
    choose_text(
        by=dana, iep=draft, section="GSI", field="strengths",
        text=chosen, seen=theirs.version, mine="Reads maps well.",
    )  # fmt: skip
    assert stands(draft) == stays
    assert unresolved(draft, "GSI", dana) == {}
    assert {"Reads maps well.", "Reads music."} <= {
        p.text for p in texts_over_time(draft, "GSI", "strengths")
    }


def test_a_third_text_during_the_choice_is_a_conflict_again(draft, dana, kofi):
    theirs = save(kofi, draft, "Reads music.")
    save(kofi, draft, "Reads music and maps.", theirs.version)
    with pytest.raises(Conflict):
        choose_text(
            by=dana, iep=draft, section="GSI", field="strengths",
            text="Mine", seen=theirs.version, mine="Mine",
        )  # fmt: skip
    assert stands(draft) == "Reads music and maps."


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(saves=st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.text(max_size=5)), max_size=8))
def test_whatever_is_sent_with_whatever_version_is_found_again(draft, dana, kofi, saves):
    with transaction.atomic():
        sent = set()
        for by_dana, version, text in saves:
            try:
                sent.add(save(dana if by_dana else kofi, draft, text, version).text)
            except Conflict as conflict:
                sent.add(conflict.mine)
        assert sent <= {past.text for past in texts_over_time(draft, "GSI", "strengths")}
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("null\x00 bell\x07 \x0bend", "null bell end"),
        ("“curly” – 🎺 שלום", "“curly” – 🎺 שלום"),
    ],
)
def test_pasted_text_loses_only_control_characters(draft, dana, pasted, kept):
    assert save(dana, draft, pasted).text == kept


def test_a_day_stays_the_one_that_was_meant_when_it_was_typed(draft, dana):
    on = timezone.localdate() - timedelta(days=400)
    row = save(dana, draft, "yesterday", field="meeting_date")
    SectionText.objects.filter(pk=row.pk).update(saved_at=timezone.now() - timedelta(days=400))
    assert written_of(draft).texts["GSI", "meeting_date"] == in_words(on - timedelta(days=1))
    again = save(dana, draft, "yesterday", row.version, field="meeting_date")
    assert (again.text, again.version) == ("yesterday", row.version)


def test_a_hundred_thousand_characters_are_kept_and_too_many_are_said(draft, dana):
    assert len(save(dana, draft, "x" * 100_000).text) == 100_000
    with pytest.raises(RuleBroken, match="longer than 200,000 characters"):
        save(dana, draft, "x" * 200_001, 1)


@pytest.mark.parametrize(("section", "field"), [("XXX", "strengths"), ("GSI", "nonsense")])
def test_the_form_has_no_place_for_other_fields(draft, dana, section, field):
    with pytest.raises(RuleBroken, match="no such"):
        save_text(by=dana, iep=draft, section=section, field=field, text="x", version=0)


@pytest.mark.rule("RLO-07")
def test_a_legacy_draft_is_written_on_also_in_fields_that_the_form_does_not_have(child, parish, dana):
    legacy = IepFactory(student=child, district=parish, source="LEGACY_SER", original_author="RSAVOIE")
    old = SectionTextFactory(iep=legacy, section="GSI", field="team_note", text="From before.")
    written = save(dana, legacy, "From before, and after.", old.version, field="team_note")
    assert (written.version, legacy.original_author) == (2, "RSAVOIE")


def test_an_official_iep_is_not_written_in_and_the_database_says_so_too(child, parish, dana):
    official = IepFactory(student=child, district=parish, status=IepStatus.OFFICIAL)
    with pytest.raises(RuleBroken, match="This IEP is no draft"):
        save(dana, official, "Something")
    with pytest.raises(DatabaseError, match="Cannot change"), transaction.atomic():
        SectionText.objects.create(iep=official, section="GSI", field="strengths", text="x")


def test_discarding_keeps_the_texts_in_the_history(draft, dana):
    pk = save(dana, draft, "Reads maps.").pk
    discard_draft(by=dana, iep=draft, reason="Begun for the wrong child.")
    assert not Iep.objects.filter(pk=draft.pk).exists()
    events = SectionText.pgh_event_model.objects.filter(pgh_obj_id=pk)
    assert [event.text for event in events] == ["Reads maps.", "Reads maps."]
    assert Entry.objects.get(kind="IEP_DRAFT_DISCARDED").details["reason"] == "Begun for the wrong child."


def test_the_last_drafts_of_a_person_tell_the_field_they_left(draft, child, parish, dana, kofi):
    older = IepFactory(student=child, district=parish, kind="INI", author=kofi)
    early = save(dana, older, "First")
    SectionText.objects.filter(pk=early.pk).update(saved_at=early.saved_at - timedelta(hours=1))
    save(dana, draft, "Later", field="parent_concerns")
    mine = list(Iep.objects.last_drafts_of(dana))
    assert mine == [draft, older]
    assert (mine[0].left_section, mine[0].left_field) == ("GSI", "parent_concerns")
    assert list(Iep.objects.last_drafts_of(kofi)) == [older]


def test_the_differing_words_are_marked():
    mine, theirs = compare("He reads maps well.", "He reads music well.")
    assert mine == [("He reads ", False), ("maps ", True), ("well.", False)]
    assert theirs == [("He reads ", False), ("music ", True), ("well.", False)]
