"""Two people at the same instant: one deed is done, the other one gets a sentence."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from security.actions.end_role import end_role
from security.actions.requests import Wanted as Asked
from security.actions.requests import approve, ask, grant, withdraw
from security.models import AccessRequest, Assignment, EndReason
from security.refusals import RuleBroken
from security.rules.roles import Role
from tests import factories as make

AT_MOST = 60  # seconds


def both_at_once(*deeds: Callable[[], object]) -> list[str]:
    """The sentences of those that were refused."""
    together, refusals = Barrier(len(deeds)), []

    def run(deed: Callable[[], object]) -> None:
        together.wait(AT_MOST)
        try:
            deed()
        except RuleBroken as sentence:
            refusals.append(str(sentence))
        finally:
            connection.close()

    threads = [Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(AT_MOST)
    return refusals


@pytest.fixture
def district(own_database: str):
    place = make.DistrictFactory(name="Cypress Parish")
    make.PolicyFactory(district=place)
    return place


def test_two_coordinators_grant_at_once_and_one_role_is_given(district):
    first, second = (make.DesignationFactory(district=district).user for _ in range(2))
    supervisor = make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=district)
    asked = approve(by=supervisor, request=make.AccessRequestFactory(district=district))
    refused = both_at_once(*(lambda by=by: grant(by=by, request=asked) for by in (first, second)))
    assert refused == ["It is granted already."]
    assert asked.assignments.count() == 1


def test_a_request_withdrawn_while_it_is_granted_goes_one_way_only(district):
    coordinator = make.DesignationFactory(district=district).user
    supervisor = make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=district)
    asked = approve(by=supervisor, request=make.AccessRequestFactory(district=district))
    refused = both_at_once(
        lambda: grant(by=coordinator, request=asked), lambda: withdraw(by=asked.requester, request=asked)
    )
    asked.refresh_from_db()
    assert len(refused) == 1
    assert asked.assignments.count() == (1 if asked.state == "granted" else 0)


def test_a_form_sent_twice_at_once_asks_once(district):
    person = make.UserFactory(district=district)
    wanted = Asked(Role.READER, (district,), "covers for a colleague")
    assert len(both_at_once(*[lambda: ask(by=person, wanted=wanted)] * 2)) == 1
    assert AccessRequest.objects.count() == 1


@pytest.mark.rule("SEC-20")
def test_the_last_two_coordinators_are_not_removed_at_once(district):
    for _ in range(2):
        make.DesignationFactory(district=district)
    roles = Assignment.objects.filter(role=Role.SECURITY_COORDINATOR).select_related("district", "user")
    state = make.UserFactory(role=Role.SEA_ADMINISTRATOR)
    ended = {"by": state, "reason": EndReason.NO_LONGER_NEEDED}
    refused = both_at_once(*(lambda role=role: end_role(assignment=role, **ended) for role in roles))
    assert len(refused) == 1
    assert roles.in_force().count() == 1
