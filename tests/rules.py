"""python -m tests.rules: which numbered rules have a test.

A test cites the rules it proves: `@pytest.mark.rule("OSSE-R5.03")`. Where the folder with the source
tables lies beside the checkout, the rules without a test are listed too, grouped with counts.
"""

import contextlib
import csv
import io
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
TABLES = TESTS.parents[1] / "shared" / "domain"
# Tables whose first column is the rule's id, and the prefix that tests put before it.
NUMBERED_TABLES = {
    "access/rules.csv": "",
    "enrollment/checks.csv": "CHECK-",
    "iep/deadlines.csv": "DEADLINE-",
    "rollover/dq_rules.csv": "",
}
# Documents that number their rules in the text.
NUMBERED_TEXTS = {
    "enrollment/rules.md": ("OSSE-", re.compile(r"\bR\d+\.\d\d\b")),
    "edfi/rules.md": ("EDFI-", re.compile(r"^\W*([RBCD]\d{1,2})\b(?!\.)", re.MULTILINE)),
}


class Citations:
    """Asks of every test that pytest collects, of each row of a table too, which rules it cites."""

    def __init__(self) -> None:
        self.tests: dict[str, set[str]] = defaultdict(set)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            for rule in (rule for mark in item.iter_markers("rule") for rule in mark.args):
                self.tests[rule].add(item.nodeid.removeprefix("tests/").partition("[")[0])


def cited() -> dict[str, set[str]]:
    """Rule ids, each with the tests that cite it. Collects only: no test runs, no service is started."""
    os.environ["ESER_DONT_START"] = "1"
    files = [str(file) for file in sorted(TESTS.rglob("test_*.py")) if "mark.rule" in file.read_text()]
    found, said = Citations(), io.StringIO()
    with contextlib.redirect_stdout(said):
        result = pytest.main(["--collect-only", "-p", "no:cacheprovider", *files], plugins=[found])
    if result != pytest.ExitCode.OK:
        raise SystemExit(f"{said.getvalue()}\nThe tests could not be collected.")
    return found.tests


def numbered(tables: Path) -> Iterator[str]:
    """All rule ids of the source tables and documents."""
    for name, prefix in NUMBERED_TABLES.items():
        with (tables / name).open(newline="") as lines:
            yield from (prefix + row[0] for row in list(csv.reader(lines))[1:])
    for name, (prefix, pattern) in NUMBERED_TEXTS.items():
        yield from (prefix + found for found in sorted(set(pattern.findall((tables / name).read_text()))))


def group(rule: str) -> str:
    return rule.split("-")[0]


def report() -> Iterator[str]:
    proven = cited()
    for rule, tests in sorted(proven.items()):
        yield f"{rule}: {', '.join(sorted(tests))}"
    yield f"\n{len(proven)} rules have a test."
    if not TABLES.is_dir():
        yield "The source tables are not beside this checkout: rules without a test cannot be listed."
        return
    known = list(dict.fromkeys(numbered(TABLES)))
    for name in sorted({group(rule) for rule in known}):
        rules = [rule for rule in known if group(rule) == name]
        without = [rule for rule in rules if rule not in proven]
        yield f"\n{name}: {len(rules) - len(without)} of {len(rules)} have a test."
        if without:
            yield f"Without: {', '.join(without)}"
    if unknown := sorted(set(proven) - set(known)):
        yield f"\nCited by tests, but in no source table: {', '.join(unknown)}"


if __name__ == "__main__":
    sys.stdout.write("\n".join(report()) + "\n")
