"""The pages of resyncs: asked for, read, decided and stopped by those who may, and of own children only."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse

from edfi.actions import resync
from edfi.actions.forget_reports import forget_reports
from edfi.models import Resync, ResyncRow
from edfi.rules.records import SSEPEA
from journal.models import Entry
from security import scope
from security.models import AccessRecord
from security.rules.roles import Role
from tests import factories
from tests.standin.caller import eligibility

from .conftest import IMPATIENT, OTHER_SCHOOL, SCHOOL, World


@pytest.fixture
def state(world: World, browse):
    return browse(factories.UserFactory(role=Role.SEA_ADMINISTRATOR))


@pytest.fixture
def manager(world: World, browse):
    """Of the district, over whose children the whole state's connection sends."""
    return browse(factories.UserFactory(role=Role.DATA_MANAGER, role__district=world.district))


@pytest.fixture
def child(world: World):
    child = world.child()
    world.enroll(child)
    world.evaluate(child)
    world.send()
    world.ods.lose(SSEPEA)
    return child


def ask(world: World, client, resources=(SSEPEA,)):
    return client.post(reverse("edfi:resyncs", args=[world.connection.pk]), {"resources": list(resources)})


def compared(world: World, client) -> Resync:
    ask(world, client)
    return resync.carry_out(Resync.objects.get(), patience=IMPATIENT)


def text_of(client, this: Resync, **query) -> str:
    return client.get(this.get_absolute_url(), query).content.decode()


def test_from_the_question_to_the_answer_over_the_pages(world: World, state, child) -> None:
    answer = ask(world, state)
    this = Resync.objects.get()
    waiting = text_of(state, this)
    resync.carry_out(this, patience=IMPATIENT)
    report = text_of(state, this)
    state.post(reverse("edfi:send_differences", args=[this.pk]))
    sending = text_of(state, this)
    resync.carry_out(Resync.objects.get(), patience=IMPATIENT)
    done = text_of(state, this)

    assert answer.url == this.get_absolute_url()
    assert "every 2s" in waiting
    assert "Stop it" in waiting
    assert child.full_name in report
    assert "It was there, and is gone." in report
    assert "Send the differences" in report
    assert "Stop it" in sending
    assert "<strong>Done.</strong>" in done
    assert len(world.at_state()) == 1


@pytest.mark.rule("EDFI-B28")
def test_that_the_state_took_the_records_is_not_said_to_be_its_last_word(world: World, state, child) -> None:
    this = compared(world, state)
    state.post(reverse("edfi:send_differences", args=[this.pk]))
    resync.carry_out(Resync.objects.get(), patience=IMPATIENT)

    assert "Whether it accepts what they say is checked there later" in text_of(state, this)


def test_what_could_not_be_done_is_said_and_where_to_look(world: World, state, child) -> None:
    this = compared(world, state)
    state.post(reverse("edfi:send_differences", args=[this.pk]))
    world.ods.fail_next(9, 503, method="POST", resource=SSEPEA)
    resync.carry_out(Resync.objects.get(), patience=IMPATIENT)
    text = text_of(state, this)

    assert "Done, but 1 record of your districts could not be brought in order." in text
    assert "The state took the records." not in text


def test_who_looked_at_the_differences_is_noted(world: World, state, child) -> None:
    text_of(state, compared(world, state))

    with scope.elevated():
        assert AccessRecord.objects.filter(student_id=child.pk, what="Ed-Fi resync").count() == 1


def test_too_many_deletions_ask_for_the_number_beside_the_field(world: World, state, child) -> None:
    world.ods.store().put(SSEPEA, eligibility(consentToEvaluationReceivedDate="2025-10-01"))
    this = compared(world, state)
    refused = state.post(reverse("edfi:send_differences", args=[this.pk]), {"typed": "2"})
    taken = state.post(reverse("edfi:send_differences", args=[this.pk]), {"typed": "1"})

    assert refused.status_code == 400
    assert "Type this number to confirm it." in refused.content.decode()
    assert (taken.status_code, Resync.objects.get().state) == (302, "SENDING")


def test_without_a_kind_of_record_nothing_is_asked(world: World, state) -> None:
    answer = ask(world, state, resources=())

    assert (answer.status_code, Resync.objects.count()) == (400, 0)
    assert "Choose at least one kind of record." in answer.content.decode()


