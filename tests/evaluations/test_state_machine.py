"""Whatever people do in whatever order: a locked row never changes, and each lock counts once."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from evaluations import actions
from evaluations.models import Evaluation
from security.refusals import RuleBroken
from tests.evaluations.conftest import ELIGIBLE

DAYS = st.dates(date(2025, 8, 1), date(2025, 11, 30))


def machine(child, coordinator, supervisor, reached):
    """`reached` gets the number of each lock: without one the promise was never put to the test."""

    class LifeOfAnEvaluation(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.savepoint = transaction.savepoint()
            self.evaluation = actions.refer(
                by=coordinator, student=child, kind="INIT", on=date(2025, 8, 20), reason="Reading"
            )
            self.locks = 0
            self.frozen = None

        def teardown(self):
            transaction.savepoint_rollback(self.savepoint)

        def now(self) -> dict:
            return Evaluation.objects.values().get(pk=self.evaluation.pk)

        def attempt(self, deed, **words):
            """The evaluation afterwards, or None when a rule refused it."""
            with suppress(RuleBroken):
                by = supervisor if deed is actions.unlock else coordinator
                return deed(by=by, evaluation=self.evaluation, **words)
            return None

        @rule(on=DAYS)
        def ask_for_consent(self, on):
            self.attempt(actions.request_consent, on=on)

        @rule(on=DAYS)
        def consent_comes_in(self, on):
            self.attempt(actions.receive_consent, on=on)

        @rule(on=DAYS, eligible=st.booleans())
        def team_decides(self, on, eligible):
            found = replace(ELIGIBLE, on=on)
            if not eligible:
                found = replace(found, outcome="NOTE", primary="", others=())
            self.attempt(actions.record_determination, found=found)

        @initialize()
        def all_goes_in_order_so_far(self):
            self.attempt(actions.receive_consent, on=date(2025, 9, 1))
            self.attempt(actions.record_determination, found=ELIGIBLE)

        @rule()
        def lock(self):
            if self.attempt(actions.lock):
                self.locks += 1
                reached.append(self.locks)
                self.frozen = self.now()

        @rule(reason=st.sampled_from(["", "Wrong date."]))
        def unlock(self, reason):
            if self.attempt(actions.unlock, reason=reason):
                self.frozen = None

        @rule(days=st.integers(1, 400))
        def somebody_edits_the_row(self, days):
            day = date(2025, 9, 1) + timedelta(days=days)
            try:
                with transaction.atomic():
                    Evaluation.objects.filter(pk=self.evaluation.pk).update(dissemination_date=day)
            except DatabaseError:
                assert self.frozen
            else:
                assert not self.frozen

        @invariant()
        def a_locked_row_stays_as_it_was_locked(self):
            now = self.now()
            assert now["lock_version"] == self.locks
            assert now["locked"] == bool(self.frozen)
            if self.frozen:
                assert now == self.frozen

    return LifeOfAnEvaluation


@pytest.mark.rule("EDFI-R46")
def test_a_locked_evaluation_survives_every_order_of_deeds(as_system, child, coordinator, supervisor):
    reached: list[int] = []
    run_state_machine_as_test(
        machine(child, coordinator, supervisor, reached),
        settings=settings(
            max_examples=12, stateful_step_count=16, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    assert max(reached, default=0) > 1, "no order of deeds came to a lock, an unlock and a second lock"
