"""Program records of official IEPs: from the records in the database to the stand-in, and back."""

from datetime import date

import pytest
from django.urls import reverse

from edfi import desk
from edfi.actions.check import check_connection
from edfi.actions.dirty import mark_everyone
from edfi.actions.resync import ask_for_resync, carry_out, send_differences
from edfi.models import DirtyStudent, Identity
from edfi.over_time import by_week
from edfi.remedies import Value, value_to_map
from edfi.rules.records import PARTICIPATION, SSEPEA
from enrollment.models import SpecialEducationActivity
from ieps.models import Iep, Service
from security import scope
from security.rules.roles import Role
from students.models import Student
from tests import factories

from .conftest import IMPATIENT, World

INSTRUCTION = "uri://dpi.wi.gov/SpecialEducationProgramServiceDescriptor#SEI"
SETTING = "uri://dpi.wi.gov/SpecialEducationSettingDescriptor#80"
VALUES = {
    ("specialEducationProgramService", "SEI"): INSTRUCTION,
    ("specialEducationSetting", "RC80"): SETTING,
}


@pytest.fixture(autouse=True)
def sending(world: World) -> None:
    """Every school year sends program records, and the state knows the values."""
    world.connection.years.update(send_programs=True)
    for (descriptor, code), uri in VALUES.items():
        world.connection.mappings.create(descriptor=descriptor, local_code=code, uri=uri)
        world.ods.store().descriptors.add(uri)


def with_iep(world: World, **changes) -> tuple[Student, Iep]:
    child = world.child()
    world.enroll(child)
    return child, official(world, child, **changes)


def official(world: World, child: Student, **changes) -> Iep:
    iep = factories.IepFactory(student=child, district=world.district)
    factories.ServiceFactory(
        student=child, district=world.district, iep=iep, code="SEI", minutes=60, sessions=5, per="W",
        location="1", first_day=date(2025, 12, 1),
    )  # fmt: skip
    days = {"odr_date": date(2025, 12, 1), "first_day": date(2025, 12, 1), "last_day": date(2026, 11, 30)}
    world.change(iep, **{**days, "lre": "RC80", **changes})
    world.change(iep, status="OFFICIAL")
    return iep


def programs(world: World) -> list[dict]:
    return world.at_state(PARTICIPATION)


def delete(world: World, iep: Iep) -> None:
    """As it is asked for and granted."""
    world.change(iep, status="DELREQ")
    world.change(iep, status="DELETED")


def marked() -> int:
    with scope.elevated():
        return DirtyStudent.objects.count()


def test_an_official_iep_arrives_and_a_draft_does_not(world: World) -> None:
    child, iep = with_iep(world)
    factories.IepFactory(student=child, district=world.district, first_day=date(2025, 12, 1))
    world.send()
    (record,) = programs(world)
    (identity,) = world.identities()

    assert record["specialEducationSettingDescriptor"] == SETTING
    assert record["specialEducationHoursPerWeek"] == 5.0
    assert (identity.evaluation_id, identity.district_id) == (iep.pk, world.district.pk)


def test_a_next_iep_closes_the_record_of_the_one_before(world: World) -> None:
    child, iep = with_iep(world)
    world.send()
    following = official(world, child, first_day=date(2026, 3, 2), odr_date=date(2026, 3, 2))
    world.change(iep, status="SUPERSEDED", replaced_by=following, replaced_from=date(2026, 3, 2))
    world.send()

    assert [(record["beginDate"], record.get("endDate")) for record in programs(world)] == [
        ("2025-12-01", "2026-03-01"),
        ("2026-03-02", None),
    ]


def test_what_it_is_made_of_is_watched(world: World) -> None:
    child, iep = with_iep(world)
    activity = factories.ActivityFactory(student=child, district=world.district, first_day=date(2025, 12, 1))
    world.send()
    seen = []
    for model, changes in (
        (Service, {"minutes": 45}),
        (SpecialEducationActivity, {"last_day": date(2026, 3, 1)}),
        (Iep, {"replaced_from": date(2026, 9, 1), "replaced_by": iep}),
    ):
        before = marked()
        with scope.elevated():
            model.objects.filter(student=child).update(**changes)
        seen.append((before, marked()))
        world.send()

    assert activity.pk
    assert seen == [(0, 1)] * 3


