"""Louisiana's calculators by the worked examples beside this file, which an expert extends."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ieps.rules import leap_connect, regression
from ieps.rules.regression import Break, Score

HERE = Path(__file__).parent
NEEDED = {
    "adaptive": leap_connect.ADAPTIVE,
    "evidence": leap_connect.EVIDENCE,
    "rest": leap_connect.NOT_BECAUSE,
}


def examples(name: str) -> list[dict[str, str]]:
    with (HERE / f"{name}_examples.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def score(text: str) -> Score:
    day, value = text.split()
    return Score(date.fromisoformat(day), Decimal(value))


def break_of(text: str) -> Break:
    return Break(*(date.fromisoformat(day) for day in text.split("..")))


@pytest.mark.rule("DEADLINE-D33")
@pytest.mark.parametrize("example", examples("regression"), ids=lambda row: row["name"])
def test_regression_and_recoupment(example):
    answer = regression.judge(map(score, parts(example["scores"])), map(break_of, parts(example["breaks"])))
    assert answer.finding == example["finding"]
    assert example["says"] in " ".join(each.why_not for each in answer.across)


def test_the_order_in_which_data_points_are_typed_does_not_matter():
    example = examples("regression")[0]
    backwards = reversed(parts(example["scores"]))
    answer = regression.judge(map(score, backwards), map(break_of, parts(example["breaks"])))
    assert answer.finding == example["finding"]


@pytest.mark.parametrize("example", examples("leap_connect"), ids=lambda row: "-".join(row.values()))
def test_leap_connect(example):
    flags = {name: example[name] == "yes" for name in example if example[name] in ("yes", "no")}
    meets = flags.pop("meets")
    answer = leap_connect.judge(leap_connect.Facts(deviations=Decimal(example["deviations"]), **flags))
    assert answer.meets is meets
    assert list(answer.missing) == [NEEDED[part] for part in parts(example["missing"])]


def test_bands_of_one_grade_do_not_overlap():
    for completed in (True, False):
        own = sorted(
            (row for row in leap_connect.bands() if row.completed_grade5 is completed),
            key=lambda r: r.at_least,
        )
        assert [row.below for row in own[:-1]] == [row.at_least for row in own[1:]]
        assert own[-1].below is None
