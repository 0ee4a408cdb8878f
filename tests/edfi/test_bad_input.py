"""What goes wrong between a district and its state is a sentence at the desk, and sent once it is mended."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from edfi.models import Connection, Trouble
from edfi.rules.records import SSEPEA
from security import scope
from security.rules.roles import Role
from tests import factories

from .conftest import OTHER_SCHOOL, World

DELAY = "uri://dpi.wi.gov/EvaluationDelayReasonDescriptor#C"
Deed = Callable[[World], object]


def the(what: str) -> Callable[..., Deed]:
    """`the("evaluation")(consent_date=None)` changes the only one there is."""

    def changed(**changes) -> Deed:
        def change(world: World) -> None:
            row = getattr(world, what)
            world.relock(row, **changes) if what == "evaluation" else world.change(row, **changes)

        return change

    return changed


evaluation, student = the("evaluation"), the("student")


@pytest.fixture
def world(world: World) -> World:
    """With one child whose evaluation can be sent."""
    world.student = world.child()
    world.enroll(world.student)
    world.evaluation = world.evaluate(world.student, delay_reason="C")
    return world


def desk(world: World, browse) -> str:
    manager = browse(factories.UserFactory(role=Role.DATA_MANAGER, role__district=world.district))
    return manager.get(reverse("edfi:desk")).content.decode()


def some_time_later(world: World) -> None:
    with scope.elevated():
        Trouble.objects.filter(retry_at__isnull=False).update(retry_at=timezone.now() - timedelta(seconds=1))
    world.send()


BAD_INPUT = {
    "an unknown descriptor": (
        lambda world: world.ods.store().descriptors.discard(DELAY),
        "The state has no value “C” for the evaluation delay reason.",
        evaluation(delay_reason="T"),
    ),
    "a blank consent": (
        evaluation(consent_date=None),
        "The evaluation has no date on which consent was received.",
        evaluation(consent_date=date(2025, 9, 15)),
    ),
    "a student without an ID": (
        student(edfi_id=""),
        "The student has no Ed-Fi ID (state student ID).",
        student(edfi_id="604822"),
    ),
    "a gateway that answers": (
        lambda world: world.ods.answer_next_as_gateway(2, resource=SSEPEA),
        "Something on the way answered in the state&#x27;s place",
        lambda world: None,
    ),
    "a storm of outages": (
        lambda world: world.ods.fail_next(2, 503, resource=SSEPEA),
        "The state did not take the eligibility record; it is tried again by itself.",
        lambda world: None,
    ),
}


@pytest.mark.parametrize(("spoil", "sentence", "mend"), BAD_INPUT.values(), ids=BAD_INPUT)
def test_it_is_said_at_the_desk_and_goes_as_soon_as_it_is_mended(
    world: World, browse, spoil: Deed, sentence: str, mend: Deed
) -> None:
    spoil(world)
    world.send()
    said, arrived = desk(world, browse), len(world.at_state())

    mend(world)
    some_time_later(world)

    assert sentence in said
    assert (arrived, len(world.at_state()), world.troubles()) == (0, 1, [])


@pytest.mark.rule("EDFI-R14")
def test_of_two_evaluations_with_one_consent_date_the_first_is_sent_and_the_other_named(
    world: World, browse
) -> None:
    second = world.evaluate(world.student, determination_date=date(2025, 11, 12))
    world.send()

    assert "same consent date, school and student. Only the first is sent." in desk(world, browse)
    world.relock(second, consent_date=date(2025, 9, 16))
    world.send()
    assert (len(world.at_state()), world.troubles()) == (2, [])


@pytest.mark.rule("EDFI-R40")
def test_a_school_whose_number_changed_takes_its_records_along(world: World) -> None:
    world.send()
    world.change(world.other_school, edfi_id=None)
    world.change(world.school, edfi_id=OTHER_SCHOOL)
    world.send()

    (record,) = world.at_state()
    assert record["educationOrganizationReference"] == {"educationOrganizationId": OTHER_SCHOOL}


CONNECTION_DOES_NOT_WORK = {
    "a wrong year in the address": (
        lambda world: Connection.objects.update(base_url=f"{world.ods.base_url}20/{{year}}/"),
        "There is no Ed-Fi API at the address of this connection.",
    ),
    "a gateway in place of the API": (
        lambda world: world.ods.answer_next_as_gateway(9, resource=""),
        "There is no Ed-Fi API at the address of this connection.",
    ),
    "fifteen live tokens": (
        lambda world: [world.ods.new_token() for _ in range(15)],
        "The Ed-Fi API has given out all the access tokens that it allows for this key.",
    ),
}


@pytest.mark.rule("EDFI-B3")
@pytest.mark.rule("EDFI-B21")
@pytest.mark.parametrize(
    ("spoil", "sentence"), CONNECTION_DOES_NOT_WORK.values(), ids=CONNECTION_DOES_NOT_WORK
)
def test_a_connection_that_does_not_work_says_why_and_sends_nothing(
    world: World, browse, spoil: Deed, sentence: str
) -> None:
    cache.clear()  # the token that earlier tests share
    spoil(world)
    world.connection.refresh_from_db()

    world.send()

    assert sentence in desk(world, browse)
    assert world.ods.writes() == []


PASSES = {
    "an expired token": lambda ods: ods.forget_tokens(),
    "429 with Retry-After": lambda ods: ods.fail_next(1, 429, resource=SSEPEA, retry_after="0"),
    "429 without it": lambda ods: ods.fail_next(1, 429, resource=SSEPEA),
    "an answer lost after the record was taken": lambda ods: ods.lose_answer_of_next(1, resource=SSEPEA),
    "half an answer": lambda ods: ods.halve_answer_of_next(1, resource=SSEPEA),
    "a gateway's page once": lambda ods: ods.answer_next_as_gateway(1, 502, resource=SSEPEA),
}


@pytest.mark.rule("EDFI-D4")
@pytest.mark.parametrize("trouble", PASSES.values(), ids=PASSES)
def test_what_passes_by_itself_needs_nobody(world: World, trouble: Callable) -> None:
    world.send()
    world.relock(world.evaluation, delay_reason="T")
    trouble(world.ods)

    world.send()

    (record,) = world.at_state()
    assert record["evaluationDelayReasonDescriptor"].endswith("#T")
    assert world.troubles() == []


@pytest.mark.rule("EDFI-B26")
def test_a_record_goes_no_sooner_than_the_state_asks_for(world: World) -> None:
    world.ods.fail_next(1, 429, resource=SSEPEA, retry_after="600")
    before = timezone.now()

    world.send()

    (trouble,) = (each for each in world.troubles() if each.resource == SSEPEA)
    assert trouble.retry_at >= before + timedelta(seconds=600)


@pytest.mark.rule("EDFI-B9")
def test_a_gateway_that_says_not_found_is_not_taken_for_the_state(world: World) -> None:
    """Otherwise a record that is still there would be forgotten."""
    world.send()
    world.unlock(world.evaluation)
    world.ods.answer_next_as_gateway(1, 404, resource=SSEPEA, method="DELETE")

    world.send()
    still_there, known = len(world.at_state()), len(world.identities())
    some_time_later(world)

    assert (still_there, known) == (1, 1)
    assert (world.at_state(), world.identities()) == ([], [])
