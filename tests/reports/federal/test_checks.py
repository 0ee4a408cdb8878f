"""The edit checks, each by what it finds and what it lets pass."""

from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from organizations.rules.calendar import school_year_of
from reports.federal.standing import COLUMNS
from reports.federal.state_sums import in_two, sums_of
from reports.rules.federal import checks, file_checks
from reports.rules.federal.cells import cells_of, rows_of
from reports.rules.federal.checks import Child
from reports.rules.federal.comparison import FIELDS, YearToYear, changes, year_to_year
from reports.rules.federal.records import FileOf, Form, Place, header_line, lines
from reports.rules.federal.rows import Level, Looks
from reports.rules.federal.tables import edit_checks, sets, state_id
from reports.rules.federal.written import read_back
from tests.reports.federal.records import DAY

YEAR = 2027
FINE = Child(
    file="FS002", environment="RC80", percent=Fraction(85), iep_until=date(2027, 8, 1),
    evaluated_on=date(2025, 2, 3), day=DAY, period=school_year_of(DAY),
)  # fmt: skip
LEFT = replace(FINE, file="FS009", age="18", basis="GHS", left_at=18, exit_day=date(2027, 5, 20))


@pytest.mark.parametrize(
    ("number", "child", "said"),
    [
        (3, replace(FINE, english_learner="MISSING"), "Missing: English learner status."),
        (3, replace(FINE, race="", reasons=("NO_RACE",)), "Missing: race."),
        (4, replace(FINE, age="AGE05NOTK"), "AGE05NOTK stands in FS002."),
        (4, replace(FINE, file="FS089", age="AGE05K"), "AGE05K stands in FS089."),
        (5, replace(FINE, disability="DD", age="9"), "DD at age 9."),
        (5, replace(FINE, disability="DD", reasons=("DD_AGE",)), "Developmental delay outside of the ages"),
        (5, replace(LEFT, disability="DD"), "DD stands in FS009."),
        (6, replace(FINE, reasons=("ENVIRONMENT_DOES_NOT_FIT",)), "does not fit age and grade"),
        (7, replace(FINE, percent=Fraction("79.99")), "79 % of the week in the regular class is RC79TO40"),
        (8, replace(LEFT, basis="RMA", left_at=21), "maximum age at 21: the state's maximum age is 22."),
        (9, replace(LEFT, basis="GRADALTDPL"), "GRADALTDPL: no reason of exit of the state"),
        (10, replace(LEFT, exit_day=date(2027, 7, 1)), "lies outside of the period"),
        (10, replace(LEFT, basis="DROPOUT", school_exit="diploma"), "The basis is DROPOUT"),
        (12, replace(FINE, reasons=("TWO_DISTRICTS",)), "in two districts on the count date"),
        (13, replace(FINE, iep_until=date(2026, 9, 30)), "The IEP ended on Sep 30, 2026."),
        (13, replace(FINE, evaluated_on=date(2023, 9, 30)), "The last evaluation is of Sep 30, 2023."),
        (19, replace(FINE, school_open=False), "The school was closed on the date."),
    ],
)  # fmt: skip
def test_a_child_that_is_not_right_is_named(number, child, said):
    assert said in checks.BY_NUMBER[number](child)


@pytest.mark.parametrize("number", sorted(checks.BY_NUMBER))
@pytest.mark.parametrize("child", [FINE, LEFT], ids=["counted", "left"])
def test_a_child_that_is_right_passes(number, child):
    assert checks.BY_NUMBER[number](child) == ""


@pytest.mark.parametrize(
    ("number", "child"),
    [
        (5, replace(FINE, disability="DD", age="AGE05K")),
        (7, replace(FINE, percent=Fraction(80))),
        (7, replace(FINE, environment="SS", percent=Fraction(10))),
        (8, replace(LEFT, basis="RMA", left_at=22)),
        (9, replace(LEFT, basis="RC")),
        (10, replace(LEFT, school_exit="diploma")),
        (13, replace(FINE, iep_until=DAY, evaluated_on=date(2023, 10, 1))),
        (13, replace(FINE, iep_until=date(2020, 1, 1), reasons=("NO_RACE",))),
    ],
)  # fmt: skip
def test_the_edge_passes(number, child):
    assert checks.BY_NUMBER[number](child) == ""


def test_each_check_of_the_table_is_made_or_says_why_it_cannot_be():
    of_files = {1, 2, 11, 15, 17, 18, 20}
    by_look = {row.number: row.looks_at for row in edit_checks()}
    assert {n for n, look in by_look.items() if look is Looks.CHILDREN} == checks.BY_NUMBER.keys()
    assert {n for n, look in by_look.items() if look is Looks.FILES} == of_files
    assert {n for n, look in by_look.items() if look in (Looks.DISCIPLINE, Looks.STAFF)} == {14, 16}
    assert len(by_look) == 20


CHILDREN = [("SLD", "WH7", "F", "10", "RC80", "NLEP")] * 3 + [("AUT", "BL7", "M", "6", "SS", "LEP")]


def cells(children=CHILDREN):
    return cells_of("FS002", Level.DISTRICT, YEAR, Counter(children).items())


