"""The IEP form and its code sets, and that code knows the same words."""

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from ieps.rules import TABLES
from ieps.rules.codes import CODE_TABLES, CodeSet, IepStatus, codes, name_of
from ieps.rules.conditions import CONDITIONS
from ieps.rules.form import (
    COLUMNS_CSV,
    FIELDS_CSV,
    Column,
    Field,
    Required,
    columns_of,
    fields_of,
    form_called,
    form_of,
    sections,
)
from rulebook.tables import in_force, read_table

SOURCE = Path(__file__).resolve().parents[4] / "shared" / "domain" / "iep"
with_source = pytest.mark.skipif(not SOURCE.is_dir(), reason="the source tables are not beside this checkout")
# Code sets of other apps, and one that the state prints only in part.
ELSEWHERE = {"grade", "exceptionality"}


# The form names these values itself; the source has no code set for them.
WORDS_OF_THE_FORM = {
    CodeSet.PARTICIPANT_ROLE, CodeSet.SERVICES_CONSENT, CodeSet.SERVICE_PERIOD, CodeSet.SERVICE_LOCATION,
    CodeSet.ESY_DECISION,
}  # fmt: skip
LEFT_TO_THE_TEAM = {
    "pg_living",
    "agencies",
}  # conditional by "where appropriate", "likely": no program can tell

FORM = "LA"
FIELDS = read_table(FIELDS_CSV, Field)
COLUMNS = read_table(COLUMNS_CSV, Column)


def test_sections_stand_in_the_order_of_the_form():
    assert [row.section for row in sections(FORM)] == [
        "GSI", "TRN", "INS", "ACC", "BIP", "PRG", "LEAPC", "SITE", "PLC",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("category", "left_out"),
    [("REG", set()), ("GT", {"TRN", "ACC", "BIP", "LEAPC", "SITE"}), ("SP", {"TRN", "ACC", "BIP", "LEAPC"})],
)
def test_a_category_has_its_own_sections(category, left_out):
    every = {row.section for row in sections(FORM)}
    assert every - {row.section for row in sections(FORM, category)} == left_out


@pytest.mark.parametrize(
    ("category", "section", "field"),
    [("GT", "PLC", "lre"), ("GT", "PRG", "decision"), ("GT", "PRG", "assessment"), ("SP", "PLC", "lre")],
)
def test_a_category_leaves_out_what_it_does_not_ask_for(category, section, field):
    assert field not in {row.field for row in fields_of(FORM, section, category)}


def test_every_section_has_fields_and_every_field_a_section():
    assert {row.section for row in FIELDS} == {row.section for row in sections(FORM)}
    regular = [row for row in FIELDS if "REG" in row.categories or not row.categories]
    assert len(regular) == 109


def test_a_conditional_field_says_when_in_words_and_for_the_program():
    assert [
        row.field
        for row in FIELDS
        if not (row.required == Required.CONDITIONAL) == bool(row.condition) == bool(row.when)
    ] == []


def test_an_optional_section_says_when():
    assert all(row.condition for row in sections(FORM) if row.optional)


def test_every_condition_of_the_tables_is_known_and_used():
    named = {row.when for row in (*FIELDS, *sections(FORM)) if row.when}
    assert named == set(CONDITIONS)


def test_a_code_field_takes_its_values_from_a_table():
    types = [row.type.partition("+")[0] for row in (*FIELDS, *COLUMNS)]
    used = {name for type in types if type.startswith("code:") for name in type[5:].split("|")}
    assert used - ELSEWHERE <= set(CodeSet)


def test_every_table_field_has_its_columns_and_no_other_field_has():
    tables = {(row.subsection, row.field) for row in FIELDS if row.is_table}
    assert tables == {(row.subsection, row.field) for row in COLUMNS}


def test_the_columns_stand_in_order():
    names = [row.column for row in columns_of(FORM, "INS.MAIN", "objectives")]
    assert names == ["text", "criterion", "target_date"]


def test_a_state_without_a_form_of_its_own_has_the_common_one():
    assert form_of("ZZ").form == form_called("LA").form


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
@pytest.mark.parametrize("code_set", sorted(set(CodeSet) - WORDS_OF_THE_FORM))
def test_codes_are_those_of_the_source(code_set):
    with (SOURCE / "codes.csv").open(newline="") as lines:
        source = [(row["code"], row["label"]) for row in csv.DictReader(lines) if row["code_set"] == code_set]
    assert [(row.code, row.name) for row in in_force(codes(code_set), date(2026, 9, 17))] == source


@with_source
def test_fields_are_those_of_the_source():
    form = json.loads((SOURCE / "iep_form.json").read_text())
    source = [
        (section["id"], part["id"], field["id"], field["required"][0])
        for section in form["sections"]
        for part in section["subsections"]
        for field in part["fields"]
        if field["id"] not in LEFT_TO_THE_TEAM
    ]
    letters = {Required.YES: "Y", Required.NO: "N", Required.CONDITIONAL: "C"}
    regular = [f for f in FIELDS if "REG" in f.categories or not f.categories]
    assert [
        (f.section, f.subsection, f.field, letters[f.required])
        for f in regular
        if f.field not in LEFT_TO_THE_TEAM
    ] == source