def test_a_code_without_a_value_keeps_it_back_until_it_is_mapped_from_the_desk(world: World, browse) -> None:
    with_iep(world, lre="SC")
    world.send()
    (trouble,) = world.troubles()
    uri = "uri://dpi.wi.gov/SpecialEducationSettingDescriptor#SC"
    world.ods.store().descriptors.add(uri)
    administrator = browse(factories.UserFactory(role=Role.SEA_ADMINISTRATOR))
    shown = administrator.get(reverse("edfi:desk"), {"record": trouble.pk}).content.decode()
    administrator.post(reverse("edfi:map_value", args=[trouble.pk]), {"uri": uri})
    world.send()

    assert "Open the connection" in shown
    assert (trouble.about, trouble.resource) == ("specialEducationSetting SC", PARTICIPATION)
    assert [record["specialEducationSettingDescriptor"] for record in programs(world)] == [uri]
    assert world.troubles() == []


def test_a_reason_that_fell_away_is_cleared_though_nothing_had_to_be_sent(world: World) -> None:
    child, _ = with_iep(world)
    world.send()
    known = world.connection.mappings.get(local_code="RC80")
    known.uri = ""
    known.save()
    world.ods.fail_next(9, 503, method="DELETE")
    world.change(child, edfi_id="604822 ")
    world.send()
    held = sorted(trouble.code for trouble in world.troubles())
    known.uri = SETTING
    known.save()
    world.change(child, edfi_id="604822")
    world.send()

    assert held == ["UNMAPPED_CODE", "system"]
    assert (len(programs(world)), world.troubles()) == (1, [])


def test_an_evaluation_of_the_same_number_may_be_another_districts(world: World) -> None:
    child, iep = with_iep(world)
    elsewhere = factories.DistrictFactory(state=world.state)
    world.evaluate(child, id=iep.pk, district=elsewhere)
    world.send()

    whose = {identity.resource: identity.district_id for identity in world.identities()}
    assert whose == {PARTICIPATION: world.district.pk, SSEPEA: elsewhere.pk}


def test_a_record_that_two_codes_keep_back_is_one_record(world: World) -> None:
    child, iep = with_iep(world, lre="SC")
    factories.ServiceFactory(student=child, district=world.district, iep=iep, code="TRN")
    world.send()
    manager = factories.UserFactory(role=Role.DATA_MANAGER, role__district=world.district)
    with scope.of(manager):
        counted, week = desk.health(manager, world.connection), by_week(manager, world.connection)[-1]

    assert (len(world.troubles()), counted.person, counted.reasons, week.person) == (2, 1, 2, 1)


@pytest.mark.parametrize(("sends", "listed"), [(True, True), (False, False)])
def test_codes_of_program_records_are_offered_where_they_are_sent(
    world: World, browse, sends, listed
) -> None:
    world.connection.years.update(send_programs=sends)
    client = browse(factories.UserFactory(role=Role.SEA_ADMINISTRATOR))
    text = client.get(reverse("edfi:connection", args=[world.connection.pk])).content.decode()

    assert ("State value of disability SLD" in text, INSTRUCTION in text) == (listed, listed)


def test_left_out_by_the_connections_choice_it_goes_with_a_warning(world: World) -> None:
    world.connection.unmapped_policy = "leave_out"
    world.connection.save()
    with_iep(world, lre="SC")
    world.send()
    (trouble,) = world.troubles()

    assert "specialEducationSettingDescriptor" not in programs(world)[0]
    assert (trouble.code, trouble.needs) == ("LEFT_OUT", "nothing")
    with scope.elevated():
        assert value_to_map(trouble) == Value("specialEducationSetting", "SC")


def test_a_refusal_names_the_item_of_the_list(world: World) -> None:
    world.ods.store().descriptors.discard(INSTRUCTION)
    with_iep(world)
    world.send()
    (trouble,) = world.troubles()

    assert trouble.about == f"specialEducationProgramServiceDescriptor {INSTRUCTION}"
    assert trouble.sentence == "The state has no value “SEI” for the special education program service."


