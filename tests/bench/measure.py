"""Timing two ways of doing the same side by side, and telling the ratio."""

import json
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path("test-output/bench.json")


@dataclass(frozen=True)
class Result:
    """Milliseconds at the median; `goal` in words, `reached` when the figure keeps it."""

    what: str
    reference_ms: float
    ours_ms: float
    goal: str
    reached: bool

    @property
    def ratio(self) -> float:
        return self.ours_ms / self.reference_ms if self.reference_ms else float("nan")


def alternating(*ways: Callable[[], object], rounds: int = 40, each: int = 1) -> list[float]:
    """The median of each way in ms, called in turns so that noise hits them alike; two warm-up rounds.

    `each`: calls of one way before the next has its turn. Short calls need several: two connections in turns
    otherwise measure how long the other's server process takes to wake.
    """
    taken: list[list[float]] = [[] for _ in ways]
    for number in range(rounds + 2):
        for way, times in zip(ways, taken, strict=True):
            for _ in range(each):
                begun = time.perf_counter()
                way()
                if number >= 2:
                    times.append((time.perf_counter() - begun) * 1000)
    return [statistics.median(times) for times in taken]


def machine() -> str:
    """Cores and load: figures in milliseconds say little without them."""
    return f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}"


def report(title: str, results: list[Result]) -> None:
    """Print the table and keep it as JSON beside the tables of other runs."""
    print(f"\n{title}; {machine()}\n")
    print(f"{'what':<52}{'reference':>11}{'ours':>11}{'ratio':>9}  goal")
    for row in results:
        verdict = "kept" if row.reached else "MISSED"
        print(
            f"{row.what:<52}{row.reference_ms:>8.2f} ms{row.ours_ms:>8.2f} ms{row.ratio:>8.2f}×"
            f"  {row.goal}: {verdict}"
        )
    RESULTS.parent.mkdir(exist_ok=True)
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    kept[title] = [asdict(row) | {"ratio": row.ratio} for row in results]
    RESULTS.write_text(json.dumps(kept, indent=1))
