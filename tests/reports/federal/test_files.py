"""The forty children as records, frozen, written, and read back by a reader that knows only the tables."""

import io
from collections import Counter
from datetime import date

import pytest

from reports.federal.edit_checks import checked
from reports.federal.files import identifier, write
from reports.federal.freeze import freeze
from reports.models import SnapshotChild
from reports.rules.federal.child import NO_SCHOOLS_SETTING
from reports.rules.federal.records import FileOf, Form
from reports.rules.federal.rows import Level
from reports.rules.federal.tables import state_id
from security import scope
from security.rules.roles import Role
from tests import factories as make
from tests.reports.federal.reader import Read
from tests.reports.federal.records import DAY, evaluate, plan
from tests.reports.federal.test_forty_children import CHILDREN, expected

pytestmark = pytest.mark.django_db


def recorded(row: dict[str, str], district, school):
    """One of the forty as the records would hold it."""
    student = make.StudentFactory(
        district=district, birth_date=date.fromisoformat(row["born"]), sex=row["sex"], races=row["races"],
        hispanic={"Y": True, "N": False, "": None}[row["hispanic"]], grade=row["grade"],
        last_name=f"Child {row['n']}",
    )  # fmt: skip
    make.ActivityFactory(student=student, district=district, first_day=date(2026, 8, 10))
    if row["other_district"] == "yes":
        make.ActivityFactory(student=student, first_day=date(2026, 8, 10))
    if row["enrolled"] == "yes":
        make.EnrollmentFactory(student=student, district=district, site=school, grade=row["grade"])
    if row["evaluation"] == "eligible":
        evaluate(student, district, row["exceptionality"])
    else:
        evaluate(student, district, "", outcome="NOTE")
    if row["iep"] == "yes":
        plan(student, district, row["environment"], row["english_learner"])


@pytest.fixture
def count():
    district = make.DistrictFactory(code="0036", name="Cypress Parish")  # no number of the factory's own
    school = make.SiteFactory(district=district, code="036001")
    second = make.SiteFactory(district=district, code="036002")
    make.EnrollmentFactory(district=district, site=second, grade="03")
    make.SiteFactory(district=district, code="036003")
    for row in CHILDREN:
        recorded(row, district, school)
    manager = make.UserFactory(role=Role.DATA_MANAGER, role__district=district)
    with scope.of(manager):
        return freeze(by=manager, district=district, day=DAY)


def made(snapshots, spec: str, level: Level, form: Form = Form.CSV) -> Read:
    file, target = FileOf(spec, level, state_id("LA"), DAY, form), io.BytesIO()
    n = write(target, snapshots, file, identifier(file, DAY))
    read = Read(target.getvalue(), form.value, spec, level.value)
    assert (read.header["FileName"], len(read.records)) == (file.name, n)
    read.check()
    return read


def filled(sets) -> dict[str, dict[tuple[str, ...], int]]:
    return {name: {codes: n for codes, n in cells.items() if n} for name, cells in sets.items()}


def test_the_forty_are_frozen_as_the_expert_says_and_every_cell_is_in_the_files(count):
    with scope.elevated():
        frozen = {row.student.last_name: row for row in count.children.select_related("student")}
        said = {f"Child {row['n']}": tuple(row["reasons"].split()) for row in CHILDREN}
        assert {name: tuple(row.reasons) for name, row in frozen.items()} == said
        for spec in ("FS002", "FS089"):
            for form in Form:
                ((place, sets),) = made([count], spec, Level.DISTRICT, form).by_set().items()
                assert (place, filled(sets)) == (("0036", ""), expected()[spec])
            (sets,) = made([count], spec, Level.STATE).by_set().values()
            assert filled(sets) == expected()[spec]


def test_the_file_of_the_schools_leaves_out_homebound_and_private(count):
    """A school with children and none in special education has its zeros; one without children has no row."""
    with scope.elevated():
        found = made([count], "FS002", Level.SCHOOL).by_set()
        left_out = SnapshotChild.objects.filter(counted=True, environment__in=NO_SCHOOLS_SETTING).count()
    whole = expected()["FS002"]["EUT"][()]
    assert {place: sets["EUT"][()] for place, sets in found.items()} == {
        ("0036", "036001"): whole - left_out, ("0036", "036002"): 0,
    }  # fmt: skip
    assert left_out == 2


def test_zeros_are_written_for_a_place_that_serves_the_grades(count):
    with scope.elevated():
        (sets,) = made([count], "FS002", Level.DISTRICT).by_set().values()
    assert len(sets["CSA"]) == 13 * 7 * 2
    assert Counter(sets["ST3"].values())[0] == 0


def test_the_edit_checks_name_what_the_forty_hold(count):
    with scope.elevated():
        found = {each.check.number: each for each in checked(count)}
    assert {n for n, each in found.items() if each.findings} == {3, 5, 6, 12}
    assert {n for n, each in found.items() if each.why_not} == {2, 11, 14, 16}
    assert len(found[12].findings) == 1
    assert "discipline" in found[14].why_not
