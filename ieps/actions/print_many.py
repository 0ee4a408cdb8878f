"""The IEPs of a caseload are printed together: for a reason, within scope, noted for each child."""

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.core.files import File
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import slugify

from documents.actions import store
from ieps import access
from ieps.changes import amended_by, changes_between
from ieps.models import Iep
from ieps.paper import print_iep
from jobs import actions as jobs
from jobs.models import Job
from journal.actions import record
from security import scope
from security.models import User
from security.refusals import RuleBroken
from security.rules.roles import Permission
from ui.dates import in_words

KIND = "iep_prints"
TASK = "ieps.tasks.write_prints"
KEPT = timedelta(days=7)
STATES = ("official", "drafts")
BESIDE = ("student__state", "district", "home_site", "evaluation")


def ask_for_prints(*, by: User, whose: str, state: str, language: str, reason: str) -> Job:
    """A worker writes one PDF for each IEP into one ZIP file. `whose`: "mine" or "all" (access.py).

    Raises NotAllowed, or RuleBroken where there is none or more than ESER_PRINT_CAP.
    """
    access.check_may_print(by, whose)
    with _ieps(by, whose, state) as rows:
        n = rows.count()
    if not n:
        raise RuleBroken("There is no such IEP.", "state")
    if n > settings.ESER_PRINT_CAP:
        raise RuleBroken(
            f"These are {n:,} IEPs, and one file holds at most {settings.ESER_PRINT_CAP:,}."
            " Let each case manager print the own ones.",
            "whose",
        )
    words = f"asked for the prints of {n:,} IEP{'s' if n > 1 else ''}"
    record("IEPS_PRINTED", words, by=by, whose=whose, state=state, rows=n, reason=reason)
    title = f"Print of {n:,} IEP{'s' if n > 1 else ''}"
    params = {"whose": whose, "state": state, "language": language, "reason": reason}
    job = jobs.open_job("IEP_PRINT", title, owner_id=by.pk, **params)
    jobs.advance(job, total=n)
    jobs.enqueue(job, TASK)
    return job


def write_prints(job: Job, by: User) -> None:
    """Who may see which IEP is asked anew for each of them. Runs again from the start when it was cut off."""
    asked = job.params
    access.check_may_print(by, asked["whose"])
    with tempfile.NamedTemporaryFile(suffix=".zip") as target:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as packed:
            for done, (name, pdf) in enumerate(_prints(by, **asked), 1):
                packed.writestr(name, pdf)
                jobs.advance(job, done=done)
        last_day = timezone.localdate() + KEPT
        target.seek(0)
        file = File(target, f"ieps-{timezone.localdate():%Y-%m-%d}.zip")
        kept = store(file, KIND, by.pk, keep_until=last_day)
    jobs.finish(job, f"The file is ready. It is kept until {in_words(last_day)}.", result_id=kept.pk)


def _prints(by: User, whose: str, state: str, language: str, reason: str) -> Iterator[tuple[str, bytes]]:
    """Each in a short transaction of its own, with a line in the child's record of access."""
    with _ieps(by, whose, state) as rows:
        found = list(rows.values_list("pk", flat=True))
    for pk in found:
        with _ieps(by, whose, state) as rows:
            iep = rows.filter(pk=pk).select_related(*BESIDE).first()
            if iep is None:
                continue
            if iep.student_id:
                by.took_away([iep.student_id], "prints of IEPs", reason)
            amended = amended_by(iep)
            changes = changes_between(amended, iep) if amended else ()
            pdf = print_iep(iep, language=language, changes=changes)
        yield _name_of(iep), pdf


def _name_of(iep: Iep) -> str:
    child = slugify(iep.student.list_name, allow_unicode=True) if iep.student else "student-not-known"
    return f"{child}-iep-{iep.pk}.pdf"


@contextmanager
def _ieps(by: User, whose: str, state: str) -> Iterator[QuerySet[Iep]]:
    """The IEPs that are meant, in this person's scope; those of others only where exporting is granted."""
    if state not in STATES:
        raise RuleBroken("Choose official IEPs or drafts.", "state")
    with scope.of(by):
        rows = Iep.objects.visible_to(by)
        if whose == access.MINE:
            rows = rows.filter(author=by)
        else:
            scope.enter(scope.scope_of(by, Permission.EXPORT))
        yield getattr(rows, state)().order_by("student__sort_name", "pk")
