"""A connection is set up, checked in words, switched, and its codes are mapped."""

from datetime import date

import pytest
from django.db import connection
from django.urls import reverse

from edfi.actions import configure, resync
from edfi.actions.check import check_connection
from edfi.actions.configure import Setup, Year
from edfi.models import Connection, DirtyStudent
from edfi.rules.records import PARTICIPATION, SEORA, SSEPEA
from journal.models import Entry
from organizations.models import District
from security import scope
from security.models import User
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from tests import factories
from tests.standin.ods import running

from .conftest import IMPATIENT, SCHOOL, World

PART_B = "uri://dpi.wi.gov/IDEAPartDescriptor#B"


@pytest.fixture
def state_administrator(world: World) -> User:
    return factories.UserFactory(role=Role.SEA_ADMINISTRATOR)


@pytest.fixture
def manager(world: World) -> User:
    return factories.UserFactory(role=Role.DATA_MANAGER, role__district=world.district)


def setup_of(world: World, **changes) -> Setup:
    usual = {"name": "State", "base_url": world.ods.base_url, "key": world.ods.key}
    return Setup(**{**usual, **changes})


def said(world: World) -> str:
    return " ".join(finding.text for finding in check_connection(world.connection))


def found(world: World, tone: str) -> list[str]:
    return [finding.text for finding in check_connection(world.connection) if finding.tone == tone]


def make(by: User, world: World, district: District | None = None, **changes) -> Connection:
    setup = setup_of(world, **{"name": "Ours", "secret": world.ods.secret, **changes})
    return configure.make_connection(by=by, state=world.state, district=district, setup=setup)


def test_a_new_connection_is_off_until_it_is_switched_on(world: World, manager, trial_server) -> None:
    made = make(manager, world, world.district)
    configure.keep_year(by=manager, connection=made, year=Year(2026))
    child = world.child()
    world.evaluate(child)
    assert not made.enabled
    configure.switch(by=manager, connection=made, on=True)
    with scope.system():
        assert DirtyStudent.objects.filter(connection=made, student_id=child.pk).exists()


def test_without_a_school_year_it_is_not_switched_on(world: World, manager, trial_server) -> None:
    made = make(manager, world, world.district)
    with pytest.raises(RuleBroken, match="Add a school year"):
        configure.switch(by=manager, connection=made, on=True)


def test_a_data_manager_sets_up_nothing_for_the_whole_state(world: World, manager, trial_server) -> None:
    with pytest.raises(NotAllowed, match="state administrator"):
        make(manager, world)
    with pytest.raises(NotAllowed):
        configure.switch(by=manager, connection=world.connection, on=False)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"base_url": "ftp://ods"}, "begins with https"),
        ({"secret": ""}, "Enter the secret"),
        ({"name": "State"}, "of this name already"),
        ({"namespaces": {SSEPEA: "../x"}}, "cannot be part of an address"),
    ],
)
def test_what_cannot_be_is_said(world: World, state_administrator, trial_server, changes, sentence) -> None:
    with pytest.raises(RuleBroken, match=sentence):
        make(state_administrator, world, **changes)


def test_outside_of_trials_nothing_goes_unencrypted(world: World, state_administrator) -> None:
    with pytest.raises(RuleBroken, match="everything is encrypted"):
        make(state_administrator, world)


def test_a_stored_secret_goes_to_no_other_address(world: World, state_administrator, trial_server) -> None:
    elsewhere = setup_of(world, base_url="http://127.0.0.1:9/")
    with pytest.raises(RuleBroken, match="Enter the secret again"):
        configure.change_connection(by=state_administrator, connection=world.connection, setup=elsewhere)


def test_an_empty_secret_leaves_the_stored_one_and_no_journal_tells_it(
    world: World, state_administrator, trial_server
) -> None:
    setup = setup_of(world, key="another-key")
    configure.change_connection(by=state_administrator, connection=world.connection, setup=setup)
    changed = setup_of(world, key="another-key", secret="s3cret")
    configure.change_connection(by=state_administrator, connection=world.connection, setup=changed)
    world.connection.refresh_from_db()
    assert world.connection.secret == "s3cret"
    with scope.elevated():
        told = list(Entry.objects.filter(kind="EDFI_CONNECTION_CHANGED").values_list("details", flat=True))
    assert [entry["fields"] for entry in told] == [["key"], ["secret"]]
    assert "s3cret" not in str(told)


