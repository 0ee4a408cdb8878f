"""The pages of a review: fast for many lines, silent for strangers, read-only once closed."""

import pytest
from django.urls import reverse

from security.actions.review import open_review
from security.models import Review
from security.rules.reviews import Standing
from security.rules.roles import Role
from tests import factories as make
from tests.security.reviews.test_reviews import TODAY, line_of, settle

pytestmark = pytest.mark.django_db
MANY = 60


@pytest.fixture
def mine():
    return make.DistrictFactory(name="Cypress Parish")


@pytest.fixture
def coordinator(mine):
    return make.UserFactory(role=Role.SECURITY_COORDINATOR, role__district=mine)


@pytest.fixture
def supervisor(mine):
    return make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=mine)


@pytest.fixture
def review(mine, coordinator, supervisor) -> Review:
    make.TrainingFactory(district=mine)
    for _ in range(MANY):
        make.UserFactory(role=Role.READER, role__district=mine)
    return open_review(mine, TODAY)


def address(review, name="review") -> str:
    return reverse(f"security:{name}", args=[review.pk])


def test_many_lines_ask_the_database_no_more(review, coordinator, browse, django_assert_max_num_queries):
    client = browse(coordinator)
    with django_assert_max_num_queries(22):
        page = client.get(f"{address(review)}?show=all")
    assert f"0 of {MANY + 2} settled" in page.content.decode()


def test_everything_shown_is_kept_at_once_but_not_what_somebody_marked(
    review, coordinator, supervisor, browse
):
    marked = review.lines.exclude(assignment__user__in=[coordinator, supervisor]).first()
    browse(supervisor).post(address(review, "decide_lines"), {f"line-{marked.pk}": "REMOVE"})
    client = browse(coordinator)
    page = client.get(address(review))
    assert f"Keep all {MANY} shown" in page.content.decode()
    seen = [line.pk for line in review.lines.all()]
    client.post(address(review, "decide_lines"), {"keep_all": "yes", "shown": seen})
    assert review.lines.filter(by_coordinator="KEEP").count() == MANY
    marked.refresh_from_db()
    assert marked.by_coordinator == ""


@pytest.mark.rule("SEC-18")
def test_another_districts_coordinator_finds_nothing(review, browse):
    client = browse(make.UserFactory(role=Role.SECURITY_COORDINATOR, role__district=make.DistrictFactory()))
    assert client.get(address(review)).status_code == 404
    assert client.post(address(review, "decide_lines")).status_code == 404
    assert client.post(address(review, "close_review")).status_code == 404


def test_a_teacher_is_told_who_can(review, browse):
    answer = browse(make.UserFactory(role=Role.READER, role__district=review.district)).get(
        reverse("security:reviews")
    )
    assert answer.status_code == 403
    assert "security coordinator" in answer.content.decode()


@pytest.mark.rule("SEC-36")
def test_a_closed_review_shows_each_decision_with_who_and_when_and_no_button(
    review, coordinator, supervisor, browse
):
    settle(review, coordinator, supervisor)
    client = browse(coordinator)
    client.post(address(review, "close_review"))
    page = client.get(address(review)).content.decode()
    assert "Closed" in page
    assert str(supervisor) in page
    assert "Save decisions" not in page
    again = client.post(address(review, "close_review"), follow=True).content.decode()
    assert "was closed on" in again


def test_odd_values_decide_nothing(review, coordinator, browse):
    line = review.lines.first()
    sent = {f"line-{line.pk}": "PERHAPS", "line-x": "KEEP", f"line-{'9' * 30}": "KEEP"}
    assert browse(coordinator).post(address(review, "decide_lines"), sent).status_code == 302
    assert line_of(review, line.assignment.user).standing == Standing.UNDECIDED


@pytest.mark.rule("SEC-35")
def test_the_state_sees_the_reviews_of_every_district(review, browse):
    page = browse(make.UserFactory(role=Role.SEA_ADMINISTRATOR)).get(reverse("security:reviews"))
    assert "Cypress Parish" in page.content.decode()


def test_whose_line_was_refused_and_why_is_said_and_the_others_are_decided(mine, coordinator, browse):
    ray = make.UserFactory(role=Role.READER, role__district=mine)
    review = open_review(mine, TODAY)
    own, other = line_of(review, coordinator), line_of(review, ray)
    sent = {f"line-{own.pk}": "KEEP", f"line-{other.pk}": "KEEP"}
    page = browse(coordinator).post(address(review, "decide_lines"), sent, follow=True)
    said = [str(message) for message in page.context["messages"]]
    assert said == [
        "1 line decided.",
        f"Not decided for {coordinator} (Security coordinator): You cannot decide on your own access."
        " Somebody else has to.",
    ]
