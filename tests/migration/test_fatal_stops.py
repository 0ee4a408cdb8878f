"""What each fatal rule stops: the run, the row with all that hangs on it, and the go-live."""

import json
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from jobs.actions import open_job
from migration.following import fatal_findings_open
from migration.models import (
    CaseState,
    Finding,
    FindingCase,
    LoadRun,
    Phase,
    RecordCount,
    RejectedRow,
    RunState,
)
from migration.reconciliation import note_differences
from migration.rules.findings import Outcome, Severity, quality_rules
from migration.sample import child
from organizations.models import District
from security import scope
from students.models import Jurisdiction, Student
from tests.factories import StateFactory
from tests.migration.small import Children, changed, run_of, state_administrator

pytestmark = pytest.mark.django_db
ERRORS = {"DQ-013"}  # rejects its row; an error in the table of rules, so that it blocks nothing
LEDGERS = [
    ("clean", set()),
    ("dq-100-a", {("DQ-100", "07")}),
    ("dq-100-b", {("DQ-100", "09")}),
    ("dq-102-a", {("DQ-102", "901")}),
    ("dq-102-b", {("DQ-102", "902")}),
]


def with_orphan() -> Children:
    """The record of a child that is not in the extract."""
    children = {1: child(1), 2: child(2)}
    del children[2]["01"]
    return children


def with_one_lasid() -> Children:
    children = {1: child(1), 2: child(2)}
    children[2]["01"]["LASID"] = children[1]["01"]["LASID"]
    return children


REJECTING = [
    pytest.param(
        "DQ-002", changed(1, "01", MODIFIED_TS="20221399000000"), {"000700001"}, id="unreadable time"
    ),
    pytest.param(
        "DQ-003", changed(1, "01", MODIFIED_TS="20220801080000"), {"000700001"}, id="saved too late"
    ),
    pytest.param("DQ-010", changed(1, "01", LASID="41000"), {"000700001"}, id="short LASID"),
    pytest.param("DQ-011", with_one_lasid(), {"000700001", "000700002"}, id="LASID twice"),
    pytest.param("DQ-013", changed(1, "01", BIRTH_DATE="02302010"), {"000700001"}, id="no birth date"),
    pytest.param("DQ-020", with_orphan(), {"000700002"}, id="no such child"),
]


@pytest.mark.rule("RLO-14")
@pytest.mark.parametrize(("rule", "children", "outside"), REJECTING)
def test_a_rejected_row_stays_outside_with_all_that_hangs_on_it_and_blocks_the_go_live(
    tmp_path, browse, rule, children, outside
):
    run = run_of(tmp_path, children)
    with scope.system():
        assert outside.isdisjoint(Student.objects.values_list("legacy_key", flat=True))
        # All but the legacy user, and whatever is a warning only, is held back for each of them.
        held = set(RejectedRow.objects.filter(run=run).values_list("record_type", flat=True))
        assert {"03", "04", "05", "06", "07", "08", "09"} <= held
        assert set(fatal_findings_open(run).values_list("rule", flat=True)) == {rule} - ERRORS
    page = browse(state_administrator()).get(reverse("migration:run", args=[run.pk])).content.decode()
    assert ("Go-live is blocked." in page) == (rule not in ERRORS)
    assert rule in ERRORS or f"{quality_rules()[rule].title} ({rule})" in page


@pytest.mark.rule("DQ-102")
def test_a_child_that_stands_with_another_district_than_the_extract_says_is_an_account_that_does_not_close(
    tmp_path,
):
    run_of(tmp_path, {1: child(1), 2: child(2)})
    with scope.system():
        other = District.objects.get(code="912")
        Jurisdiction.objects.filter(legacy_key__startswith="000700002").update(district=other)
    run = run_of(tmp_path, {1: child(1), 2: child(2)})
    with scope.system():
        values = run.findings.filter(rule="DQ-102", value__startswith="active").values_list("key", "value")
        assert dict(values) == {
            "911": "active students: 2 expected, 1 found",
            "912": "active students: 0 expected, 1 found",
        }
    assert run.state == RunState.BLOCKED


@pytest.mark.rule("DQ-100")
@pytest.mark.rule("DQ-102")
@pytest.mark.parametrize(("ledger", "broken"), LEDGERS)
def test_a_ledger_that_does_not_close_blocks_and_names_its_account(grand_bend, ledger, broken):
    run = run_with(grand_bend / "faults", ledger)
    with scope.system():
        note_differences(run)
        found = set(run.findings.values_list("rule", "key"))
        assert found == broken
        assert fatal_findings_open(run).count() == len(broken)


@pytest.mark.rule("DQ-100")
@pytest.mark.rule("DQ-102")
def test_what_stops_a_run_no_word_opens(grand_bend):
    run = run_with(grand_bend / "faults", "dq-100-a")
    with scope.system():
        note_differences(run)
        FindingCase.objects.create(
            of_state=run.of_state, rule="DQ-100", severity="fatal", record_type="run", key="07",
            state=CaseState.EXPLAINED, first_run=run, last_run=run,
        )  # fmt: skip
        assert fatal_findings_open(run).exists()


def test_the_accounts_of_a_run_are_no_findings_to_work_off(tmp_path):
    run = run_of(tmp_path, {1: child(1)})
    with scope.system():
        Finding.objects.create(run=run, rule="DQ-102", severity="fatal", record_type="run", key="911")
        assert not FindingCase.objects.filter(record_type="run").exists()


def test_every_fatal_rule_stops_something():
    fatal = {rule.id: rule.outcome for rule in quality_rules().values() if rule.severity == Severity.FATAL}
    assert Outcome.LOAD not in fatal.values()
    stopping = {rule for rule, outcome in fatal.items() if outcome == Outcome.STOP}
    assert stopping >= {"DQ-001", "DQ-100", "DQ-102"}


def run_with(folder, ledger: str) -> LoadRun:
    """A run at its reconciliation, with the figures of a ledger."""
    said = json.loads((folder / f"ledger-{ledger}.json").read_text())
    right = json.loads((folder / "ledger-clean.json").read_text())
    totals = right["control_totals_after"]
    found = said.get("control_totals_after", totals)
    agree = {
        code: {name: {"extracted": n, "expected": n, "live": found[code][name]} for name, n in row.items()}
        for code, row in totals.items()
    }
    freeze = datetime(2022, 7, 25, tzinfo=UTC)
    run = LoadRun.objects.create(
        of_state=StateFactory(code="LA"), file_name="legser.dat", sha256="0", extracted_at=freeze,
        freeze=freeze, cut=date(2015, 7, 24), job=open_job("rollover", "Rollover", owner_id=None),
        phase=Phase.RECONCILE, state=RunState.RUNNING, control_totals=agree,
    )  # fmt: skip
    for code, counts in said.get("per_type", right["per_type"]).items():
        RecordCount.objects.create(run=run, record_type=code, **counts)
    return run
