"""The IEP form and its code sets, and that code knows the same words."""

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from ieps.rules import TABLES
from ieps.rules.codes import CODE_TABLES, CodeSet, IepStatus, codes, name_of
from ieps.rules.form import Required, fields, fields_of, sections
from rulebook.tables import in_force

SOURCE = Path(__file__).resolve().parents[4] / "shared" / "domain" / "iep"
with_source = pytest.mark.skipif(not SOURCE.is_dir(), reason="the source tables are not beside this checkout")
# Code sets of other apps, and one that the state prints only in part.
ELSEWHERE = {"grade", "exceptionality", "goal_area"}


def test_sections_stand_in_the_order_of_the_form():
    assert [row.section for row in sections()] == [
        "GSI", "TRN", "INS", "ACC", "BIP", "PRG", "LEAPC", "SITE", "PLC",
    ]  # fmt: skip


def test_every_section_has_fields_and_every_field_a_section():
    assert {row.section for row in fields()} == {row.section for row in sections()}
    assert sum(len(fields_of(row.section)) for row in sections()) == len(fields()) == 109


def test_a_conditional_field_says_when():
    assert [
        row.field for row in fields() if (row.required == Required.CONDITIONAL) is not bool(row.condition)
    ] == []


def test_an_optional_section_says_when():
    assert all(row.condition for row in sections() if row.optional)


def test_a_code_field_takes_its_values_from_a_table():
    used = {name for row in fields() for name in row.code_sets}
    assert used - ELSEWHERE <= set(CodeSet)


def test_a_table_field_names_its_columns():
    goals = next(row for row in fields_of("INS") if row.field == "objectives")
    assert goals.columns == ("text", "criterion", "target date")


def test_table_and_enum_have_the_same_statuses():
    assert [row.code for row in codes(CodeSet.IEP_STATUS)] == list(IepStatus)


def test_only_a_draft_can_be_edited():
    assert [row.code for row in codes(CodeSet.IEP_STATUS) if row.can_be_edited] == [IepStatus.DRAFT]


def test_a_new_iep_is_never_declassified():
    assert [row.code for row in codes(CodeSet.IEP_TYPE) if not row.for_new_ieps] == ["DEC"]


def test_every_code_set_has_a_table_in_the_rule_book():
    assert set(CODE_TABLES) == set(CodeSet)
    assert {table.slug for table in TABLES} >= {name.replace("_", "-") for name in CodeSet}


def test_a_code_is_shown_with_its_meaning():
    assert name_of(CodeSet.SERVICE, "OT") == "Occupational Therapy"
    assert name_of(CodeSet.SERVICE, "??") == ""


@with_source
@pytest.mark.parametrize("code_set", CodeSet)
def test_codes_are_those_of_the_source(code_set):
    with (SOURCE / "codes.csv").open(newline="") as lines:
        source = [(row["code"], row["label"]) for row in csv.DictReader(lines) if row["code_set"] == code_set]
    assert [(row.code, row.name) for row in in_force(codes(code_set), date(2026, 9, 17))] == source


@with_source
def test_fields_are_those_of_the_source():
    form = json.loads((SOURCE / "iep_form.json").read_text())
    source = [
        (section["id"], part["id"], field["id"], field["type"], field["required"][0])
        for section in form["sections"]
        for part in section["subsections"]
        for field in part["fields"]
    ]
    letters = {Required.YES: "Y", Required.NO: "N", Required.CONDITIONAL: "C"}
    assert [(f.section, f.subsection, f.field, f.type, letters[f.required]) for f in fields()] == source
