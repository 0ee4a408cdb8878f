"""A draft of the legacy system arrives as a draft: what stood in it, by whom and when; it goes on here."""

import pytest
from django.urls import reverse

from ieps.models import Iep, IepStatus, Line, SectionText
from migration.sample import DRAFTS, write_sample
from organizations.models import District
from security import scope
from security.rules.roles import Role
from tests.factories import UserFactory
from tests.ieps.test_pages import autosave, page, stands, version_shown
from tests.migration.conftest import places, run_over

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(tmp_path) -> Iep:
    write_sample(tmp_path)
    run_over(tmp_path / "legser.dat", places(tmp_path))
    with scope.system():
        return Iep.objects.select_related("student").get(legacy_key=f"{20_000 + DRAFTS[0]:09}")


@pytest.fixture
def author(draft, browse):
    cypress = District.objects.get(code="911")
    return browse(UserFactory(role=Role.IEP_AUTHOR, role__district=cypress))


@pytest.mark.rule("RLO-07")
def test_it_is_a_draft_with_its_author_and_times(draft):
    assert (draft.status, draft.original_author) == (IepStatus.DRAFT, "91100100")
    assert f"{draft.original_modified_at:%Y-%m-%d %H:%M}" == "2022-03-10 16:15"  # 10:15 in Chicago
    with scope.system():
        texts = dict(SectionText.objects.filter(iep=draft).values_list("field", "text"))
        plan = Line.objects.get(iep=draft, section="INS")
    assert texts["strengths"] == "ADELE draws maps of the bayou and explains them to the class."
    assert texts[f"{plan.pk}.goal"] == "Will retell a story in order in 4 of 5 trials."


@pytest.mark.rule("RLO-07")
def test_its_text_is_edited_on_its_page(draft, author):
    saved = autosave(author, draft, version_shown(author, draft), strengths="Draws maps, and sings.")
    assert saved.status_code == 200
    assert stands(draft) == "Draws maps, and sings."


@pytest.mark.rule("RLO-07")
def test_its_goals_and_services_are_edited_in_their_sections(draft, author):
    with scope.system():
        plan = Line.objects.get(iep=draft, section="INS")
    plans, services = (author.get(page(draft, section)).content.decode() for section in ("INS", "PRG"))
    assert "Will retell a story in order in 4 of 5 trials." in plans
    assert "2023-03-14" in services
    goal = f"{plan.pk}.goal"
    sent = {"_changed": [goal], "version": version_shown(author, draft, "INS"), goal: "Will sing."}
    answer = author.post(
        reverse("ieps:autosave", args=[draft.pk, "INS"]), sent, headers={"accept": "application/json"}
    )
    assert answer.status_code == 200
    with scope.system():
        assert SectionText.objects.get(iep=draft, field=goal).text == "Will sing."
