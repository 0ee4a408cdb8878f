"""What stands beside the fields of a section: what is known, what is computed, what could be filled in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from ieps.carried import Waiting, carried_from, waiting_in
from ieps.environment import SECTION as SERVICES
from ieps.environment import TOTAL, Computed
from ieps.models import Iep
from ieps.outline import Chapter, Written
from ieps.suggested import Suggestion, suggestions
from ieps.told import told_in
from ieps.written import computed_in
from ui.parts import Fact


@dataclass(frozen=True)
class Beside:
    known: list[Fact] = field(default_factory=list)
    computed: Computed | None = None
    suggested: Mapping[str, Suggestion] = field(default_factory=dict)
    carried: Mapping[str, int] = field(default_factory=dict)
    carried_from: date | None = None

    def waiting(self, keys: Iterable[str]) -> str:
        """Those of these fields that nobody has looked at since they were taken over, in one text."""
        return " ".join(key for key in keys if key in self.carried)


def beside(iep: Iep, chapter: Chapter, written: Written, waiting: Waiting, *, editable: bool) -> Beside:
    """`waiting`: what of the earlier IEP nobody has looked at yet, in all of this one."""
    return Beside(
        [Fact(label, value) for label, value in told_in(iep, chapter.section, written)],
        computed_of(iep, chapter, written),
        suggestions(iep, chapter, written) if editable else {},
        *_carried(iep, waiting_in(chapter.section, waiting) if editable else {}),
    )


def _carried(iep: Iep, waiting: dict[str, int]) -> tuple[dict[str, int], date | None]:
    return waiting, carried_from(iep) if waiting else None


def computed_of(iep: Iep, chapter: Chapter, written: Written) -> Computed | None:
    """Of the section with the services, where the category of the IEP asks for the total of minutes."""
    asks = chapter.section == SERVICES and chapter.entry(TOTAL) is not None
    return computed_in(iep, written) if asks else None
