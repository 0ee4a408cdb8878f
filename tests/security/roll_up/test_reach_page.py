"""Who reaches a site, and why one person does or does not reach one student; no child is shown."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from security.actions.review import open_review
from security.panels import panels_for
from security.rules.roles import Role
from students.reach import does_reach, reach_of
from tests import factories as make
from tests.security.reviews.test_reviews import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine():
    return make.DistrictFactory(name="Cypress Parish")


@pytest.fixture
def academy(mine):
    return make.AffiliationFactory(district=mine, site__name="St. Brendan School").site


@pytest.fixture
def coordinator(mine):
    return make.UserFactory(role=Role.SECURITY_COORDINATOR, role__district=mine)


@pytest.fixture
def manager(mine):
    return make.UserFactory(role=Role.DATA_MANAGER, role__district=mine)


def test_children_of_the_site_are_counted_by_who_answers_for_them(mine, academy, manager):
    for district in (mine, mine, make.DistrictFactory()):
        make.StudentFactory(district=district, district__site=academy)
    found = reach_of(academy, mine)
    assert (found.children, found.ours, found.others, found.by_district) == (3, 2, 1, 1)


@pytest.mark.parametrize(
    ("who", "reaches", "said"),
    [
        ("manager", True, "Data manager at Cypress Parish"),
        ("teacher", True, "Reader at St. Brendan School itself"),
        ("coordinator", False, "no role in force that shows students"),
        ("elsewhere", False, "No role of the person is at a place"),
    ],
)
def test_the_answer_says_why(mine, academy, manager, coordinator, who, reaches, said):
    child = make.StudentFactory(district=mine, district__site=academy)
    people = {
        "manager": manager,
        "teacher": make.UserFactory(role=Role.READER, role__site=academy),
        "coordinator": coordinator,
        "elsewhere": make.UserFactory(role=Role.READER, role__district=make.DistrictFactory()),
    }
    answer = does_reach(people[who], child.state_student_id, mine)
    assert answer.reaches is reaches
    assert said in answer.why


def test_of_another_districts_child_nothing_is_said(mine, manager):
    theirs = make.StudentFactory(district=make.DistrictFactory())
    known = does_reach(manager, theirs.state_student_id, mine)
    assert known == does_reach(manager, "0000000000", mine)


def test_the_page_answers_and_shows_no_name(mine, academy, manager, coordinator, browse):
    child = make.StudentFactory(district=mine, district__site=academy, last_name="Fontenot")
    sent = {"person": manager.username, "student": child.state_student_id}
    page = browse(coordinator).post(reverse("students:reach"), sent).content.decode()
    assert "reaches this student" in page
    assert "Fontenot" not in page


@pytest.mark.rule("SEC-18")
def test_a_site_of_another_district_is_not_found(mine, academy, coordinator, browse):
    other = make.SiteFactory()
    assert browse(coordinator).get(reverse("students:reach"), {"site": other.pk}).status_code == 404


def test_the_panels_of_the_desk_can_be_shown(mine, academy, manager, coordinator):
    make.StudentFactory(district=mine, district__site=academy)
    open_review(mine, TODAY)
    panels = panels_for(coordinator, mine)
    said = "".join(render_to_string(template, {"panel": context}) for template, context in panels)
    for words in ("0 of 2", "Nothing needs your eye", "Who reaches St. Brendan School?"):
        assert words in said
