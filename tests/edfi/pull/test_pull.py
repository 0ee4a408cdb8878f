"""The enrollments of a district's own ODS become lines of the feed, and nothing is guessed."""

from datetime import date

import pytest

from edfi.models import DistrictOds, OdsRecord, OdsValue, PullState
from enrollment.models import ED_FI, FeedState
from security import scope
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from tests import factories

from .conftest import OTHER_SCHOOL, SEVENTH, TO_PRIVATE, TRANSFER, World

LEFT = {"exitWithdrawDate": "2026-09-04", "exitWithdrawTypeDescriptor": TO_PRIVATE}


def test_a_reading_is_handed_to_the_feed_and_loaded_there(world: World) -> None:
    world.means()
    world.shows("4100000001")
    world.shows("4100000002", **LEFT)
    pull = world.pull()
    assert (pull.state, pull.load.layout, pull.why) == (PullState.HANDED, ED_FI, "")
    load = world.load(pull)
    assert (load.state, load.counts["new"], load.counts["refused"]) == (FeedState.LOADED, 2, 0)
    assert world.enrollments() == [("4100000001", "1880", ""), ("4100000002", "1880", "1943")]


@pytest.mark.parametrize("version", ["7.3", "7.1"])
@pytest.mark.parametrize("tells_changes", [True, False])
def test_a_second_reading_of_the_same_loads_nothing(world: World, version: str, tells_changes: bool) -> None:
    world.ods.version, world.ods.tells_changes = version, tells_changes
    world.means()
    world.shows("4100000001")
    first = world.pull()
    world.load(first)
    second = world.pull()
    assert (second.state, second.load, second.whole) == (PullState.SAME, first.load, not tells_changes)
    assert second.counts["changes"] == (0 if tells_changes else 3)


def test_the_same_is_tried_again_while_a_row_of_it_is_refused(world: World) -> None:
    world.means()
    world.shows("4100000001")
    world.shows("4100000002", entryDate="2025-08-11")
    world.load(world.pull())
    again = world.load(world.pull())
    assert (again.counts["same"], again.counts["new"], again.counts["refused"]) == (1, 0, 1)


def test_a_value_that_means_nothing_here_refuses_its_line_and_waits_for_its_meaning(world: World) -> None:
    world.means()
    world.shows("4100000001")
    strange = "uri://ed-fi.org/EntryTypeDescriptor#Home schooled"
    world.shows("4100000002", entryTypeDescriptor=strange)
    pull = world.pull()
    refused = {row["state_student_id"]: row["errors"] for row in world.lines(pull) if row["errors"]}
    assert "Ed-Fi value “Home schooled” is neither a state code" in refused["4100000002"]
    assert refused.keys() == {"4100000002"}
    assert pull.why.startswith("1 enrollment has a value that means nothing here yet.")
    assert OdsValue.objects.get(uri=strange).code == ""


def test_where_nothing_means_anything_nothing_is_handed_over(world: World) -> None:
    world.shows("4100000001")
    pull = world.pull()
    assert pull.state == PullState.FAILED
    assert "Say what each means and read again." in pull.why
    assert {row.kind for row in OdsValue.objects.all()} == {"grade", "entry", "sex"}


def test_a_child_known_by_its_edfi_id_goes_by_its_own_number(world: World) -> None:
    world.there.number = "edfi"
    world.there.save()
    world.means()
    known = factories.StudentFactory(state=world.district.state, edfi_id="604822", district=world.district)
    names = {"lastSurname": known.last_name, "birthDate": known.birth_date.isoformat()}
    world.shows("604822", student=names)
    world.shows("604999")
    by_number = {row["state_student_id"]: row["errors"] for row in world.lines(world.pull())}
    assert by_number.keys() == {known.state_student_id, ""}
    assert "state_student_id is empty." in by_number[""]


