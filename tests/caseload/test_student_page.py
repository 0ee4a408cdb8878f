"""The page of one child: what it shows, to whom, and that looking is noted."""

from datetime import date

import pytest

from caseload.actions.dirty import count_child
from enrollment.actions import exit_student
from security import scope
from security.models import AccessRecord
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(db):
    return make.DistrictFactory(name="Cypress Parish")


@pytest.fixture
def supervisor(mine):
    return make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=mine)


@pytest.fixture
def jules(mine):
    """A child with an enrollment, an evaluation, an IEP and a mother."""
    school = make.SiteFactory(district=mine, name="Heron High")
    child = make.StudentFactory(district=mine, district__site=school, first_name="Jules")
    make.EnrollmentFactory(student=child, district=mine, site=school, entry_code="E1")
    make.ActivityFactory(student=child, district=mine)
    found = make.EvaluationFactory(
        student=child, district=mine, determination_date=date(2026, 10, 20), outcome="ELIG"
    )
    make.ExceptionalityFactory(evaluation=found)
    make.IepFactory(student=child, district=mine, status="OFFICIAL", meeting_date=date(2026, 10, 30))
    make.ContactFactory(student=child)
    return child


def open_page(browse, user, child, rest="", **query):
    return browse(user).get(f"/students/{child.pk}/{rest}", query)


def test_the_page_gathers_what_is_known(browse, supervisor, jules):
    page = open_page(browse, supervisor, jules).content.decode()
    for words in (
        "Jules Fontenot", "LASID", "Heron High", "Cypress Parish", "Annual IEP review, Oct 30, 2027",
        "Corinne",
        "E1 Original enrollment within the same district", "Specific Learning Disability", "Exit or transfer",
    ):  # fmt: skip
        assert words in page, words


@pytest.mark.parametrize("tab", ["evaluations", "ieps", "services", "documents", "notices", "contacts"])
def test_each_kind_of_record_has_its_tab_with_a_count(browse, supervisor, jules, tab):
    page = open_page(browse, supervisor, jules, tab=tab)
    assert page.status_code == 200
    assert f'href="?tab={tab}" aria-current="page"' in page.content.decode()


def test_the_time_line_is_narrowed_by_kind(browse, supervisor, jules):
    page = open_page(browse, supervisor, jules, kind="iep").content.decode()
    assert "e-event--iep" in page
    assert "e-event--enr" not in page


def test_an_event_opens_in_place_and_as_a_page(browse, supervisor, jules):
    with scope.system():
        row = jules.enrollments.get()
    client, url = browse(supervisor), f"/students/{jules.pk}/events/enrollment/{row.pk}"
    assert "<html" not in client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "E1 Original enrollment" in client.get(url).content.decode()
    assert client.get(f"/students/{jules.pk}/events/nonsense/{row.pk}").status_code == 404


def test_an_exit_shows_on_the_page_it_leads_to(browse, supervisor, jules):
    with scope.of(supervisor):
        row = jules.enrollments.get()
        exit_student(by=supervisor, enrollment=row, code="10", on=date(2026, 11, 2), how_known="Letter")
    page = open_page(browse, supervisor, jules).content.decode()
    assert "Left Heron High" in page
    assert "10 Transferred out of state or country" in page
    assert "left Heron High on Nov 2, 2026" in page


def test_each_visit_is_noted_once_and_a_fragment_is_no_visit(browse, supervisor, jules):
    open_page(browse, supervisor, jules)
    open_page(browse, supervisor, jules, "access-record")
    seen = AccessRecord.objects.filter(student_id=jules.pk, user=supervisor).order_by("pk")
    assert list(seen.values_list("what", flat=True)) == ["student page", "record of access"]
    assert "supervisor" in seen.first().purpose


def test_who_looked_is_shown_to_those_who_may_know(browse, supervisor, jules, mine):
    manager = make.UserFactory(
        role=Role.DATA_MANAGER, role__district=mine, first_name="Ray", last_name="Verdin"
    )
    open_page(browse, manager, jules)
    assert "Ray Verdin" in open_page(browse, supervisor, jules, "access-record").content.decode()
    refused = open_page(browse, manager, jules, "access-record")
    assert refused.status_code == 403
    assert "can see who has looked at this record" in refused.content.decode()


@pytest.mark.parametrize("rest", ["", "access-record", "events/enrollment/1"])
def test_a_child_of_another_district_is_not_there_and_nothing_is_noted(browse, jules, rest):
    stranger = make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=make.DistrictFactory())
    assert open_page(browse, stranger, jules, rest).status_code == 404
    assert not AccessRecord.objects.filter(user=stranger).exists()


def test_an_earlier_district_sees_its_time_and_no_family(browse, supervisor, jules, mine):
    with scope.system():
        jules.jurisdictions.update(last_day=date(2026, 10, 31))
    later = make.DistrictFactory(name="Bayou Verde")
    make.JurisdictionFactory(student=jules, district=later, first_day=date(2026, 11, 1))
    make.EnrollmentFactory(student=jules, district=later, entry_code="C3", first_day=date(2026, 11, 1))
    page = open_page(browse, supervisor, jules).content.decode()
    assert "Heron High" in page
    assert "Corinne" not in page
    assert "C3 Entry" not in page
    assert "until Oct 31, 2026" in page


def test_an_empty_record_says_so(browse, supervisor, mine):
    page = open_page(browse, supervisor, make.StudentFactory(district=mine)).content.decode()
    assert "Nothing of this kind is recorded yet." in page


def test_the_page_asks_few_questions(browse, supervisor, jules, django_assert_max_num_queries):
    client = browse(supervisor)
    with scope.system():
        count_child(jules.pk)
    with django_assert_max_num_queries(48):
        page = client.get(f"/students/{jules.pk}/")
    assert jules.full_name in page.content.decode()
