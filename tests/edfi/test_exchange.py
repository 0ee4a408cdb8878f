"""From a locked evaluation to the record at the state, through every change and every kind of trouble."""

from collections.abc import Callable
from datetime import date

import pytest

from edfi.actions import dirty
from edfi.actions.configure import switch
from edfi.models import DirtyStudent
from edfi.rules.facts import DeleteOrder, EditPolicy
from edfi.rules.records import SEORA, SSEPEA
from security import scope
from security.rules.roles import Role
from students.actions.merge import merge
from students.merge_plan import plan_of
from tests import factories

from .conftest import OTHER_SCHOOL, World
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


@pytest.mark.rule("EDFI-C3", "EDFI-R17")
def test_an_edit_is_one_request_or_where_the_connection_says_so_two(world: World) -> None:
    child = world.child()
    world.enroll(child)
    evaluation = world.evaluate(child)
    world.send()
    world.relock(evaluation, delay_reason="C")
    world.send()
    as_usual = methods(world)
    world.change(world.connection, edit_policy=EditPolicy.DELETE_AND_POST)
    world.connection.refresh_from_db()
    world.relock(evaluation, delay_reason="T")
    world.send()
    world.send()

    assert (as_usual, methods(world)[2:]) == (["POST", "POST"], ["DELETE", "POST"])
    assert [record["evaluationDelayReasonDescriptor"][-1] for record in world.at_state()] == ["T"]
    world.unlock(evaluation)
    world.send()
    assert (world.at_state(), world.identities()) == ([], [])


@pytest.mark.rule("EDFI-C4", "EDFI-R23")
@pytest.mark.rule("EDFI-B23")
def test_the_order_of_the_source_ends_in_a_refusal_at_a_server_that_is_strict(world: World) -> None:
    world.change(world.connection, delete_order=DeleteOrder.RESPONSIBILITY_FIRST)
    world.connection.refresh_from_db()
    child = world.child(at_state=False)
    world.ods.add_student("604822")
    enrollment = world.enroll(child, **EVAL_ONLY)
    world.evaluate(child)
    world.send()
    world.change(enrollment, no_show=True)
    world.send()

    (trouble,) = world.troubles()
    assert (trouble.status, trouble.needs) == (403, "dependency")
    assert (len(world.at_state(SEORA)), len(world.at_state(SSEPEA))) == (0, 1)


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


@pytest.mark.rule("EDFI-D6")
def test_two_records_of_one_child_become_one_and_its_record_at_the_state_stays(world: World) -> None:
    """Not a DELETE of the one's and a POST of the other's side by side: it is one record."""
    double, kept = world.child(), world.child()
    world.enroll(double)
    evaluation = world.evaluate(double)
    world.send()
    manager = factories.UserFactory(role=Role.DATA_MANAGER, role__district=world.district)
    with scope.of(manager):
        key = plan_of(kept, double).key
        merge(by=manager, kept=kept, merged=double, reason="The same child", key=key, checked=True)
    world.send()

    (identity,) = world.identities()
    assert (identity.student_id, len(world.at_state())) == (kept.pk, 1)
    assert methods(world) == ["POST", "POST"]
    world.unlock(evaluation)
    world.send()
    assert world.at_state() == []


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
    world.change(world.connection, enabled=False)
    child = world.child()
    world.enroll(child)
    world.evaluate(child)
    world.send()
    before = world.at_state()
    world.connection = switch(
        by=factories.UserFactory(role=Role.SEA_ADMINISTRATOR), connection=world.connection, on=True
    )
    world.send()

    assert (before, len(world.at_state())) == ([], 1)


def three_children(world: World, monkeypatch) -> None:
    """One in each batch."""
    monkeypatch.setattr("edfi.actions.exchange.BATCH", 1)
    for number in range(3):
        child = world.child(f"70000{number}")
        world.enroll(child)
        world.evaluate(child)


def after_the_first_batch(monkeypatch, deed: Callable[[], object]) -> None:
    done, deeds = dirty.done, [deed]

    def done_and_more(*args) -> None:
        done(*args)
        if deeds:
            deeds.pop()()

    monkeypatch.setattr("edfi.actions.dirty.done", done_and_more)


@pytest.mark.rule("EDFI-A13")
def test_a_districts_own_connection_leaves_the_children_of_others_alone(world: World) -> None:
    """No line that says that they are not enrolled, and nobody of them is compared with everybody."""
    world.change(world.connection, district=world.district)
    world.connection.refresh_from_db()
    elsewhere = factories.DistrictFactory(state=world.state)
    other = factories.StudentFactory(state=world.state, edfi_id="700009", district=elsewhere)
    site = factories.SiteFactory(state=world.state, district=elsewhere, edfi_id=29012)
    world.enroll(other, district=elsewhere, site=site)
    world.evaluate(other, district=elsewhere)
    nowhere, moved = world.child("700001"), world.child("700002")
    world.evaluate(nowhere)
    world.enroll(moved)
    world.evaluate(moved, district=elsewhere)
    world.send()

    assert [(t.student_id, t.code) for t in world.troubles()] == [(nowhere.pk, "NO_ENROLLMENT")]
    assert [record["studentReference"]["studentUniqueId"] for record in world.at_state()] == ["700002"]
    assert dirty.everyone(world.connection) == [nowhere.pk, moved.pk]


@pytest.mark.rule("EDFI-R28")
def test_switched_off_while_much_is_sent_it_ends_after_the_batch(world: World, monkeypatch) -> None:
    three_children(world, monkeypatch)
    after_the_first_batch(monkeypatch, lambda: world.change(world.connection, enabled=False))

    assert (world.send(), len(world.at_state()), len(marked())) == (1, 1, 2)


def test_a_server_that_goes_away_while_much_is_sent_is_not_tried_for_every_child(
    world: World, monkeypatch
) -> None:
    three_children(world, monkeypatch)
    after_the_first_batch(monkeypatch, lambda: world.ods.fail_next(99, 503))
    sent = world.send()
    world.connection.refresh_from_db()

    assert (sent, len(marked())) == (2, 1)
    assert world.connection.last_error == "The Ed-Fi API does not answer."
    world.ods.faults.release_all()
    world.retry_now()
    world.send()
    assert len(world.at_state()) == 3


def marked() -> list[int]:
    with scope.elevated():
        return list(DirtyStudent.objects.values_list("student_id", flat=True))


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
