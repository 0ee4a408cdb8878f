"""A feed is sent, looked through, and loaded by the verbs that a registrar uses (OSSE 2016, slides 6-8).

Looking through rehearses: every row that would do something is done and taken back, so that a refusal of any
rule is known before anything is loaded. What stands here already costs only its checks.
"""

from collections import Counter
from collections.abc import Callable

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone

from documents.actions import sha256_of, store
from documents.models import Document
from documents.rules import EXTRACT, FileRefused
from enrollment.access import check_may_feed
from enrollment.actions.audit import audit_students, children_noted
from enrollment.actions.enter import Papers, enter_student
from enrollment.actions.exit import exit_student
from enrollment.actions.feed_changes import change_known, keep_changes, remember, write_as_feed
from enrollment.actions.stages import attend
from enrollment.feed import staging
from enrollment.feed.reading import layout_of, read_feed
from enrollment.feed.staging import Wanted
from enrollment.models import Enrollment, EnrollmentSettings, FeedLoad, FeedState
from enrollment.models.settings import HELD_SHARE
from enrollment.rules.feed import Does, FeedRefused, why_hold
from jobs.actions import enqueue, open_job
from journal.actions import record
from organizations.models import District, SchoolYear, Site
from security import scope
from security.models import User
from security.refusals import NotAllowed, RuleBroken, Stale
from students.actions.register import Child
from ui.dates import in_words

Told = Callable[..., None]
TOLD_EVERY = 100  # rows
ATTENDED = ("first_attended", "last_attended")
CONTRADICTS = "It contradicts a record of this child: the dates of two enrollments overlap."


def silent(**_: object) -> None:
    """Nobody watches."""


@transaction.atomic
def send_feed(
    *, by: User, district: District, year: SchoolYear, file: File, picked_up: bool = False, layout: str = ""
) -> FeedLoad:
    """Keep the file and have it looked through; nothing else changes yet. Raises NotAllowed, RuleBroken.

    `layout` names where the file comes from, if that says more than its looks.
    """
    check_may_feed(by, district)
    digest = sha256_of(file)
    if sentence := _why_not_again(district, digest):
        raise RuleBroken(sentence, "file")
    try:
        document = store(file, EXTRACT, by.pk, district_id=district.pk)
    except FileRefused as refusal:
        raise RuleBroken(str(refusal), "file") from None
    load = FeedLoad.objects.create(
        district=district, school_year=year, sha256=digest, document_id=document.pk, by_id=by.pk,
        layout=layout or layout_of(document.file), picked_up=picked_up,
    )  # fmt: skip
    return _queue(load, by, "enrollment.tasks.check_feed", f"Look through the feed of {district}")


def check_feed(load: FeedLoad, tell: Told = silent) -> FeedLoad:
    """The dry run: what every row would do, and what is wrong with it. Changes no record of a child.

    A feed that is checked already, or further on, stays as it is: the task may be delivered twice.
    """
    with scope.system():
        load = _locked(load)
        if load.state != FeedState.CHECKING:
            return load
        by = User.objects.get(pk=load.by_id)
        try:
            with transaction.atomic():
                counts = _judged(load, tell)
        except FeedRefused as refusal:
            return _refuse(load, str(refusal))
        with transaction.atomic(), children_noted():
            refused = _carry_out(load, by, tell)
            transaction.set_rollback(True)
        counts = staging.refuse(refused) if refused else counts
        staging.keep_rows(load)
        counts[Does.MISSING] = staging.keep_missing(load)
        why = why_hold(counts[Does.EXIT], _students(load), _held_share(load))
        return _save(load, FeedState.HELD if why else FeedState.CHECKED, why or "", counts)


@transaction.atomic
def start_loading(*, by: User, load: FeedLoad, reason: str = "") -> FeedLoad:
    """A person decides that this feed is loaded; one that is held needs their reason.

    Raises NotAllowed, RuleBroken, Stale.
    """
    check_may_feed(by, load.district)
    load = _locked(load)
    _check_waits(load)
    if load.state == FeedState.HELD and not reason.strip():
        raise RuleBroken("Say why so many students really leave, such as “a school closed”.", "reason")
    if reason.strip():
        _tell(load, by, f"is loaded: {reason.strip()[:200]}")
    load.decided_by_id = by.pk
    return _queue(load, by, "enrollment.tasks.load_feed", f"Load the feed of {load.district}")


@transaction.atomic
def refuse_feed(*, by: User, load: FeedLoad, reason: str) -> FeedLoad:
    """A person decides that this feed is not loaded. Raises NotAllowed, RuleBroken, Stale."""
    check_may_feed(by, load.district)
    load = _locked(load)
    _check_waits(load)
    if not reason.strip():
        raise RuleBroken("Say why it is not loaded: whoever sent it has to know.", "reason")
    load.decided_by_id = by.pk
    _tell(load, by, f"is not loaded: {reason.strip()[:200]}")
    return _refuse(load, reason.strip())


def load_feed(load: FeedLoad, tell: Told = silent) -> FeedLoad:
    """All rows that are not refused, in one transaction; judged anew, for much may have happened since."""
    with scope.system():
        load = _locked(load)
        if load.state not in (FeedState.CHECKED, FeedState.HELD):
            return load
        by = User.objects.get(pk=load.decided_by_id or load.by_id)
        check_may_feed(by, load.district)
        if sentence := _why_not_again(load.district, load.sha256):
            return _refuse(load, sentence)
        _judged(load, tell)
        write_as_feed(load, by)
        remember(staging.touched())
        with children_noted():
            refused = _carry_out(load, by, tell)
        counts = staging.refuse(refused)
        change_known()
        children = staging.children(load)
        audit_students(children)
        staging.keep_rows(load)
        counts[Does.MISSING] = load.counts.get(Does.MISSING, 0)
        keep_changes(load, children)
        load.loaded_at = timezone.now()
        _tell(load, by, f"loaded: {counts[Does.NEW]} new, {counts[Does.ATTENDS]} attend,"
              f" {counts[Does.EXIT]} exits, {counts[Does.CHANGED]} changed")  # fmt: skip
        return _save(load, FeedState.LOADED, "", counts)


