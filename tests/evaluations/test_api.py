"""Evaluations over the API: the same verbs, the same sentences."""

import pytest
from django.urls import reverse

from evaluations import access
from security import scope
from security.models import AccessRecord, DistrictGrant
from security.rules.roles import Role
from tests.factories import DistrictFactory, UserFactory

JSON = "application/json"


def post(client, name, evaluation, /, **sent):
    return client.post(reverse(f"api:evaluation-{name}", args=[evaluation.pk]), sent, content_type=JSON)


def test_an_evaluation_goes_all_the_way_by_api(child, coordinator, supervisor, browse):
    client = browse(coordinator)
    sent = {"student": child.pk, "kind": "INIT", "on": "2025-08-20", "reason": "Reading"}
    made = client.post(reverse("api:evaluation-list"), sent, content_type=JSON)
    assert made.status_code == 201
    evaluation = child.evaluations.model(pk=made.json()["id"])
    post(client, "consent-request", evaluation, on="2025-08-25")
    post(client, "consent", evaluation, on="2025-09-01")
    decided = post(
        client, "determination", evaluation, on="2025-10-20", outcome="ELIG", primary="SLD", others=["SLI"]
    )
    assert [row["code"] for row in decided.json()["exceptionalities"]] == ["SLD", "SLI"]
    locked = post(client, "lock", evaluation, seen=decided.json()["version"])
    assert (locked.json()["stage"], locked.json()["lock_version"]) == ("locked", 1)
    assert not post(browse(supervisor), "unlock", evaluation, reason="Wrong date.").json()["locked"]
    with scope.system():
        assert AccessRecord.objects.filter(student_id=child.pk, purpose="API").count() == 6


def test_the_parts_of_an_evaluation_by_api(evaluation, coordinator, psychologist, browse):
    client, theirs = browse(coordinator), browse(psychologist)
    given = {"area": "VISION", "evaluator": psychologist.pk, "on": "2025-09-02"}
    component = post(client, "component", evaluation, **given).json()["components"][0]["id"]
    told = {"component": component, "on": "2025-09-20", "instruments": "Chart", "findings": "20/20."}
    assert post(client, "component-completion", evaluation, **told).status_code == 403
    done = post(theirs, "component-completion", evaluation, **told).json()
    assert done["components"][0]["completed_on"] == "2025-09-20"
    written = {"section": "needs", "text": "A quiet room.", "version": 0}
    assert post(theirs, "section", evaluation, **written).json()["sections"][0]["version"] == 1
    late = post(client, "section", evaluation, **written | {"text": "Extended time."})
    assert (late.status_code, late.json()["field"]) == (400, "text")
    post(client, "meeting", evaluation, on="2025-10-15")
    team = post(client, "member", evaluation, name="Corinne Fontenot", part="PARENT").json()
    assert "agreement or dissent of Corinne Fontenot" in team["missing"]


def test_a_component_is_given_on_by_api(evaluation, coordinator, psychologist, parish, browse):
    other, client = UserFactory(role=Role.PUPIL_APPRAISAL, role__district=parish), browse(coordinator)
    given = {"area": "VISION", "evaluator": psychologist.pk, "on": "2025-09-02"}
    component = post(client, "component", evaluation, **given).json()["components"][0]["id"]
    on = {"component": component, "evaluator": other.pk, "on": "2025-09-20", "reason": "She moved."}
    refused = post(client, "component-evaluator", evaluation, **on)
    assert (refused.status_code, "still assesses" in refused.json()["detail"]) == (400, True)
    DistrictGrant.objects.filter(user=psychologist).delete()
    done = post(client, "component-evaluator", evaluation, **on).json()["components"][0]
    assert (done["evaluator"], done["assigned_on"]) == (other.pk, "2025-09-20")


def test_the_api_says_the_sentence_of_the_page(evaluation, coordinator, browse):
    client = browse(coordinator)
    with scope.system():
        sentence = access.why_not_lock(coordinator, evaluation)
    assert sentence == "Still missing: determination date, outcome."
    assert client.get(reverse("api:evaluation-lock", args=[evaluation.pk])).json()["detail"] == sentence
    answer = post(client, "lock", evaluation)
    assert (answer.status_code, answer.json()["detail"]) == (400, sentence)


def test_a_reader_gets_403_with_who_can(decided, reader, browse):
    answer = post(browse(reader), "lock", decided)
    assert answer.status_code == 403
    assert answer.json()["detail"].endswith("of Cypress Parish can lock an evaluation.")


def test_a_refusal_names_its_field(evaluation, coordinator, browse):
    answer = post(browse(coordinator), "determination", evaluation, on="2025-08-01", outcome="NOTE")
    assert answer.json()["field"] == "on"


def test_a_stale_change_is_refused(decided, coordinator, browse):
    answer = post(browse(coordinator), "lock", decided, seen=decided.version + 1)
    assert answer.status_code == 400
    assert "Somebody else changed this evaluation" in answer.json()["detail"]


@pytest.mark.parametrize("name", ["consent-request", "consent", "determination", "lock", "unlock", "discard"])
def test_another_district_gets_404(decided, name, browse):
    stranger = browse(UserFactory(role=Role.SPED_SUPERVISOR, role__district=DistrictFactory()))
    sent = {"on": "2025-10-20", "outcome": "NOTE", "reason": "x"}
    assert post(stranger, name, decided, **sent).status_code == 404
    assert stranger.get(reverse("api:evaluation-list")).json()["results"] == []


@pytest.mark.parametrize("version", [-1, 2**31])
def test_a_version_that_cannot_be_is_refused(evaluation, coordinator, browse, version):
    client, written = browse(coordinator), {"section": "needs", "text": "A quiet room."}
    post(client, "section", evaluation, **written, version=0)
    late = post(client, "section", evaluation, **written | {"text": "Extended time."}, version=version)
    assert (late.status_code, "version" in late.json()) == (400, True)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_of_no_known_year_is_refused(evaluation, coordinator, browse, day):
    longer = {"code": "AGR", "to": day, "reason": "The parents agreed."}
    refused = post(browse(coordinator), "extension", evaluation, **longer)
    assert (refused.status_code, refused.json()) == (400, {"to": ["The year lies between 1900 and 2100."]})
