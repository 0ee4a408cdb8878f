"""IEPs over the API."""

import pytest
from django.urls import reverse

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
