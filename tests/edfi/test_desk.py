"""The desk: what it counts, whom it shows, and what a person can do there."""

import pytest
from django.urls import reverse

from edfi.models import DirtyStudent
from journal.models import Entry
from security import scope
from security.models import AccessRecord
from security.rules.roles import Role
from tests import factories

from .conftest import World


@pytest.fixture
def manager(world: World, browse):
    """A data manager of the world's district."""
    return browse(factories.UserFactory(role=Role.DATA_MANAGER, role__district=world.district))


@pytest.fixture
def stranger(world: World, browse):
    """A data manager of another district of the state."""
    other = factories.DistrictFactory(state=world.state, name="Elsewhere")
    return browse(factories.UserFactory(role=Role.DATA_MANAGER, role__district=other))


@pytest.fixture
def refused(world: World):
    """A child whose record the state refuses."""
    child = world.child()
    world.enroll(child)
    world.evaluate(child, delay_reason="C")
    world.ods.store().descriptors.discard("uri://dpi.wi.gov/EvaluationDelayReasonDescriptor#C")
    world.send()
    return child


def page(client, **query) -> str:
    response = client.get(reverse("edfi:desk"), query)
    assert response.status_code == 200
    return response.content.decode()


def the_trouble(world: World):
    (trouble,) = world.troubles()
    return trouble


def test_the_desk_counts_and_names_the_reasons(world: World, manager, refused) -> None:
    good = world.child("700001")
    world.enroll(good)
    world.evaluate(good)
    world.send()

    text = page(manager)

    assert "50.0% of 2 records" in text
    assert "The state has no value “C” for the evaluation delay reason." in text
    assert refused.full_name in text


def test_one_record_is_compared_with_the_state(world: World, manager) -> None:
    child = world.child()
    world.enroll(child)
    evaluation = world.evaluate(child)
    world.send()
    world.ods.store().descriptors.discard("uri://dpi.wi.gov/EvaluationDelayReasonDescriptor#C")
    world.relock(evaluation, delay_reason="C")
    world.send()

    text = page(manager, record=the_trouble(world).pk)

    assert "evaluationDelayReasonDescriptor" in text
    assert text.count("is-diff") == 1
    assert "does not exist" in text


def test_looking_at_a_record_leaves_a_line(world: World, manager, refused) -> None:
    page(manager, record=the_trouble(world).pk)

    with scope.elevated():
        assert AccessRecord.objects.filter(student_id=refused.pk).count() == 1


def test_a_silent_api_is_said_and_the_rest_is_shown(world: World, manager, refused) -> None:
    world.ods.drop_next(9)

    assert "The Ed-Fi API does not answer." in page(manager, record=the_trouble(world).pk)


def test_another_district_sees_nothing_of_it(world: World, stranger, refused) -> None:
    trouble = the_trouble(world)

    assert refused.full_name not in page(stranger)
    assert stranger.get(reverse("edfi:desk"), {"record": trouble.pk}).status_code == 404
    assert stranger.post(reverse("edfi:send", args=[trouble.pk])).status_code == 404


@pytest.mark.parametrize("role", [Role.READER, Role.IEP_AUTHOR, Role.SECURITY_COORDINATOR])
def test_roles_without_the_permission_are_refused(world: World, browse, role: Role) -> None:
    client = browse(factories.UserFactory(role=role, role__district=world.district))

    assert client.get(reverse("edfi:desk")).status_code == 403


def test_a_supervisor_sees_but_does_not_send(world: World, browse, refused) -> None:
    client = browse(factories.UserFactory(role=Role.SPED_SUPERVISOR, role__district=world.district))

    assert "Send this record again" not in page(client)
    assert client.post(reverse("edfi:send", args=[the_trouble(world).pk])).status_code == 403


def test_send_again_sends_what_was_refused(world: World, manager, refused) -> None:
    world.ods.store().descriptors.add("uri://dpi.wi.gov/EvaluationDelayReasonDescriptor#C")

    answer = manager.post(reverse("edfi:send", args=[the_trouble(world).pk]))
    with scope.elevated():
        marked = DirtyStudent.objects.filter(student_id=refused.pk).exists()
    world.send()

    assert (answer.status_code, marked) == (302, True)
    assert len(world.at_state()) == 1
    assert world.troubles() == []
    with scope.elevated():
        assert Entry.objects.filter(kind="EDFI_SENT_AGAIN", student_id=refused.pk).count() == 1


def test_all_with_the_same_reason_go_together(world: World, manager, refused) -> None:
    other = world.child("700002")
    world.enroll(other)
    world.evaluate(other, delay_reason="C")
    world.send()
    world.ods.store().descriptors.add("uri://dpi.wi.gov/EvaluationDelayReasonDescriptor#C")

    manager.post(reverse("edfi:send", args=[world.troubles()[0].pk]), {"all": "1"})
    world.send()

    assert len(world.at_state()) == 2


def test_the_secret_is_never_stored_as_it_is(world: World) -> None:
    world.connection.refresh_from_db()

    assert world.ods.secret not in world.connection.secret_encrypted
    assert world.connection.secret == world.ods.secret


def test_without_a_connection_the_page_says_what_to_do(world: World, manager) -> None:
    world.connection.years.all().delete()
    world.connection.delete()

    assert reverse("edfi:make") in page(manager)
