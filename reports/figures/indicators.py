"""The children behind indicators 11, 12 and 13 of a school year, each with its days and why it was late."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from enrollment.models import SpecialEducationActivity
from evaluations.models import Evaluation
from evaluations.rules import due_days
from evaluations.rules.ages import TRANSITION_PLAN, due_at_age
from evaluations.rules.codes import delay_reasons_wi, evaluation_types, extension, outcome
from evaluations.rules.countings import Event
from ieps.models import Iep, IepStatus
from ieps.rules.indicator_13 import Finding
from ieps.transition import asks_of, checklists_of
from organizations.calendars import calendars_of
from organizations.rules.calendar import SchoolYearDates, add_months
from organizations.rules.days import PlaceCalendar
from reports.lists.children import records
from reports.rules import early_transition, timely_evaluation
from reports.rules.early_transition import AGE, Moving, Transition, transition
from reports.rules.indicators import EVALUATIONS, TRANSITION, YOUTH, Counts, excepted
from reports.rules.timely_evaluation import Timed, Timeliness, timeliness
from reports.rules.youth import Youth, left_out, missing, youth
from security.scope import Scope
from students.models import PartCHistory

WAS_OFFICIAL = (
    IepStatus.OFFICIAL, IepStatus.OFFICIAL_INCOMPLETE, IepStatus.AMENDED, IepStatus.SUPERSEDED,
    IepStatus.DELREQ,
)  # fmt: skip
FULL_IEPS = ("INI", "REV", "AMD")
NO_REASON = "No reason recorded"
COUNTED = "counted"
FACTS = (
    "pk", "student_id", "district_id", "district__state__profile", "referral_date", "consent_date",
    "consent_refused_on", "consent_revoked_on", "extension_code", "extended_to", "determination_date",
    "dissemination_date", "outcome", "delay_reason", "late_reason", "locked",
)  # fmt: skip
OF_THE_CHILD = ("student__birth_date", "student__part_c_since", "student__part_c_continued_on")
Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """One child in one district. `record_id`: the evaluation, of indicator 13 the IEP; `began`: the consent,
    the referral, or the IEP; `reason` of a delay, as a group, and `words` as they were written where they
    say more.
    """

    record_id: int
    student_id: int
    district_id: int
    stands: Timeliness | Transition | Youth
    began: date | None
    due: date | None
    done: date | None
    days_late: int
    reason: str
    words: str = ""


def lines_of(
    number: int, scope: Scope, districts: Iterable[int], year: SchoolYearDates, today: date
) -> list[Line]:
    """One line for each child and district that the scope reaches."""
    return READ[number](scope, districts, year, today)


def _initial(scope: Scope, districts: Iterable[int]) -> QuerySet[Evaluation]:
    kinds = [row.code for row in evaluation_types() if row.initial]
    return records(scope, Evaluation).filter(district_id__in=list(districts), kind__in=kinds)


def _evaluations(scope: Scope, districts: Iterable[int], year: SchoolYearDates, today: date) -> list[Line]:
    """Indicator 11: of two consents for one child, the later one counts. Three queries."""
    rows = _initial(scope, districts).filter(consent_date__range=(year.first_day, year.last_day))
    found = _one_each(rows.order_by("consent_date", "pk").values(*FACTS))
    calendars = calendars_of({facts["district_id"] for facts in found})
    return [_evaluated(facts, calendars.get(facts["district_id"]), today) for facts in found]


def _evaluated(facts: Facts, calendar: PlaceCalendar | None, today: date) -> Line:
    profile, consent = facts["district__state__profile"], facts["consent_date"]
    due = due_days.evaluation_due(profile, consent, calendar, facts["extended_to"])
    decided = outcome(facts["outcome"])
    done = _completed(facts, by_report=due.counting.met_by is Event.DISSEMINATED)
    case = Timed(
        counted_to=due.counted_to,
        due=due.day,
        completed=done if decided and decided.determines else None,
        withdrawn=facts["consent_revoked_on"],
        excepted=bool(_exception(facts)),
    )
    stands = timeliness(case, today)
    late = timely_evaluation.days_late(case, today)
    return _line(facts, stands, consent, due.day, case.completed, late)


def _completed(facts: Facts, *, by_report: bool) -> date | None:
    """An old record that is locked was given out; the day was not always kept."""
    if by_report and not facts["locked"]:
        return facts["dissemination_date"]
    return (facts["dissemination_date"] if by_report else None) or facts["determination_date"]


def _transitions(scope: Scope, districts: Iterable[int], year: SchoolYearDates, today: date) -> list[Line]:
    """Indicator 12: a child's first referral in a district counts. One query."""
    born = [add_months(day, -12 * AGE) for day in (year.first_day, year.last_day)]
    ieps = Iep.objects.filter(student=OuterRef("student_id"), status__in=WAS_OFFICIAL)
    first = ieps.annotate(day=Coalesce("first_day", "meeting_date")).exclude(day=None).order_by("day")
    rows = _initial(scope, districts).filter(
        student__part_c_history=PartCHistory.YES, student__birth_date__range=born
    )
    rows = rows.annotate(iep_from=Subquery(first.values("day")[:1])).order_by("-referral_date", "-pk")
    return [_moved(facts, today) for facts in _one_each(rows.values(*FACTS, "iep_from", *OF_THE_CHILD))]


