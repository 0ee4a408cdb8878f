"""The way to the official IEP over the API."""

from ieps.models import Iep, Signature
from security import scope
from security.rules.roles import Role
from tests.factories import UserFactory
from tests.ieps.whole import complete

JSON = {"content_type": "application/json"}


def test_signed_approved_official_amended_and_asked_to_be_deleted(draft, dana, parish, eligible, browse):
    lucien = UserFactory(first_name="Lucien", last_name="Prejean", role=Role.ODR, role__district=parish)
    with scope.system():
        line = complete(draft, dana).texts.get(section="GSI", text="Corinne Fontenot").line_id
    author, representative, at = browse(dana), browse(lucien), f"/api/ieps/{draft.pk}"
    review = author.get(f"{at}/review/").json()
    assert (review["stage"], review["standing"], review["signatures"]) == ("SIGNED", "draft", [])
    refused = representative.post(f"{at}/approve/", {"name": "Lucien Prejean"}, **JSON)
    assert (refused.status_code, "signature of the parents" in str(refused.json())) == (400, True)
    signed = author.post(f"{at}/sign/", {"line": line, "name": "Corinne Fontenot", "answer": "CON"}, **JSON)
    assert (signed.status_code, signed.json()["answer"]) == (201, "CON")
    assert author.post(f"{at}/approve/", {"name": "Dana"}, **JSON).status_code == 403
    assert representative.post(f"{at}/approve/", {"name": "Lucien Prejean"}, **JSON).status_code == 201
    assert representative.post(f"{at}/official/", {}, **JSON).json()["status"] == "OFFICIAL"
    amendment = author.post(f"{at}/amend/", {"why": "More speech therapy"}, **JSON).json()
    changed = author.get(f"/api/ieps/{amendment['id']}/changes/").json()
    assert "Services begin" in {each["label"] for each in changed}
    assert author.post(f"{at}/ask-deletion/", {"reason": "Of another child"}, **JSON).status_code == 201
    assert author.post(f"{at}/decide-deletion/", {"grant": True}, **JSON).status_code == 403
    with scope.system():
        assert Iep.objects.get(pk=draft.pk).status == "DELREQ"
        assert Signature.objects.filter(iep=draft).count() == 2
