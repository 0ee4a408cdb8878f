"""The history tells who did what, when and why, also of what was done beside the pages."""

from dataclasses import replace

import pytest

from evaluations import actions
from evaluations.history import versions_of
from evaluations.models import Evaluation
from tests.evaluations.conftest import ELIGIBLE

pytestmark = pytest.mark.usefixtures("as_system")


def changes(version) -> dict[str, list]:
    return {change.label: [str(value) for value in change.values] for change in version.changes}


def test_each_deed_is_a_version_with_who_and_why(decided, supervisor, coordinator):
    locked = actions.lock(by=coordinator, evaluation=decided)
    actions.unlock(by=supervisor, evaluation=locked, reason="Wrong date.")
    unlocked, lock, *_ = versions_of(decided)
    assert (unlocked.what, unlocked.who, unlocked.why) == ("Unlocked", "Marcus Ledet", "Wrong date.")
    assert (lock.what, lock.number, changes(lock)) == ("Locked", 2, {"Locked": ["No", "Yes"]})


def test_a_corrected_determination_shows_both_values(decided, coordinator):
    actions.record_determination(by=coordinator, evaluation=decided, found=replace(ELIGIBLE, primary="OHI"))
    shown = changes(versions_of(decided)[0])
    assert shown["Primary exceptionality"] == [
        "SLD Specific Learning Disability",
        "OHI Other Health Impairment",
    ]
    assert shown["Summary"] == ["", "Reads two years below grade."]


def test_a_change_by_plain_sql_is_there_too(evaluation):
    Evaluation.objects.filter(pk=evaluation.pk).update(summary="Written beside the system.")
    newest = versions_of(evaluation)[0]
    assert (newest.what, newest.who) == ("Changed", "the system")
    assert changes(newest) == {"Summary": ["", "Written beside the system."]}


def test_a_discarded_evaluation_leaves_its_history(decided, coordinator):
    events = Evaluation.pgh_event_model.objects.filter(pgh_obj_id=decided.pk)
    actions.discard(by=coordinator, evaluation=decided, reason="Entered twice.")
    last = events.latest("pgh_id")
    assert last.pgh_label == "delete"
    assert last.pgh_context["reason"] == "Entered twice."


def test_the_whole_history_takes_three_queries(decided, supervisor, coordinator, django_assert_num_queries):
    for _ in range(3):
        actions.lock(by=coordinator, evaluation=decided)
        actions.unlock(by=supervisor, evaluation=decided, reason="Wrong date.")
    with django_assert_num_queries(3):
        assert len(versions_of(decided)) > 6