def written(rows):
    """A district's file of these records, read back as the checks do."""
    file = FileOf("FS002", Level.DISTRICT, state_id("LA"), DAY, Form.CSV)
    records = [(Place("036"), row) for row in rows]
    return read_back(file, "".join([header_line(file, len(records), "test"), *lines(file, records)]))


ROWS = tuple(rows_of("FS002", Level.DISTRICT, YEAR, cells(), False))
IN_REGULAR_CLASS = next(row for row in ROWS if (row.set.set, row.codes) == ("ST7", ("10", "RC80")))
OF_NO_SET = IN_REGULAR_CLASS._replace(set=replace(IN_REGULAR_CLASS.set, set="CSX", total_indicator="?"))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (ROWS, []), ((), []),
        ([r for r in ROWS if r != IN_REGULAR_CLASS],
         ["Subtotal 7 of FS002 sums to 1, the education unit total is 4."]),
        ([r for r in ROWS if r.set.set != "ST7"], ["Subtotal 7 of FS002 has no record."]),
        ([*ROWS, IN_REGULAR_CLASS], ["Subtotal 7 of FS002 sums to 7, the education unit total is 4."]),
        ([*ROWS, OF_NO_SET], [f"Record {len(ROWS) + 1} of FS002 is in no category set."]),
    ],
    ids=["all", "nothing", "a record less", "no record", "a record twice", "of no set"],
)  # fmt: skip
def test_a_set_whose_records_do_not_sum_to_the_total_is_named(rows, said):
    assert file_checks.sets_agree(written(rows)) == said


def test_districts_that_count_more_than_there_are_children_are_told():
    counted = Counter({(1, 0): 3, (0, 1): 2, (2, 0): 1})
    school_age, early = sums_of(counted, ("FS002", "FS089"))
    assert file_checks.districts_agree(early.file, early.districts, early.children) == []
    said = file_checks.districts_agree(school_age.file, school_age.districts, school_age.children)
    assert said == ["The districts sum to 5 in FS002, and the state has 4 children in it."]
    assert in_two(counted) == 1


@pytest.mark.parametrize(
    ("before", "now", "asked"),
    [(100, 110, False), (100, 111, True), (110, 121, False), (50, 61, True), (50, 60, False), (20, 31, True),
     (200, 211, False), (111, 100, False), (112, 100, True), (0, 10, False), (0, 11, True), (11, 0, True)],
)  # fmt: skip
def test_a_comment_is_asked_for_above_ten_percent_and_ten_children(before, now, asked):
    line = YearToYear(sets("FS002", Level.DISTRICT, YEAR)[-1], (), before, now)
    assert line.needs_comment == asked
    assert len(file_checks.changed_much("FS002", [line], ())) == asked
    assert file_checks.changed_much("FS002", [line], {("EUT", ())}) == []


def test_a_year_is_compared_by_the_total_and_each_one_way_subtotal():
    lines = year_to_year("FS002", YEAR, cells(), cells(CHILDREN[:3]))
    found = {(line.set.set, line.codes): line.difference for line in lines}
    assert found["EUT", ()] == -1
    assert found["ST3", ("AUT",)] == -1
    assert {name for name, _ in found} == {"ST1", "ST2", "ST3", "ST4", "ST5", "ST6", "EUT"}


def test_more_children_counted_than_enrolled_is_told():
    assert file_checks.within_membership(4, 4) == []
    assert "count 5 children, and only 4 are enrolled" in file_checks.within_membership(5, 4)[0]


def test_a_header_that_counts_wrongly_is_told():
    assert file_checks.header_counts(4, 4) == []
    assert file_checks.header_counts(5, 4) == ["The header says 5 records, the file has 4."]


def test_name_table_and_level_say_the_same():
    file = FileOf("FS002", Level.DISTRICT, state_id("LA"), DAY, Form.CSV)
    head = {"FileName": file.name, "FileType": file.file_type}
    assert file_checks.name_agrees(file, head, [{"TableTypeAbbrv": "IDEADISAB"}]) == []
    wrong = {"FileName": "LASEAIDEADISABv000001.csv", "FileType": "SEA CHILDREN WITH DISABILITIES"}
    assert len(file_checks.name_agrees(file, wrong, [{"TableTypeAbbrv": "CHWDSBERLCHD"}])) == 4


def test_a_combination_that_stands_twice_is_told():
    assert file_checks.twice([("036", "F"), ("036", "M")]) == []
    assert file_checks.twice([("036", "F"), ("036", "F")]) == ["036 F stands 2 times."]


def test_a_difference_names_field_both_values_and_rule():
    (change,) = changes(BARE | {"race": "", "sex": "F"}, BARE | {"race": "BL7", "sex": "F"})
    assert (change.label, change.frozen, change.live) == ("Race and ethnicity", "", "BL7")
    assert change.rule == "Hispanic first, then two or more races, then the one"


BARE = dict.fromkeys(FIELDS)


def test_all_that_is_frozen_of_a_child_is_compared():
    """What a check reads of a frozen child could otherwise never be put right."""
    assert {"student_id", *FIELDS} == set(COLUMNS)
