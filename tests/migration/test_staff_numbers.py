"""A Social Security number in place of a staff ID is stored nowhere, whatever its record becomes (DQ-052)."""

from pathlib import Path

import pytest

from migration.archive.pack import unpacked
from migration.csv_twin import without_ssn as without_ssn_in_csv
from migration.extract import STAFF, as_record
from migration.models import ArchivedStudent, FindingCase, LegacyUser, RejectedRow, RunState
from migration.rules.layout import layouts
from migration.sample import child, staff, write_line, write_sample
from security import scope
from tests.migration.conftest import places, run_over
from tests.migration.test_grand_bend import found_in_database

NUMBER = "912345678"


def plant(file: Path) -> None:
    """Into each record that has a staff ID; none becomes longer."""
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(planted(line) for line in lines))


def planted(line: bytes) -> bytes:
    if not (staff := STAFF.get(line[:2].decode("cp1252"))):
        return line
    begin, end = staff.field.start - 1, staff.field.start - 1 + staff.field.length
    return line[:begin] + NUMBER.ljust(staff.field.length).encode() + line[end:]


@pytest.mark.django_db
@pytest.mark.rule("DQ-052")
def test_none_is_left_in_findings_rejected_rows_packs_and_users(tmp_path):
    write_sample(tmp_path)
    plant(tmp_path / "legser.dat")
    run = run_over(tmp_path / "legser.dat", places(tmp_path))
    with scope.system():
        assert run.state == RunState.DONE
        assert {*RejectedRow.objects.values_list("record_type", flat=True)} >= {"04", "07"}
        assert FindingCase.objects.filter(rule="DQ-090", record_type="13").exists()
        assert LegacyUser.objects.get().staff_id == ""
        packs = str([unpacked(each.pack) for each in ArchivedStudent.objects.all()])
        assert ("EVAL" in packs.upper(), NUMBER in packs) == (True, False)
        assert found_in_database({NUMBER}) == []


RECORDS = {**{code: child(21)[code] for code in ("04", "07")}, "13": staff()[1]}


@pytest.mark.rule("DQ-052")
@pytest.mark.parametrize("code", STAFF)
@pytest.mark.parametrize("lost", [0, 1, 4])
def test_nor_in_a_line_that_has_lost_letters_on_the_way(code: str, lost: int):
    raw = planted(write_line(code, RECORDS[code]))
    before = STAFF[code].field.start - 1
    line = as_record(1, raw[: before - lost] + raw[before:])
    assert line.damaged is bool(lost)
    assert NUMBER not in line.text


def test_nor_in_a_line_of_a_type_that_nobody_knows():
    student = child(21)["01"]
    line = as_record(1, b"14" + write_line("01", student)[2:])
    assert student["SER_STUDENT_KEY"] in line.text
    assert student["SSN_OR_TEMP_ID"] not in line.text


@pytest.mark.rule("DQ-052")
@pytest.mark.parametrize("code", STAFF)
@pytest.mark.parametrize("whole", [True, False])
def test_nor_in_a_record_of_the_csv_twin(code: str, whole: bool):
    fields = [field.field for field in layouts()[code][1:]]
    values = [RECORDS[code].get(name, "") for name in fields]
    values[fields.index(STAFF[code].field.field)] = NUMBER
    assert NUMBER in values
    assert NUMBER not in without_ssn_in_csv(code, values if whole else values[:-1], whole)
