"""IEPs over the API."""

from datetime import date

import pytest
from django.urls import reverse

from ieps.actions.draft import MEASURED
from ieps.models import Line, Measurement
from security import scope
from security.rules.roles import Role
from tests.factories import DistrictFactory, SectionTextFactory, UserFactory

JSON = "application/json"


@pytest.fixture
def texts(draft) -> str:
    return reverse("api:iep-texts", args=[draft.pk])


def put(client, url, text, version):
    sent = {"section": "GSI", "field": "strengths", "text": text, "version": version}
    return client.put(url, sent, content_type=JSON)


def test_a_text_is_saved_over_the_version_that_was_seen(texts, dana, browse):
    client = browse(dana)
    assert put(client, texts, "Reads maps.", 0).json()["version"] == 1
    assert put(client, texts, "Reads maps well.", 1).json()["version"] == 2
    assert [row["text"] for row in client.get(texts).json()] == ["Reads maps well."]


def test_a_stale_text_gets_409_with_both(texts, dana, kofi, browse):
    put(browse(kofi), texts, "Reads music.", 0)
    answer = put(browse(dana), texts, "Reads maps.", 0)
    assert answer.status_code == 409
    assert answer.json()["mine"] == "Reads maps."
    assert answer.json()["theirs"]["text"] == "Reads music."
    assert answer.json()["detail"] == "Kofi Amédée changed this field while you were typing."


def test_a_draft_is_begun_and_discarded(child, dana, browse):
    client = browse(dana)
    sent = {"student": child.pk, "kind": "INI"}
    draft = client.post(reverse("api:iep-list"), sent, content_type=JSON)
    assert (draft.status_code, draft.json()["status"]) == (201, "DRAFT")
    url = reverse("api:iep-discard", args=[draft.json()["id"]])
    assert client.post(url, {"reason": "Entered twice."}, content_type=JSON).status_code == 204
    assert client.get(reverse("api:iep-list")).json()["results"] == []


def test_a_draft_in_which_progress_was_measured_is_kept(draft, dana, browse):
    """The legacy system made drafts again of IEPs that had been official."""
    about = {"student": draft.student, "district": draft.district, "on": date(2026, 9, 1)}
    with scope.elevated():
        goal = Line.objects.create(iep=draft, section="INS", place=1, added_by=dana)
        Measurement.objects.create(**about, goal=goal, value=40, unit="percent", by=dana)
    url = reverse("api:iep-discard", args=[draft.pk])
    answer = browse(dana).post(url, {"reason": "Entered twice."}, content_type=JSON)
    assert (answer.status_code, answer.json()["detail"]) == (400, MEASURED)


def test_a_reader_gets_the_sentence(texts, parish, browse):
    answer = put(browse(UserFactory(role=Role.READER, role__district=parish)), texts, "x", 0)
    assert answer.status_code == 403
    assert "of Cypress Parish can write in an IEP." in answer.json()["detail"]


def test_another_district_gets_404(draft, texts, browse):
    SectionTextFactory(iep=draft)
    stranger = browse(UserFactory(role=Role.IEP_AUTHOR, role__district=DistrictFactory()))
    assert stranger.get(texts).status_code == 404
    assert put(stranger, texts, "x", 0).status_code == 404
    sent = {"student": draft.student_id, "kind": "INI"}
    assert stranger.post(reverse("api:iep-list"), sent, content_type=JSON).status_code == 404


def test_the_form_is_told_as_it_stands(draft, dana, browse):
    client = browse(dana)
    lines = reverse("api:iep-lines", args=[draft.pk])
    added = client.post(lines, {"section": "GSI", "table": "participants"}, content_type=JSON)
    form = client.get(reverse("api:iep-form", args=[draft.pk])).json()
    items = [item for part in form[0]["parts"] for item in part["items"]]
    table = next(item for item in items if item.get("table") == "participants")
    assert added.status_code == 201
    assert table["lines"] == [added.json()["id"]]
    assert "strengths" in form[0]["missing"]


def test_a_line_and_an_optional_section_come_and_go(draft, dana, browse):
    client = browse(dana)
    lines, sections = (reverse(f"api:iep-{name}", args=[draft.pk]) for name in ("lines", "sections"))
    line = client.post(lines, {"section": "GSI", "table": "participants"}, content_type=JSON).json()["id"]
    remove = reverse("api:iep-line", args=[draft.pk, line])
    assert [client.post(remove).status_code for _ in range(2)] == [204, 404]
    sent = {"section": "BIP", "added": True}
    assert client.post(sections, sent, content_type=JSON).json() == {"added_sections": ["BIP"]}
    refused = client.post(sections, {"section": "GSI", "added": False}, content_type=JSON)
    assert refused.status_code == 400
    assert "belongs to every IEP" in refused.content.decode()
