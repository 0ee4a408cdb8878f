"""The children behind significant disproportionality, counted by race for districts and their state."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Q

from enrollment.models import Enrollment
from evaluations.rules.codes import exceptionalities
from journal.actions import record
from organizations.models import District, State
from reports.figures.measures import age_of, primary, race_of, races, setting_of, with_special_education
from reports.models import DisproportionalitySettings
from reports.rules.disproportionality import (
    NO_RACE,
    Analysis,
    Base,
    Compared,
    Group,
    Sizes,
    analyses,
    analysis,
    compare,
    is_significant,
)
from security import scope
from security.access import check
from security.models import User
from security.rules.roles import Permission

Groups = dict[str, Group]
KEPT = 6 * 3600  # seconds
OUTSIDE_IDEA = {row.code for row in exceptionalities() if not row.in_idea}
DEED = "decide how disproportionality is measured"


class Alike(NamedTuple):
    """So many children of one race and age; of those with special education the primary exceptionality and
    the setting."""

    race: str
    age: int
    n: int
    exceptionality: str = ""
    setting: str = ""


@dataclass(frozen=True)
class Finding:
    """One race in one analysis; `over`: was each year over the threshold, the latest first."""

    analysis: Analysis
    compared: Compared
    over: tuple[bool, ...]
    significant: bool


def settings_of(state: State) -> DisproportionalitySettings:
    """The saved ones, or what holds while nobody has decided."""
    rows = DisproportionalitySettings.objects.filter(state=state)
    return rows.first() or DisproportionalitySettings(state=state)


@transaction.atomic
def decide(
    *, by: User, state: State, threshold: Decimal | None, cell_size: int, n_size: int, years: int
) -> DisproportionalitySettings:
    """What the state asks for. Raises NotAllowed."""
    check(by, Permission.DECIDE_EXITS, None, DEED)
    decided = {"threshold": threshold, "cell_size": cell_size, "n_size": n_size, "years": years}
    kept, _ = DisproportionalitySettings.objects.update_or_create(state=state, defaults=decided)
    words = f"Decided the measures of disproportionality of {state}"
    record("DISPROPORTIONALITY", words, by=by, **{name: str(value) for name, value in decided.items()})
    return kept


def findings(district: District, day: date) -> list[Finding]:
    """Each analysis that the records can answer, by race, on the day and on that day of the years before.

    Those whose race nobody recorded come last, where there are any: who is left out is told.
    """
    asked = settings_of(district.state)
    sizes, threshold = Sizes(asked.cell_size, asked.n_size), asked.threshold and float(asked.threshold)
    years = [_of_day(district, _years_before(day, back), sizes) for back in range(asked.years)]
    found = []
    for (number, race), compared in years[0].items():
        if race == NO_RACE and not compared.group.n:
            continue
        over = tuple(year[number, race].exceeds(threshold) for year in years)
        found.append(Finding(analysis(number), compared, over, is_significant(over, asked.years)))
    return found


def _of_day(district: District, day: date, sizes: Sizes) -> dict[tuple[int, str], Compared]:
    here, state = _groups(Q(district=district), day), _of_state(district.state_id, day)
    return {
        (each.number, compared.race): compared
        for each in analyses()
        if each.held
        for compared in compare(here[each.number], state[each.number], sizes, list(races()))
    }


def _of_state(state: int, day: date) -> Mapping[int, Groups]:
    """Sums over all districts, whoever asks: they tell of nobody. Kept for some hours."""
    key = f"disproportionality:{state}:{day}"
    kept: dict[int, Groups] | None = cache.get(key)
    if kept is None:
        with scope.elevated():
            kept = _groups(Q(district__state=state), day)
        cache.set(key, kept, KEPT)
    return kept


def _groups(where: Q, day: date) -> dict[int, Groups]:
    """By analysis and race."""
    enrolled, identified = _enrolled(where, day), _with_disabilities(where, day)
    return {each.number: _of_analysis(each, enrolled, identified) for each in analyses()}


def _of_analysis(each: Analysis, enrolled: Iterable[Alike], identified: Iterable[Alike]) -> Groups:
    """Both the outcome and the base are of children of its ages."""
    of_age = [row for row in identified if each.is_of_age(row.age)]
    outcome = _by_race(row for row in of_age if each.counts(row.exceptionality, row.setting))
    whole = (row for row in enrolled if each.is_of_age(row.age)) if each.base is Base.ENROLLED else of_age
    return {race: Group(outcome[race], n) for race, n in _by_race(whole).items()}


def _by_race(rows: Iterable[Alike]) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in rows:
        found[row.race] += row.n
    return found


def _enrolled(where: Q, day: date) -> list[Alike]:
    rows = Enrollment.objects.on(day).filter(where, no_show=False).order_by().annotate(years=age_of(day))
    counted = rows.values_list("student__hispanic", "student__races", "years").annotate(
        n=Count("student", distinct=True)
    )
    return [Alike(race_of(bool(hispanic), letters), age, n) for hispanic, letters, age, n in counted]


def _with_disabilities(where: Q, day: date) -> list[Alike]:
    """Without those who are gifted or talented alone."""
    rows = with_special_education(day).filter(where)
    rows = rows.annotate(years=age_of(day), kind=primary(day), setting=setting_of(day))
    counted = rows.values_list("student__hispanic", "student__races", "years", "kind", "setting").annotate(
        n=Count("student", distinct=True)
    )
    return [
        Alike(race_of(bool(hispanic), letters), age, n, kind or "", setting or "")
        for hispanic, letters, age, kind, setting, n in counted
        if kind not in OUTSIDE_IDEA
    ]


def _years_before(day: date, years: int) -> date:
    """February 29 becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
