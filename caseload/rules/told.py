"""Deadlines that the notices to parents and the requests for records start: D06, D07, D20-D22 and D24."""

from collections.abc import Iterator
from datetime import date
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from caseload.rules.duty import Duty
from notices.rules.kinds import Kind, notice_row
from notices.rules.sending import BEFORE_MEETING, RECORDS
from organizations.rules.calendar import in_words, school_year_of

if TYPE_CHECKING:
    from caseload.rules.facts import ChildFacts

INITIAL_IEP = "INI"
SERVICES, SAFEGUARDS = "D06", "D22"
TAKEN_BACK = "Taken back by who asked"


class NoticeFacts(NamedTuple):
    """A notice that stands; `event` is the day that it is about, `told` when it first reached the parents."""

    id: int
    kind: str
    district_id: int
    writer_id: int | None = None
    event: date | None = None
    told: date | None = None
    evaluation_id: int | None = None
    refuses: bool = False


class RequestFacts(NamedTuple):
    """Of parents who ask to see the records; `withdrawn` when they asked for it no longer."""

    id: int
    district_id: int
    asked: date
    meeting: date | None = None
    answered: date | None = None
    withdrawn: bool = False


class ServicesFacts(NamedTuple):
    """The latest answer of the parents to the first services; `begun`: the first day of any."""

    given: bool
    answered: date
    begun: date | None = None


def duties_told(child: "ChildFacts") -> Iterator[Duty]:
    yield from _services(child)
    yield from _notices(child)
    yield from _safeguards(child)
    yield from _requests(child)


def _services(child: "ChildFacts") -> Iterator[Duty]:
    """D06. A refusal ends the duty: the district does not violate its own (34 CFR 300.300(b)(4))."""
    answer = child.services
    first = min(
        (iep for iep in child.ieps if iep.kind == INITIAL_IEP),
        key=lambda iep: (iep.met, iep.id),
        default=None,
    )
    if answer is None or first is None:
        return
    excuse = "" if answer.given else f"Consent to services refused on {in_words(answer.answered)}"
    yield Duty(
        SERVICES, "iep", first.id, first.met, first.district_id or child.district_id, first.author_id,
        child.site_id, answer.begun, excuse,
    )  # fmt: skip


def _notices(child: "ChildFacts") -> Iterator[Duty]:
    """D07, D20 and D21, counted back from the day that the notice is about; met when it is delivered."""
    for notice in child.notices:
        row = notice_row(notice.kind)
        if notice.event and row and row.event:
            yield _of_notice(child, notice, row.deadline, notice.event, notice.told)


def _safeguards(child: "ChildFacts") -> Iterator[Duty]:
    """D22, from the first copy of a school year to the next one, due in the year after."""
    copies: dict[date, NoticeFacts] = {}
    given = (one for one in child.notices if one.kind == Kind.SAFEGUARDS and one.told)
    for copy in sorted(given, key=lambda one: (one.told, one.id)):
        copies.setdefault(_next_year(copy), copy)
    for (start, copy), after in zip_longest(copies.items(), [*copies.values()][1:]):
        met = after.told if after else None
        yield _of_notice(child, copy, SAFEGUARDS, start, met, "" if met else child.why_out)


def _requests(child: "ChildFacts") -> Iterator[Duty]:
    """D24: within 45 days, and before the meeting for which they ask, if there is one."""
    for request in child.requests:
        yield _of_request(child, request, request.asked)
        if request.meeting:
            yield _of_request(child, request, request.meeting, BEFORE_MEETING)


def _next_year(copy: NoticeFacts) -> date:
    assert copy.told is not None
    given_in = school_year_of(copy.told).first_day
    return given_in.replace(year=given_in.year + 1)


def _of_notice(
    child: "ChildFacts",
    notice: NoticeFacts,
    number: str,
    start: date,
    met: date | None,
    excuse: str = "",
) -> Duty:
    return Duty(
        number, "notice", notice.id, start, notice.district_id, notice.writer_id, child.site_id, met, excuse
    )


def _of_request(child: "ChildFacts", request: RequestFacts, start: date, part: str = "") -> Duty:
    met, excuse = (None, TAKEN_BACK) if request.withdrawn else (request.answered, "")
    return Duty(
        RECORDS, "request", request.id, start, request.district_id, None, child.site_id, met, excuse,
        part=part,
    )  # fmt: skip
