"""Roles that no district answers for: the state lists and ends them; one state administrator stays."""

from datetime import date

import pytest
from django.urls import reverse

from security.actions.assign import assign
from security.actions.end_role import end_role
from security.models import EndReason, Session
from security.queries.people import state_administrators
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
PAGE = "/access/state/"


@pytest.fixture
def state():
    return make.UserFactory(role=Role.SEA_ADMINISTRATOR, last_name="Istre")


@pytest.mark.rule("SEC-44")
def test_they_are_listed_and_ended_with_a_reason_and_kept(browse, state):
    sol = make.UserFactory(role=Role.SUPPORT, last_name="Guidry")
    orphan = make.UserFactory(role=Role.READER, role__site=make.NonpublicSiteFactory(), last_name="Landry")
    make.UserFactory(role=Role.READER, role__district=make.DistrictFactory(), last_name="Naquin")
    client = browse(state)
    page = client.get(PAGE).content.decode()
    assert [name in page for name in ("Istre", "Guidry", "Landry", "Naquin")] == [True, True, True, False]
    browse(sol)
    for user, reason in ((sol, "EMPLOYMENT_ENDED"), (orphan, "NO_LONGER_NEEDED")):
        address = reverse("security:end_role", args=[user.assignments.get().pk])
        assert client.post(address, {"reason": reason, "note": "told by phone"}).url == PAGE
    row = sol.assignments.get()
    assert (row.end_reason, row.ended_by, row.end_note) == ("EMPLOYMENT_ENDED", state, "told by phone")
    assert not Session.objects.filter(user=sol).exists()
    assert "End the role of Dana Guidry" not in client.get(PAGE).content.decode()
    assert "told by phone" in client.get(PAGE, {"show": "ended"}).content.decode()


def test_the_last_state_administrator_stays_whoever_ends_it(state):
    make.UserFactory(role=Role.SEA_ADMINISTRATOR, is_active=False)
    for reason in (EndReason.NO_LONGER_NEEDED, EndReason.EMPLOYMENT_ENDED):
        with pytest.raises(RuleBroken, match="is the last state administrator"):
            end_role(by=state, assignment=state.assignments.get(), reason=reason)
    second = make.UserFactory(role=Role.SEA_ADMINISTRATOR)
    end_role(by=second, assignment=state.assignments.get(), reason=EndReason.NO_LONGER_NEEDED)
    assert set(state_administrators()) == {second}


def test_no_district_ends_or_lists_them(browse, state):
    client = browse(make.DesignationFactory().user)
    assert client.get(PAGE).status_code == 403
    address = reverse("security:end_role", args=[state.assignments.get().pk])
    assert client.post(address, {"reason": "MISTAKE"}).status_code == 404


def test_that_employment_ended_is_said_of_no_role_of_a_district(state):
    """There it is a departure, which ends every role."""
    row = assign(by=None, user=make.UserFactory(), role=Role.READER, district=make.DistrictFactory(),
                 first_day=date(2020, 7, 1))  # fmt: skip
    with pytest.raises(RuleBroken, match="Choose why"):
        end_role(by=state, assignment=row, reason=EndReason.EMPLOYMENT_ENDED)
    with pytest.raises(NotAllowed, match="can end somebody's role"):
        end_role(by=row.user, assignment=state.assignments.get(), reason=EndReason.MISTAKE)
