"""One reason for everything that one thing would mend, and nothing sent that cannot arrive."""

import json
from datetime import date

import pytest

from edfi import desk
from edfi.answers import about_of
from edfi.rules.facts import StudentFacts
from edfi.rules.records import SEORA, SSEPEA
from edfi.rules.root_cause import root_of
from enrollment.models import Enrollment
from security import scope
from security.models import User
from security.rules.roles import Role
from tests import factories
from tests.edfi.test_exchange import EVAL_ONLY

from .conftest import World

RESPONSIBLE = "uri://dpi.wi.gov/ResponsibilityDescriptor#SIE"


@pytest.fixture
def manager(world: World) -> User:
    return factories.UserFactory(role=Role.DATA_MANAGER, role__district=world.district)


def only_evaluated(world: World, edfi_id: str, *, at_state: bool = True) -> Enrollment:
    child = world.child(edfi_id, at_state=False)
    if at_state:
        world.ods.add_student(edfi_id)
    world.evaluate(child)
    return world.enroll(child, **EVAL_ONLY)


def causes(world: World, by: User) -> list[desk.Cause]:
    with scope.of(by):
        return desk.causes(by, world.connection)


def sent(world: World) -> list[str]:
    return [seen.resource for seen in world.ods.writes()]


@pytest.mark.parametrize(
    ("body", "about"),
    [
        ({"validationErrors": {"$.ideaPartDescriptor": ["… does not exist."]}}, "ideaPartDescriptor"),
        ({"modelState": {"request.a[0].bDescriptor": ["BDescriptorId is required"]}}, "a[0].bDescriptor"),
        ({"validationErrors": {"Ada Fontenot": ["…"]}}, ""),
        ({"detail": "The referenced 'Student' item does not exist."}, "Student"),
        ({"message": "The value supplied for the related 'School' resource does not exist."}, "School"),
        ({"message": "student reference could not be resolved"}, "Student"),
        ({"message": "An unexpected problem has occurred."}, ""),
        ("", ""),
    ],
)
@pytest.mark.rule("EDFI-B10")
@pytest.mark.rule("EDFI-B11")
def test_the_root_is_a_field_or_a_missing_record(body, about) -> None:
    assert about_of(body) == about


def test_of_the_values_only_descriptors_are_named() -> None:
    payload = {"late": "Her mother is ill", "many": [{"kindDescriptor": "uri://x/KindDescriptor#A"}]}

    assert root_of("late", payload) == "late"
    assert root_of("many[0].kindDescriptor", payload) == "kindDescriptor uri://x/KindDescriptor#A"


def test_two_unknown_values_are_two_reasons_and_two_children_of_one_are_one(world: World, manager) -> None:
    for number, reason in enumerate("CCT"):
        child = world.child(f"70000{number}")
        world.enroll(child)
        world.evaluate(child, delay_reason=reason)
        world.ods.store().descriptors.discard(f"uri://dpi.wi.gov/EvaluationDelayReasonDescriptor#{reason}")
    world.send()

    assert [(cause.about[-2:], cause.records) for cause in causes(world, manager)] == [
        ("#C", 2),
        ("#T", 1),
    ]


@pytest.mark.rule("EDFI-R7")
@pytest.mark.parametrize("runs", [1, 2])
def test_what_needs_a_refused_record_is_held_back_and_counted_with_it(world: World, manager, runs) -> None:
    enrollment = only_evaluated(world, "604822")
    world.ods.store().descriptors.discard(RESPONSIBLE)
    world.send()
    if runs > 1:
        world.change(enrollment, service_type="N")
        world.send()
    (cause,) = causes(world, manager)

    assert sent(world) == [SEORA]
    assert (cause.records, cause.behind, cause.students) == (2, 1, 1)


@pytest.mark.rule("EDFI-B10")
def test_a_child_that_the_state_does_not_know_is_asked_for_once(world: World, manager) -> None:
    only_evaluated(world, "604822", at_state=False)
    world.send()
    (cause,) = causes(world, manager)
    world.ods.add_student("604822")
    world.retry_now()
    world.send()

    assert (cause.sentence, cause.records) == (
        "The state does not have the student yet. The SIS sends it.",
        2,
    )
    assert sent(world) == [SEORA, SEORA, SSEPEA]
    assert world.troubles() == []


@pytest.mark.rule("EDFI-B27")
def test_neither_the_child_nor_what_the_state_said_is_in_the_logs(world: World, caplog, capsys) -> None:
    child = world.child("604822", at_state=False)
    world.enroll(child)
    world.evaluate(child)
    world.ods.fail_next(1, 503, resource=SSEPEA)
    with caplog.at_level("DEBUG"):
        world.send()
    (trouble,) = world.troubles()
    written = json.dumps([str(vars(line)) for line in caplog.records]) + "".join(capsys.readouterr())

    assert "the state is busy" in written
    assert [word for word in ("604822", child.last_name, trouble.answer) if word in written] == []
    assert StudentFacts(child.pk, "604822").edfi_id not in trouble.sentence


@pytest.mark.rule("EDFI-B22")
@pytest.mark.parametrize("known", [False, True], ids=["not there", "not related"])
def test_of_two_records_of_a_year_the_second_is_not_tried(world: World, manager, known) -> None:
    child = world.child(at_state=False)
    if known:
        world.ods.add_student("604822")
    world.enroll(child)
    world.evaluate(child)
    world.evaluate(child, consent_date=date(2025, 10, 1), determination_date=date(2025, 11, 12))
    world.send()
    (cause,) = causes(world, manager)

    assert (sent(world), cause.records) == ([SSEPEA], 2)
