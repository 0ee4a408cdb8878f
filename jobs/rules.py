"""How a job stands, in words: plain values in, a sentence or a status out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

SILENT_AFTER = timedelta(minutes=2)
TONES = {"WAITING": "quiet", "RUNNING": "info", "DONE": "good", "FAILED": "bad", "STOPPED": "warn"}
ICONS = {"WAITING": "hourglass_empty", "RUNNING": "autorenew"}
WORDS = {"WAITING": "waiting", "RUNNING": "running", "DONE": "done", "FAILED": "failed", "STOPPED": "stopped"}


@dataclass(frozen=True)
class Progress:
    """Counts of one job so far; `done` and `total` in the same unit."""

    state: str
    done: int
    total: int
    started_at: datetime | None
    heard_at: datetime | None


def is_silent(job: Progress, now: datetime) -> bool:
    """Its worker has said nothing for two minutes while it should be running."""
    return job.state == "RUNNING" and job.heard_at is not None and now - job.heard_at > SILENT_AFTER


def time_left(job: Progress, now: datetime) -> str:
    """ "about 6 minutes left", from the speed so far; empty while it cannot be told."""
    if job.state != "RUNNING" or not job.started_at or not 0 < job.done < job.total or is_silent(job, now):
        return ""
    seconds = (now - job.started_at).total_seconds() / job.done * (job.total - job.done)
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute left"
    return f"about {minutes:,} minute{'' if minutes == 1 else 's'} left"


def phase_states(phases: list[str], now_in: str, state: str) -> list[tuple[str, str]]:
    """Each phase with done, now or todo."""
    if state == "DONE":
        return [(phase, "done") for phase in phases]
    at = phases.index(now_in) if now_in in phases else -1
    return [(phase, "done" if i < at else "now" if i == at else "todo") for i, phase in enumerate(phases)]