def _judged(load: FeedLoad, tell: Told) -> Counter[str]:
    tell(phase="Read")
    with Document.objects.get(pk=load.document_id).file.open("rb") as file:
        total = staging.stage(read_feed(file))
    if not total:
        raise FeedRefused("The file has a header and no rows. Export it again.")
    tell(phase="Check", total=total)
    return staging.judge(load)


def _carry_out(load: FeedLoad, by: User, tell: Told) -> dict[int, str]:
    """Does the rows that enter or exit somebody; gives the sentences of those that a rule refuses."""
    rows, refused = staging.wanted(Does.NEW, Does.ATTENDS, Does.EXIT), {}
    sites = Site.objects.in_bulk({row.site_id for row in rows})
    tell(phase="Enter and exit", done=0, total=len(rows))
    for n, row in enumerate(rows, start=1):
        try:
            with transaction.atomic():
                _do(load, by, row, sites[row.site_id])
        except (RuleBroken, NotAllowed) as refusal:
            refused[row.line] = str(refusal)
        except IntegrityError:
            refused[row.line] = CONTRADICTS
        if n % TOLD_EVERY == 0:
            tell(done=n)
    return refused


def _do(load: FeedLoad, by: User, row: Wanted, site: Site) -> None:
    if row.does == Does.NEW:
        enrollment = _enter(load, by, row, site)
    else:
        known = Enrollment.objects.select_related("district__state", "site").get(pk=row.enrollment_id)
        enrollment = _come(by, row, known) if row.does == Does.ATTENDS else known
    if row.exit_code:
        exit_student(by=by, enrollment=enrollment, code=row.exit_code, on=row.days["exit_date"])
    told = {name: row.days[name] for name in ATTENDED if row.days[name]}
    attended = {name: day for name, day in told.items() if getattr(enrollment, name) != day}
    if attended:
        Enrollment.objects.filter(pk=enrollment.pk).update(**attended)


def _come(by: User, row: Wanted, registered: Enrollment) -> Enrollment:
    """The registered child came: no second enrollment (R2.04-R2.06)."""
    came = attend(
        by=by, enrollment=registered, code=row.entry_code, first_attended=row.days["first_attended"]
    )
    if came.first_day != row.days["entry_date"]:
        raise RuleBroken(
            f"Who came on {came.first_attended} enters on {came.first_day}, and the file says"
            f" {row.days['entry_date']}."
        )
    return came


def _enter(load: FeedLoad, by: User, row: Wanted, site: Site) -> Enrollment:
    cells = row.cells
    child = Child(
        state_student_id=cells["state_student_id"], last_name=cells["last_name"], sex=cells["sex"],
        first_name=cells["first_name"], middle_name=cells["middle_name"], birth_date=row.days["birth_date"],
    )  # fmt: skip
    return enter_student(
        by=by, child=child, district=load.district, site=site, code=row.entry_code,
        on=row.days["entry_date"], grade=cells["grade"], local_student_id=cells["local_student_id"],
        papers=Papers(
            forms_received_on=row.days["forms_received"],
            agreement_received_on=row.days["agreement_received"],
            first_attended=row.days["first_attended"],
        ),
    )  # fmt: skip


def _students(load: FeedLoad) -> int:
    rows = Enrollment.objects.filter(district=load.district, no_show=False).open()
    return rows.values("student_id").distinct().count()


def _held_share(load: FeedLoad) -> float:
    rows = EnrollmentSettings.objects.filter(state=load.district.state_id)
    return rows.values_list("held_share", flat=True).first() or HELD_SHARE


def _why_not_again(district: District, digest: str) -> str | None:
    """A file that was sent twice waits twice, and is loaded once."""
    known = FeedLoad.objects.filter(district=district, sha256=digest, state=FeedState.LOADED).first()
    on = known and in_words(timezone.localdate(known.loaded_at))
    return f"This very file was loaded on {on}. Nothing was changed a second time." if known else None


def _locked(load: FeedLoad) -> FeedLoad:
    rows = FeedLoad.objects.select_for_update(of=("self",))
    return rows.select_related("district__state", "school_year").get(pk=load.pk)


def _check_waits(load: FeedLoad) -> None:
    if load.state not in (FeedState.CHECKED, FeedState.HELD):
        raise Stale(f"This feed is {load.get_state_display()} already. Nothing was changed a second time.")


def _refuse(load: FeedLoad, why: str) -> FeedLoad:
    return _save(load, FeedState.REFUSED, why, Counter())


def _save(load: FeedLoad, state: FeedState, why: str, counts: Counter[str]) -> FeedLoad:
    load.state, load.why = state, why[:500]
    load.counts = {what.value: counts[what] for what in Does} if counts else load.counts
    load.save()
    return load


def _queue(load: FeedLoad, by: User, task: str, title: str) -> FeedLoad:
    phases = ["Read", "Check", "Enter and exit"]
    job = open_job("FEED", title, owner_id=by.pk, phases=phases, feed=load.pk)
    load.job_id = job.pk
    load.save()
    enqueue(job, task)
    return load


def _tell(load: FeedLoad, by: User, words: str) -> None:
    words = f"feed {load.pk} {words}"
    record("FEED", words, by=by, district_id=load.district_id, feed=load.pk)
