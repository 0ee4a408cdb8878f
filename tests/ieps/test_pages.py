"""The pages of an IEP: autosave, the Save button, conflicts, and to whom they open."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ieps.models import Iep, IepStatus, SectionText
from security import scope
from security.rules.roles import Role
from tests.factories import (
    DistrictFactory,
    IepFactory,
    SectionTextFactory,
    StudentFactory,
    UserFactory,
)


def page(iep, section: str = "GSI") -> str:
    return reverse("ieps:section", args=[iep.pk, section])


def version_shown(client, iep, section: str = "GSI") -> str:
    return re.search(r'data-version="([^"]*)"', client.get(page(iep, section)).content.decode())[1]


def autosave(client, iep, token: str, **typed):
    sent = {"_changed": list(typed), "version": token, **typed}
    return client.post(
        reverse("ieps:autosave", args=[iep.pk, "GSI"]), sent, headers={"accept": "application/json"}
    )


def stands(iep, field: str = "strengths") -> str:
    with scope.system():
        return SectionText.objects.get(iep=iep, section="GSI", field=field).text


def test_a_draft_is_begun_from_the_student(child, dana, browse):
    answer = browse(dana).post(
        reverse("ieps:start", args=[child.pk]), {"kind": "INI", "category": "REG"}, follow=True
    )
    assert "The draft is begun." in answer.content.decode()
    with scope.system():
        assert child.ieps.get().author == dana


def test_what_is_typed_is_saved_and_the_answer_says_when(draft, dana, browse):
    client = browse(dana)
    answer = autosave(client, draft, version_shown(client, draft), strengths="Reads maps.")
    assert answer.status_code == 200
    assert re.fullmatch(r"\d{1,2}:\d\d.*", answer.json()["saved_at"])
    assert "strengths:1" in answer.json()["version"]
    assert stands(draft) == "Reads maps."


def test_after_signing_out_and_in_the_text_is_there_and_the_list_leads_to_it(draft, dana, browse):
    client = browse(dana)
    autosave(client, draft, version_shown(client, draft), strengths="Reads maps.")
    client.post(reverse("security:sign_out"))
    again = browse(dana)
    listed = again.get(reverse("ieps:list")).content.decode()
    assert "Pick up where you left" in listed
    assert f'href="{page(draft)}#id_strengths"' in listed
    assert "Reads maps." in again.get(page(draft)).content.decode()


def test_signed_out_autosave_answers_401_with_a_sentence(draft, dana, browse):
    token = version_shown(browse(dana), draft)
    answer = autosave(Client(), draft, token, strengths="Typed too late")
    assert answer.status_code == 401
    assert answer.json()["detail"].startswith("You are signed out.")
    kept = autosave(browse(dana), draft, token, strengths="Typed too late")
    assert kept.status_code == 200
    assert stands(draft) == "Typed too late"


def test_a_page_left_open_is_not_saved_in_the_name_of_the_next_person(draft, dana, kofi, browse):
    token = version_shown(browse(dana), draft)
    answer = autosave(browse(kofi), draft, token, strengths="Typed by Dana")
    assert answer.status_code == 401
    assert "opened by somebody else" in answer.json()["detail"]


def test_a_stale_autosave_shows_both_texts_and_saves_the_other_fields(draft, dana, kofi, browse):
    mine, theirs = browse(dana), browse(kofi)
    token = version_shown(mine, draft)
    autosave(theirs, draft, version_shown(theirs, draft), strengths="Reads music.")
    answer = autosave(mine, draft, token, strengths="Reads maps.", parent_concerns="Homework")
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Kofi Amédée changed" in text
    assert "<ins>maps." in text
    assert "<ins>music." in text
    assert stands(draft) == "Reads music."
    assert stands(draft, "parent_concerns") == "Homework"
    assert "parent_concerns:1" in answer.headers["X-Version"]


@pytest.fixture
def in_conflict(draft, dana, kofi, browse):
    mine, theirs = browse(dana), browse(kofi)
    token = version_shown(mine, draft)
    autosave(theirs, draft, version_shown(theirs, draft), strengths="Reads music.")
    autosave(mine, draft, token, strengths="Reads maps.")
    return mine


def test_an_open_conflict_is_found_again_on_the_page(draft, in_conflict):
    text = in_conflict.get(page(draft)).content.decode()
    assert "Your text" in text
    assert 'name="strengths_seen" value="1"' in text
    assert "Reads maps.</textarea>" in text


@pytest.mark.parametrize(
    ("sent", "stays"),
    [
        ({"strengths_keep": "chosen", "strengths_choice": "mine"}, "Reads maps."),
        ({"strengths_keep": "chosen", "strengths_choice": "theirs"}, "Reads music."),
        ({"strengths_keep": "both", "strengths_choice": "mine"}, "Reads maps.\n\nReads music."),
    ],
)
def test_the_person_chooses_and_the_other_text_stays_in_the_history(draft, in_conflict, sent, stays):
    token = version_shown(in_conflict, draft)
    typed = {"version": token, "strengths": "Reads maps.", "strengths_seen": "1", **sent}
    answer = in_conflict.post(page(draft), typed)
    assert answer.status_code == 302
    assert stands(draft) == stays
    assert "strengths_seen" not in in_conflict.get(page(draft)).content.decode()
    past = in_conflict.get(reverse("ieps:history", args=[draft.pk, "GSI", "strengths"])).content.decode()
    assert "Reads maps." in past
    assert "Reads music." in past


def test_the_save_button_works_without_a_script(draft, dana, browse):
    client = browse(dana)
    token = version_shown(client, draft)
    answer = client.post(page(draft), {"version": token, "strengths": "Reads maps.", "impact": ""})
    assert answer.headers["Location"] == page(draft, "INS")
    assert stands(draft) == "Reads maps."
    with scope.system():
        assert SectionText.objects.count() == 1


def test_saving_the_last_section_leads_to_what_is_missing_and_that_to_the_check(draft, dana, browse):
    client = browse(dana)
    token = version_shown(client, draft, "PLC")
    saved = client.post(page(draft, "PLC"), {"version": token, "every_weeks": "9"})
    assert saved.headers["Location"] == reverse("ieps:missing", args=[draft.pk])
    lacks = client.get(saved.headers["Location"]).content.decode()
    assert f'href="{reverse("ieps:review", args=[draft.pk])}"' in lacks
    assert lacks.count("Comes with the signatures, or after them") == 2


def test_what_explain_and_date_belong_to_is_heard(draft, dana, browse):
    text = browse(dana).get(page(draft)).content.decode()
    assert 'Explain<span class="usa-sr-only">: Assistive technology devices and services</span>' in text
    assert 'Date<span class="usa-sr-only">: Educational Rights of Children' in text


@pytest.mark.parametrize(("status", "chosen"), [(IepStatus.OFFICIAL, True), (IepStatus.DELETED, False)])
def test_a_child_who_has_an_iep_has_it_reviewed(child, parish, dana, browse, status, chosen):
    IepFactory(student=child, district=parish, status=status)
    form = browse(dana).get(reverse("ieps:start", args=[child.pk])).context["form"]
    assert (form.initial == {"kind": "REV"}) is chosen


def test_a_link_to_a_question_with_yes_and_no_finds_it(draft, dana, browse):
    assert '<fieldset id="id_rights_given"' in browse(dana).get(page(draft)).content.decode()


def test_the_save_button_leaves_what_somebody_else_changed_meanwhile(draft, dana, kofi, browse):
    client, other = browse(dana), browse(kofi)
    autosave(client, draft, version_shown(client, draft), strengths="Reads maps.")
    token = version_shown(client, draft)
    autosave(other, draft, version_shown(other, draft), strengths="Reads maps and music.")
    whole_form = {"version": token, "strengths": "Reads maps.", "impact": "Needs time."}
    assert client.post(page(draft), whole_form).status_code == 302
    assert stands(draft) == "Reads maps and music."
    assert stands(draft, "impact") == "Needs time."


def test_the_save_button_shows_both_texts_when_both_changed(draft, dana, kofi, browse):
    client, other = browse(dana), browse(kofi)
    token = version_shown(client, draft)
    autosave(other, draft, version_shown(other, draft), strengths="Reads music.")
    answer = client.post(page(draft), {"version": token, "strengths": "Reads maps."})
    assert answer.status_code == 409
    assert "Kofi Amédée" in answer.content.decode()
    assert stands(draft) == "Reads music."


def test_a_text_that_is_too_long_is_said_and_stays_on_the_page(draft, dana, browse):
    client = browse(dana)
    token = version_shown(client, draft)
    answer = autosave(client, draft, token, strengths="x" * 200_001)
    assert answer.status_code == 400
    assert "longer than 200,000 characters" in answer.json()["message"]


def test_a_reader_sees_the_texts_and_is_told_who_can_write(draft, parish, browse):
    SectionTextFactory(iep=draft)
    reader = browse(UserFactory(role=Role.READER, role__district=parish))
    text = reader.get(page(draft)).content.decode()
    assert "Reads maps well." in text
    assert "of Cypress Parish can write in an IEP." in text
    assert "data-autosave-url" not in text
    refused = autosave(reader, draft, "", strengths="x")
    assert (refused.status_code, "can write in an IEP" in refused.json()["message"]) == (403, True)


@pytest.mark.rule("RLO-07")
def test_a_legacy_draft_opens_with_its_author_and_time(child, parish, dana, browse):
    from datetime import UTC, datetime

    legacy = IepFactory(
        student=child, district=parish, source="LEGACY_SER", original_author="RSAVOIE",
        original_modified_at=datetime(2022, 7, 22, 19, 5, tzinfo=UTC),
    )  # fmt: skip
    SectionTextFactory(iep=legacy, field="team_note", text="From before.")
    client = browse(dana)
    assert (
        "RSAVOIE saved it last on Jul 22, 2022"
        in client.get(reverse("ieps:iep", args=[legacy.pk])).content.decode()
    )
    text = client.get(page(legacy)).content.decode()
    assert "From the legacy system" in text
    assert "From before.</textarea>" in text


def test_sections_say_how_far_they_are(draft, dana, browse):
    SectionTextFactory(iep=draft)
    for field in ("staff_support", "supp_aids", "classroom"):
        SectionTextFactory(iep=draft, section="ACC", field=field)
    text = browse(dana).get(reverse("ieps:iep", args=[draft.pk])).content.decode()
    assert "1 of 5 ready" in text
    assert re.search(r"General Student Information</a><span[^>]*>In progress: \d+ to fill in", text)
    assert re.search(r"Accommodations and Supports</a><span[^>]*>Complete", text)
    assert re.search(r"Transition Services</a><span[^>]*>Only if needed", text)
    assert f'href="{page(draft)}#id_rights_given"' in text


def test_a_section_that_the_form_does_not_have_is_not_found(draft, dana, browse):
    assert browse(dana).get(page(draft, "XYZ")).status_code == 404


def test_another_district_finds_nothing(draft, browse):
    SectionTextFactory(iep=draft)
    stranger = browse(UserFactory(role=Role.IEP_AUTHOR, role__district=DistrictFactory()))
    for url in (
        page(draft),
        reverse("ieps:iep", args=[draft.pk]),
        reverse("ieps:history", args=[draft.pk, "GSI", "strengths"]),
        reverse("ieps:start", args=[draft.student_id]),
    ):
        assert stranger.get(url).status_code == 404
    assert autosave(stranger, draft, "", strengths="x").status_code == 404
    assert stranger.post(reverse("ieps:discard", args=[draft.pk])).status_code == 404
    assert "Fontenot" not in stranger.get(reverse("ieps:list")).content.decode()


def test_a_draft_is_discarded_with_its_reason(draft, dana, browse):
    client = browse(dana)
    assert client.post(reverse("ieps:discard", args=[draft.pk]), {}).status_code == 400
    client.post(reverse("ieps:discard", args=[draft.pk]), {"reason": "Begun for the wrong child."})
    with scope.system():
        assert not Iep.objects.exists()


def test_the_list_filters_and_takes_as_many_queries_for_many_rows(draft, child, parish, dana, browse):
    IepFactory(student=child, district=parish, kind="INI", status=IepStatus.OFFICIAL)
    client = browse(dana)

    def shown(**query) -> tuple[int, str]:
        with CaptureQueriesContext(connection) as captured:
            text = client.get(reverse("ieps:list"), query).content.decode()
        return len(captured), text

    assert "superseded" not in shown(state="drafts")[1]
    assert shown(state="official")[1].count("Fontenot, Jules") == 1
    before, _ = shown()
    for _ in range(10):
        IepFactory(student=StudentFactory(district=parish), district=parish)
    after, text = shown()
    assert text.count("Fontenot, Jules") == 12
    assert after == before <= 22