def test_a_district_reads_what_concerns_its_children_and_decides_nothing_for_the_state(
    world: World, state, manager, child
) -> None:
    elsewhere = factories.DistrictFactory(state=world.state, name="Cypress Parish")
    world.change(world.other_school, district=elsewhere)
    for school in (SCHOOL, OTHER_SCHOOL):
        place = {"educationOrganizationId": school}
        unknown = {"studentUniqueId": f"9{school}"}
        record = eligibility(studentReference=unknown, educationOrganizationReference=place)
        world.ods.add_student(f"9{school}", school=school)
        world.ods.store().put(SSEPEA, record)
    this = compared(world, state)
    mine = text_of(manager, this)
    file = manager.get(reverse("edfi:resync_report", args=[this.pk])).content.decode()

    assert f"9{SCHOOL}" in mine
    assert child.full_name in mine
    assert f"9{OTHER_SCHOOL}" not in mine
    assert "Send the differences" not in mine
    assert [row[0] for row in csv.reader(io.StringIO(file))] == ["District", "Heron Lake"]
    for name in ("send_differences", "stop_resync"):
        assert manager.post(reverse(f"edfi:{name}", args=[this.pk])).status_code == 403
    assert ask(world, manager).status_code == 403


def children_of(client, this: Resync, reason: str = "for the meeting on Monday", **query):
    address = reverse("edfi:resync_children", args=[this.pk], query=query)
    return client.post(address, {"reason": reason})


def rows_of(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_who_would_get_what_is_taken_away_with_a_reason_and_noted(world: World, state, child) -> None:
    world.ods.add_student("9", school=SCHOOL)
    world.ods.store().put(SSEPEA, eligibility(studentReference={"studentUniqueId": "9"}))
    this = compared(world, state)
    sent, deleted = rows_of(children_of(state, this))
    [only] = rows_of(children_of(state, this, does="delete"))
    refused = children_of(state, this, reason="x", does="delete")

    assert (sent["Last name"], sent["What happens"], sent["Why"]) == (
        child.last_name, "is sent", "It was there, and is gone."
    )  # fmt: skip
    assert (deleted["Student at the state"], deleted["Last name"]) == ("9", "")
    assert only == deleted
    assert refused.url == f"{this.get_absolute_url()}?does=delete"
    with scope.elevated():
        (noted,) = AccessRecord.objects.filter(student_id=child.pk, how="TAKEN")
        kept = Entry.objects.filter(kind="EXPORTED").order_by("pk").values_list("details", flat=True)
        assert noted.purpose == "for the meeting on Monday"
        assert [(row["list"], row["rows"]) for row in kept] == [("ed-fi-resync", 2), ("ed-fi-resync", 1)]


def test_children_of_others_are_not_in_the_file(world: World, state, manager, browse, child) -> None:
    this = compared(world, state)
    place = factories.DistrictFactory(state=world.state)
    other = browse(factories.UserFactory(role=Role.DATA_MANAGER, role__district=place))
    watcher = browse(factories.UserFactory(role=Role.EVALUATION_COORDINATOR, role__district=world.district))

    assert [row["Last name"] for row in rows_of(children_of(manager, this))] == [child.last_name]
    assert rows_of(children_of(other, this)) == []
    assert children_of(watcher, this).status_code == 403


def test_another_district_sees_nothing_of_it_even_in_the_database(world: World, state, child) -> None:
    this = compared(world, state)
    other = factories.UserFactory(
        role=Role.DATA_MANAGER, role__district=factories.DistrictFactory(state=world.state)
    )
    with scope.of(other):
        seen = ResyncRow.objects.count()
    with scope.elevated():
        kept = this.rows.count()

    assert (seen, kept) == (0, 1)


def test_the_connection_says_that_a_resync_is_needed_and_where(world: World, state) -> None:
    world.change(world.connection, resync_needed=[SSEPEA])
    text = state.get(reverse("edfi:connection", args=[world.connection.pk])).content.decode()

    assert "Resync needed" in text
    assert reverse("edfi:resyncs", args=[world.connection.pk]) in text


def test_the_report_of_a_night_names_nobody(world: World, state, child) -> None:
    resync.carry_out(resync.ask_by_night(world.connection), patience=IMPATIENT)
    page = state.get(reverse("edfi:resyncs", args=[world.connection.pk])).content.decode()

    assert "every night" in page


def test_a_removed_list_is_said_to_be_removed_and_is_not_decided(world: World, state, child) -> None:
    this = compared(world, state)
    Resync.objects.update(asked_at=this.asked_at - timedelta(days=91))
    forget_reports()
    text = text_of(state, this)

    assert "kept for 90 days, and was removed" in text
    assert "Send the differences" not in text
    assert child.full_name not in text
