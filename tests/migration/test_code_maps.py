"""Legacy codes are read as ours: in the checks of the next run, and in the rows that were loaded before."""

import pytest

from evaluations.models import Exceptionality
from migration.actions import roll_over
from migration.actions.map_code import map_code, unmap_code
from migration.actions.re_run import re_run
from migration.code_maps import readings, waiting
from migration.models import CodeMap, CodeSet, Finding, LoadRun, RunState
from organizations.models import State
from security import scope
from security.refusals import NotAllowed, RuleBroken
from students.models import Jurisdiction, Student
from tests import factories as make
from tests.migration.small import changed, data_manager, run_of, state_administrator

pytestmark = pytest.mark.django_db
K_TWICE = changed(1, "01", GRADE="K") | changed(2, "01", GRADE="K") | changed(3, "01", GRADE="")


def read_as(code_set: CodeSet, legacy_code: str, code: str) -> CodeMap:
    state = State.objects.get(code="LA")
    return map_code(
        by=state_administrator(), state=state, code_set=code_set, legacy_code=legacy_code, code=code
    )


def again() -> LoadRun:
    """The same extract once more."""
    with scope.system():
        run = re_run(by=state_administrator(), state=State.objects.get(code="LA"))
    roll_over(run.pk)
    return LoadRun.objects.get(pk=run.pk)


def found(run: LoadRun, rule: str) -> list[str]:
    with scope.system():
        return sorted(Finding.objects.filter(run=run, rule=rule).values_list("key", flat=True))


def waits() -> list[tuple[str, str, int]]:
    with scope.system():
        return [(row.code_set, row.legacy_code, row.rows) for row in waiting(State.objects.get(code="LA"))]


@pytest.mark.rule("DQ-014")
def test_an_unknown_grade_waits_with_its_rows_and_a_blank_is_no_code(tmp_path):
    run = run_of(tmp_path, K_TWICE)
    assert waits() == [("grade", "K", 2)]
    assert len(found(run, "DQ-014")) == 3


@pytest.mark.rule("DQ-014")
def test_a_grade_read_as_ours_is_no_finding_and_is_brought_to_the_loaded_children(tmp_path):
    run_of(tmp_path, K_TWICE)
    read_as(CodeSet.GRADE, "K", "25")
    run = again()
    assert (run.state, found(run, "DQ-014"), waits()) == (RunState.DONE, ["000700003"], [])
    with scope.system():
        assert set(Student.objects.values_list("legacy_key", "grade")) == {
            ("000700001", "25"), ("000700002", "25"), ("000700003", "")}  # fmt: skip


def test_what_somebody_has_corrected_since_stays(tmp_path):
    run_of(tmp_path, K_TWICE)
    with scope.system():
        student = Student.objects.get(legacy_key="000700001")
        student.grade = "01"
        student.save()
    read_as(CodeSet.GRADE, "K", "25")
    again()
    with scope.system():
        assert Student.objects.get(legacy_key="000700001").grade == "01"


def test_rows_that_the_reading_does_not_concern_are_not_written_again(tmp_path):
    from django.apps import apps

    run_of(tmp_path, K_TWICE | changed(4, "01"))
    read_as(CodeSet.GRADE, "K", "25")
    history = apps.get_model("students", "StudentEvent")
    with scope.system():
        before = history.objects.count()
    again()
    with scope.system():
        assert history.objects.count() == before + 2


@pytest.mark.rule("DQ-023")
def test_a_closed_site_read_as_another_becomes_the_place_of_the_loaded_jurisdiction(tmp_path):
    run_of(tmp_path, changed(1, "03", SITE_CODE="911090"))
    assert waits() == [("site", "911090", 1)]
    read_as(CodeSet.SITE, "911090", "911001")
    run = again()
    assert (run.state, found(run, "DQ-023")) == (RunState.DONE, [])
    with scope.system():
        span = Jurisdiction.objects.get()
    assert (span.site.code, span.legacy_key) == ("911001", "000700001|911|911090|2018-08-10")


@pytest.mark.rule("DQ-023")
def test_a_site_that_was_open_then_is_read_as_it_stands(tmp_path):
    old = changed(1, "03", SITE_CODE="911090", BEGIN_DATE="08102015", END_DATE="05302016")
    run_of(tmp_path, old)
    read_as(CodeSet.SITE, "911090", "911001")
    again()
    with scope.system():
        assert Jurisdiction.objects.get().site.code == "911090"


@pytest.mark.rule("DQ-034")
def test_a_retired_exceptionality_is_read_anew_and_its_original_kept(tmp_path):
    run_of(tmp_path, changed(1, "05", EXCEPTIONALITY="MR"))
    assert waits() == []  # the table reads it as ID
    read_as(CodeSet.EXCEPTIONALITY, "MR", "MD")
    assert again().state == RunState.DONE
    with scope.system():
        assert Exceptionality.objects.values_list("original_code", "code").get() == ("MR", "MD")


@pytest.mark.rule("DQ-034")
def test_an_exceptionality_that_nobody_knows_waits(tmp_path):
    run_of(tmp_path, changed(1, "05", EXCEPTIONALITY="ZZ"))
    assert waits() == [("exceptionality", "ZZ", 1)]


def test_a_reading_is_ended_and_kept_with_who_and_when():
    from tests.factories import StateFactory

    state, by = StateFactory(code="LA"), state_administrator()
    first = map_code(by=by, state=state, code_set=CodeSet.GRADE, legacy_code="K", code="25")
    map_code(by=by, state=state, code_set=CodeSet.GRADE, legacy_code="K", code="24", why="Age 4")
    first.refresh_from_db()
    assert (first.code, first.ended_by) == ("25", by)
    now = CodeMap.objects.in_force().get()
    unmap_code(by=by, reading=now)
    assert not CodeMap.objects.in_force().exists()


def test_a_code_is_read_as_one_of_ours_by_the_state_only(tmp_path):
    run_of(tmp_path, K_TWICE)
    state = State.objects.get(code="LA")
    with pytest.raises(RuleBroken, match="Choose one of the codes"):
        read_as(CodeSet.GRADE, "K", "99")
    with pytest.raises(NotAllowed):
        map_code(by=data_manager(), state=state, code_set=CodeSet.GRADE, legacy_code="K", code="25")


def test_nothing_is_run_again_before_something_was_loaded():
    from tests.factories import StateFactory

    with pytest.raises(RuleBroken, match="No extract was loaded yet"):
        re_run(by=state_administrator(), state=StateFactory(code="LA"))


def test_a_reading_says_what_our_code_means():
    with scope.system():
        said = {row.legacy_code: row.said for row in readings(make.StateFactory())}
    assert said["MR"] == "ID Intellectual Disability"
