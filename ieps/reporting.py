"""Which progress reports are due for IEPs in effect, and how far each is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from evaluations.rules.standing import Standing
from ieps.goals import Goal, goals_of, measured, reported, weeks_between_reports
from ieps.models import GoalReport, Iep, Measurement
from ieps.rules.progress import Period, Said, period_of, periods, why_not_issue
from organizations.calendars import calendars_of
from organizations.rules.calendar import school_year_of
from organizations.rules.days import PlaceCalendar

NO_CALENDAR = "The district has no calendar for this school year: the grading periods follow from it."


@dataclass(frozen=True)
class GoalDue:
    """One goal with the report of the period, if one is begun, and what was measured last in it."""

    goal: Goal
    report: GoalReport | None = None
    last: Measurement | None = None


@dataclass(frozen=True)
class ReportDue:
    """The progress report of one IEP for one period; without a calendar there is none (`period` None)."""

    iep: Iep
    period: Period | None
    goals: tuple[GoalDue, ...] = ()
    earlier: tuple[Period, ...] = ()

    @property
    def notice_id(self) -> int | None:
        """The notice by which the parents were told."""
        return next((due.report.notice_id for due in self.goals if due.report and due.report.notice_id), None)

    @property
    def written(self) -> int:
        return sum(1 for due in self.goals if not _missing(due))

    @property
    def why_not_issue(self) -> str | None:
        return why_not_issue(_said(due) for due in self.goals)

    def standing(self, today: date) -> Standing:
        """Met once the parents were told; a report is due on the last day of its period (D18)."""
        if self.notice_id:
            return Standing.MET
        late = self.period is not None and self.period.last < today
        return Standing.LATE if late else Standing.OPEN


def reports_due(ieps: Sequence[Iep], day: date) -> list[ReportDue]:
    """Of each IEP for the period that the day lies in. Eight queries, and one for each earlier year."""
    weeks = weeks_between_reports([iep.pk for iep in ieps])
    calendars = calendars_of({iep.district_id for iep in ieps})
    goals = goals_of(iep.pk for iep in ieps)
    every = [goal for own in goals.values() for goal in own]
    values, reports = measured(every), reported(every)
    return [
        _due(iep, goals.get(iep.pk, []), values, reports, weeks[iep.pk], calendars.get(iep.district_id), day)
        for iep in ieps
    ]


def _due(
    iep: Iep, goals: Sequence[Goal], values: dict[int, list[Measurement]],
    reports: dict[int, list[GoalReport]], weeks: int, calendar: PlaceCalendar | None, day: date,
) -> ReportDue:  # fmt: skip
    those = _periods(calendar, weeks, day)
    period = period_of(those, day)
    if period is None:
        return ReportDue(iep, None, tuple(GoalDue(goal) for goal in goals))
    due = tuple(
        GoalDue(goal, _of(period, reports[goal.line]), _last(period, values[goal.line])) for goal in goals
    )
    return ReportDue(iep, period, due, tuple(one for one in those if one.last < period.first))


def _periods(calendar: PlaceCalendar | None, weeks: int, day: date) -> tuple[Period, ...]:
    terms = [t for t in calendar.terms if t.school_year == school_year_of(day)] if calendar else []
    return periods(terms[0], calendar.school_days, weeks) if calendar and terms else ()


def _of(period: Period, rows: Sequence[GoalReport]) -> GoalReport | None:
    return next((row for row in rows if row.last_day == period.last), None)


def _last(period: Period, rows: Sequence[Measurement]) -> Measurement | None:
    standing = [row for row in rows if row.withdrawn_at is None and row.on <= period.last]
    return standing[-1] if standing else None


def _said(due: GoalDue) -> Said:
    row = due.report
    return Said(due.goal.title, row.sufficient if row else None, row.text if row else "")


def _missing(due: GoalDue) -> bool:
    return due.report is None or due.report.sufficient is None or not due.report.text
