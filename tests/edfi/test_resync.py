"""A whole connection is compared with the state, and what differs is mended by the usual sender."""

from datetime import timedelta

import pytest
from django.utils import timezone

from edfi.actions import configure, resync
from edfi.actions.resync import ask_for_resync, carry_out, send_differences, stop_resync
from edfi.models import Connection, Resync, ResyncState
from edfi.rules.records import SEORA, SSEPEA
from edfi.rules.resync import Does, Why
from edfi.tasks import forget_reports
from journal.models import Entry
from security import scope
from security.models import User
from security.refusals import NotAllowed, RuleBroken, Stale
from security.rules.roles import Role
from tests import factories
from tests.standin.caller import eligibility, responsibility

from .conftest import IMPATIENT, SCHOOL, World

TYPE_B = "uri://dpi.wi.gov/EvaluationDelayReasonDescriptor#C"


@pytest.fixture
def by(world: World) -> User:
    return factories.UserFactory(role=Role.SEA_ADMINISTRATOR)


@pytest.fixture
def child(world: World):
    """Whose record was sent."""
    child = world.child()
    world.enrollment = world.enroll(child)
    world.evaluation = world.evaluate(child)
    world.send()
    world.ods.requests.clear()
    return child


def compared(world: World, by: User | None = None, **how) -> Resync:
    asked = (
        ask_for_resync(by=by, connection=world.connection, **how)
        if by
        else resync.ask_by_night(Connection.objects.get(pk=world.connection.pk))
    )
    return carry_out(asked, patience=IMPATIENT)


def sent(world: World, by: User, typed: str = "") -> Resync:
    found = compared(world, by)
    return carry_out(send_differences(by=by, resync=found, typed=typed), patience=IMPATIENT)


def differences(found: Resync) -> list[tuple[str, str, str]]:
    with scope.elevated():
        return [(row.does, row.why, row.resource) for row in found.rows.all()]


def results(found: Resync) -> list[str]:
    with scope.elevated():
        return list(found.rows.values_list("result", flat=True))


def held(world: World):
    return world.ods.store().items[SSEPEA]


def tamper(world: World, **changes) -> None:
    (item,) = held(world).values()
    world.ods.store().put(SSEPEA, {**item.payload, **changes})


@pytest.mark.rule("EDFI-D3")
def test_what_is_as_it_should_be_is_left_alone(world: World, by: User, child) -> None:
    found = compared(world, by)

    assert (found.state, differences(found)) == (ResyncState.DONE, [])
    assert [(row["resource"], row["district"], row["same"]) for row in found.tallies] == [
        (SSEPEA, world.district.pk, 1)
    ]
    assert world.ods.writes() == []


@pytest.mark.rule("EDFI-R29")
def test_a_record_that_was_lost_there_is_sent_again_in_the_same_run(world: World, by: User, child) -> None:
    world.ods.lose(SSEPEA)
    found = compared(world, by)
    writes = len(world.ods.writes())
    done = carry_out(send_differences(by=by, resync=found), patience=IMPATIENT)

    assert (differences(found), writes) == ([(Does.POST, Why.GONE, SSEPEA)], 0)
    assert (done.state, results(done)) == (ResyncState.DONE, ["DONE"])
    assert len(world.at_state()) == 1
    assert world.identities()[0].ods_id == next(iter(held(world).values())).id


@pytest.mark.rule("EDFI-R29")
def test_what_should_not_be_there_and_is_not_is_forgotten(world: World, by: User, child) -> None:
    world.ods.lose(SSEPEA)
    world.unlock(world.evaluation)
    done = sent(world, by)

    assert differences(done) == [(Does.FORGET, Why.GONE, SSEPEA)]
    assert (world.identities(), world.ods.writes()) == ([], [])


def test_what_somebody_changed_there_is_put_right(world: World, by: User, child) -> None:
    tamper(world, ideaIndicator=True, evaluationDelayReasonDescriptor=TYPE_B)
    done = sent(world, by)

    assert differences(done) == [(Does.CHANGE, Why.DIFFERS, SSEPEA)]
    (record,) = world.at_state()
    assert (record["ideaIndicator"], "evaluationDelayReasonDescriptor" in record) == (False, False)


