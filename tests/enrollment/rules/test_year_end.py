"""Who enters again after the end of a year, and in which grade."""

import pytest

from enrollment.rules.year_end import Then, next_grade, next_year


@pytest.mark.parametrize(
    ("grade", "following"),
    [("18", "24"), ("24", "25"), ("25", "01"), ("01", "02"), ("08", "09"), ("T9", "10"), ("11", "12"),
     ("12", ""), ("35", ""), ("20", ""), ("??", "")],
)  # fmt: skip
def test_the_grade_after(grade, following):
    assert next_grade(grade) == following


@pytest.mark.parametrize(
    ("grade", "of_child", "entered", "words"),
    [
        ("06", Then.AS_ALL, "07", ""),
        ("06", Then.SAME_GRADE, "06", ""),
        ("06", Then.LEAVES, "", ""),
        ("12", Then.AS_ALL, "", "last grade"),
        ("12", Then.SAME_GRADE, "12", ""),
        ("35", Then.AS_ALL, "35", "no next one"),
    ],
)
def test_what_is_said_of_one_child_counts_before_what_is_said_for_all(grade, of_child, entered, words):
    found = next_year(grade, Then.NEXT_GRADE, of_child)
    assert found.grade == entered
    assert words in found.why
