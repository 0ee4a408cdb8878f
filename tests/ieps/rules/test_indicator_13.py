"""The checklist of indicator 13, item by item, and the rights of a student who comes of age."""

from dataclasses import replace
from datetime import date

import pytest

from ieps.rules.indicator_13 import Answer, Transition, checklist, is_complete, items
from ieps.rules.majority import Signs, majority

WHOLE = Transition(
    texts={
        "pg_education": "Will train as a welder.",
        "pg_employment": "Will work as a welder.",
        "course_of_study": "Career diploma, welding",
        "invited": "Sep 1, by letter",
    },
    tables={
        "assessments": ({"name": "Interest inventory", "date": "9/1/2026", "result": "Works with metal"},),
        "actions": ({"action": "Visits the technical college", "person": "Counselor"},),
        "annual_goal_links": ({"goal": "7"},),
        "agencies": ({"agency": "Rehabilitation services", "consent": "9/2/2026"},),
    },
    goals=frozenset({"7"}),
    answers={"goals": Answer.YES},
    met=date(2026, 9, 20),
    today=date(2026, 11, 2),
)


def answers(iep: Transition) -> dict[str, Answer]:
    return {one.item.item: one.answer for one in checklist(iep)}


def without(text: str) -> Transition:
    return replace(WHOLE, texts={**WHOLE.texts, text: " "})


def with_rows(table: str, *rows) -> Transition:
    return replace(WHOLE, tables={**WHOLE.tables, table: rows})


def test_an_iep_with_every_part_is_complete():
    assert is_complete(checklist(WHOLE))
    assert [one.item.number for one in checklist(WHOLE)] == list(range(1, 9))


@pytest.mark.parametrize(
    ("iep", "item", "answer"),
    [
        (without("pg_employment"), "goals", Answer.NO),
        (without("pg_education"), "goals", Answer.NO),
        (replace(WHOLE, answers={}), "goals", Answer.OPEN),
        (replace(WHOLE, answers={"goals": Answer.NO}), "goals", Answer.NO),
        (replace(WHOLE, met=None), "updated", Answer.NO),
        (replace(WHOLE, met=date(2025, 11, 1)), "updated", Answer.NO),
        (replace(WHOLE, met=date(2025, 11, 2)), "updated", Answer.YES),
        (replace(WHOLE, earlier=WHOLE.texts), "updated", Answer.OPEN),
        (replace(WHOLE, earlier={"pg_education": "Will go to college."}), "updated", Answer.YES),
        (with_rows("assessments"), "assessments", Answer.NO),
        (with_rows("assessments", {"name": "Interest inventory"}), "assessments", Answer.NO),
        (with_rows("actions", {"action": "Visits the college"}), "services", Answer.NO),
        (without("course_of_study"), "courses", Answer.NO),
        (with_rows("annual_goal_links", {"goal": "8"}), "annual_goals", Answer.NO),
        (without("invited"), "invited", Answer.NO),
        (with_rows("agencies", {"agency": "Rehabilitation services"}), "agencies", Answer.NO),
        (with_rows("agencies"), "agencies", Answer.OPEN),
        (
            replace(with_rows("agencies"), answers={"agencies": Answer.NOT_APPLICABLE}),
            "agencies",
            Answer.NOT_APPLICABLE,
        ),
    ],
)
def test_each_item_is_found_in_the_iep_or_asked_of_the_team(iep, item, answer):
    assert answers(iep)[item] is answer


def test_what_the_team_has_not_answered_is_not_there():
    assert not is_complete(checklist(replace(WHOLE, answers={})))


def test_only_an_item_that_may_not_apply_can_be_left_out():
    assert [item.item for item in items() if item.may_not_apply] == ["agencies"]


BORN = date(2008, 11, 2)


@pytest.mark.rule("DEADLINE-D16", "DEADLINE-D17")
@pytest.mark.parametrize(
    ("day", "who"),
    [
        (date(2026, 11, 1), Signs.PARENT),
        (date(2026, 11, 2), Signs.STUDENT),
        (date(2027, 1, 1), Signs.STUDENT),
    ],
)
def test_from_the_age_of_majority_the_student_signs(day, who):
    days = majority("LA", BORN)
    assert (days.told_by, days.on) == (date(2025, 11, 2), date(2026, 11, 2))
    assert days.signs(day) is who
