"""What is counted every night for each district: each app registers its own measures at start."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

Counted = Iterable[tuple[int, str, int]]
NOTHING = "none"  # what an address says for the empty key


@dataclass(frozen=True)
class Measure:
    """`count(day)` gives district, key and number; `words()` the keys in the order shown, each in words.

    `over_time` sums these keys week by week (none: all of them), told as `trend`, if that is there. `link` is
    the page with what is behind it, or `of_list` a list of the reports; it takes `?district=`, under the name
    `narrows` the key (NOTHING for none), what is in `also`, and where `of_a_day` the day. `warns`: keys that
    ask for something.
    """

    slug: str
    title: str
    what: str
    head: str
    words: Callable[[], Mapping[str, str]]
    count: Callable[[date], Counted]
    trend: str = ""
    over_time: frozenset[str] = frozenset()
    warns: frozenset[str] = frozenset()
    link: str = ""
    narrows: str = ""
    of_list: str = ""
    also: Mapping[str, str] = field(default_factory=dict)
    of_a_day: bool = False

    def is_in_trend(self, key: str) -> bool:
        return not self.over_time or key in self.over_time


_measures: dict[str, Measure] = {}


def measure(*found: Measure) -> None:
    """Called from `AppConfig.ready()`; registering twice changes nothing."""
    _measures.update({each.slug: each for each in found})


def measures() -> tuple[Measure, ...]:
    return tuple(_measures.values())
