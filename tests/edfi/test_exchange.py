"""From a locked evaluation to the record at the state, through every change and every kind of trouble."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from edfi.actions import dirty
from edfi.models import DirtyStudent, Trouble
from edfi.rules.records import SEORA, SSEPEA
from security import scope
from tests import factories

from .conftest import OTHER_SCHOOL, SCHOOL, World
from .rules.builders import case

EVAL_ONLY = {"state_exclude": True, "eval_only": True}


def methods(world: World) -> list[str]:
    return [seen.method for seen in world.ods.writes()]


@pytest.mark.rule("EDFI-R3")
def test_locking_sends_one_record(world: World) -> None:
    child = world.child()
    world.enroll(child)
    evaluation = world.evaluate(child, locked=False)
    world.send()
    before = world.at_state()
    world.lock(evaluation)
    world.send()

    assert before == []
    assert [record["consentToEvaluationReceivedDate"] for record in world.at_state()] == ["2025-09-15"]
    (identity,) = world.identities()
    assert identity.ods_id
    assert identity.district_id == world.district.pk


@pytest.mark.rule("EDFI-R20")
def test_unlocking_deletes_it(world: World) -> None:
    child = world.child()
    world.enroll(child)
    evaluation = world.evaluate(child)
    world.send()
    world.unlock(evaluation)
    world.send()

    assert (world.at_state(), world.identities()) == ([], [])
    assert methods(world) == ["POST", "DELETE"]


@pytest.mark.rule("EDFI-R19")
def test_a_deleted_evaluation_is_deleted_at_the_state(world: World) -> None:
    child = world.child()
    world.enroll(child)
    evaluation = world.evaluate(child)
    world.send()
    world.unlock(evaluation)
    world.remove(evaluation)
    world.send()

    assert world.at_state() == []


@pytest.mark.rule("EDFI-R17")
def test_an_edit_is_sent_once(world: World) -> None:
    child = world.child()
    world.enroll(child)
    evaluation = world.evaluate(child)
    world.send()
    world.relock(evaluation, delay_reason="C")
    world.send()
    world.send()

    assert methods(world) == ["POST", "POST"]
    assert [r["evaluationDelayReasonDescriptor"][-2:] for r in world.at_state()] == ["#C"]


@pytest.mark.rule("EDFI-D3")
def test_a_change_that_changes_nothing_at_the_state_is_not_sent(world: World) -> None:
    child = world.child()
    enrollment = world.enroll(child)
    world.evaluate(child)
    world.send()
    world.change(enrollment, service_type="N")
    world.send()

    assert methods(world) == ["POST"]


@pytest.mark.rule("EDFI-R35")
def test_a_new_consent_date_replaces_the_record(world: World) -> None:
    child = world.child()
    world.enroll(child)
    evaluation = world.evaluate(child)
    world.send()
    world.relock(evaluation, consent_date=date(2025, 9, 16))
    world.send()

    assert methods(world) == ["POST", "DELETE", "POST"]
    assert [r["consentToEvaluationReceivedDate"] for r in world.at_state()] == ["2025-09-16"]


@pytest.mark.rule("EDFI-R18")
@pytest.mark.rule("EDFI-R34")
def test_a_school_override_and_a_new_state_id_replace_it_too(world: World) -> None:
    child = world.child()
    enrollment = world.enroll(child)
    world.evaluate(child)
    world.send()
    world.change(enrollment, school_override=world.other_school)
    world.send()
    world.ods.add_student("700001", school=OTHER_SCHOOL)
    world.change(child, edfi_id="700001")
    world.send()

    (record,) = world.at_state()
    assert record["educationOrganizationReference"] == {"educationOrganizationId": OTHER_SCHOOL}
    assert record["studentReference"] == {"studentUniqueId": "700001"}


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        case("EDFI-R22", {"no_show": True}, 0),
        case("EDFI-R25", {"first_day": date(2025, 12, 1)}, 0),
        case("EDFI-R9", {"wise_exclude": True}, 0),
        pytest.param(
            {"last_day": date(2025, 11, 10), "exit_code": "1941"}, 1, marks=pytest.mark.rule("EDFI-R25")
        ),
        pytest.param(
            {"last_day": date(2025, 11, 9), "exit_code": "1941"}, 0, marks=pytest.mark.rule("EDFI-R25")
        ),
    ],
)
def test_changes_of_the_enrollment(world: World, changes: dict, left: int) -> None:
    child = world.child()
    enrollment = world.enroll(child)
    world.evaluate(child)
    world.send()
    world.change(enrollment, **changes)
    world.send()

    assert len(world.at_state()) == left


@pytest.mark.rule("EDFI-R12")
def test_a_school_that_is_excluded_later_takes_its_records_back(world: World) -> None:
    child = world.child()
    world.enroll(child)
    world.evaluate(child)
    world.send()
    world.change(world.school, excluded_from_state=True)
    world.send()

    assert world.at_state() == []


@pytest.mark.rule("EDFI-R7")
@pytest.mark.rule("EDFI-R23")
def test_a_child_only_evaluated_has_a_responsibility_first_and_last(world: World) -> None:
    child = world.child(at_state=False)
    world.ods.add_student("604822")
    enrollment = world.enroll(child, **EVAL_ONLY)
    world.evaluate(child)
    world.send()
    sent = (len(world.at_state(SEORA)), len(world.at_state()))
    world.change(enrollment, eval_only=False)
    world.send()

    assert sent == (1, 1)
    assert (world.at_state(SEORA), world.at_state()) == ([], [])
    assert [(seen.method, seen.resource) for seen in world.ods.writes()] == [
        ("POST", SEORA),
        ("POST", SSEPEA),
        ("DELETE", SSEPEA),
        ("DELETE", SEORA),
    ]


@pytest.mark.rule("EDFI-R51")
@pytest.mark.rule("EDFI-D2")
def test_an_official_iep_makes_the_child_eligible(world: World) -> None:
    child = world.child()
    world.enroll(child)
    world.evaluate(child)
    world.send()
    before = world.at_state()[0]["ideaIndicator"]
    iep = factories.IepFactory(student=child, district=world.district)
    world.change(iep, status="OFFICIAL", odr_date=date(2025, 12, 1))
    world.send()

    assert (before, world.at_state()[0]["ideaIndicator"]) == (False, True)


@pytest.mark.rule("EDFI-R28")
def test_a_resource_that_is_switched_off_stays_as_it_is(world: World) -> None:
    child = world.child()
    world.enroll(child)
    evaluation = world.evaluate(child)
    world.send()
    world.connection.years.update(send_eligibility=False)
    world.unlock(evaluation)
    world.send()

    assert len(world.at_state()) == 1


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.rule("EDFI-D4")
def test_a_lost_answer_leaves_one_record(world: World, times: int) -> None:
    child = world.child()
    world.enroll(child)
    world.evaluate(child)
    world.ods.lose_answer_of_next(times, resource=SSEPEA)
    world.send()
    retry_now(world)
    world.send()

    assert len(world.at_state()) == 1
    assert world.identities()[0].acknowledged_at
    assert world.troubles() == []


def retry_now(world: World) -> None:
    with scope.elevated():
        Trouble.objects.filter(retry_at__isnull=False).update(retry_at=timezone.now() - timedelta(seconds=1))


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
    retry_now(world)
    world.send()
    unrelated = [(t.needs, t.status) for t in world.troubles()]
    world.ods.add_student("604822", school=SCHOOL)
    retry_now(world)
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
def test_a_future_determination_is_looked_at_again_on_its_day(world: World) -> None:
    child = world.child()
    world.enroll(child)
    world.evaluate(child, determination_date=timezone.localdate() + timedelta(days=1))
    world.send()

    (trouble,) = world.troubles()
    assert (trouble.code, trouble.needs) == ("DETERMINATION_IN_FUTURE", "day")
    assert timezone.localtime(trouble.retry_at).date() == timezone.localdate() + timedelta(days=1)


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


def test_a_change_that_comes_while_sending_is_not_forgotten(world: World) -> None:
    child = world.child()
    world.enroll(child)
    evaluation = world.evaluate(child)
    marks = dirty.take(world.connection, 10)
    world.unlock(evaluation)
    dirty.done(world.connection, marks)

    assert DirtyStudent.objects.filter(student_id=child.pk).count() == 1


def test_without_an_enabled_connection_nothing_is_marked(world: World) -> None:
    world.connection.enabled = False
    world.connection.save()
    world.evaluate(world.child())

    assert DirtyStudent.objects.count() == 0


@pytest.mark.rule("EDFI-R31")
def test_a_connection_switched_on_later_sends_everybody(world: World) -> None:
    world.connection.enabled = False
    world.connection.save()
    child = world.child()
    world.enroll(child)
    world.evaluate(child)
    with scope.elevated():
        count = dirty.mark_everyone(world.connection)
    world.send()

    assert (count, len(world.at_state())) == (1, 1)


@pytest.mark.rule("EDFI-B20")
def test_the_order_of_the_server_is_asked_once_and_kept(world: World) -> None:
    child = world.child()
    world.enroll(child)
    evaluation = world.evaluate(child)
    world.send()
    world.relock(evaluation, delay_reason="C")
    world.send()

    world.connection.refresh_from_db()
    assert world.connection.order[SEORA] < world.connection.order[SSEPEA]
    asked = [seen for seen in world.ods.requests if seen.resource.endswith("dependencies")]
    assert len(asked) == 1


@pytest.mark.rule("EDFI-R33")
def test_a_new_number_of_the_district_moves_nothing_and_what_the_state_says_of_it_is_shown(
    world: World,
) -> None:
    child = world.child()
    world.enroll(child)
    evaluation = world.evaluate(child)
    world.send()
    world.change(world.district, edfi_id=77)
    world.send()
    moved = methods(world)
    world.ods.store().client_schools.clear()
    world.relock(evaluation, delay_reason="C")
    world.send()

    assert moved == ["POST"]
    assert methods(world) == ["POST", "POST"]
    assert [(trouble.status, trouble.needs) for trouble in world.troubles()] == [(403, "dependency")]
    assert len(world.at_state()) == 1
