"""How a review stands: its lines with their standing, and its progress for one reader."""

from collections.abc import Iterable
from dataclasses import dataclass

from security.actions.review import part_of, why_not_decide
from security.models import Review, ReviewLine, User
from security.queries.authorized import role_name
from security.rules.reviews import SETTLED, Decision, Standing
from ui.parts import Status

STATUS = {
    Standing.UNDECIDED: Status("quiet", "not decided", "radio_button_unchecked"),
    Standing.WAITS_SUPERVISOR: Status("info", "supervisor next", "hourglass_empty"),
    Standing.WAITS_COORDINATOR: Status("info", "coordinator next", "hourglass_empty"),
    Standing.TO_CONFIRM: Status("warn", "to be removed", "warning"),
    Standing.KEPT: Status("good", "kept"),
    Standing.REMOVED: Status("bad", "removed", "remove_circle"),
    Standing.GONE: Status("quiet", "ended meanwhile", "remove"),
}


@dataclass(frozen=True)
class Progress:
    """`mine`: lines that wait for this reader; `to_confirm`: marked to remove, not confirmed."""

    total: int
    settled: int
    mine: int
    to_confirm: int


@dataclass(frozen=True)
class Shown:
    """A line as its page shows it. `mine`: this reader's decision, `refusal`: why they cannot decide."""

    line: ReviewLine
    role: str
    status: Status
    settled: bool
    mine: str
    refusal: str

    @property
    def waits(self) -> bool:
        """For this reader: nothing said yet, or a removal that the reader can confirm."""
        return not self.refusal and not self.settled and (not self.mine or self.overruled)

    @property
    def overruled(self) -> bool:
        """The coordinator kept what the supervisor removes: remove wins."""
        line = self.line
        kept = line.by_coordinator == Decision.KEEP and line.by_supervisor == Decision.REMOVE
        return kept and self.mine == Decision.KEEP and not self.settled


def lines_of(review: Review) -> list[ReviewLine]:
    rows = review.lines.select_related(
        "assignment__user", "assignment__district", "assignment__site", "supervisor", "coordinator"
    ).order_by("assignment__user__last_name", "assignment__user__first_name", "pk")
    lines = list(rows)
    for line in lines:
        line.review = review
    return lines


def shown(lines: Iterable[ReviewLine], reader: User) -> list[Shown]:
    return [_shown(line, reader) for line in lines]


def _shown(line: ReviewLine, reader: User) -> Shown:
    refusal = why_not_decide(reader, line) or ""
    part = None if refusal else part_of(reader, line)
    decided = getattr(line, f"by_{part}") if part and getattr(line, f"{part}_id") == reader.pk else ""
    standing = line.standing
    return Shown(line, role_name(line.assignment), STATUS[standing], standing in SETTLED, decided, refusal)


def progress_of(rows: Iterable[Shown]) -> Progress:
    rows = list(rows)
    return Progress(
        total=len(rows),
        settled=sum(row.settled for row in rows),
        mine=sum(row.waits for row in rows),
        to_confirm=sum(row.status == STATUS[Standing.TO_CONFIRM] for row in rows),
    )
