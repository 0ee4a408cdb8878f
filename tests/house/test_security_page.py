"""docs/security.md names evidence: every test that it names is there, and every id is said once."""

import re

import pytest

from tests.database import ROOT

PAGE = (ROOT / "docs/security.md").read_text()
TESTS = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"def (test_\w+)\(", path.read_text())
}
IDS = re.findall(r"^\| (V\d+\.\d+\.\d+) \|", PAGE, re.MULTILINE)
CHAPTERS = {1, 2, 3, 5, 6, 7, 8, 13, 14, 15, 16}


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_\w+)`", PAGE))))
def test_the_evidence_is_there(name):
    assert name in TESTS


def test_every_id_has_one_line():
    assert len(IDS) == len(set(IDS)) == 49
    assert {int(number.split(".")[0][1:]) for number in IDS} == CHAPTERS


@pytest.mark.parametrize("line", [line for line in PAGE.splitlines() if re.match(r"\| V\d", line)])
def test_what_is_met_says_how_and_what_is_not_says_so(line):
    _, _, met, evidence = (cell.strip() for cell in line.strip("|").split("|"))
    assert met in ("yes", "level 2", "partly", "no")
    assert len(evidence) > len("see below")