def test_key_and_secret_lie_encrypted_in_the_database(
    world: World, state_administrator, trial_server
) -> None:
    made = make(state_administrator, world, key="a-key-in-words", secret="a secret in words")
    with connection.cursor() as cursor:
        cursor.execute("SELECT c::text FROM edfi_connection c WHERE id = %s", [made.pk])
        (stored,) = cursor.fetchone()
    assert "in-words" not in stored
    assert "in words" not in stored
    again = Connection.objects.get(pk=made.pk)
    assert (again.key, again.secret) == ("a-key-in-words", "a secret in words")


@pytest.mark.rule("EDFI-R31")
@pytest.mark.parametrize(
    "change",
    [
        {"profile": "choice"}, {"year_policy": "determination"}, {"idea_policy": "outcome"},
        {"future_policy": "send_incomplete"}, {"namespaces": {SSEPEA: "tpdm"}},
        {"program_education_organization_id": 7},
    ],
)  # fmt: skip
def test_a_setting_that_decides_what_should_be_there_asks_for_a_resync(
    world: World, state_administrator, change, trial_server
) -> None:
    setup = setup_of(world, **change)
    configure.change_connection(by=state_administrator, connection=world.connection, setup=setup)
    world.connection.refresh_from_db()
    assert set(world.connection.resync_needed) == {SSEPEA, SEORA, PARTICIPATION}
    assert world.send() == 0


@pytest.mark.rule("EDFI-R31")
def test_other_days_of_a_year_ask_for_a_resync(world: World, state_administrator) -> None:
    days = Year(2026, date(2025, 7, 5), date(2026, 6, 28))
    configure.keep_year(by=state_administrator, connection=world.connection, year=days)
    world.connection.refresh_from_db()
    assert set(world.connection.resync_needed) == {SSEPEA, SEORA, PARTICIPATION}


@pytest.mark.rule("EDFI-R31")
def test_another_server_has_acknowledged_nothing_yet(world: World, state_administrator, trial_server) -> None:
    child = world.child()
    world.enroll(child)
    world.evaluate(child)
    world.send()
    with running() as other:
        other.add_student(child.edfi_id, school=SCHOOL)
        setup = setup_of(world, base_url=other.base_url, secret=other.secret)
        configure.change_connection(by=state_administrator, connection=world.connection, setup=setup)
        moved = Connection.objects.get(pk=world.connection.pk)
        found = resync.carry_out(
            resync.ask_for_resync(by=state_administrator, connection=moved), patience=IMPATIENT
        )
        resync.carry_out(
            resync.send_differences(by=state_administrator, resync=found, typed=""), patience=IMPATIENT
        )
        assert len(other.records(SSEPEA)) == 1
    moved.refresh_from_db()
    assert moved.resync_needed == []


def test_the_next_school_year_has_the_same_switches(world: World, state_administrator) -> None:
    last = Year(2028, date(2027, 7, 5), date(2028, 6, 28), send_responsibility=False)
    configure.keep_year(by=state_administrator, connection=world.connection, year=last)
    copied = configure.copy_year(by=state_administrator, connection=world.connection)
    assert (copied.school_year, copied.first_day, copied.last_day) == (
        2029,
        date(2028, 7, 5),
        date(2029, 6, 28),
    )
    assert (copied.send_eligibility, copied.send_responsibility) == (True, False)


@pytest.mark.parametrize(
    ("year", "sentence"),
    [
        (Year(2022), "2022-23 on"),
        (Year(2027, date(2027, 6, 1), date(2026, 7, 1)), "comes after the first"),
        (Year(2027, date(2020, 7, 1)), "not near the school year"),
    ],
)
def test_a_school_year_that_cannot_be_is_refused(world: World, state_administrator, year, sentence) -> None:
    with pytest.raises(RuleBroken, match=sentence):
        configure.keep_year(by=state_administrator, connection=world.connection, year=year)


@pytest.mark.rule("EDFI-R31", "EDFI-A7")
def test_a_switch_turned_on_again_asks_for_a_resync_and_sends_nothing(
    world: World, state_administrator
) -> None:
    off = Year(2026, send_eligibility=False)
    configure.keep_year(by=state_administrator, connection=world.connection, year=off)
    child = world.child()
    world.enroll(child)
    world.evaluate(child)
    world.send()
    configure.keep_year(by=state_administrator, connection=world.connection, year=Year(2026))
    world.connection.refresh_from_db()
    assert world.connection.resync_needed == [SSEPEA]
    assert world.send() == 0
    assert world.at_state() == []


