"""What stands in one IEP is copied into another: its texts, and its lines with where they came from."""

import pytest

from ieps import actions
from ieps.actions.copy import copy_content
from security.refusals import RuleBroken
from tests.factories import IepFactory, StudentFactory

pytestmark = pytest.mark.usefixtures("as_system")


def write(by, iep, section, **texts):
    for key, text in texts.items():
        actions.save_text(by=by, iep=iep, section=section, field=key, text=text, version=0)


@pytest.fixture
def last_year(child, parish, dana):
    """An IEP with a strength, one plan with an objective, and that goal chosen for the transition."""
    iep = IepFactory(student=child, district=parish, kind="INI", author=dana)
    write(dana, iep, "GSI", strengths="Sings.", meeting_date="12 Oct 2025")
    plan = actions.add_line(by=dana, iep=iep, section="INS")
    step = actions.add_line(by=dana, iep=iep, section="INS", table="objectives", plan=plan.pk)
    link = actions.add_line(by=dana, iep=iep, section="TRN", table="annual_goal_links")
    write(dana, iep, "INS", **{f"{plan.pk}.goal": "Reads aloud.", f"{step.pk}.criterion": "8 of 10"})
    write(dana, iep, "TRN", **{f"{link.pk}.goal": str(plan.pk)})
    return actions.choose_section(by=dana, iep=iep, section="BIP", added=True)


def texts_of(iep):
    return dict(iep.texts.values_list("field", "text"))


def test_texts_and_lines_are_copied_with_where_they_came_from(last_year, draft, dana):
    lines, count = copy_content(by=dana, source=last_year, to=draft)
    plan = draft.lines.get(section="INS", table="")
    step = draft.lines.get(table="objectives")
    assert count == 5
    assert (lines[plan.came_from_id], step.parent) == (plan, plan)
    assert texts_of(draft)[f"{plan.pk}.goal"] == "Reads aloud."
    assert texts_of(draft)[f"{step.pk}.criterion"] == "8 of 10"
    draft.refresh_from_db()
    assert draft.added_sections == ["BIP"]


def test_a_chosen_goal_is_the_copied_one(last_year, draft, dana):
    copy_content(by=dana, source=last_year, to=draft)
    link, plan = draft.lines.get(table="annual_goal_links"), draft.lines.get(section="INS", table="")
    assert texts_of(draft)[f"{link.pk}.goal"] == str(plan.pk)


@pytest.mark.parametrize(
    ("leave_out", "left"),
    [
        ({("GSI", "meeting_date")}, 4),
        ({("INS", "objectives")}, 4),
        ({("INS", "goal")}, 4),
        ({("INS", "objectives.criterion")}, 4),
        ({("INS", "")}, 2),
        ({("GSI", ""), ("TRN", "")}, 2),
    ],
)
def test_some_is_left_out(last_year, draft, dana, leave_out, left):
    assert copy_content(by=dana, source=last_year, to=draft, leave_out=leave_out)[1] == left


def test_what_stands_there_already_stays_and_nothing_is_copied_twice(last_year, draft, dana):
    write(dana, draft, "GSI", strengths="Paints.")
    copy_content(by=dana, source=last_year, to=draft)
    assert copy_content(by=dana, source=last_year, to=draft) == ({}, 0)
    assert texts_of(draft)["strengths"] == "Paints."
    assert draft.lines.count() == 3


def test_removed_lines_are_not_copied(last_year, draft, dana):
    actions.remove_line(by=dana, iep=last_year, line=last_year.lines.get(section="INS", table=""))
    copy_content(by=dana, source=last_year, to=draft)
    assert not draft.lines.filter(section="INS").exists()


def test_sections_that_the_category_does_not_have_are_left_out(last_year, child, parish, dana):
    gifted = IepFactory(student=child, district=parish, kind="REV", category="GT", author=dana)
    copy_content(by=dana, source=last_year, to=gifted)
    assert set(gifted.texts.values_list("section", flat=True)) == {"GSI", "INS"}
    assert gifted.added_sections == []


def test_nothing_is_copied_from_the_iep_of_another_child(draft, dana):
    with pytest.raises(RuleBroken, match="another child"):
        copy_content(by=dana, source=IepFactory(student=StudentFactory()), to=draft)
