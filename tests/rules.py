"""python -m tests.rules: which numbered rules have a test.

A test cites the rules it proves: `@pytest.mark.rule("OSSE-R5.03")`. Where the folder with the source
tables lies beside the checkout, the rules without a test are listed too, grouped with counts.
"""

import ast
import csv
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

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
    "edfi/rules.md": ("EDFI-", re.compile(r"^\W*([RBD]\d{1,2})\b(?!\.)", re.MULTILINE)),
}


def cited() -> dict[str, list[str]]:
    """Rule ids, each with the tests that cite it."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted(TESTS.rglob("test_*.py")):
        tree = ast.parse(file.read_text())
        for test in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)]:
            for rule in rules_in(test.decorator_list):
                found[rule].append(f"{file.relative_to(TESTS)}::{test.name}")
        for rule in rules_in([node for node in ast.walk(tree) if isinstance(node, ast.Assign | ast.Call)]):
            found.setdefault(rule, [str(file.relative_to(TESTS))])
    for file in sorted(TESTS.rglob("*.csv")):
        for rule in rules_of_examples(file):
            found.setdefault(rule, [str(file.relative_to(TESTS))])
    return found


def rules_of_examples(file: Path) -> Iterator[str]:
    """The ids in a table of worked examples: in its column `rule`, or its column `check` by number."""
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield from re.findall(r"[A-Z]+-[A-Z]*[\d.]+", row.get("rule") or "")
            if (row.get("check") or "").isdigit():
                yield f"CHECK-{row['check']}"


def rules_in(nodes: list) -> Iterator[str]:
    """The ids in `pytest.mark.rule(...)` calls within these nodes."""
    for node in nodes:
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "rule":
                yield from (a.value for a in call.args if isinstance(a, ast.Constant))


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
        yield f"{rule}: {', '.join(sorted(set(tests)))}"
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
