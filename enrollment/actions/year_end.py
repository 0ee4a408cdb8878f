"""The end of a school year for a whole school: many exits and entries by the verbs of one.

It is kept as a load is: rehearsed row by row, then done as a job, and taken back as a whole. A rehearsal does
everything and takes it back, so that each refusal of a rule is known, and said, before anything is changed.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from enrollment.access import check_may_end_year
from enrollment.actions.enter import Papers, enter_student
from enrollment.actions.exit import exit_student
from enrollment.actions.feed_changes import keep_changes, remember, write_as_feed
from enrollment.models import YEAR_END, Enrollment, FeedLoad, FeedRow, FeedState
from enrollment.rules.feed import Does
from enrollment.rules.year_end import Then, next_year
from jobs.actions import enqueue, open_job
from journal.actions import record
from organizations.models import District, SchoolYear, Site
from security import scope
from security.models import User
from security.refusals import NotAllowed, RuleBroken, Stale

Told = Callable[..., None]
TOLD_EVERY = 25  # children
CONTRADICTS = "It contradicts a record of this child: the dates of two enrollments overlap."


@dataclass(frozen=True, kw_only=True)
class ForAll:
    """What is said for every child: an exit, an entry behind it, or both. An empty code: not that."""

    exit_code: str = ""
    last_day: date | None = None
    how_known: str = ""
    entry_code: str = ""
    first_day: date | None = None
    site: Site | None = None
    grade: Then = Then.NEXT_GRADE
    papers: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True)
class ForOne:
    """Where one child differs; an empty `exit_code` is the one of all."""

    then: Then = Then.AS_ALL
    exit_code: str = ""


@transaction.atomic
def order_year_end(
    *, by: User, district: District, year: SchoolYear, enrollments: Sequence[Enrollment], for_all: ForAll,
    for_one: Mapping[int, ForOne],
) -> FeedLoad:  # fmt: skip
    """Keep what is wanted and have it rehearsed; no record of a child changes yet.

    `for_one` by enrollment id. Raises NotAllowed, or RuleBroken when nobody is left to leave or enter.
    """
    check_may_end_year(by, district)
    wanted = [(row, for_one.get(row.pk, ForOne())) for row in enrollments]
    rows = [(row, _said(row, for_all, one)) for row, one in wanted if one.then != Then.LEFT_OUT]
    if not rows:
        raise RuleBroken("Every child is left out: there is nothing to do.")
    load = FeedLoad.objects.create(
        district=district, school_year=year, sha256=uuid.uuid4().hex, layout=YEAR_END, by_id=by.pk
    )
    FeedRow.objects.bulk_create(
        FeedRow(load=load, district=district, line=line, fields=said, does=_does(said),
                student_id=row.student_id, enrollment_id=row.pk)
        for line, (row, said) in enumerate(rows, start=1)
    )  # fmt: skip
    return _queue(load, by, "enrollment.tasks.rehearse_year_end", "Rehearse the year-end")


def rehearse(load: FeedLoad, tell: Told) -> FeedLoad:
    """What each exit and entry would do, and why one is refused. Changes no record of a child.

    One that is rehearsed already, or further on, stays as it is: the task may be delivered twice.
    """
    with scope.system():
        load = _locked(load)
        if load.state != FeedState.CHECKING:
            return load
        by = User.objects.get(pk=load.by_id)
        with transaction.atomic():
            refused = _carry_out(load, by, tell)
            transaction.set_rollback(True)
        return _save(load, FeedState.CHECKED, refused)


@transaction.atomic
def start_year_end(*, by: User, load: FeedLoad) -> FeedLoad:
    """A person has seen the rehearsal and has it done. Raises NotAllowed, Stale."""
    check_may_end_year(by, load.district)
    load = _locked(load)
    if load.state != FeedState.CHECKED:
        raise Stale(f"This year-end is {load.stands} already. Nothing was changed a second time.")
    load.decided_by_id = by.pk
    return _queue(load, by, "enrollment.tasks.carry_out_year_end", "Carry out the year-end")


def carry_out(load: FeedLoad, tell: Told) -> FeedLoad:
    """All rows that no rule refuses, in one transaction; carried out once, however often it is called."""
    with scope.system():
        load = _locked(load)
        if load.state != FeedState.CHECKED:
            return load
        by = User.objects.get(pk=load.decided_by_id or load.by_id)
        check_may_end_year(by, load.district)
        child_of_line = dict(load.rows.values_list("line", "student_id"))
        write_as_feed(load, by)
        remember(child_of_line.values())
        refused = _carry_out(load, by, tell)
        keep_changes(load, [child for line, child in child_of_line.items() if line not in refused])
        load.loaded_at = timezone.now()
        done = _save(load, FeedState.LOADED, refused)
        words = f"year-end: {done.counts['exit']} left, {done.counts['new']} entered again"
        record("YEAR_END", words, by=by, district_id=load.district_id, feed=load.pk)
        return done


def _said(row: Enrollment, for_all: ForAll, one: ForOne) -> dict[str, str]:
    """One child's exit and entry in words, as they are kept."""
    child = row.student
    said = {
        "state_student_id": child.state_student_id, "last_name": child.last_name,
        "first_name": child.first_name, "grade": row.grade or child.grade,
    }  # fmt: skip
    if for_all.exit_code:
        said |= {
            "exit_code": one.exit_code or for_all.exit_code, "exit_date": f"{for_all.last_day}",
            "how_known": for_all.how_known,
        }  # fmt: skip
    if not for_all.entry_code:
        return said
    ahead = next_year(said["grade"], for_all.grade, one.then)
    said |= {"note": ahead.why}
    if ahead.grade:
        said |= {
            "entry_code": for_all.entry_code, "entry_date": f"{for_all.first_day}",
            "entry_grade": ahead.grade, "entry_site": f"{(for_all.site or row.site).pk}",
            "entry_school": f"{for_all.site or row.site}",
            **{name: f"{day}" for name, day in for_all.papers.items()},
        }  # fmt: skip
    return said


