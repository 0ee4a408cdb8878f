"""Whatever stands in an ODS, and however it is read: the lines are those of a naive model."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edfi import fetch
from edfi.models import OdsPull
from security import scope

from .conftest import OTHER_SCHOOL, SCHOOL, SEVENTH, SIXTH, TO_PRIVATE, TRANSFER, World

STRANGE = "uri://ed-fi.org/EntryTypeDescriptor#Strange"
DAYS = st.sampled_from(["2025-08-11", "2026-08-10", "2026-10-01", "2027-07-02"])
CHILDREN = [f"410000000{number}" for number in range(5)]
ENROLLMENT = st.fixed_dictionaries(
    {
        "child": st.sampled_from(CHILDREN),
        "school": st.sampled_from([SCHOOL, OTHER_SCHOOL, 99]),
        "entryDate": DAYS,
        "days": st.none() | st.integers(0, 300),
        "grade": st.sampled_from([SIXTH, SEVENTH]),
        "entry": st.sampled_from([TRANSFER, STRANGE, ""]),
        "year": st.sampled_from([None, 2026, 2027]),
    }
)
# Where no line at all is clear, nothing is handed over: one always is.
ANCHOR = {
    "child": "4100000009", "school": SCHOOL, "entryDate": "2026-08-10", "days": None, "grade": SIXTH,
    "entry": TRANSFER, "year": None,
}  # fmt: skip
CHANGE = st.tuples(st.sampled_from(["put", "put", "delete"]), ENROLLMENT)
GRADES = {SIXTH: "06", SEVENTH: "07"}
ENTRIES = {TRANSFER: "1880", STRANGE: "Ed-Fi value “Strange”", "": ""}


class Model:
    """The enrollments by their key, and one plain rule for the line of each."""

    def __init__(self, world: World) -> None:
        self.world, self.there = world, {}
        self.change("put", ANCHOR)
        self.codes = {SCHOOL: world.school.code, OTHER_SCHOOL: world.other.code, 99: "Ed-Fi 99"}

    def change(self, deed: str, drawn: dict) -> None:
        key = drawn["child"], drawn["school"], drawn["entryDate"]
        if deed == "put":
            self.there[key] = (
                drawn,
                self.world.shows(drawn["child"], school=drawn["school"], **payload(drawn)),
            )
        elif key in self.there:
            self.world.ods.delete("studentSchoolAssociations", self.there.pop(key)[1])

    def lines(self) -> list[tuple]:
        drawn = [each for each, _ in self.there.values() if self.is_of_year(each)]
        return sorted(
            (
                each["child"], self.codes[each["school"]], each["entryDate"], over(each) or "",
                GRADES[each["grade"]], ENTRIES[each["entry"]], "1943" if over(each) else "",
            )
            for each in drawn
        )  # fmt: skip

    def is_of_year(self, drawn: dict) -> bool:
        if drawn["year"]:
            return drawn["year"] == 2027
        return drawn["entryDate"] <= "2027-06-30" and (over(drawn) or "9999") >= "2026-07-01"


def over(drawn: dict) -> str | None:
    days = drawn["days"]
    return days and (date.fromisoformat(drawn["entryDate"]) + timedelta(days=days)).isoformat()


def payload(drawn: dict) -> dict:
    said = {"entryDate": drawn["entryDate"], "entryGradeLevelDescriptor": drawn["grade"]}
    said["entryTypeDescriptor"] = drawn["entry"] or None
    if over(drawn):
        said |= {"exitWithdrawDate": over(drawn), "exitWithdrawTypeDescriptor": TO_PRIVATE}
    if drawn["year"]:
        said["schoolYearTypeReference"] = {"schoolYear": drawn["year"]}
    return said


def read(world: World) -> list[tuple]:
    """The lines of the file that was handed over; none where there was nothing to hand over."""
    OdsPull.objects.all().delete()
    pull = world.pull()
    names = ["state_student_id", "school_code", "entry_date", "exit_date", "grade", "entry_code", "exit_code"]
    return sorted(tuple(line[name] for name in names) for line in world.file(pull))


@pytest.mark.rule("EDFI-B16", "EDFI-B18", "EDFI-B19")
@pytest.mark.parametrize(("version", "tells_changes"), [("7.3", True), ("7.1", True), ("7.1", False)])
def test_the_lines_are_those_of_the_ods(world: World, monkeypatch, version: str, tells_changes: bool) -> None:
    monkeypatch.setattr(fetch, "PAGE", 3)
    world.ods.version, world.ods.tells_changes = version, tells_changes
    world.has_school(OTHER_SCHOOL)
    world.has_school(99)
    world.means()

    @settings(max_examples=8, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.lists(CHANGE, max_size=6), min_size=1, max_size=3))
    def the_lines_are_those_of_the_model(rounds) -> None:
        world.empty()
        model = Model(world)
        for changes in rounds:
            for deed, drawn in changes:
                model.change(deed, drawn)
            assert read(world) == model.lines()

    with scope.system():
        the_lines_are_those_of_the_model()
