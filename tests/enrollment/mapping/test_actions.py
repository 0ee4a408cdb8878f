"""Mapping a code, taking it back, import, export, the next year, and who did it."""

import pytest

from enrollment.actions.mapping import (
    copy_to_next_year,
    export_mapping,
    import_mapping,
    map_code,
    unmap_code,
)
from enrollment.models import LocalCode
from enrollment.queries.mapping import changes_of
from enrollment.rules.codes import Kind
from security import scope
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
HEADER = "kind,local_code,local_name,state_code\n"


def mapped(dc, year, code="ABROAD", state_code="1941", **more):
    by = more.pop("by", dc.registrar)
    with scope.of(by):
        return map_code(
            by=by, district=dc.mine, year=year, kind=Kind.EXIT, code=code, state_code=state_code, **more
        )


def meanings(year):
    with scope.system():
        rows = LocalCode.objects.filter(school_year=year)
        return {(row.kind, row.code): row.state_code for row in rows}


@pytest.mark.rule("OSSE-R1.03")
def test_a_code_means_one_state_code_and_the_last_word_counts(dc, year):
    mapped(dc, year)
    mapped(dc, year, state_code="1943")
    assert meanings(year) == {("exit", "ABROAD"): "1943"}


@pytest.mark.rule("OSSE-R1.04")
def test_who_changed_a_code_when_from_what_to_what_is_kept(dc, year):
    row = mapped(dc, year)
    mapped(dc, year, state_code="1943")
    with scope.of(dc.registrar):
        unmap_code(by=dc.registrar, local_code=row)
        told = [(change.code, change.before, change.after, change.by) for change in changes_of(dc.mine, year)]
    who = dc.registrar.get_full_name()
    assert told == [("ABROAD", "1943", "", who), ("ABROAD", "1941", "1943", who), ("ABROAD", "", "1941", who)]
    assert meanings(year) == {}


def test_a_refused_code_names_its_field(dc, year):
    with pytest.raises(RuleBroken, match="not an exit code") as refusal:
        mapped(dc, year, state_code="9999")
    assert refusal.value.field == "state_code"


def test_a_role_at_one_school_does_not_decide_for_the_district(dc, year):
    registrar = make.UserFactory(role=Role.REGISTRAR, role__site=dc.school)
    with pytest.raises(NotAllowed, match="as a whole"):
        mapped(dc, year, by=registrar)


def test_an_exported_mapping_is_imported_as_it_was(dc, year, next_year):
    mapped(dc, year, name="Moved abroad")
    with scope.of(dc.registrar):
        text = export_mapping(dc.mine, year)
        assert import_mapping(by=dc.registrar, district=dc.mine, year=next_year, text=text) == 1
        assert import_mapping(by=dc.registrar, district=dc.mine, year=next_year, text=text) == 0
    assert meanings(next_year) == {("exit", "ABROAD"): "1941"}


def test_of_a_file_with_a_wrong_row_nothing_is_taken_over(dc, year):
    text = f"{HEADER}exit,A,,1941\nexit,B,,9999\n"
    with scope.of(dc.registrar), pytest.raises(RuleBroken, match="Line 3: .*Nothing was taken over"):
        import_mapping(by=dc.registrar, district=dc.mine, year=year, text=text)
    assert meanings(year) == {}


def test_the_next_year_gets_what_it_has_not(dc, year, next_year):
    mapped(dc, year)
    mapped(dc, year, code="DEAD", state_code="1943")
    mapped(dc, next_year, state_code="1940")
    with scope.of(dc.registrar):
        assert copy_to_next_year(by=dc.registrar, district=dc.mine, year=year) == 1
    assert meanings(next_year) == {("exit", "ABROAD"): "1940", ("exit", "DEAD"): "1943"}


def test_without_a_next_year_nothing_is_copied(dc, year):
    with scope.of(dc.registrar), pytest.raises(RuleBroken, match="not set up yet"):
        copy_to_next_year(by=dc.registrar, district=dc.mine, year=year)
