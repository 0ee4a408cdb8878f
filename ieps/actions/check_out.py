"""A section is taken out by one person, given back, or taken away from them with a reason."""

from datetime import timedelta
from functools import cache

from django.db import IntegrityError, transaction
from django.db.models.functions import Least
from django.utils import timezone

from ieps import access
from ieps.models import CheckOut, Iep
from ieps.models.check_out import GRACE, until_when
from journal.actions import record
from security import asked_often
from security.actions.notices import tell
from security.models import User
from security.refusals import RuleBroken
from ui.dates import short_clock
from ui.two_texts import plain

MOVES_BY = timedelta(minutes=1)
HOLDING = (("h", CheckOut), ("u", User))
LONGEST_REASON = 500


class TakenOut(RuleBroken):
    """Somebody else has the section alone; `held` says who, and until when."""

    def __init__(self, held: CheckOut) -> None:
        super().__init__(sentence_of(held))
        self.held = held


def sentence_of(held: CheckOut) -> str:
    until = short_clock(timezone.localtime(held.until))
    return f"{held.by} has taken this section out and writes in it alone until {until}."


@transaction.atomic
def take_out(*, by: User, iep: Iep, section: str) -> CheckOut:
    """From now on only this person saves here, until some time after the last keystroke.

    `section` is one of the form. Raises TakenOut while another person has it, NotAllowed, RuleBroken.
    """
    access.check_may_write(by, iep)
    held = _open(iep, section, lock=True)
    if held and held.by_id == by.pk and not held.is_over:
        return _moved(held)
    if held and not held.is_over:
        raise TakenOut(held)
    if held:
        _end(held, CheckOut.End.EXPIRED)
    taken = _taken(by, iep, section)
    _tell("IEP_SECTION_TAKEN_OUT", "Took a section of the IEP out", taken, by)
    return taken


@transaction.atomic
def give_back(*, by: User, iep: Iep, section: str) -> None:
    """Whoever had it writes on with the others; nothing happens when it was not theirs."""
    held = _open(iep, section, lock=True)
    if held and held.by_id == by.pk:
        _end(held, CheckOut.End.EXPIRED if held.is_over else CheckOut.End.GIVEN_BACK, by)
        _tell("IEP_SECTION_GIVEN_BACK", "Gave a section of the IEP back", held, by)


@transaction.atomic
def take_away(*, by: User, iep: Iep, section: str, reason: str) -> None:
    """Who leads ends the check-out of another person, who is told. Raises NotAllowed, RuleBroken."""
    access.check_may_take_away(by, iep)
    reason = plain(reason).strip()
    held = _open(iep, section, lock=True)
    if held is None or held.is_over:
        raise RuleBroken("Nobody has this section alone any more.")
    if not reason:
        raise RuleBroken("Say why it is taken away: the reason is kept in the journal.", "reason")
    if len(reason) > LONGEST_REASON:
        raise RuleBroken(f"Say it in at most {LONGEST_REASON} characters.", "reason")
    _end(held, CheckOut.End.BROKEN, by, reason)
    _tell("IEP_CHECK_OUT_BROKEN", "Took a check-out of the IEP away", held, by, reason=reason)
    words = f"{by} ended your check-out of a section of an IEP. What you typed is kept."
    tell([held.by], words, key=f"check-out-{held.pk}", address=f"/ieps/{iep.pk}/{section}/")


def leave(*, by: User, iep: Iep, section: str) -> None:
    """The page was left: the section is free in a minute, unless its holder is back by then."""
    soon = Least("until", timezone.now() + GRACE)
    CheckOut.objects.held().filter(iep=iep, section=section, by=by).update(until=soon)


def held_by_other(by: User, iep: Iep, section: str) -> CheckOut | None:
    """Asked by every save. A save of the holder moves the end."""
    held = _open(iep, section)
    if held is None or held.is_over:
        return None
    if held.by_id == by.pk:
        _moved(held)
        return None
    return held


def check_not_taken_out(by: User, iep: Iep, section: str) -> None:
    """Raises TakenOut."""
    if held := held_by_other(by, iep, section):
        raise TakenOut(held)


def _open(iep: Iep, section: str, lock: bool = False) -> CheckOut | None:
    """With who has it; asked by every save, so written out."""
    statement = f"{_open_one()} FOR UPDATE OF h" if lock else _open_one()
    rows = asked_often.rows(statement, {"iep": iep.pk, "section": section})
    return next(map(_with_holder, rows), None)


def _with_holder(row: tuple) -> CheckOut:
    held, held.by = asked_often.objects(HOLDING, row)
    return held


@cache
def _open_one() -> str:
    return f"""SELECT {asked_often.columns(HOLDING)}
        FROM ieps_checkout h JOIN security_user u ON u.id = h.by_id
        WHERE h.iep_id = %(iep)s AND h.section = %(section)s AND h.ended_at IS NULL"""  # noqa: S608  our own


def _taken(by: User, iep: Iep, section: str) -> CheckOut:
    try:
        with transaction.atomic():
            return CheckOut.objects.create(iep=iep, section=section, by=by, until=until_when())
    except IntegrityError as second:
        held = _open(iep, section)
        if held is None:
            raise
        raise TakenOut(held) from second


def _moved(held: CheckOut) -> CheckOut:
    """Written at most once a minute."""
    until = until_when()
    if until - held.until >= MOVES_BY:
        CheckOut.objects.open().filter(pk=held.pk).update(until=until)
        held.until = until
    return held


def _end(held: CheckOut, end: CheckOut.End, by: User | None = None, reason: str = "") -> None:
    held.ended_at, held.end, held.ended_by, held.reason = timezone.now(), end, by, reason
    held.save(update_fields=["ended_at", "end", "ended_by", "reason"])


def _tell(kind: str, words: str, held: CheckOut, by: User, **details: str) -> None:
    iep = held.iep
    place = {"student_id": iep.student_id, "district_id": iep.district_id}
    record(kind, words, by=by, **place, iep=iep.pk, section=held.section, **details)
