"""Answers that are lost, records that are refused or wait, days that lie ahead, an API that is down."""

from datetime import timedelta

import pytest
from django.utils import timezone

from edfi.models import DirtyStudent
from edfi.rules.facts import FuturePolicy
from edfi.rules.records import SSEPEA
from edfi.tasks import send_dirty

from .conftest import SCHOOL, World


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.rule("EDFI-D4")
def test_a_lost_answer_leaves_one_record(world: World, times: int) -> None:
    child = world.child()
    world.enroll(child)
    world.evaluate(child)
    world.ods.lose_answer_of_next(times, resource=SSEPEA)
    world.send()
    world.retry_now()
    world.send()

    assert len(world.at_state()) == 1
    assert world.identities()[0].acknowledged_at
    assert world.troubles() == []


def test_a_record_whose_answer_was_lost_is_found_and_deleted(world: World) -> None:
    child = world.child()
    world.enroll(child)
    evaluation = world.evaluate(child)
    world.ods.lose_answer_of_next(2, resource=SSEPEA)
    world.send()
    unknown = world.identities()[0].ods_id
    world.unlock(evaluation)
    world.send()

    assert (unknown, world.at_state(), world.identities()) == ("", [], [])


@pytest.mark.rule("EDFI-D5")
def test_an_edit_that_is_taken_back_after_a_lost_answer_is_undone_there_too(world: World) -> None:
    child = world.child()
    world.enroll(child)
    evaluation = world.evaluate(child)
    world.send()
    world.ods.lose_answer_of_next(2, resource=SSEPEA)
    world.relock(evaluation, delay_reason="C")
    world.send()
    between = world.at_state()[0].get("evaluationDelayReasonDescriptor")
    world.relock(evaluation, delay_reason="")
    world.send()

    assert between is not None
    assert "evaluationDelayReasonDescriptor" not in world.at_state()[0]


@pytest.mark.rule("EDFI-B22")
@pytest.mark.rule("EDFI-B10")
def test_a_record_waits_for_the_student_information_system(world: World) -> None:
    child = world.child(at_state=False)
    world.enroll(child)
    world.evaluate(child)
    world.send()
    missing = [(t.needs, t.status) for t in world.troubles()]
    world.ods.add_student("604822")
    world.retry_now()
    world.send()
    unrelated = [(t.needs, t.status) for t in world.troubles()]
    world.ods.add_student("604822", school=SCHOOL)
    world.retry_now()
    world.send()

    assert (missing, unrelated) == ([("dependency", 409)], [("dependency", 403)])
    assert len(world.at_state()) == 1
    assert world.troubles() == []


@pytest.mark.rule("EDFI-B11")
@pytest.mark.rule("EDFI-D5")
def test_a_refused_record_waits_for_a_person_and_is_not_sent_again(world: World) -> None:
    child = world.child()
    enrollment = world.enroll(child)
    evaluation = world.evaluate(child, delay_reason="C")
    world.ods.store().descriptors.discard("uri://dpi.wi.gov/EvaluationDelayReasonDescriptor#C")
    world.send()
    world.change(enrollment, service_type="N")
    world.send()
    (trouble,) = world.troubles()
    tries = len(world.ods.writes())
    world.relock(evaluation, delay_reason="T")
    world.send()

    assert (trouble.needs, trouble.status, tries) == ("person", 400, 1)
    assert "does not exist" in trouble.answer
    assert len(world.at_state()) == 1
    assert world.troubles() == []


@pytest.mark.rule("EDFI-R42")
def test_the_same_trouble_is_listed_once(world: World) -> None:
    child = world.child(edfi_id="")
    enrollment = world.enroll(child)
    world.evaluate(child)
    world.send()
    world.change(enrollment, service_type="N")
    world.send()

    (trouble,) = world.troubles()
    assert (trouble.code, trouble.count, trouble.needs) == ("NO_EDFI_ID", 2, "person")


@pytest.mark.rule("EDFI-D1")
def test_a_future_determination_is_looked_at_again_on_its_day(world: World, monkeypatch) -> None:
    child = world.child()
    world.enroll(child)
    world.evaluate(child, determination_date=timezone.localdate() + timedelta(days=1))
    world.send()
    (trouble,) = world.troubles()
    before = woken(world, monkeypatch), world.at_state()
    tomorrow_comes(monkeypatch)

    assert (trouble.code, trouble.needs) == ("DETERMINATION_IN_FUTURE", "day")
    assert before == (0, [])
    assert woken(world, monkeypatch) == 1
    assert (len(world.at_state()), world.troubles(), woken(world, monkeypatch)) == (1, [], 0)


@pytest.mark.rule("EDFI-C7")
def test_one_that_was_sent_as_not_complete_is_complete_on_its_day(world: World, monkeypatch) -> None:
    world.change(world.connection, future_policy=FuturePolicy.SEND_INCOMPLETE)
    world.connection.refresh_from_db()
    child = world.child()
    world.enroll(child)
    world.evaluate(child, determination_date=timezone.localdate() + timedelta(days=1))
    world.send()
    before = world.at_state()[0]["evaluationCompleteIndicator"]
    tomorrow_comes(monkeypatch)
    woken(world, monkeypatch)

    assert (before, world.at_state()[0]["evaluationCompleteIndicator"]) == (False, True)


def tomorrow_comes(monkeypatch) -> None:
    now = timezone.now() + timedelta(days=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


def woken(world: World, monkeypatch) -> int:
    """The clock looks for what there is to do; how many senders it wakes, each of which sends."""
    senders = []
    monkeypatch.setattr("edfi.tasks.send_to.delay", senders.append)
    send_dirty()
    for _ in senders:
        world.send()
    return len(senders)


def test_an_api_that_is_down_keeps_every_mark(world: World) -> None:
    child = world.child()
    world.enroll(child)
    world.evaluate(child)
    world.ods.fail_next(2, 503, resource="")
    world.send()
    world.connection.refresh_from_db()
    error, marks = world.connection.last_error, DirtyStudent.objects.count()
    world.send()

    assert (error, marks) == ("The Ed-Fi API does not answer.", 1)
    assert len(world.at_state()) == 1
