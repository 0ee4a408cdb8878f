"""What goes into a bank says nothing of the child that it was written for."""

import pytest

from ieps.rules.anonymous import OfAChild, check_no_child, without_names

NAMES = ("Jules", "Fontenot", "", "Jules Fontenot")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Given a passage, Jules will read.", "Given a passage, the student will read."),
        ("Jules will read. Jules's teacher counts.", "The student will read. The student's teacher counts."),
        ("JULES FONTENOT reads with Jules Fontenot.", "The student reads with the student."),
        ("Jules\nFontenot reads.", "The student reads."),
        ("He reads.\nJules counts.", "He reads.\nThe student counts."),
        ("The Julesburg bus", "The Julesburg bus"),
        ("Nobody is named.", "Nobody is named."),
    ],
)
def test_names_of_the_child_become_the_student(text, kept):
    assert without_names(text, NAMES) == kept


def test_a_name_that_is_a_word_stays_where_it_is_no_name():
    assert without_names("Will will read at will.", ("Will",)) == "The student will read at will."


@pytest.mark.parametrize("text", ["4000000017 reads.", "Number 600123"])
def test_a_long_number_is_refused(text):
    with pytest.raises(OfAChild, match="number of a student"):
        check_no_child(text)


@pytest.mark.parametrize("text", ["95 words a minute", "In 2026, 1,950 minutes", "8 of 10"])
def test_numbers_of_a_goal_are_none_of_a_child(text):
    check_no_child(text)