def _moved(facts: Facts, today: date) -> Line:
    decided = outcome(facts["outcome"])
    refusals = filter(None, (facts["consent_refused_on"], facts["consent_revoked_on"]))
    child = Moving(
        birth_date=facts["student__birth_date"],
        referred=facts["referral_date"],
        early_since=facts["student__part_c_since"],
        went_on=facts["student__part_c_continued_on"] is not None,
        determined=facts["determination_date"] if decided and decided.determines else None,
        eligible=bool(decided and decided.eligible),
        iep_from=facts["iep_from"],
        refused_on=min(refusals, default=None),
        excepted=bool(_exception(facts)),
    )
    stands = transition(child, today)
    late = early_transition.days_late(child, today)
    return _line(facts, stands, child.referred, child.turns_three, child.decided, late)


def _youth(scope: Scope, districts: Iterable[int], year: SchoolYearDates, today: date) -> list[Line]:
    """Indicator 13: of the IEPs in effect today, or at the end of a year that is over. Eight queries."""
    day = min(year.last_day, today)
    begun = Q(first_day__lte=day) | Q(first_day=None, meeting_date__lte=day)
    rows = records(scope, Iep).filter(begun, district_id__in=list(districts), status__in=WAS_OFFICIAL)
    rows = rows.filter(Q(last_day=None) | Q(last_day__gte=year.first_day), kind__in=FULL_IEPS)
    rows = rows.annotate(goes_on=_goes_on(day)).select_related("student__state")
    latest = {(iep.student_id, iep.district_id): iep for iep in rows.order_by("meeting_date", "pk")}.values()
    ieps = [iep for iep in latest if _is_of_age(iep, day) and (not iep.last_day or iep.last_day >= day)]
    why_not = {iep.pk: left_out(asks=asks_of(iep), goes_on=iep.goes_on) for iep in ieps}
    found = checklists_of([iep for iep in ieps if not why_not[iep.pk]], day)
    return [_of_youth(iep, found.get(iep.pk, ()), why_not[iep.pk]) for iep in ieps]


def _goes_on(day: date) -> Exists:
    """In the district of the IEP; the legacy system gave some activities none."""
    there = Q(district=OuterRef("district")) | Q(district=None)
    rows = SpecialEducationActivity.objects.going_on(day).filter(there, student=OuterRef("student"))
    return Exists(rows.filter(first_day__lte=day))


def _is_of_age(iep: Iep, day: date) -> bool:
    due = due_at_age(TRANSITION_PLAN, iep.student.state.profile, iep.student.birth_date)
    return due is not None and due.start <= day


def _of_youth(iep: Iep, findings: Sequence[Finding], why_not: Youth | None) -> Line:
    return Line(
        iep.pk, iep.student_id, iep.district_id, why_not or youth(findings),
        iep.first_day or iep.meeting_date, iep.last_day, None, 0, missing(findings),
    )  # fmt: skip


def fits(line: Line, chosen: Mapping[str, str]) -> bool:
    """By district, standing, reason, and what the child counts as; “counted” are those in the denominator."""
    counts, wanted = line.stands.counts, chosen.get("counts", "")
    counted = counts in (Counts.IN_TIME, Counts.NOT_IN_TIME)
    said = {"stands": line.stands.name.lower(), "reason": line.reason, "district": str(line.district_id)}
    as_wanted = counted if wanted == COUNTED else wanted in ("", counts.name.lower())
    return as_wanted and all(chosen.get(name, value) == value for name, value in said.items())


READ: dict[int, Callable[[Scope, Iterable[int], SchoolYearDates, date], list[Line]]] = {
    EVALUATIONS: _evaluations,
    TRANSITION: _transitions,
    YOUTH: _youth,
}


def _one_each(rows: Iterable[Facts]) -> list[Facts]:
    """The last row of each child in each district."""
    return list({(facts["student_id"], facts["district_id"]): facts for facts in rows}.values())


def _line(
    facts: Facts, stands: Timeliness | Transition, began: date | None, due: date | None,
    done: date | None, days_late: int,
) -> Line:  # fmt: skip
    reason, words = _reason(facts, stands.counts)
    return Line(
        facts["pk"],
        facts["student_id"],
        facts["district_id"],
        stands,
        began,
        due,
        done,
        days_late,
        reason,
        words,
    )


def _exception(facts: Facts) -> str:
    return excepted(facts["extension_code"], facts["delay_reason"], facts["outcome"])


def _reason(facts: Facts, counts: Counts) -> tuple[str, str]:
    """Only of whom a reason is asked: of who is late, and of who is left out."""
    if counts not in (Counts.NOT_IN_TIME, Counts.LEFT_OUT):
        return "", ""
    if why := _exception(facts):
        return why, facts["late_reason"]
    if facts["consent_refused_on"] or facts["consent_revoked_on"]:
        return "The parents refused or withdrew their consent", ""
    delays = {row.code: row.name for row in delay_reasons_wi()}
    longer = extension(facts["extension_code"])
    named = delays.get(facts["delay_reason"], "") or (longer.name if longer else "")
    return named or (NO_REASON if counts is Counts.NOT_IN_TIME else ""), facts["late_reason"]