@pytest.mark.rule("EDFI-B14")
def test_another_way_to_write_the_same_is_no_difference(world: World, by: User, child) -> None:
    (item,) = held(world).values()
    item.payload = {
        **item.payload,
        "ideaIndicator": "False",
        "ideaPartDescriptor": "uri://DPI.wi.gov/ideapartdescriptor#b",
        "eligibilityDeterminationDate": "2025-11-10T00:00:00",
        "evaluationLateReason": None,
        "_ext": {"homeDistrict": 7},
        "_lastModifiedDate": "2026-01-01T00:00:00Z",
    }

    assert differences(compared(world, by)) == []


@pytest.mark.rule("EDFI-R30")
def test_a_record_that_nothing_here_explains_is_deleted(world: World, by: User, child) -> None:
    world.ods.add_student("999", school=SCHOOL)
    known = world.child("605000")
    for number in ("999", known.edfi_id):
        world.ods.store().put(SSEPEA, eligibility(studentReference={"studentUniqueId": number}))
        world.ods.store().put(SEORA, responsibility(studentReference={"studentUniqueId": number}))
    done = sent(world, by, typed="4")

    deletes = [(Does.DELETE, Why.NO_TRACE, resource) for resource in (SEORA, SEORA, SSEPEA, SSEPEA)]
    assert sorted(differences(done)) == sorted(deletes)
    assert results(done) == ["DONE"] * 4
    assert ([r["studentReference"]["studentUniqueId"] for r in world.at_state()], world.at_state(SEORA)) == (
        ["604822"],
        [],
    )


@pytest.mark.rule("EDFI-R30")
@pytest.mark.parametrize(
    ("resource", "record"),
    [
        (SSEPEA, eligibility(educationOrganizationReference={"educationOrganizationId": 48856})),
        (SSEPEA, eligibility(eligibilityEvaluationTypeDescriptor="uri://dpi.wi.gov/X#R")),
        (SEORA, responsibility(responsibilityDescriptor="uri://dpi.wi.gov/ResponsibilityDescriptor#Funding")),
        (SEORA, responsibility(educationOrganizationReference={"educationOrganizationId": 48856})),
    ],
    ids=["another school", "another type", "another responsibility", "another school's responsibility"],
)
def test_what_others_send_is_never_touched(world: World, by: User, resource: str, record: dict) -> None:
    world.ods.add_student("604822", school=SCHOOL)
    world.ods.store().put(resource, record)

    found = compared(world, by)

    assert (found.state, differences(found)) == (ResyncState.DONE, [])
    assert found.tallies == [{"resource": resource, "district": None, "others": 1}]


@pytest.mark.parametrize("number", ["605000", "999"], ids=["known here", "not known"])
def test_what_others_made_anew_since_the_report_is_left(world: World, by: User, number: str) -> None:
    world.child("605000")
    world.ods.add_student("999", school=SCHOOL)
    record = eligibility(studentReference={"studentUniqueId": number})
    world.ods.store().put(SSEPEA, record)
    found = send_differences(by=by, resync=compared(world, by), typed="1")
    world.ods.lose(SSEPEA)
    world.ods.store().put(SSEPEA, record)
    done = carry_out(found, patience=IMPATIENT)

    assert (results(done), len(world.at_state()), world.ods.writes()) == (["LEFT"], 1, [])


@pytest.mark.rule("EDFI-R32")
@pytest.mark.rule("EDFI-R28")
def test_of_a_resource_that_is_switched_off_nothing_is_deleted(world: World, by: User, child) -> None:
    world.unlock(world.evaluation)
    for day in ("2025-10-01", "2026-10-01"):
        world.ods.store().put(SSEPEA, eligibility(consentToEvaluationReceivedDate=day))
    world.connection.years.filter(school_year=2026).update(send_eligibility=False)

    found = compared(world, by)

    with scope.elevated():
        assert [row.school_year for row in found.rows.all()] == [2027]


