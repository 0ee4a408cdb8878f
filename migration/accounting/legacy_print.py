"""The legacy print of the sample: a JSON object a line with `key`, `why` and `rows` by type (DQ-101)."""

import json
from dataclasses import dataclass
from typing import BinaryIO

from migration.rules.layout import layouts
from security.refusals import RuleBroken

RANDOM = "random"
LEAST_RANDOM = 10
MOST_BYTES = 50_000_000
MOST_CHILDREN = 5_000
Row = dict[str, str]


@dataclass(frozen=True)
class PrintedChild:
    key: str
    why: str
    rows: dict[str, list[Row]]


def read_print(file: BinaryIO) -> list[PrintedChild]:
    """Raises RuleBroken with the line at fault, or when fewer than ten children are a random sample."""
    text = file.read(MOST_BYTES + 1)
    if len(text) > MOST_BYTES:
        raise RuleBroken("The print has more than 50 MB: it holds more than a sample.", "file")
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_CHILDREN:
        raise RuleBroken(f"The print has {len(lines):,} children: more than a sample.", "file")
    found = [_child(number, line) for number, line in enumerate(lines, start=1)]
    if sum(child.why == RANDOM for child in found) < LEAST_RANDOM:
        raise RuleBroken(f"The print has fewer than {LEAST_RANDOM} random children. Print it again.", "file")
    if len({child.key for child in found}) < len(found):
        raise RuleBroken("A child stands twice in the print. Print it again.", "file")
    return found


def _child(number: int, line: bytes) -> PrintedChild:
    try:
        said = json.loads(line)
        rows = {
            code: [{str(name): str(value) for name, value in row.items()} for row in of_type]
            for code, of_type in said["rows"].items()
        }
        child = PrintedChild(str(said["key"])[:20], str(said["why"])[:120], rows)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise RuleBroken(f"Line {number} of the print is no child of a legacy print.", "file") from None
    for code, of_type in child.rows.items():
        known = {field.field for field in layouts().get(code, ())}
        if unknown := {name for row in of_type for name in row} - known:
            raise RuleBroken(f"Line {number} of the print: no field {min(unknown)} in type {code}.", "file")
    return child
