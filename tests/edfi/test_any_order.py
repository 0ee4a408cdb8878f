"""Whatever happens in whatever order, with whatever outages: in the end the state has what it should."""

from contextlib import suppress
from datetime import date, timedelta
from itertools import count
from unittest.mock import patch

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edfi.actions import dirty, resync
from edfi.models import Resync, ResyncState, Trouble
from edfi.rules.records import SEORA, SSEPEA
from security import scope
from security.models import User
from security.rules.roles import Role
from tests import factories
from tests.standin.caller import eligibility, responsibility

from .conftest import IMPATIENT, OTHER_SCHOOL, SCHOOL, World

DETERMINED = date(2025, 11, 10)
NUMBERS = count(800_000)


class Child:
    """One child and its naive model: plain flags, and one short rule for what should be at the state."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.number = str(next(NUMBERS))
        self.row = world.child(self.number)
        self.enrollment = world.enroll(self.row)
        self.evaluation = world.evaluate(self.row, locked=False)
        self.locked = False
        self.consent = date(2025, 9, 15)
        self.flags = dict.fromkeys(("no_show", "state_exclude", "eval_only", "overridden"), False)
        self.left = False

    def lock(self) -> None:
        self.world.relock(self.evaluation)
        self.locked = True

    def unlock(self) -> None:
        self.world.unlock(self.evaluation)
        self.locked = False

    def new_consent(self) -> None:
        self.world.unlock(self.evaluation)
        self.consent += timedelta(days=1)
        self.world.change(self.evaluation, consent_date=self.consent)
        if self.locked:
            self.lock()

    def leave_or_return(self) -> None:
        self.left = not self.left
        last_day, code = (date(2025, 10, 31), "1941") if self.left else (None, "")
        self.world.change(self.enrollment, last_day=last_day, exit_code=code)

    def flip(self, flag: str) -> None:
        self.flags[flag] = not self.flags[flag]
        site = self.world.other_school if self.flags["overridden"] else None
        changes = {"school_override": site} if flag == "overridden" else {flag: self.flags[flag]}
        self.world.change(self.enrollment, **changes)

    def tamper(self) -> None:
        """Somebody else changes what is at the state."""
        for item in self.there():
            if item.resource == SSEPEA:
                self.world.ods.store().put(SSEPEA, {**item.payload, "ideaIndicator": True})

    def add_strangers(self) -> None:
        """Somebody else adds records that nothing here explains."""
        student, day = {"studentReference": {"studentUniqueId": self.number}}, "2025-10-01"
        self.world.ods.store().put(SSEPEA, eligibility(**student, consentToEvaluationReceivedDate=day))
        self.world.ods.store().put(SEORA, responsibility(**student, beginDate=day))

    def there(self) -> list:
        return list(self.world.ods.store().of_student.get(self.number, {}).values())

    @property
    def only_evaluated(self) -> bool:
        return self.flags["state_exclude"] and self.flags["eval_only"]

    def expected(self) -> set[tuple[str, str, int]]:
        """(resource, day, school) that the state should have."""
        excluded = self.flags["state_exclude"] and not self.flags["eval_only"]
        if not self.locked or self.left or self.flags["no_show"] or excluded:
            return set()
        school = OTHER_SCHOOL if self.flags["overridden"] else SCHOOL
        resources = (SEORA, SSEPEA) if self.only_evaluated else (SSEPEA,)
        return {(resource, self.consent.isoformat(), school) for resource in resources}

    def found(self) -> set[tuple[str, str, int]]:
        days = {SEORA: "beginDate", SSEPEA: "consentToEvaluationReceivedDate"}
        return {
            (resource, record[day], record["educationOrganizationReference"]["educationOrganizationId"])
            for resource, day in days.items()
            for record in self.world.at_state(resource)
            if record["studentReference"]["studentUniqueId"] == self.number
        }


def retry(world: World) -> None:
    with scope.elevated():
        Trouble.objects.filter(retry_at__isnull=False).update(retry_at=timezone.now() - timedelta(seconds=1))
    world.send()


def crash(world: World) -> None:
    """The sender dies before it has written down what the state answered."""
    with patch("edfi.actions.reconcile._store", side_effect=SystemExit), suppress(SystemExit):
        world.send()


def switch(world: World) -> None:
    world.connection.refresh_from_db()
    world.connection.enabled = not world.connection.enabled
    world.connection.save()
    if world.connection.enabled:
        dirty.mark_everyone(world.connection)


def compare(world: World, by: User) -> Resync:
    return resync.carry_out(resync.ask_for_resync(by=by, connection=world.connection), patience=IMPATIENT)


def resync_everything(world: World, by: User) -> None:
    found = compare(world, by)
    if found.state == ResyncState.COMPARED:
        typed = str(resync.deletions_to_type(found) or "")
        resync.carry_out(resync.send_differences(by=by, resync=found, typed=typed), patience=IMPATIENT)


DEEDS = {
    "lock": Child.lock,
    "unlock": Child.unlock,
    "new consent": Child.new_consent,
    "leave or return": Child.leave_or_return,
    "no show": lambda child: child.flip("no_show"),
    "exclude": lambda child: child.flip("state_exclude"),
    "eval only": lambda child: child.flip("eval_only"),
    "override": lambda child: child.flip("overridden"),
    "send": lambda child: retry(child.world) if child.world.connection.enabled else None,
    "crash": lambda child: crash(child.world) if child.world.connection.enabled else None,
    "switch on or off": lambda child: switch(child.world),
    "resource off": lambda child: child.world.connection.years.update(send_eligibility=False),
    "resource on": lambda child: child.world.connection.years.update(send_eligibility=True),
    "tampered": Child.tamper,
    "lost there": lambda child: child.world.ods.lose(SSEPEA, child.number),
    "added there": Child.add_strangers,
    "outage": lambda child: child.world.ods.fail_next(2, 503),
    "lost answer": lambda child: child.world.ods.lose_answer_of_next(1, resource=SSEPEA),
    "dropped": lambda child: child.world.ods.drop_next(3, resource=SEORA),
}
# What others did at the state is found by comparing, and a switch turned on again asks for it (EDFI-R31).
NEEDS_A_RESYNC = {"tampered", "lost there", "added there", "resource off"}
BY_ITSELF = sorted(DEEDS.keys() - NEEDS_A_RESYNC - {"switch on or off"})


@pytest.mark.rule("EDFI-D3")
@pytest.mark.rule("EDFI-D5")
@pytest.mark.rule("EDFI-D6")
@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(
    deeds=st.lists(st.sampled_from(BY_ITSELF), min_size=1, max_size=8)
    | st.lists(st.sampled_from(sorted(DEEDS)), min_size=1, max_size=14)
)
def test_in_the_end_the_state_has_what_it_should(world: World, deeds: list[str]) -> None:
    child, by = Child(world), factories.UserFactory(role=Role.SEA_ADMINISTRATOR)
    child.lock()
    world.send()
    for deed in deeds:
        DEEDS[deed](child)
    world.ods.faults.release_all()
    world.connection.years.update(send_eligibility=True)
    if not world.connection.enabled:
        switch(world)
    for _ in range(3):
        retry(world)
    if NEEDS_A_RESYNC.intersection(deeds):
        resync_everything(world, by)
    writes = len(world.ods.writes())
    world.send()
    again = compare(world, by)

    assert child.found() == child.expected()
    assert (again.state, len(world.ods.writes())) == (ResyncState.DONE, writes)