@pytest.mark.rule("EDFI-R30")
def test_what_has_become_ours_since_the_report_is_left(world: World, by: User) -> None:
    """A record that nothing here explained, whose child was entered before the deletion was confirmed."""
    world.connection.delete_percent = 100
    world.connection.save()
    for number in ("700008", "700009"):
        world.ods.add_student(number, school=SCHOOL)
        world.ods.store().put(SSEPEA, eligibility(studentReference={"studentUniqueId": number}))
    found = compared(world, by)
    world.child("700009", at_state=False)
    done = carry_out(send_differences(by=by, resync=found), patience=IMPATIENT)

    left = [record["studentReference"]["studentUniqueId"] for record in world.at_state()]
    assert (sorted(results(done)), left) == (["DONE", "LEFT"], ["700009"])


def test_a_resource_that_is_switched_off_after_the_report_is_left(world: World, by: User, child) -> None:
    tamper(world, ideaIndicator=True)
    found = compared(world, by)
    world.connection.years.update(send_eligibility=False)
    done = carry_out(send_differences(by=by, resync=found), patience=IMPATIENT)

    assert (results(done), world.ods.writes()) == (["LEFT"], [])


def test_a_record_made_anew_by_others_is_known_by_its_new_id(world: World, by: User, child) -> None:
    """Otherwise its delete would be answered with 404, which counts as done."""
    (item,) = held(world).values()
    world.ods.lose(SSEPEA)
    world.ods.store().put(SSEPEA, item.payload)
    compared(world, by)
    world.unlock(world.evaluation)
    world.send()

    assert world.at_state() == []


@pytest.mark.rule("EDFI-R31")
def test_a_mapping_that_changed_needs_a_resync_until_everything_is_sent(
    world: World, by: User, child
) -> None:
    world.ods.store().descriptors.add("uri://dpi.wi.gov/IDEAPartDescriptor#Part B")
    new = {"descriptor": "ideaPart", "local_code": "B", "uri": "uri://dpi.wi.gov/IDEAPartDescriptor#Part B"}
    configure.map_code(by=by, connection=world.connection, **new)
    world.send()
    needed, writes = _needed(world), len(world.ods.writes())
    found = compared(world, by)
    meanwhile = _needed(world)
    carry_out(send_differences(by=by, resync=found), patience=IMPATIENT)

    assert (needed, writes, meanwhile, _needed(world)) == ([SSEPEA], 0, [SSEPEA], [])
    assert world.at_state()[0]["ideaPartDescriptor"].endswith("#Part B")


def test_what_changes_while_it_is_compared_still_needs_a_resync(world: World, by: User, child) -> None:
    world.connection.resync_needed = [SSEPEA]
    world.connection.save()
    tamper(world, ideaIndicator=True)
    found = compared(world, by)
    new = {"descriptor": "ideaPart", "local_code": "B", "uri": "uri://dpi.wi.gov/IDEAPartDescriptor#C"}
    configure.map_code(by=by, connection=world.connection, **new)
    carry_out(send_differences(by=by, resync=found), patience=IMPATIENT)

    assert _needed(world) == [SSEPEA]


def _needed(world: World) -> list[str]:
    return Connection.objects.get(pk=world.connection.pk).resync_needed


@pytest.mark.rule("EDFI-R30")
def test_many_deletions_need_their_number_typed(world: World, by: User, child) -> None:
    world.ods.store().put(SSEPEA, eligibility(consentToEvaluationReceivedDate="2025-10-01"))
    found = compared(world, by)
    with pytest.raises(RuleBroken, match="1 record would be deleted. Type this number"):
        send_differences(by=by, resync=found)
    world.connection.delete_percent = 50
    world.connection.save()
    done = carry_out(send_differences(by=by, resync=found), patience=IMPATIENT)

    assert (done.state, len(world.at_state())) == (ResyncState.DONE, 1)