@pytest.mark.rule("EDFI-R28")
def test_switched_off_it_stays_and_nothing_more_goes(world: World) -> None:
    _, iep = with_iep(world)
    world.send()
    world.connection.years.update(send_programs=False)
    delete(world, iep)
    world.send()

    assert len(programs(world)) == 1
    assert len(world.ods.writes(PARTICIPATION)) == 1


def test_a_deleted_iep_is_deleted_at_the_state(world: World) -> None:
    _, iep = with_iep(world)
    world.send()
    delete(world, iep)
    world.send()

    assert (programs(world), world.identities()) == ([], [])


@pytest.mark.rule("EDFI-D4")
def test_a_lost_answer_leaves_one_record_that_is_found_and_deleted(world: World) -> None:
    _, iep = with_iep(world)
    world.ods.lose_answer_of_next(2, resource=PARTICIPATION)
    world.send()
    with scope.elevated():
        unknown = Identity.objects.get().ods_id
    delete(world, iep)
    world.send()

    assert (unknown, programs(world)) == ("", [])


def test_a_child_with_an_iep_and_no_evaluation_is_marked_when_a_connection_is_switched_on(
    world: World,
) -> None:
    world.connection.enabled = False
    world.connection.save()
    with_iep(world)

    assert mark_everyone(world.connection) == 1


def test_both_kinds_of_records_of_a_child_stand_on_its_page(world: World, browse) -> None:
    child, _ = with_iep(world)
    world.evaluate(child)
    world.send()
    (item,) = world.ods.store().items[PARTICIPATION].values()
    item.payload["specialEducationProgramServices"] = []
    client = browse(factories.UserFactory(role=Role.DATA_MANAGER, role__district=world.district))
    text = client.get(reverse("edfi:student", args=[child.pk])).content.decode()

    assert "Program record, 2025-26" in text
    assert "Eligibility record, 2025-26" in text
    assert text.count("is-diff") == 1
    assert len(world.at_state(SSEPEA)) == 1


@pytest.mark.rule("EDFI-B25")
def test_the_check_looks_for_the_program_and_for_some_children(world: World) -> None:
    with_iep(world)
    for number, at_state in (("700001", True), ("700002", False)):
        child = world.child(number, at_state=at_state)
        world.enroll(child)
        world.evaluate(child)
    with scope.elevated():
        said = {check.text: check.tone for check in check_connection(world.connection)}

    assert said["The key may write and delete program records."] == "good"
    assert said["The state has the program of the records."] == "good"
    assert said["The server knows 1 of 2 students that were looked up."] == "warn"
    assert said["The server knows 1 of 2 students with an enrollment that were looked up."] == "warn"
    assert world.ods.writes() == []
    assert not any("70000" in text for text in said)


@pytest.mark.rule("EDFI-R30")
def test_a_resync_puts_a_program_record_right_and_leaves_those_of_others(world: World) -> None:
    with_iep(world)
    world.connection.resync_needed = [PARTICIPATION]
    world.connection.save()
    world.send()
    right = programs(world)
    (item,) = world.ods.store().items[PARTICIPATION].values()
    item.payload = {**item.payload, "specialEducationProgramServices": []}
    others = {**item.payload, "beginDate": "2026-01-05"}
    world.ods.store().put(PARTICIPATION, others)
    by = factories.UserFactory(role=Role.SEA_ADMINISTRATOR)
    found = carry_out(ask_for_resync(by=by, connection=world.connection), patience=IMPATIENT)
    done = carry_out(send_differences(by=by, resync=found), patience=IMPATIENT)

    assert found.tallies == [
        {"resource": PARTICIPATION, "district": world.district.pk, "change": 1},
        {"resource": PARTICIPATION, "district": None, "others": 1},
    ]
    assert [record for record in programs(world) if record != others] == right
    world.connection.refresh_from_db()
    assert (done.state, world.connection.resync_needed) == ("DONE", [])
