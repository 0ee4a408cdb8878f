"""At start every table is read, and a bad one stops the program."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import pytest

from eser.rule_tables import OWNERS, open_rule_book
from rulebook.reading import as_csv
from rulebook.registry import RuleTable, all_tables, read_all, register, table_called
from rulebook.tables import PROJECT, BadTable

TODAY = date(2026, 9, 17)


@dataclass(frozen=True)
class Row:
    KEY: ClassVar = ("code",)

    code: int
    authority: str


@pytest.fixture
def registered(monkeypatch):
    monkeypatch.setattr("rulebook.registry._registered", {})


def table(path, slug="numbers") -> RuleTable:
    return RuleTable(slug, "Numbers", "tests", path, Row, "To be read.")


def test_every_table_of_every_app_is_read(registered):
    assert open_rule_book() > 500
    assert len(all_tables()) == sum(len(owner.TABLES) for owner in OWNERS)


def test_every_csv_beside_the_rules_of_these_apps_is_in_the_rule_book():
    folders = [PROJECT / owner.__name__.replace(".", "/") for owner in OWNERS]
    files = {path for folder in folders for path in folder.rglob("*.csv")}
    assert files == {one.path for owner in OWNERS for one in owner.TABLES}


def test_every_table_lies_beside_its_owner():
    misplaced = [one.slug for owner in OWNERS for one in owner.TABLES if one.owner_app not in one.path.parts]
    assert misplaced == []


def test_a_bad_cell_stops_the_start(registered, tmp_path):
    path = tmp_path / "numbers.csv"
    path.write_text("code,authority\n1,Here\ntwo,Here\n")
    register([table(path)])
    with pytest.raises(BadTable, match="numbers.csv, line 3, column code: 'two' is not a whole number"):
        read_all()


def test_two_tables_do_not_share_a_slug(registered, tmp_path):
    register([table(tmp_path / "a.csv")])
    with pytest.raises(BadTable, match="the slug numbers is taken"):
        register([table(tmp_path / "b.csv")])


def test_a_table_may_be_named_twice(registered, tmp_path):
    register([table(tmp_path / "a.csv")])
    register([table(tmp_path / "a.csv")])
    assert table_called("numbers").path.name == "a.csv"


@pytest.mark.parametrize("one", [one for owner in OWNERS for one in owner.TABLES], ids=lambda one: one.slug)
def test_a_downloaded_table_can_be_read_back(one, tmp_path):
    path = tmp_path / "again.csv"
    path.write_text(as_csv(one, TODAY), encoding="utf-8", newline="")
    again = RuleTable(one.slug, one.title, one.owner_app, path, one.row_type, one.why)
    assert again.rows == one.rows_on(TODAY)
