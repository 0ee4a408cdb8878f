"""An IEP of 9 pages as tagged PDF: the warm compiler beside WeasyPrint with the same words, and its memory.

WeasyPrint is no dependency of the product: `pip install .[bench]`.
"""

import gc
import time
from collections.abc import Iterator
from html import escape
from itertools import count
from random import Random
from typing import Any

import psutil

from documents.printing import printed
from ieps.frozen import content_of
from ieps.paper import SOURCE, values_of
from tests.bench.measure import Result, alternating, report
from tests.ieps.written_out import written_out

TITLE = "Printed IEPs"
GOAL, FASTER = 200.0, 6  # ms at the median; times
GROWTH = 50  # MB more after 200 prints
WARM, PRINTS, ROUNDS = 40, 200, 12  # the compiler keeps what the first prints had in common
WORDS = [
    "Jules",
    "reads",
    "stories",
    "at",
    "grade",
    "level",
    "with",
    "a",
    "partner",
    "and",
    "tells",
    "what",
    "happened",
    "in",
    "order;",
    "problems",
    "of",
    "two",
    "steps",
    "take",
    "more",
    "time.",
    "The",
    "team",
    "agreed",
    "on",
    "small",
    "groups,",
    "on",
    "breaks",
    "between",
    "tasks,",
    "and",
    "on",
    "directions",
    "read",
    "aloud.",
]
STYLE = """
@page { size: letter; margin: 0.7in 0.75in 0.9in; @bottom-right { content: "Page " counter(page) " of " counter(pages); } }
body { font: 9.5pt "DejaVu Sans", sans-serif; } th { text-align: left; background: #eee; }
table { border-collapse: collapse; width: 100%; } td, th { border: 0.4pt solid #aaa; padding: 4pt; font-size: 8.5pt; }
h2 { background: #162e51; color: white; padding: 6pt; font-size: 11.5pt; } h3 { border-bottom: 1px solid; }
.label { font-weight: bold; font-size: 8pt; color: #565c65; }
"""  # noqa: E501


def _values(words: str) -> dict[str, Any]:
    stood = written_out(words=words)
    return values_of(stood.iep, content_of(stood, {}), "en", [])


def run(students: int) -> int:
    """Measure; 0 when every goal is kept. How many students there are does not matter."""
    content = map(_values, _every_time_others())
    first = _taken(lambda: printed(SOURCE, next(content)))
    _print(content, WARM)
    before = _memory()
    _print(content, PRINTS)
    grown = _memory() - before
    print(
        f"\nThe first print of a process takes {first:.0f} ms;"
        f" after {WARM} it holds {before} MB, after {PRINTS} more {grown} MB more."
    )
    theirs, ours = _side_by_side(content)
    results = [
        Result("the same words with WeasyPrint", theirs, ours, f"{FASTER}× faster", theirs >= FASTER * ours),
        Result("PDF of 9 pages, tagged", GOAL, ours, f"≤ {GOAL:g} ms", ours <= GOAL),
        Result(f"MB more after {PRINTS} prints", GROWTH, grown, f"≤ {GROWTH} MB", grown <= GROWTH),
    ]
    report(TITLE, results)
    return 0 if all(result.reached for result in results) else 1


def _print(content: Iterator[dict[str, Any]], times: int) -> None:
    for _ in range(times):
        printed(SOURCE, next(content))


def _side_by_side(content: Iterator[dict[str, Any]]) -> list[float]:
    from weasyprint import HTML

    now = next(content)

    def theirs() -> bytes:
        return HTML(string=html_of(now)).write_pdf(pdf_variant="pdf/ua-1")

    def ours() -> bytes:
        nonlocal now
        now = next(content)
        return printed(SOURCE, now)

    return alternating(theirs, ours, rounds=ROUNDS)


def _every_time_others() -> Iterator[str]:
    """Words that no print before has had: a compiler remembers the paragraphs that it has set."""
    for seed in count():
        chance = Random(seed)
        yield " ".join(chance.choices(WORDS, k=34))


def _taken(deed) -> float:
    begun = time.perf_counter()
    deed()
    return (time.perf_counter() - begun) * 1000


def _memory() -> int:
    gc.collect()
    return psutil.Process().memory_info().rss // 1024**2


def html_of(values: dict[str, Any]) -> str:
    """The same words, without marks, in the shape of the printed form."""
    body = [f"<h1>{escape(values['title'])}</h1><p>{escape(values['child'])}</p>"]
    for chapter in values["chapters"]:
        body.append(f"<h2>{escape(chapter['title'])}</h2>")
        for part in chapter["parts"]:
            body.append(f"<h3>{escape(part['title'])}</h3>")
            body.extend(_html_of(item) for item in part["items"])
    return f"<html lang='en'><title>IEP</title><style>{STYLE}</style>{''.join(body)}</html>"


def _html_of(item: dict[str, Any]) -> str:
    if item["kind"] == "facts":
        return "".join(_field(fact) for fact in item["facts"])
    if item["kind"] == "table":
        head = "".join(f"<th>{escape(column)}</th>" for column in item["columns"])
        rows = "".join(
            f"<tr>{''.join(f'<td>{_said(cell)}</td>' for cell in row)}</tr>" for row in item["rows"]
        )
        return f"<p class='label'>{escape(item['label'])}</p><table><tr>{head}</tr>{rows}</table>"
    return _field(item)


def _field(item: dict[str, Any]) -> str:
    return f"<p><span class='label'>{escape(item['label'])}</span><br>{_said(item)}</p>"


def _said(item: dict[str, Any]) -> str:
    return "".join(escape(text) for text, _ in item["value"])
