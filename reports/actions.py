"""Taking a list away as a file: asked for with a reason, within scope, noted in the journal."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files import File
from django.utils import timezone

from documents.actions import store
from jobs import actions as jobs
from jobs.models import Job
from journal.actions import record
from reports import access
from reports.exports import files
from reports.lists.groups import COLUMNS
from reports.lists.listing import List, Rows
from security import scope
from security.refusals import NotAllowed, RuleBroken
from ui.lists import ListState

KIND = "export"
JOB = "EXPORT"
SHEET = 1_048_575  # rows of an Excel sheet below its labels
TASK = "reports.tasks.write_export"
MAY_NAME = ("name", "who")
KEPT = timedelta(days=7)
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Order:
    """What is asked for: a list as filtered and sorted, in a format ("csv" or "xlsx"), for a reason."""

    found: List
    state: ListState
    format: str
    reason: str
    bom: bool = False

    @property
    def file_name(self) -> str:
        """Says the list and the day, and names nobody."""
        return f"{self.found.slug}-{timezone.localdate():%Y-%m-%d}.{self.format}"


def count(by: Any, order: Order) -> int:
    """How many rows the file would have. Raises RuleBroken where the format holds no more."""
    places = access.export_scope(by, order.found)
    with scope.narrowed(by, places):
        n = order.found.filtered(places, order.state).order_by().count()
    if order.format == "xlsx" and n > SHEET:
        raise RuleBroken(
            f"A sheet of Excel holds at most {SHEET:,} rows, and this list has {n:,}."
            " Choose CSV, or narrow the list with a filter.", "format",
        )  # fmt: skip
    return n


def ask(*, by: Any, order: Order, n: int) -> int | Job:
    """Check and note the export of `n` rows. Returns the number to send at once, or the job for them.

    Raises NotAllowed.
    """
    if sentence := access.why_not_export(by, order.found):
        raise NotAllowed(sentence)
    note(by, order, n)
    return n if n <= settings.ESER_EXPORT_AT_ONCE else open_job_for(by, order, n)


def open_job_for(by: Any, order: Order, n: int, **more: Any) -> Job:
    """The file is written by a worker, in the scope that its owner has by then."""
    params = {
        "slug": order.found.slug,
        "query": order.state.query(),
        "format": order.format,
        "bom": order.bom,
        "reason": order.reason,
    }
    title = f"{order.found.title} as {order.format.upper()}, {n:,} rows"
    job = jobs.open_job(JOB, title, owner_id=by.pk, **params, **more)
    jobs.advance(job, total=n)
    jobs.enqueue(job, TASK)
    return job


def note(by: Any, order: Order, n: int, **more: Any) -> None:
    places = access.export_scope(by, order.found)
    record(
        "EXPORTED",
        f"exported {order.found.title.lower()}, {n:,} rows as {order.format.upper()}",
        by=by,
        district_id=places.district_ids[0] if len(places.district_ids) == 1 else None,
        list=order.found.slug,
        format=order.format,
        filter=filter_without_names(order),
        rows=n,
        reason=order.reason,
        **more,
    )


def filter_without_names(order: Order) -> dict[str, str]:
    """Codes as chosen, and the group that was opened; of a typed name only that there was one."""
    chosen = {name: "typed" if name in MAY_NAME else value for name, value in order.state.chosen.items()}
    return chosen | {name: value for name, value in order.state.kept.items() if name != COLUMNS}


def csv_now(by: Any, order: Order) -> Iterator[bytes]:
    """The file while it is being read, in a transaction of its own: the request's is over by then."""
    with _rows_to_take(by, order) as rows:
        yield from files.csv_blocks(order.found, rows, bom=order.bom)


def xlsx_now(by: Any, order: Order) -> BinaryIO:
    """The finished file, at its beginning; removed when it is closed."""
    target = tempfile.TemporaryFile()  # noqa: SIM115
    with _rows_to_take(by, order) as rows:
        files.write_xlsx(order.found, rows, target)
    target.seek(0)
    return target


def write_for_job(job: Job, by: Any, order: Order) -> None:
    """Write the file of a long list and keep it for a week. Runs again from the start when it was cut off.

    Raises jobs.actions.Stopped when its owner stopped it: then nothing of it is left.
    """
    with tempfile.NamedTemporaryFile(suffix=f".{order.format}") as target, jobs.telling(job) as tell:
        with _rows_to_take(by, order) as rows:
            if order.format == "csv":
                for block in files.csv_blocks(order.found, rows, bom=order.bom, told=lambda n: tell(done=n)):
                    target.write(block)
            else:
                files.write_xlsx(order.found, rows, target, told=lambda n: tell(done=n))
            jobs.check_not_stopped(job)  # in the transaction: then nobody was taken away either
        target.seek(0)
        last_day = timezone.localdate() + KEPT
        kept = store(File(target, order.file_name), KIND, by.pk, keep_until=last_day)
    jobs.finish(job, f"The file is ready. It is kept until {last_day:%b} {last_day.day}.", result_id=kept.pk)


@contextmanager
def _rows_to_take(by: Any, order: Order) -> Iterator[Rows]:
    """Row-level security, too, then shows only places where exporting is granted. Each child is noted."""
    places = access.export_scope(by, order.found)
    with scope.of(by), scope.narrowed(by, places):
        rows = order.found.filtered(places, order.state)
        children = rows.order_by().values_list(order.found.student, flat=True)
        what = f"{order.format.upper()} of {order.found.title.lower()}"
        by.took_away(filter(None, children), what, order.reason)
        yield rows
