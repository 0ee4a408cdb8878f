"""What should not be sent to the autosave: each is said in a sentence, and nothing typed is lost by it."""

import pytest
from django.urls import reverse

from ieps.actions import take_out
from ieps.actions.save_text import LONGEST
from ieps.models import CheckOut
from security import scope
from tests.conftest import asked
from tests.factories import IepFactory, SectionTextFactory, StudentFactory
from tests.ieps.test_pages import autosave, page, stands, version_shown
from tests.ieps.whole import add_line, write

# session, user, the transaction with its end, holdings and scope
FRAME = 5
PASTED = "\x0b\x07“Liest gern” \U0001f3ba עִבְרִית\r\n" * 4_000
KEPT = "“Liest gern” \U0001f3ba עִבְרִית\n" * 4_000


def test_a_hundred_thousand_characters_of_a_word_processor_are_kept(draft, dana, browse):
    client = browse(dana)
    answer = autosave(client, draft, version_shown(client, draft), strengths=PASTED)
    assert answer.status_code == 200
    assert stands(draft) == KEPT
    assert len(KEPT) > 90_000


def test_a_field_that_is_refused_keeps_no_other_from_being_saved(draft, dana, browse):
    client = browse(dana)
    sent = {"strengths": "x" * (LONGEST + 1), "parent_concerns": "Homework"}
    answer = autosave(client, draft, version_shown(client, draft), **sent)
    said = answer.json()
    assert (answer.status_code, said["refused"]) == (400, ["strengths"])
    assert "longer than 200,000 characters" in said["message"]
    assert "parent_concerns:1" in said["version"]
    assert stands(draft, "parent_concerns") == "Homework"


def test_a_picture_of_forty_megabytes_is_too_large_and_says_so(draft, dana, browse):
    answer = autosave(browse(dana), draft, "", strengths="\x89PNG" + "a" * 40_000_000)
    assert (answer.status_code, "This is too large to send." in answer.json()["detail"]) == (413, True)


@pytest.mark.parametrize("where", ["another section", "the IEP of another child"])
def test_what_was_typed_in_one_place_is_not_written_in_another(draft, parish, dana, browse, where):
    client = browse(dana)
    token = version_shown(client, draft)
    other = IepFactory(student=StudentFactory(district=parish), district=parish)
    iep, section = (draft, "ACC") if where == "another section" else (other, "GSI")
    sent = {"_changed": "strengths", "strengths": "Reads maps.", "version": token}
    answer = client.post(reverse("ieps:autosave", args=[iep.pk, section]), sent)
    assert answer.status_code == 400
    assert "was typed in another section or another IEP" in answer.json()["message"]
    assert client.post(page(iep, section), sent).status_code == 400


def test_a_field_that_the_section_does_not_have_is_refused_by_its_name(draft, dana, browse):
    client = browse(dana)
    answer = autosave(client, draft, version_shown(client, draft), nonsense="x")
    assert (answer.status_code, answer.json()["refused"]) == (400, ["nonsense"])


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("PRG.total_minutes", "1" * 5_000), ("PLC.every_weeks", "1" * 5_000),
        ("GSI.home_school", "1" * 5_000), ("GSI.meeting_date", "1" * 5_000),
        ("LEAPC.cohort", "²"), ("LEAPC.sd_below", "NaN"),
        ("LEAPC.sd_below", "1e999999999"),
    ],
)  # fmt: skip
def test_numbers_that_are_none_are_kept_and_every_page_still_opens(draft, dana, browse, key, text):
    section, _, field = key.partition(".")
    for place in (("PRG", "assessment", "LEAPC"), (section, field, text)):
        with scope.system():
            write(draft, dana, *place)
    client = browse(dana)
    for each in (f"{section}/", "SITE/", "review/", "missing/", "versions/", "print/", "progress/"):
        assert client.get(f"/ieps/{draft.pk}/{each}").status_code == 200, each


def test_what_no_form_looks_at_first_is_refused_in_words_too(draft, dana, kofi, browse):
    client = browse(dana)
    with scope.system():
        take_out(by=kofi, iep=draft, section="GSI")
    for reason in ("x" * 501, "\x00"):
        sent = {"deed": "take_away", "reason": reason}
        refused = client.post(reverse("ieps:hold", args=[draft.pk, "GSI"]), sent)
        assert (refused.status_code, CheckOut.objects.held().count()) == (302, 1)
    assert client.post(f"/ieps/{draft.pk}/GSI%00/draft/", {"_changed": "a"}).status_code == 400
    assert client.get(f"/ieps/{draft.pk}/GSI/strengths/words/?q=%00").status_code == 200


@pytest.mark.parametrize("asked_for", ["1" * 4_400, "{pk}@0001-01-01T00:00:00%2B00:00"])
def test_a_version_that_cannot_be_is_not_shown(draft, dana, browse, asked_for):
    url = f"/ieps/{draft.pk}/versions/?before={asked_for.format(pk=draft.pk)}"
    assert browse(dana).get(url).status_code == 200


@pytest.mark.parametrize("written", ["0{pk}.minutes", "{pk_arabic}.minutes"])
def test_a_cell_is_named_in_one_way_only(draft, dana, browse, written):
    with scope.system():
        pk = add_line(draft, dana, "PRG", "services", minutes="30").pk
    arabic = str(pk).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    key = written.format(pk=pk, pk_arabic=arabic)
    sent = {"_changed": key, key: "600", "version": ""}
    answer = browse(dana).post(reverse("ieps:autosave", args=[draft.pk, "PRG"]), sent)
    assert (answer.status_code, answer.json()["refused"]) == (400, [key])


@pytest.mark.parametrize("token", ["", "strengths:999999999", "strengths:-1 x", "\x00 @@ ::"])
def test_an_odd_version_overwrites_nothing_and_shows_both_texts(draft, dana, browse, token):
    SectionTextFactory(iep=draft, text="Reads music.")
    answer = autosave(browse(dana), draft, token, strengths="Reads maps.")
    assert (answer.status_code, stands(draft)) == (409, "Reads music.")
    assert "<ins>maps.</ins>" in answer.content.decode()


def test_who_goes_on_after_an_answer_that_never_came_is_not_in_conflict_with_herself(draft, dana, browse):
    client = browse(dana)
    token = version_shown(client, draft)
    autosave(client, draft, token, strengths="Reads maps")
    answer = autosave(client, draft, token, strengths="Reads maps and music.")
    assert (answer.status_code, stands(draft)) == (200, "Reads maps and music.")


def test_an_autosave_and_an_opening_keep_to_their_queries(draft, dana, browse):
    client = browse(dana)
    token = autosave(client, draft, version_shown(client, draft), strengths="Reads").json()["version"]
    with asked() as saving:
        autosave(client, draft, token, strengths="Reads maps.")
    with asked() as opening:
        client.get(page(draft))
    assert (len(saving) - FRAME <= 7, len(opening) - FRAME <= 15) == (True, True), (saving, opening)
