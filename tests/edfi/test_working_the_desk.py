"""What a person does at the desk: mend, assign, note, look back, look closely, take away."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from edfi.actions.ask_again import send_again
from edfi.actions.assign import assign
from edfi.models import Identity, Resync, ResyncState, Trouble, TroubleNote
from edfi.over_time import by_week
from edfi.rules.records import SSEPEA
from edfi.tasks import write_file
from jobs.models import Job, JobState
from journal.models import Entry
from security import scope
from security.models import AccessRecord, Notice, User
from security.refusals import RuleBroken
from security.rules.roles import Role
from students.models import Student
from tests import factories
from tests.conftest import has_just_shown

from .conftest import World

C_URI = "uri://dpi.wi.gov/EvaluationDelayReasonDescriptor#C"


@pytest.fixture
def manager(world: World) -> User:
    return factories.UserFactory(role=Role.DATA_MANAGER, role__district=world.district)


@pytest.fixture
def client(browse, manager) -> Client:
    return browse(manager)


def refused(world: World, edfi_id: str = "604822", **changes) -> Student:
    """A child whose record the state refuses."""
    child = world.child(edfi_id)
    world.enroll(child)
    world.evaluate(child, delay_reason="C")
    world.change(child, **changes)
    world.ods.store().descriptors.discard(C_URI)
    return child


def sent_and_refused(world: World, many: int = 1) -> list[Trouble]:
    for number in range(many):
        refused(world, f"70000{number}")
    world.send()
    return world.troubles()


def page(client: Client, name: str, *args, **query) -> str:
    answer = client.get(reverse(f"edfi:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def clear(world: World) -> None:
    """The values come to the state, and everything goes again."""
    world.ods.store().descriptors.add(C_URI)
    with scope.elevated():
        for trouble in Trouble.objects.open():
            trouble.connection.identities.update(refused_digest="")
        Student.objects.filter(pk__in=[child.pk for child in world.children]).update(edfi_id="")
    for number, child in enumerate(world.children):
        world.change(child, edfi_id=f"70000{number}")
    world.send()


def test_a_record_is_assigned_and_the_person_is_told_without_a_name(world: World, client, manager) -> None:
    (trouble,) = sent_and_refused(world)
    other = factories.UserFactory(role=Role.SPED_SUPERVISOR, role__district=world.district)
    client.post(reverse("edfi:assign", args=[trouble.pk]), {"to": other.pk})

    (told,) = Notice.objects.filter(user=other)
    assert other.get_full_name() in page(client, "desk", record=trouble.pk)
    assert world.children[0].last_name not in told.words
    with scope.elevated():
        assert Entry.objects.filter(kind="EDFI_ASSIGNED", student_id=trouble.student_id).count() == 1
    client.post(reverse("edfi:assign", args=[trouble.pk]), {"to": ""})
    assert "nobody" in page(client, "desk", record=trouble.pk)


def test_nobody_to_whom_the_desk_is_closed_can_be_given_a_record(world: World, client, manager) -> None:
    (trouble,) = sent_and_refused(world)
    elsewhere = factories.DistrictFactory(state=world.state)
    stranger = factories.UserFactory(role=Role.DATA_MANAGER, role__district=elsewhere)

    answer = client.post(reverse("edfi:assign", args=[trouble.pk]), {"to": stranger.pk})

    assert answer.status_code == 404
    with scope.of(manager), pytest.raises(RuleBroken, match="not open to"):
        assign(by=manager, troubles=[trouble], to=stranger)
    with scope.elevated():
        assert Trouble.objects.get(pk=trouble.pk).assigned_to is None


def test_however_many_have_the_reason_all_go_again_with_as_many_questions(
    world: World, client, manager
) -> None:
    troubles = sent_and_refused(world, 3)
    with CaptureQueriesContext(connection) as one, scope.of(manager):
        send_again(by=manager, troubles=troubles[:1])
    with CaptureQueriesContext(connection) as three, scope.of(manager):
        send_again(by=manager, troubles=troubles)
    shown = page(client, "desk", record=troubles[1].pk)

    assert len(three) == len(one)
    with scope.elevated():
        assert Entry.objects.filter(kind="EDFI_SENT_AGAIN").count() == 4
        assert not Identity.objects.exclude(refused_digest="").exists()
    assert "Record 2 of 3 for this reason" in shown


def test_a_note_with_all_of_a_reason_stays_when_they_are_cleared(world: World, client) -> None:
    first, _ = sent_and_refused(world, 2)
    address = reverse("edfi:note", args=[first.pk])
    client.post(address, {"text": "The state adds the value on Monday", "all": "1"})
    client.post(address, {"text": " "})
    clear(world)

    assert world.troubles() == []
    with scope.elevated():
        assert TroubleNote.objects.count() == 2
    assert "The state adds the value on Monday" in page(client, "student", first.student_id)


@pytest.mark.parametrize("name", ["assign", "note", "map_value"])
def test_who_only_sees_changes_nothing(world: World, browse, name) -> None:
    (trouble,) = sent_and_refused(world)
    watcher = browse(factories.UserFactory(role=Role.SPED_SUPERVISOR, role__district=world.district))

    answer = watcher.post(reverse(f"edfi:{name}", args=[trouble.pk]), {"text": "x", "to": "", "uri": C_URI})

    assert answer.status_code == 403


@pytest.mark.rule("EDFI-B11")
def test_an_unknown_value_is_mended_from_the_page_and_all_go_again(world: World, browse) -> None:
    trouble, _ = sent_and_refused(world, 2)
    administrator = browse(factories.UserFactory(role=Role.SEA_ADMINISTRATOR))
    shown = page(administrator, "desk", record=trouble.pk)
    new = "uri://dpi.wi.gov/EvaluationDelayReasonDescriptor#Child"
    world.ods.store().descriptors.add(new)
    administrator.post(reverse("edfi:map_value", args=[trouble.pk]), {"uri": new})
    world.send()

    assert f'value="{C_URI}"' in shown
    assert [record["evaluationDelayReasonDescriptor"] for record in world.at_state()] == [new, new]
    assert world.troubles() == []


def test_a_code_without_a_value_is_mended_the_same_way(world: World, browse) -> None:
    child = refused(world)
    world.connection.mappings.create(descriptor="evaluationDelayReason", local_code="C", uri="")
    world.send()
    (trouble,) = world.troubles()
    administrator = browse(factories.UserFactory(role=Role.SEA_ADMINISTRATOR))
    world.ods.store().descriptors.add(C_URI)
    administrator.post(reverse("edfi:map_value", args=[trouble.pk]), {"uri": C_URI})
    world.send()

    assert (trouble.about, len(world.at_state())) == ("evaluationDelayReason C", 1)
    assert str(child.pk) not in trouble.about


def test_what_is_cleared_is_kept_and_found(world: World, client) -> None:
    sent_and_refused(world)
    clear(world)
    name = world.children[0].list_name

    assert name in page(client, "lines", now="cleared")
    assert name not in page(client, "lines", now="open")
    assert "cleared" in page(client, "lines")


def test_my_own_lines_are_one_click_away(world: World, client, manager) -> None:
    first, _ = sent_and_refused(world, 2)
    client.post(reverse("edfi:assign", args=[first.pk]), {"to": manager.pk})

    mine, nobodys = page(client, "lines", whose="mine"), page(client, "lines", whose="nobody")

    assert (world.children[0].list_name in mine, world.children[1].list_name in mine) == (True, False)
    assert (world.children[0].list_name in nobodys, world.children[1].list_name in nobodys) == (False, True)


def file_of(client: Client, reason: str = "for the meeting on Monday", **query):
    return client.post(reverse("edfi:file", query=query), {"reason": reason})


def test_the_file_is_safe_to_open_and_every_child_in_it_is_noted(world: World, client, browse) -> None:
    child = refused(world, last_name="=HYPERLINK(1)")
    world.send()
    heads, line = csv.reader(io.StringIO(file_of(client).content.decode()))

    assert dict(zip(heads, line, strict=True))["Last name"] == "'=HYPERLINK(1)"
    with scope.elevated():
        (noted,) = AccessRecord.objects.filter(student_id=child.pk, how="TAKEN")
        assert noted.purpose == "for the meeting on Monday"
        assert Entry.objects.filter(kind="EXPORTED").count() == 1


def test_the_file_keeps_to_the_filter_and_to_the_district(world: World, browse, client) -> None:
    sent_and_refused(world)
    elsewhere = factories.DistrictFactory(state=world.state)
    stranger = browse(factories.UserFactory(role=Role.DATA_MANAGER, role__district=elsewhere))

    assert world.children[0].last_name not in file_of(stranger).content.decode()
    assert world.children[0].last_name not in file_of(client, now="cleared").content.decode()


def test_a_file_asks_for_a_reason(world: World, client) -> None:
    sent_and_refused(world)

    answer = file_of(client, reason="", now="open")

    assert answer.url == reverse("edfi:lines", query={"now": "open"})
    assert "Say what you need the file for." in client.get(answer.url).content.decode()


def test_a_long_file_is_written_by_a_job(world: World, client, manager, settings) -> None:
    """Only after it was made sure who asks; with the same lines, reason and notes."""
    sent_and_refused(world, 2)
    at_once = file_of(client, now="open").content
    settings.ESER_EXPORT_AT_ONCE = 1
    has_just_shown(client, manager, "password", ago=86_400)
    question = file_of(client, now="open")
    has_just_shown(client, manager, "password")
    answer = file_of(client, now="open")
    job = Job.objects.get()
    write_file(job.pk)
    write_file(job.pk)
    job.refresh_from_db()

    assert b"sure_of" in question.content
    assert answer.url == f"/jobs/{job.pk}/"
    assert (job.state, job.total) == (JobState.DONE, 2)
    written = client.get(f"/documents/{job.result_id}/")
    assert b"".join(written.streaming_content) == at_once
    with scope.elevated():
        assert AccessRecord.objects.filter(student_id=world.children[0].pk, how="TAKEN").count() == 2


def test_whoever_lost_the_right_meanwhile_gets_no_file(world: World, client, manager, settings) -> None:
    sent_and_refused(world, 2)
    settings.ESER_EXPORT_AT_ONCE = 1
    has_just_shown(client, manager, "password")
    file_of(client)
    with scope.elevated():
        manager.assignments.update(last_day=timezone.localdate() - timedelta(days=1))
    write_file(Job.objects.get().pk)
    job = Job.objects.get()

    assert (job.state, job.result_id) == (JobState.FAILED, None)
    assert "can export a list" in job.sentence


def test_a_child_is_shown_three_times_with_the_reason_and_the_rule(world: World, client) -> None:
    child = world.child()
    world.enroll(child)
    world.evaluate(child)
    world.evaluate(child, consent_date=None, determination_date=None)
    world.send()
    right = page(client, "student", child.pk)
    (item,) = world.ods.store().items[world.ods.writes()[0].resource].values()
    item.payload["ideaIndicator"] = True
    differs = page(client, "student", child.pk)

    assert "as it should be" in right
    assert "The evaluation has no date on which consent was received." in right
    assert "EDFI-R43" in right
    assert [text.count("is-diff") for text in (right, differs)] == [0, 1]
    with scope.elevated():
        assert AccessRecord.objects.filter(student_id=child.pk, what="Ed-Fi records").count() == 2


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({}, "The state does not have the student."),
        ({"school": None}, "The state does not have the enrollment at this school."),
        ({"school": 19012}, "The state has the enrollment at this school."),
    ],
)
@pytest.mark.rule("EDFI-B10")
def test_what_a_record_refers_to_is_looked_for(world: World, client, known, said) -> None:
    child = world.child(at_state=False)
    world.enroll(child)
    world.evaluate(child)
    if known:
        world.ods.add_student("604822", **known)
    text = page(client, "student", child.pk)

    assert said in text
    assert "The state has the program." in text
    assert world.ods.writes() == []


def test_a_silent_state_leaves_one_column_empty(world: World, client) -> None:
    child = refused(world)
    world.send()
    world.ods.drop_next(9)

    text = page(client, "student", child.pk)

    assert "does not answer" in text
    assert "The state has the" not in text


def test_a_child_that_moved_on_is_the_new_districts_alone_with_all_that_it_rests_on(world, client, browse):
    child = world.child()
    world.enroll(child)
    world.evaluate(child)
    there = factories.DistrictFactory(state=world.state)
    with scope.elevated():
        child.jurisdictions.update(last_day=date(2026, 1, 9))
    factories.JurisdictionFactory(student=child, district=there, first_day=date(2026, 1, 10))
    iep = factories.IepFactory(student=child, district=there)
    world.change(iep, status="OFFICIAL", odr_date=date(2026, 2, 2))
    world.send()
    theirs = browse(factories.UserFactory(role=Role.DATA_MANAGER, role__district=there))

    assert client.get(reverse("edfi:student", args=[child.pk])).status_code == 404
    assert "as it should be" in page(theirs, "student", child.pk)
    assert "is-diff" not in page(theirs, "student", child.pk)


def test_another_districts_child_is_not_there(world: World, browse) -> None:
    child = refused(world)
    elsewhere = factories.DistrictFactory(state=world.state)
    stranger = browse(factories.UserFactory(role=Role.DATA_MANAGER, role__district=elsewhere))

    assert stranger.get(reverse("edfi:student", args=[child.pk])).status_code == 404


def test_the_weeks_count_what_stood_in_the_way_and_what_was_cleared(world: World, manager) -> None:
    open_one, cleared = sent_and_refused(world, 2)
    now = timezone.now()
    with scope.elevated():
        Trouble.objects.filter(pk=open_one.pk).update(first_seen=now - timedelta(days=15))
        Trouble.objects.filter(pk=cleared.pk).update(
            first_seen=now - timedelta(days=15), resolved_at=now - timedelta(days=8)
        )
    with scope.of(manager):
        weeks = by_week(manager, world.connection)

    assert [week.person for week in weeks] == [0, 0, 0, 0, 0, 2, 1, 1]
    assert [week.cleared for week in weeks] == [0, 0, 0, 0, 0, 0, 1, 0]
    assert weeks[-1].last_day == timezone.localdate()


def test_what_is_as_it_should_be_is_counted_with_each_comparison(world: World, manager) -> None:
    """Of the person's districts; of two comparisons in a week the later one, and of a gap nothing."""
    now, place = timezone.now(), world.district.pk
    for days, here, elsewhere in ((20, 1, 100), (8, 2, 0), (2, 3, 50), (1, 4, 60)):
        tallies = [
            {"resource": SSEPEA, "district": where, "right": n}
            for where, n in ((place, here), (None, elsewhere))
        ]
        Resync.objects.create(
            connection=world.connection, resources=[SSEPEA], state=ResyncState.DONE, tallies=tallies,
            compared_at=now - timedelta(days=days),
        )  # fmt: skip
    with scope.of(manager):
        weeks = by_week(manager, world.connection)

    assert [week.right for week in weeks] == [None, None, None, None, None, 1, 2, 4]


def test_a_chart_says_in_words_what_it_draws(world: World, client) -> None:
    sent_and_refused(world)

    text = page(client, "desk")

    assert 'aria-label="Need a person, at the end of the week: ' in text
    assert "As a table" in text