@pytest.mark.rule("EDFI-R31", "EDFI-A11")
@pytest.mark.parametrize(
    ("descriptor", "code", "resource"), [("ideaPart", "B", SSEPEA), ("responsibility", "SIE", SEORA)]
)
def test_another_value_of_a_code_asks_for_a_resync(
    world: World, state_administrator, descriptor, code, resource
) -> None:
    child = world.child(at_state=False)
    world.ods.add_student("604822")
    world.enroll(child, state_exclude=True, eval_only=True)
    world.evaluate(child)
    world.send()
    uri, before = "uri://dpi.wi.gov/SomeDescriptor#X", len(world.ods.writes())
    changes = {"descriptor": descriptor, "local_code": code, "uri": uri}
    configure.map_code(by=state_administrator, connection=world.connection, **changes)
    world.connection.refresh_from_db()
    assert world.connection.resync_needed == [resource]
    assert world.connection.rule_settings().descriptors[descriptor, code] == uri
    assert (world.send(), before, len(world.ods.writes())) == (0, 2, 2)


def test_a_value_that_is_none_is_refused(world: World, state_administrator) -> None:
    with pytest.raises(RuleBroken, match="looks like"):
        configure.map_code(
            by=state_administrator,
            connection=world.connection,
            descriptor="ideaPart",
            local_code="B",
            uri="B",
        )


@pytest.mark.rule("EDFI-B25")
def test_a_connection_that_works_is_said_to_work(world: World) -> None:
    text = said(world)
    assert "Ed-Fi API 7.3 answers, and takes the key." in text
    assert "The key may write and delete eligibility records." in text
    assert "School year 2025-26 is there." in text
    assert "The server knows all 2 schools with an Ed-Fi number." in text
    assert found(world, "bad") == []


def test_a_wrong_secret_is_said(world: World) -> None:
    world.connection.secret = "wrong"
    world.connection.save()
    assert found(world, "bad") == ["The Ed-Fi API does not accept the key and secret of this connection."]


@pytest.mark.rule("EDFI-B11")
def test_a_value_that_the_server_does_not_know_is_named(world: World) -> None:
    for year in (None, 2025, 2026, 2027):
        world.ods.store(year).descriptors.discard(PART_B)
    assert found(world, "bad") == [f"The server does not know {PART_B}."]


def test_a_school_that_the_server_does_not_know_is_named(world: World) -> None:
    world.change(world.school, edfi_id=77777)
    assert found(world, "bad") == ["The server does not know 1 of our schools."]


@pytest.mark.rule("EDFI-B21")
def test_a_school_year_that_is_not_at_the_address_is_named(world: World) -> None:
    world.ods.fail_next(1, 404, resource=SSEPEA)
    assert "status 404" in " ".join(found(world, "bad"))


def test_the_page_shows_what_the_api_answered_and_hides_the_secret(world: World, browse) -> None:
    client = browse(factories.UserFactory(role=Role.SEA_ADMINISTRATOR))
    address = reverse("edfi:connection", args=[world.connection.pk])
    text = client.post(f"{address}check/").content.decode()
    assert "answers, and takes the key." in text
    assert world.ods.secret not in text


def test_a_supervisor_sees_the_connection_without_its_settings(world: World, browse) -> None:
    client = browse(factories.UserFactory(role=Role.SPED_SUPERVISOR, role__district=world.district))
    text = client.get(reverse("edfi:connection", args=[world.connection.pk])).content.decode()
    assert "can set up a connection" in text
    assert world.ods.key not in text


def test_setting_up_over_the_pages(world: World, browse, trial_server) -> None:
    client = browse(factories.UserFactory(role=Role.SEA_ADMINISTRATOR))
    typed = {
        "state": world.state.pk, "name": "Second", "base_url": world.ods.base_url, "key": "k", "secret": "s",
        "profile": "public", "year_policy": "consent", "idea_policy": "outcome", "future_policy": "hold",
        "edit_policy": "delete_and_post", "delete_order": "eligibility_first",
        "eligibility_namespace": "ed-fi", "responsibility_namespace": "wi",
        "program_namespace": "ed-fi", "unmapped_policy": "leave_out",
    }  # fmt: skip
    made = client.post(reverse("edfi:make"), typed)
    connection = Connection.objects.get(name="Second")
    assert made.url == reverse("edfi:connection", args=[connection.pk])
    assert (connection.namespaces, connection.edit_policy) == ({SEORA: "wi"}, "delete_and_post")
    year = {"school_year": 2027, "send_eligibility": "on"}
    client.post(f"{made.url}year/", year)
    assert [(row.school_year, row.send_responsibility) for row in connection.years.all()] == [(2027, False)]
    assert not connection.years.get().send_programs
    refused = client.post(
        f"{made.url}code/", {"descriptor": "ideaPart", "local_code": "B", "uri": "nonsense"}
    )
    assert refused.status_code == 400
    assert "looks like" in refused.content.decode()