def test_an_ods_learns_nothing_of_a_child_under_another_name_or_birth_date(world: World) -> None:
    """Whoever guesses Ed-Fi IDs gets neither a number nor a sex for them."""
    world.there.number = "edfi"
    world.there.save()
    world.means()
    elsewhere = factories.DistrictFactory(state=world.district.state)
    for guess in ("700100", "700101"):
        factories.StudentFactory(
            state=world.district.state, district=elsewhere, edfi_id=guess, state_student_id=f"4{guess}",
            last_name="Broussard", birth_date=date(2013, 5, 4), sex="F",
        )  # fmt: skip
    known = factories.StudentFactory(
        state=world.district.state, district=world.district, edfi_id="700102", state_student_id="4700102"
    )
    names = {"lastSurname": known.last_name, "birthDate": known.birth_date.isoformat()}
    world.shows("700102", student=names)
    shown = {"birthSexDescriptor": "", "lastSurname": "Broussard", "birthDate": "2013-05-04"}
    world.shows("700100", student=shown | {"lastSurname": "Invented"})
    world.shows("700101", student=shown | {"birthDate": "2013-05-05"})
    guessed = [row for row in world.file(world.pull()) if not row["state_student_id"]]
    world.shows("700100", student=shown | {"lastSurname": "BROUSSARD"})
    same = [row["sex"] for row in world.file(world.pull()) if row["state_student_id"] == "4700100"]
    assert ([row["sex"] for row in guessed], same) == (["", ""], ["F"])


def test_an_edfi_id_of_two_children_is_nobodys(world: World) -> None:
    world.there.number = "edfi"
    world.there.save()
    world.means()
    for _ in range(2):
        factories.StudentFactory(state=world.district.state, edfi_id="604822", district=world.district)
    world.shows("604822")
    assert [row["state_student_id"] for row in world.lines(world.pull())] == [""]


def test_a_school_that_is_not_known_here_is_named(world: World) -> None:
    world.means()
    world.has_school(77777, name="Ibis School")
    world.shows("4100000001", school=77777)
    pull = world.pull()
    (row,) = world.lines(pull)
    assert "School Ed-Fi 77777 is not known in this state." in row["errors"]
    assert pull.counts["strange_schools"] == {"Ibis School (77777)": 1}


def test_other_years_and_other_districts_are_left_out_and_counted(world: World) -> None:
    world.means()
    world.has_school(OTHER_SCHOOL, agency=999)
    world.shows("4100000001")
    world.shows("4100000002", school=OTHER_SCHOOL)
    world.shows("4100000003", entryDate="2025-08-11", exitWithdrawDate="2026-05-29")
    world.shows("4100000004", schoolYearTypeReference={"schoolYear": 2026})
    pull = world.pull()
    counted = {name: pull.counts[name] for name in ("lines", "other_districts", "other_years")}
    assert counted == {"lines": 1, "other_districts": 1, "other_years": 2}


def test_a_child_that_is_no_longer_shown_stands_as_not_in_the_file(world: World) -> None:
    world.means()
    world.shows("4100000001")
    gone = world.shows("4100000002")
    world.load(world.pull())
    world.ods.delete("studentSchoolAssociations", gone)
    load = world.load(world.pull())
    assert (load.counts["missing"], load.counts["exit"]) == (1, 0)
    assert world.enrollments() == [("4100000001", "1880", ""), ("4100000002", "1880", "")]


def test_only_what_changed_is_asked_for_and_the_rest_still_stands_in_the_file(world: World) -> None:
    world.means()
    world.shows("4100000001")
    world.shows("4100000002")
    world.load(world.pull())
    world.ods.requests.clear()
    world.shows("4100000002", entryGradeLevelDescriptor=SEVENTH)
    pull = world.pull()
    assert not pull.whole
    assert all("minChangeVersion" in seen.query for seen in world.ods.requests if "pageSize" in seen.query)
    load = world.load(pull)
    assert (load.counts["changed"], load.counts["same"], load.counts["missing"]) == (1, 1, 0)


