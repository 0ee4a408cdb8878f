"""A second, later extract of the same state updates what changed and leaves all else alone."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from evaluations.models import Evaluation, Exceptionality
from ieps.models import Iep, IepStatus, Line, SectionText
from migration.actions import roll_over, start_rollover
from migration.load_sql import load_statements
from migration.models import ArchivedRecord, LegacyUser, LoadRun, RunState, Why
from migration.rules.records import record_types
from migration.sample import Record, child, staff, write_extract, write_sample
from organizations.models import State
from security import scope
from security.refusals import RuleBroken
from students.models import Contact, Jurisdiction, Student
from tests.migration.conftest import places, run_over, start

pytestmark = pytest.mark.django_db
NUMBERS = (21, 22, 23)
OLD = {"BEGIN_DATE": "08102010", "END_DATE": "05302014"}


@pytest.fixture
def state(tmp_path) -> State:
    write_sample(tmp_path / "places")
    return places(tmp_path / "places")


@pytest.fixture
def load(tmp_path, state) -> Callable[..., LoadRun]:
    """Loads an extract of the given records as the next one of its state."""
    at = iter(range(9))

    def loads(records: list[Record]) -> LoadRun:
        path = tmp_path / f"{next(at)}.dat"
        path.write_bytes(write_extract(records))
        return run_over(path, state)

    return loads


def records(**changes: dict[str, str]) -> list[Record]:
    """Three children; the named types of the first one changed, or left out when there is nothing to them."""
    children = {number: child(number) for number in NUMBERS}
    for name, values in changes.items():
        children[NUMBERS[0]][name.removeprefix("t")] |= values
    rows = [(code, values) for record in children.values() for code, values in record.items()]
    return [*rows, ("03", child(22)["03"] | OLD), staff()]


def vanished(run: LoadRun) -> list[tuple[str, str, str]]:
    with scope.system():
        return sorted(run.vanished_rows.values_list("record_type", "key", "why"))


def history() -> dict[str, int]:
    """How many rows the history of each table has."""
    tables = [model._meta.db_table for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]
    with scope.system(), connection.cursor() as cursor:
        counted = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table}")
            counted[table] = cursor.fetchone()[0]
    return counted


def more_than(before: dict[str, int]) -> dict[str, int]:
    return {table: n - before[table] for table, n in history().items() if n != before[table]}


def test_the_same_once_more_writes_no_row_and_no_history(load):
    first = load(records())
    before = history()

    second = load(records())

    assert (first.state, second.state) == (RunState.DONE, RunState.DONE)
    assert more_than(before) == {}
    assert vanished(second) == []
    with scope.system():
        assert not ArchivedRecord.objects.exclude(run=first).exists()


def test_a_span_turned_around_is_nobodys_change(load):
    turned = ("03", child(21)["03"] | {"BEGIN_DATE": "08102021", "END_DATE": "05302019"})
    load([*records(), turned])
    second = load([*records(), turned])
    with scope.system():
        assert Jurisdiction.objects.get(first_day="2021-08-10").contested
        assert not second.kept_rows.exists()


CHANGES = [
    ("01", {"GRADE": "07"}, {"students_studentevent": 1}, lambda: Student.objects.get(grade="07")),
    ("02", {"CITY": "Houma"}, {"students_contactevent": 1}, lambda: Contact.objects.get(city="Houma")),
    ("04", {"OUTCOME": "INCO"}, {"evaluations_evaluationevent": 1}, lambda: Evaluation.objects.get(outcome="INCO")),  # noqa: E501
    ("05", {"EXCEPTIONALITY": "SLI"}, {"evaluations_exceptionalityevent": 1}, lambda: Exceptionality.objects.get(code="SLI")),  # noqa: E501
    ("08", {"LRE_CODE": "RC39"}, {"ieps_iepevent": 1}, lambda: Iep.objects.get(lre="RC39")),
    ("09", {"TEXT": "Sings."}, {"ieps_sectiontextevent": 1}, lambda: SectionText.objects.get(text="Sings.")),
    ("10", {"METHOD": ""}, {"ieps_sectiontextevent": 1}, lambda: SectionText.objects.get(text="")),
    ("11", {"SESSIONS": "004"}, {"ieps_sectiontextevent": 1}, lambda: SectionText.objects.get(text="4")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "values", "rows", "changed"), CHANGES, ids=[row[0] for row in CHANGES])
def test_only_what_changed_is_written(load, code, values, rows, changed):
    load(records())
    before = history()

    second = load(records(**{f"t{code}": values}))

    assert second.state == RunState.DONE
    assert more_than(before) == rows
    with scope.system():
        assert changed().load_run_id == second.pk


@pytest.mark.parametrize("again", [False, True])
def test_every_statement_of_a_load_knows_how_to_update(again):
    statements = load_statements(frozenset(record_types()), again=again, anew=False)
    assert len(statements) == 13 + again
    assert not [found for sql in statements for found in re.findall(r"\{[a-z_]+\}", sql)]


def test_an_official_iep_that_became_a_draft_again_is_one(load):
    load(records())
    load(records(t08={"STATUS": "DRF", "MEETING_DATE": "", "PARENT_SIGN_DATE": "", "ODR_DATE": ""}))
    with scope.system():
        assert Iep.objects.get(legacy_key="000020021").status == IepStatus.DRAFT


def test_spans_that_change_together_never_stand_in_each_others_way(load):
    earlier = ("03", child(21)["03"] | {"END_DATE": "06302020"})
    later = ("03", child(21)["03"] | {"SPONSOR_CODE": "912", "SITE_CODE": "912001", "BEGIN_DATE": "07012020"})
    moved = ("03", earlier[1] | {"END_DATE": "12312020"}), ("03", later[1] | {"BEGIN_DATE": "01012021"})
    others = [record for record in records() if record != ("03", child(21)["03"])]
    load([*others, earlier, later])

    second = load([*others, *moved])

    assert second.state == RunState.DONE
    with scope.system():
        spans = Jurisdiction.objects.filter(student__legacy_key="000700021")
        assert sorted((f"{span.first_day}", span.contested) for span in spans) == [
            ("2018-08-10", False),
            ("2020-07-01", True),  # not in the later extract: kept, for people to decide on
            ("2021-01-01", False),
        ]


def test_what_a_later_extract_lacks_is_listed_and_stays(load):
    load(records())
    gone = [record for record in records() if record[1].get("IEP_KEY") != "000020023"]
    rejected = [*[r for r in gone if r[0] != "13"], ("13", staff()[1] | {"USER_ID": "91100107"})]

    second = load([(c, v | {"LASID": "12"} if v.get("LASID", "")[-2:] == "21" else v) for c, v in rejected])

    listed = vanished(second)
    assert ("08", "000020023", Why.GONE) in listed
    assert ("10", "000020023|01", Why.GONE) in listed
    assert ("13", "91100101", Why.GONE) in listed
    assert ("01", "000700021", Why.REJECTED) in listed
    assert {key.partition("|")[0][-2:] for code, key, _ in listed if code != "13"} == {"21", "23"}
    with scope.system():
        assert Iep.objects.filter(legacy_key="000020023").exists()
        assert Student.objects.filter(legacy_key="000700021").exists()
        assert Line.objects.filter(legacy_key="000020023|01").exists()
        assert LegacyUser.objects.count() == 2


class TestChecked:
    """A file changed between dry run and load is refused; another place, or a new dry run, is not."""

    @pytest.fixture
    def checked(self, tmp_path, state) -> Path:
        path = tmp_path / "legser.dat"
        path.write_bytes(write_extract(records()))
        with scope.system():
            run = start_rollover(by=None, state=state, path=path, dry_run=True)
        roll_over(run.pk)
        return path

    def test_a_changed_file_is_not_loaded(self, checked, state):
        checked.write_bytes(write_extract(records(t01={"GRADE": "07"})))
        with pytest.raises(RuleBroken, match="is not the one that was checked"):
            start(checked, state)

    @pytest.mark.rule("DQ-001")
    def test_a_truncated_file_is_not_loaded(self, checked, state):
        checked.write_bytes(checked.read_bytes()[:-300])
        with pytest.raises(RuleBroken, match="is not the one that was checked"):
            start(checked, state)

    def test_the_same_file_is_loaded(self, checked, state):
        assert run_over(checked, state).state == RunState.DONE

    def test_after_a_load_the_next_extract_may_lie_there(self, checked, state):
        run_over(checked, state)
        checked.write_bytes(write_extract(records(t01={"GRADE": "07"})))
        assert run_over(checked, state).state == RunState.DONE
