"""An IEP with words in every field of the form and three lines in every table, without a database."""

from datetime import date

from ieps.items import Entry, LineAt, items_of
from ieps.models import Iep, IepStatus
from ieps.outline import Written
from ieps.rules.form import sections
from ieps.stood import Stood
from ieps.values import offered
from organizations.models import District, State
from students.models import Student

ANSWERS = {"date": "9/4/2026", "bool": "Y", "int": "45", "decimal": "2.3"}
LINES = 3


def written_out(category: str = "REG", words: str = "", lines: int = LINES, **of_the_iep) -> Stood:
    """`words`: what stands in each text, otherwise each has words of its own."""
    texts: dict[tuple[str, str], str] = {}
    made: list[LineAt] = []
    for row in sections("LA", category):
        plans = [_line(made, row.section) for _ in range(lines)] if row.each else [None]
        for plan in plans:
            _fill(row.section, category, plan, texts, made, words, lines)
    added = frozenset(row.section for row in sections("LA", category) if row.optional)
    written = Written("LA", category, texts, tuple(made), added)
    return Stood(an_iep(category, **of_the_iep), written, {line.pk: None for line in made})


def an_iep(category: str = "REG", **of_the_iep) -> Iep:
    child = Student(
        first_name="Jules", last_name="Fontenot", birth_date=date(2014, 5, 3), grade="06",
        state_student_id="0041927365", state=State(profile="LA"),
    )  # fmt: skip
    facts = {"kind": "REV", "form": "LA", "status": IepStatus.DRAFT} | of_the_iep
    iep = Iep(pk=1, category=category, district=District(name="Cypress Parish"), **facts)
    iep.student = child
    return iep


def _line(made: list[LineAt], section: str, table: str = "", parent: int | None = None) -> int:
    made.append(LineAt(len(made) + 1, section, table, parent))
    return len(made)


def _fill(section, category, plan, texts, made, words, lines) -> None:
    before = f"{plan}." if plan else ""
    for item in items_of("LA", section, category):
        if isinstance(item, Entry):
            texts[section, before + item.key] = _text(
                item.type, words or f"{section} {before}{item.key} words"
            )
            continue
        for _ in range(lines):
            line = _line(made, section, item.key, plan)
            for column in item.columns:
                text = _text(column.type, words[:60] or f"{line} {column.column} cell")
                texts[section, f"{line}.{column.column}"] = text


def _text(kind: str, words: str) -> str:
    if kind.startswith("code:"):
        return next(iter(offered(kind)), words)
    return ANSWERS.get(kind, words)
