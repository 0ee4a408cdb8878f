"""A copy of the report for the parents: also when it is locked, and by the district that answers."""

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from evaluations import actions
from evaluations.models import ReportCopy
from journal.models import Entry
from security import scope
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from tests.evaluations.conftest import DECIDED
from tests.factories import DistrictFactory, JurisdictionFactory, UserFactory

GIVEN = DECIDED + timedelta(days=3)


def give(by, evaluation, on=GIVEN, to="Corinne Dupre"):
    return actions.give_copy(by=by, evaluation=evaluation, on=on, to=to)


def test_of_a_locked_report_it_is_recorded_once_and_stays(as_system, decided, coordinator):
    locked = actions.lock(by=coordinator, evaluation=decided)
    first, again = give(coordinator, locked), give(coordinator, locked)
    assert (first, Entry.objects.filter(kind="EVALUATION_COPY_GIVEN").count()) == (again, 1)
    with pytest.raises(ProgrammingError, match="append_only"), transaction.atomic():
        ReportCopy.objects.update(on=DECIDED)


@pytest.mark.parametrize(
    ("on", "to", "sentence"),
    [
        (DECIDED - timedelta(days=1), "Corinne Dupre", "before the determination"),
        (date(2999, 1, 1), "Corinne Dupre", "in the future"),
        (GIVEN, " ", "Say who received it"),
    ],
)
def test_what_cannot_be_is_refused(as_system, decided, coordinator, on, to, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        give(coordinator, decided, on, to)


def test_there_is_none_before_the_determination_and_none_by_others(
    as_system, evaluation, decided, coordinator, reader
):
    with pytest.raises(NotAllowed, match="record whom a report went to"):
        give(reader, decided)
    evaluation.determination_date, evaluation.outcome = None, ""
    evaluation.save()
    with pytest.raises(RuleBroken, match="no determination yet"):
        give(coordinator, evaluation)


def test_a_copy_that_a_later_district_gives_is_its_own_to_read(decided, child, parish, coordinator):
    today = timezone.localdate()
    with scope.system():
        give(coordinator, actions.lock(by=coordinator, evaluation=decided))
        child.jurisdictions.update(last_day=today - timedelta(days=1))
    there = DistrictFactory(state=parish.state)
    JurisdictionFactory(student=child, district=there, first_day=today)
    moved = UserFactory(role=Role.EVALUATION_COORDINATOR, role__district=there)
    with scope.of(moved):
        give(moved, decided, on=today)
    for person, n in ((moved, 2), (coordinator, 1)):
        with scope.of(person):
            assert ReportCopy.objects.count() == n


def test_the_page_of_a_locked_report_takes_it(decided, coordinator, browse):
    with scope.system():
        actions.lock(by=coordinator, evaluation=decided)
    client, page = browse(coordinator), reverse("evaluations:evaluation", args=[decided.pk])
    assert "No copy for the parents is recorded" in client.get(page, {"step": "parent-copy"}).content.decode()
    sent = {"on": "Oct 23, 2025", "to": "Corinne Dupre"}
    done = client.post(reverse("evaluations:step", args=[decided.pk, "parent-copy"]), sent, follow=True)
    assert "Copy to Corinne Dupre, Oct 23, 2025" in done.content.decode()
