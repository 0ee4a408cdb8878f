"""My work of a state administrator: what the state comes for, each number with its list."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from enrollment.models import SupportRequest
from security import scope
from security.actions.designate import designate
from security.actions.review import open_review
from security.actions.staff_id import link_staff_id
from security.actions.support import ask_for_support_access
from security.models import AccessRequest
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
MOST_QUERIES = 30


@pytest.fixture
def state():
    return make.UserFactory(role=Role.SEA_ADMINISTRATOR)


@pytest.fixture
def whole():
    """A district that lacks nothing."""
    district = make.DistrictFactory(name="Lakeside")
    make.PolicyFactory(district=district)
    make.DesignationFactory(district=district)
    return district


@pytest.fixture
def poor(whole):
    """A district without coordinator and policy, with an overdue review and an escalated request."""
    district = make.DistrictFactory(name="Heron Parish")
    superintendent = make.UserFactory(role=Role.SUPERINTENDENT, role__district=district, district=district)
    open_review(district, timezone.localdate() - timedelta(days=40))
    late = make.AccessRequestFactory(district=district)
    AccessRequest.objects.filter(pk=late.pk).update(escalated_at=timezone.now())
    make.AccessRequestFactory(district=district)
    designate(by=superintendent, district=district, user=late.requester)
    ask_for_support_access(
        by=make.UserFactory(role=Role.SUPPORT), district=district, hours=2, reason="The export stops."
    )
    make.NonpublicSiteFactory(name="St. Brendan School")
    make.UserFactory(staff_id="A2041")
    link_staff_id(by=make.UserFactory(staff_id=None), staff_id="A2041")
    child = make.StudentFactory(district=district)
    with scope.elevated():
        SupportRequest.objects.create(
            student=child, district_id=district.pk, issue_type="Enrollment", sub_category="",
            words="Two schools", due_diligence="Called twice",
        )  # fmt: skip
    return district


def test_each_number_opens_the_list_that_it_counts(browse, state, poor):
    client = browse(state)
    home = client.get("/").context["state_home"]
    assert [count[0] for count in home.strip] == [1, 1, 1, 1]
    assert [check.text for check in home.waiting] == [
        "1 designation to process", "1 support request about a student", "1 support access",
        "1 site without an overseeing district", "1 staff ID in conflict",
    ]  # fmt: skip
    assert [(line.district, len(lacks)) for line, lacks in home.lacking] == [(poor, 4)]
    for n, _, _, url, *_ in home.strip:
        listed = client.get(url).context
        rows = listed["lines"] if "lines" in listed else listed["page"].rows
        assert len(rows) == n, url
    said = ["Heron Parish", "Two schools", "The export stops.", "St. Brendan School", "A2041"]
    for check, words in zip(home.waiting, said, strict=True):
        assert words in client.get(check.url).content.decode(), check.url


def test_where_nothing_is_lacking_it_says_so_within_the_queries(browse, state, whole):
    client = browse(state)
    client.get("/")
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/")
    assert len(queries) <= MOST_QUERIES
    assert "Every district has what it needs." in page.content.decode()
    assert {check.tone for check in page.context["state_home"].waiting} == {"good"}


def test_who_looks_after_one_district_has_no_such_page(browse, whole):
    coordinator = make.DesignationFactory(district=whole).user
    assert browse(coordinator).get("/").context["state_home"] is None
