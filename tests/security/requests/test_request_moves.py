"""The life of a request: table and enum agree, and any order of deeds goes as a naive model says."""

from functools import partial

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from security.actions import requests as verbs
from security.refusals import NotAllowed, RuleBroken
from security.rules.requests import OPEN, Move, RequestState, is_overdue, move_from, moves
from security.rules.roles import Role
from tests import factories as make

WHO = ("asker", "supervisor", "coordinator", "stranger")
# Who takes a request where: the policy in the words of the people, not read from the table.
EXPECTED = {
    ("submitted", "approve", "supervisor"): "approved",
    ("submitted", "deny", "supervisor"): "denied",
    ("submitted", "withdraw", "asker"): "withdrawn",
    ("approved", "grant", "coordinator"): "granted",
    ("approved", "deny", "coordinator"): "denied",
    ("approved", "withdraw", "asker"): "withdrawn",
}


@pytest.mark.rule("SEC-12")
def test_table_and_enum_agree():
    assert {row.move for row in moves()} == set(Move)
    assert {row.state for row in moves()} == set(OPEN)
    assert {row.to for row in moves()} | {RequestState.SUBMITTED} == set(RequestState)


@pytest.mark.rule("SEC-16")
def test_a_denial_alone_needs_a_reason():
    assert {row.move for row in moves() if row.needs_reason} == {Move.DENY}


@pytest.mark.parametrize("state", [RequestState.GRANTED, RequestState.DENIED, RequestState.WITHDRAWN])
@pytest.mark.parametrize("move", Move)
def test_a_closed_request_moves_no_more(state, move):
    assert move_from(state, move) is None


@pytest.mark.rule("SEC-17")
@pytest.mark.parametrize(("days", "late"), [(0, False), (10, False), (11, True)])
def test_more_than_ten_business_days_are_too_long(days, late):
    assert is_overdue(days) is late


def machine(people, district, reached):
    """Anybody tries anything at any time; a second model says where the request must stand. `reached` gets
    every state in which it stood."""

    class Requests(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.savepoint = transaction.savepoint()
            self.request = make.AccessRequestFactory(requester=people["asker"], district=district)
            self.expected = "submitted"

        def teardown(self):
            transaction.savepoint_rollback(self.savepoint)

        @initialize(approved=st.booleans())
        def so_far_in_order(self, approved):
            if approved:
                self.somebody_tries("supervisor", Move.APPROVE)

        @rule(who=st.sampled_from(WHO), move=st.sampled_from(list(Move)))
        def somebody_tries(self, who, move):
            reason = {"reason": "because"} if move == Move.DENY else {}
            to = EXPECTED.get((self.expected, move.value, who))
            deed = partial(getattr(verbs, move.value), by=people[who], request=self.request, **reason)
            if to is None:
                with pytest.raises((NotAllowed, RuleBroken), match=r"\.$"):
                    deed()
            else:
                deed()
                self.expected = to

        @invariant()
        def it_stands_where_it_must(self):
            self.request.refresh_from_db()
            assert self.request.state == self.expected
            reached.add(self.expected)

        @invariant()
        def there_is_one_role_when_it_is_granted_and_none_before(self):
            held = people["asker"].assignments.count()
            assert held == (1 if self.expected == "granted" else 0)

    return Requests


@pytest.mark.django_db
def test_any_order_of_deeds_goes_as_the_policy_says():
    district = make.DistrictFactory()
    make.PolicyFactory(district=district)
    people = {
        "asker": make.UserFactory(district=district),
        "supervisor": make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=district),
        "coordinator": make.DesignationFactory(district=district).user,
        "stranger": make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=make.DistrictFactory()),
    }
    reached: set[str] = set()
    run_state_machine_as_test(
        machine(people, district, reached),
        settings=settings(
            max_examples=15, stateful_step_count=8, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    assert reached == set(RequestState), "some state was never put to the test"