def _does(said: Mapping[str, str]) -> Does:
    if "exit_code" in said:
        return Does.EXIT
    return Does.NEW if "entry_code" in said else Does.SAME


def _carry_out(load: FeedLoad, by: User, tell: Told) -> dict[int, str]:
    """Does every row; gives the sentences of those that a rule refuses, by line."""
    rows, refused = list(load.rows.all()), {}
    known = Enrollment.objects.select_related("student", "district__state", "site")
    enrollments = known.in_bulk({row.enrollment_id for row in rows})
    sites = Site.objects.in_bulk(
        {int(row.fields["entry_site"]) for row in rows if "entry_site" in row.fields}
    )
    tell(phase="Exit and enter", done=0, total=len(rows))
    for n, row in enumerate(rows, start=1):
        try:
            with transaction.atomic():
                _do(by, enrollments[row.enrollment_id], row.fields, sites)
        except (RuleBroken, NotAllowed) as refusal:
            refused[row.line] = str(refusal)
        except IntegrityError:
            refused[row.line] = CONTRADICTS
        if n % TOLD_EVERY == 0:
            tell(done=n)
    return refused


def _do(by: User, enrollment: Enrollment, said: Mapping[str, str], sites: Mapping[int, Site]) -> None:
    """Out and in again for one child: both, or neither."""
    if "exit_code" in said:
        exit_student(
            by=by, enrollment=enrollment, code=said["exit_code"], on=date.fromisoformat(said["exit_date"]),
            how_known=said["how_known"],
        )  # fmt: skip
    if "entry_code" in said:
        papers = {n: date.fromisoformat(said[n]) for n in Papers.__annotations__ if n in said}
        enter_student(
            by=by, child=enrollment.student, district=enrollment.district, code=said["entry_code"],
            site=sites[int(said["entry_site"])], on=date.fromisoformat(said["entry_date"]),
            grade=said["entry_grade"], papers=Papers(**papers), announced=True,
        )  # fmt: skip


def _save(load: FeedLoad, state: FeedState, refused: Mapping[int, str]) -> FeedLoad:
    rows, counted = list(load.rows.all()), Counter()
    for row in rows:
        row.errors = [refused[row.line]] if row.line in refused else []
        row.does = Does.REFUSED if row.errors else _does(row.fields)
        counted.update(_counted_as(row))
    FeedRow.objects.bulk_update(rows, ["errors", "does"], batch_size=500)
    load.state, load.counts = state, {what.value: counted[what] for what in Does}
    load.save()
    return load


def _counted_as(row: FeedRow) -> list[str]:
    """One who leaves and enters again counts as both."""
    if row.errors:
        return [Does.REFUSED]
    both = {Does.EXIT: "exit_code", Does.NEW: "entry_code"}
    return [what for what, code in both.items() if code in row.fields] or [Does.SAME]


def _locked(load: FeedLoad) -> FeedLoad:
    rows = FeedLoad.objects.select_for_update(of=("self",)).filter(layout=YEAR_END)
    return rows.select_related("district__state", "school_year").get(pk=load.pk)


def _queue(load: FeedLoad, by: User, task: str, title: str) -> FeedLoad:
    job = open_job(YEAR_END, f"{title}, {load.district}", owner_id=by.pk, feed=load.pk)
    load.job_id = job.pk
    load.save()
    enqueue(job, task)
    return load