def test_who_may_not_set_up_the_connection_resyncs_nothing(world: World, by: User, child) -> None:
    manager = factories.UserFactory(role=Role.DATA_MANAGER, role__district=world.district)
    tamper(world, ideaIndicator=True)
    found = compared(world, by)
    for deed in (
        lambda: ask_for_resync(by=manager, connection=world.connection),
        lambda: send_differences(by=manager, resync=found),
        lambda: stop_resync(by=manager, resync=found),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_one_at_a_time_and_no_report_is_carried_out_twice_or_late(world: World, by: User, child) -> None:
    tamper(world, ideaIndicator=True)
    earlier = compared(world, by)
    later = ask_for_resync(by=by, connection=world.connection)
    with pytest.raises(RuleBroken, match="being compared already"):
        ask_for_resync(by=by, connection=world.connection)
    with pytest.raises(Stale, match="replaced by a later one"):
        send_differences(by=by, resync=earlier)
    later = carry_out(later, patience=IMPATIENT)
    Resync.objects.filter(pk=later.pk).update(compared_at=timezone.now() - timedelta(days=2))
    with pytest.raises(Stale, match="older than a day"):
        send_differences(by=by, resync=later)


def test_a_connection_that_is_off_is_compared_but_nothing_is_sent(world: World, by: User, child) -> None:
    tamper(world, ideaIndicator=True)
    world.change(world.connection, enabled=False)
    found = compared(world, by)

    with pytest.raises(RuleBroken, match="The connection is off"):
        send_differences(by=by, resync=found)
    assert len(differences(found)) == 1


def test_a_stopped_run_goes_on_where_it_was(world: World, by: User, monkeypatch) -> None:
    monkeypatch.setattr("edfi.actions.mend.CHUNK", 1)
    for number in range(3):
        student = world.child(f"70000{number}")
        world.enroll(student)
        world.evaluate(student)
    world.send()
    world.ods.lose(SSEPEA)
    found = send_differences(by=by, resync=compared(world, by))
    stopped = []

    def after_the_first(**how_far: int) -> None:
        if how_far.get("done") == 1 and not stopped:
            stopped.append(stop_resync(by=by, resync=found))

    halfway = carry_out(found, after_the_first, IMPATIENT)
    sent_then = len(world.at_state())
    done = carry_out(send_differences(by=by, resync=halfway), patience=IMPATIENT)

    assert (halfway.why, sent_then) == ("A person stopped it.", 2)
    assert (done.state, len(world.at_state()), len(world.ods.writes())) == (ResyncState.DONE, 3, 6)


def test_a_server_that_is_silent_ends_it_with_a_sentence(world: World, by: User, child) -> None:
    tamper(world, ideaIndicator=True)
    world.ods.fail_next(9, 503, resource="")
    failed = compared(world, by)
    world.ods.faults.release_all()
    world.ods.fail_next(2, 503, method="GET", resource=SSEPEA)
    unread = compared(world, by)
    world.ods.faults.release_all()
    found = send_differences(by=by, resync=compared(world, by))
    world.ods.fail_next(9, 503, resource="")
    stopped = carry_out(found, patience=IMPATIENT)

    silence = "The Ed-Fi API does not answer."
    assert (failed.state, failed.why) == (ResyncState.FAILED, silence)
    assert (unread.state, unread.why) == (
        ResyncState.FAILED,
        "The Ed-Fi API does not show its records to this key.",
    )
    assert (stopped.state, stopped.why, results(stopped)) == (ResyncState.STOPPED, silence, [""])


def test_a_record_that_is_refused_waits_at_the_desk_and_is_not_sent_again(world: World, by: User) -> None:
    child = world.child()
    world.enroll(child)
    world.evaluate(child, delay_reason="C")
    world.ods.store().descriptors.discard(TYPE_B)
    world.send()

    found = compared(world, by)

    assert (found.state, found.tallies[0]["at_desk"]) == (ResyncState.DONE, 1)


@pytest.mark.rule("EDFI-R31")
def test_a_record_that_was_refused_goes_with_the_resync_once_its_code_has_another_value(
    world: World, by: User
) -> None:
    child = world.child()
    world.enroll(child)
    world.evaluate(child, delay_reason="C")
    world.ods.store().descriptors.discard(TYPE_B)
    world.send()
    another = "uri://dpi.wi.gov/EvaluationDelayReasonDescriptor#Child"
    world.ods.store().descriptors.add(another)
    configure.map_code(
        by=by,
        connection=world.connection,
        descriptor="evaluationDelayReason",
        local_code="C",
        uri=another,
    )
    done = sent(world, by)

    assert [record["evaluationDelayReasonDescriptor"] for record in world.at_state()] == [another]
    assert (done.state, results(done), world.troubles()) == (ResyncState.DONE, ["DONE"], [])


def test_a_record_that_waits_for_another_one_is_the_desks_and_no_difference(world: World, by: User) -> None:
    child = world.child(at_state=False)
    world.enroll(child)
    world.evaluate(child)
    world.send()

    found = compared(world, by)

    assert found.tallies == [{"resource": SSEPEA, "district": world.district.pk, "at_desk": 1}]


def test_a_comparison_is_stopped_between_two_pages(world: World, by: User, child, monkeypatch) -> None:
    """Nothing is found, and nothing is sent; the next one begins anew."""
    monkeypatch.setattr("edfi.bulk.PAGE", 1)
    monkeypatch.setattr("edfi.client.PAGE", 1)
    for number in range(3):
        world.ods.store().put(SSEPEA, eligibility(consentToEvaluationReceivedDate=f"2025-10-0{number + 1}"))
    asked = ask_for_resync(by=by, connection=world.connection)

    def after_the_second_page(**how_far: int) -> None:
        if how_far.get("done") == 2 and not Resync.objects.exclude(stop_asked_by_id=None).exists():
            stop_resync(by=by, resync=asked)

    stopped = carry_out(asked, after_the_second_page, IMPATIENT)
    read = [r for r in world.ods.requests if r.method == "GET" and r.resource == SSEPEA]

    assert (stopped.state, stopped.why, differences(stopped)) == (
        ResyncState.STOPPED, "A person stopped it.", []
    )  # fmt: skip
    assert len(read) == 3
    assert compared(world, by).state == ResyncState.COMPARED


def test_one_that_still_waits_for_its_turn_is_stopped_before_it_asks_anything(world: World, by: User) -> None:
    asked = ask_for_resync(by=by, connection=world.connection)
    stop_resync(by=by, resync=asked)

    assert carry_out(asked, patience=IMPATIENT).state == ResyncState.STOPPED
    assert world.ods.requests == []
    with pytest.raises(Stale, match="Compare again"):
        send_differences(by=by, resync=asked)


def test_the_comparison_counts_what_is_as_it_should_be_of_all_that_is_known(
    world: World, by: User, child
) -> None:
    """Also when only changes are read; what was found to be otherwise is not counted."""
    for edfi_id in ("1", "2"):
        other = world.child(edfi_id)
        world.enroll(other)
        world.evaluate(other)
    world.send()
    whole = compared(world)
    (first, *_) = held(world).values()
    world.ods.store().put(SSEPEA, {**first.payload, "ideaIndicator": True})
    changes = compared(world)

    assert [(each.since_last, [row["right"] for row in each.tallies]) for each in (whole, changes)] == [
        (False, [3]), (True, [2])
    ]  # fmt: skip


def test_old_lists_of_children_go_and_the_numbers_stay(world: World, by: User, child, settings) -> None:
    world.ods.lose(SSEPEA)
    old, kept = compared(world, by), compared(world, by)
    long_ago = timezone.now() - timedelta(days=settings.ESER_EDFI_REPORT_DAYS, hours=1)
    Resync.objects.filter(pk=old.pk).update(asked_at=long_ago)

    assert forget_reports() == 1
    assert (differences(old), len(differences(kept))) == ([], 1)
    assert Resync.objects.get(pk=old.pk).tallies == old.tallies
    assert Entry.objects.filter(kind="EDFI_RESYNC", details__resync=old.pk).exists()


def test_one_that_is_being_sent_keeps_its_list(world: World, by: User, child, settings) -> None:
    settings.ESER_EDFI_REPORT_DAYS = -1
    world.ods.lose(SSEPEA)
    found = send_differences(by=by, resync=compared(world, by))

    assert forget_reports() == 0
    assert len(differences(found)) == 1
