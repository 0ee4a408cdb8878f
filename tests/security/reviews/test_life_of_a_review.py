"""Whoever decides what in whatever order: the review agrees with a naive reading, and closes when it may."""

from contextlib import suppress
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from security.actions.assign import end_assignment
from security.actions.review import close_review, decide, open_review
from security.models import Assignment, EndReason, Review, User
from security.refusals import RuleBroken
from security.rules.reviews import Decision, LineFacts, Standing, standing_of
from security.rules.roles import Role
from tests import factories as make

KEEP, REMOVE = Decision.KEEP, Decision.REMOVE
LINES = st.integers(0, 3)


@dataclass
class Naive:
    """One line: what each said, and whether the role has ended."""

    supervisor: str = ""
    coordinator: str = ""
    ended: bool = False

    @property
    def settled(self) -> bool:
        return self.ended or (self.supervisor == KEEP and self.coordinator == KEEP)


def machine(mine, supervisor, coordinator, readers, reached):
    """`reached` gets how each line ever stood, and whether a review was closed."""
    people = [supervisor, coordinator, *readers]

    class LifeOfAReview(RuleBasedStateMachine):
        """Lines 0 and 1 are those of supervisor and coordinator themselves, 2 and 3 those of readers."""

        def __init__(self):
            super().__init__()
            self.savepoint = transaction.savepoint()
            self.review = open_review(mine, timezone.localdate())
            make.UserFactory(role=Role.SECURITY_COORDINATOR, role__district=mine)  # so that none is the last
            self.lines = [self.review.lines.get(assignment__user=user) for user in people]
            self.naive = [Naive() for _ in people]
            self.closed = False

        def teardown(self):
            transaction.savepoint_rollback(self.savepoint)

        def say(self, by, n, decision) -> bool:
            with suppress(RuleBroken):
                as_of_now = User.objects.get(pk=by.pk)
                answer = decide(by=as_of_now, review=self.review, decisions={self.lines[n].pk: decision})
                return not answer.refused
            return False

        @initialize(decided=st.sampled_from(["nothing", "readers", "everything"]))
        def so_far_in_order(self, decided):
            """Nobody decides about themselves: the two last lines are settled when their roles end."""
            for n in (2, 3) if decided != "nothing" else ():
                self.supervisor_says(n, KEEP)
                self.coordinator_says(n, KEEP)
            if decided == "everything":
                self.coordinator_says(0, REMOVE)
                self.the_role_ends_otherwise(1)

        @rule(n=LINES, decision=st.sampled_from(Decision))
        def supervisor_says(self, n, decision):
            may = not self.closed and n != 0 and not self.naive[n].ended and not self.naive[0].ended
            assert self.say(supervisor, n, decision) is may
            if may:
                self.naive[n].supervisor = decision

        @rule(n=LINES, decision=st.sampled_from(Decision))
        def coordinator_says(self, n, decision):
            may = not self.closed and n != 1 and not self.naive[n].ended and not self.naive[1].ended
            assert self.say(coordinator, n, decision) is may
            if may:
                self.naive[n].coordinator = decision
                self.naive[n].ended = decision == REMOVE

        @rule(n=LINES)
        def the_role_ends_otherwise(self, n):
            row = Assignment.objects.get(pk=self.lines[n].assignment_id)
            end_assignment(by=None, assignment=row, reason=EndReason.EMPLOYMENT_ENDED)
            self.naive[n].ended = True

        @rule()
        def somebody_closes_it(self):
            may = not self.closed and all(line.settled for line in self.naive)
            state = make.UserFactory(role=Role.SEA_ADMINISTRATOR)
            try:
                close_review(by=state, review=self.review)
            except RuleBroken:
                assert not may
            else:
                assert may
                self.closed = True

        @invariant()
        def what_is_kept_agrees(self):
            kept = [
                (line.by_supervisor, line.by_coordinator, line.assignment.ended_at is not None)
                for line in self.review.lines.select_related("assignment").order_by("pk")
            ]
            in_order = sorted(zip(self.lines, self.naive, strict=True), key=lambda pair: pair[0].pk)
            assert kept == [(n.supervisor, n.coordinator, n.ended) for _, n in in_order]
            assert Review.objects.get(pk=self.review.pk).is_open is not self.closed
            reached.update(standing_of(LineFacts(*each)) for each in kept)
            reached.add("closed" if self.closed else "open")

    return LifeOfAReview


@pytest.mark.django_db
@pytest.mark.rule("SEC-33")
@pytest.mark.rule("SEC-34")
@pytest.mark.rule("SEC-36")
def test_the_life_of_a_review():
    mine = make.DistrictFactory()
    make.TrainingFactory(district=mine)
    supervisor = make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=mine)
    coordinator = make.UserFactory(role=Role.SECURITY_COORDINATOR, role__district=mine)
    readers = [make.UserFactory(role=Role.READER, role__district=mine) for _ in range(2)]
    reached: set[str] = set()
    run_state_machine_as_test(
        machine(mine, supervisor, coordinator, readers, reached),
        settings=settings(
            max_examples=10, stateful_step_count=15, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    assert reached == {*Standing, "open", "closed"}, "some standing was never put to the test"
