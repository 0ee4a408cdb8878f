"""The annual goals of IEPs as they are written, and how they go on from one IEP to the next."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from ieps.models import GoalReport, Line, Measurement, SectionText
from ieps.models.iep import IN_FORCE
from ieps.rules.progress import weeks_of

PLANS = "INS"
MOST_YEARS = 30  # a goal that is copied year by year ends before that


@dataclass(frozen=True)
class Goal:
    """One annual goal of an IEP. `lines`: its line and those of earlier IEPs that it came from."""

    line: int
    iep: int
    number: int
    area: str = ""
    goal: str = ""
    baseline: str = ""
    criterion: str = ""
    target_date: str = ""
    method: str = ""
    lines: tuple[int, ...] = ()

    @property
    def title(self) -> str:
        return f"Goal {self.number}{f', {self.area}' if self.area else ''}"


def in_force(first: date, last: date) -> Q:
    """Official IEPs that are in effect on some day from one to the other."""
    begun = Q(first_day__lte=last) | Q(first_day=None, meeting_date__lte=last)
    still = Q(replaced_from=None) | Q(replaced_from__gt=first)
    return Q(status__in=IN_FORCE) & begun & still & (Q(last_day=None) | Q(last_day__gte=first))


def goals_of(ieps: Iterable[int]) -> dict[int, list[Goal]]:
    """The goals of each IEP in their order. Three queries, and one more for each earlier year."""
    lines = list(Line.objects.standing().filter(iep__in=list(ieps), section=PLANS, table=""))
    texts: dict[int, dict[str, str]] = defaultdict(dict)
    written = SectionText.objects.filter(line__in=[line.pk for line in lines])
    for line_id, field, text in written.values_list("line_id", "field", "text"):
        texts[line_id][field.partition(".")[2]] = text.strip()
    earlier, found = _earlier(lines), defaultdict(list)
    for line in lines:
        said = {key: text for key, text in texts[line.pk].items() if key in Goal.__dataclass_fields__}
        own = (line.pk, *earlier[line.pk])
        found[line.iep_id].append(Goal(line.pk, line.iep_id, len(found[line.iep_id]) + 1, lines=own, **said))
    return dict(found)


def _earlier(lines: Iterable[Line]) -> Mapping[int, tuple[int, ...]]:
    """By line, those that it came from, the latest first."""
    at = {line.pk: line.came_from_id for line in lines}
    found: dict[int, tuple[int, ...]] = dict.fromkeys(at, ())
    for _ in range(MOST_YEARS):
        wanted = {line: before for line, before in at.items() if before and before not in found[line]}
        if not wanted:
            break
        came_from = dict(Line.objects.filter(pk__in=wanted.values()).values_list("pk", "came_from_id"))
        for line, before in wanted.items():
            found[line] = (*found[line], before)
            at[line] = came_from.get(before)
    return found


def measured(goals: Collection[Goal]) -> dict[int, list[Measurement]]:
    """By line of the goal, what was measured in this IEP and those before, by day. One query."""
    of = {line: goal.line for goal in goals for line in goal.lines}
    rows = Measurement.objects.filter(goal__in=list(of)).select_related("by", "withdrawn_by")
    found: dict[int, list[Measurement]] = {goal.line: [] for goal in goals}
    for row in rows:
        found[of[row.goal_id]].append(row)
    return found


def reported(goals: Collection[Goal]) -> dict[int, list[GoalReport]]:
    """By line of the goal, what was written about its progress, the latest period first. One query."""
    of = {line: goal.line for goal in goals for line in goal.lines}
    rows = GoalReport.objects.filter(goal__in=list(of)).select_related("saved_by")
    found: dict[int, list[GoalReport]] = {goal.line: [] for goal in goals}
    for row in rows:
        found[of[row.goal_id]].append(row)
    return found


def weeks_between_reports(ieps: Collection[int]) -> dict[int, int]:
    """By IEP, every how many weeks the parents get a report, as its placement section says."""
    texts = SectionText.objects.filter(iep__in=list(ieps), section="PLC", field="every_weeks")
    said = dict(texts.values_list("iep_id", "text"))
    return {pk: weeks_of(said.get(pk, "")) for pk in ieps}