def test_what_came_back_to_an_earlier_state_is_loaded_too(world: World) -> None:
    world.means()
    world.shows("4100000001")
    world.load(world.pull())
    world.shows("4100000001", entryGradeLevelDescriptor=SEVENTH)
    world.load(world.pull())
    world.shows("4100000001")
    assert world.load(world.pull()).counts["changed"] == 1


def test_an_ods_that_was_built_anew_is_read_as_a_whole(world: World) -> None:
    world.means()
    world.shows("4100000001")
    world.load(world.pull())
    world.there.refresh_from_db()
    world.there.seen_versions = {"2027": 10_000}
    world.there.save()
    assert world.pull().whole


def test_once_a_week_and_when_asked_everything_is_read(world: World) -> None:
    world.means()
    world.shows("4100000001")
    world.pull()
    assert not world.pull().whole
    assert world.pull(whole=True).whole
    DistrictOds.objects.update(read_whole_at={"2027": "2026-11-01T00:00:00+00:00"})
    assert world.pull().whole


def test_the_first_day_in_school_that_stands_here_goes_before_the_entry_date(world: World) -> None:
    world.means()
    world.shows("4100000001")
    world.load(world.pull())
    with scope.elevated():
        world.district.enrollments.update(first_attended="2026-08-12")
    world.shows("4100000002")
    assert world.load(world.pull()).counts["changed"] == 0


def test_what_was_taken_back_is_not_loaded_again_by_night(world: World) -> None:
    world.means()
    world.shows("4100000001")
    load = world.load(world.pull())
    with scope.elevated():
        type(load).objects.filter(pk=load.pk).update(state=FeedState.UNDONE)
    assert world.pull(nightly=True).state == PullState.SAME
    assert world.pull().state == PullState.HANDED


def test_only_who_feeds_the_district_has_it_read(world: World) -> None:
    for person in (
        factories.UserFactory(role=Role.IEP_AUTHOR, role__district=world.district),
        factories.UserFactory(role=Role.DATA_MANAGER, role__district=factories.DistrictFactory()),
    ):
        with pytest.raises(NotAllowed):
            world.pull(by=person)


def test_two_readings_at_once_are_one_too_many(world: World) -> None:
    world.there.pulls.create(school_year=world.year, by_id=world.manager.pk)
    with pytest.raises(RuleBroken, match="being read already"):
        world.pull()


def test_the_copy_of_an_earlier_year_does_not_outlast_it(world: World) -> None:
    world.means()
    world.shows("4100000001")
    with scope.system():
        kept = {"school_year": 2026, "resource": "students", "payload": {}}
        world.there.records.create(district=world.district, record_id="1", **kept)
    world.pull()
    with scope.system():
        assert {row.school_year for row in OdsRecord.objects.all()} == {2027}


def test_no_copy_is_kept_where_the_ods_tells_of_no_changes(world: World) -> None:
    world.ods.tells_changes = False
    world.means()
    world.shows("4100000001")
    assert world.pull().counts["lines"] == 1
    with scope.elevated():
        assert not OdsRecord.objects.exists()


def test_the_copy_is_seen_by_its_district_alone(world: World) -> None:
    world.means()
    world.shows("4100000001")
    world.pull()
    other = factories.UserFactory(role=Role.DATA_MANAGER, role__district=factories.DistrictFactory())
    with scope.of(other):
        assert not OdsRecord.objects.exists()
    with scope.of(world.manager):
        assert OdsRecord.objects.count() == 3


def test_a_state_code_in_the_ods_is_no_guess_either(world: World) -> None:
    world.means()
    world.shows("4100000001", entryTypeDescriptor="uri://dc.gov/EntryTypeDescriptor#1880")
    world.shows("4100000002", entryTypeDescriptor=TRANSFER)
    assert [row["does"] for row in world.lines(world.pull())] == ["refused", "new"]
