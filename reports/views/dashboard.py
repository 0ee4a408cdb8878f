"""The figures of a district or state: what stands today and how it went, each number leading to its list."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from organizations.measures import NOTHING, Measure
from reports.access import may_see
from reports.figures.access import Whose, chosen, places_of
from reports.figures.day_counts import Figures, figures
from reports.lists.every import every_list
from reports.rules.suppression import FEWEST, may_be_summed, suppressed, told
from rulebook.formulas import guarded
from security.models import User
from ui.charts import Bar
from ui.lists import Filter, ListState

WITHHELD = f"fewer than {FEWEST}, or withheld"
WEEKS_SHOWN = 12


@dataclass(frozen=True)
class Line:
    """One key of a measure. `n` is None where it is withheld; `share` of the largest, for the bar."""

    label: str
    n: int | None
    share: float
    ink: str
    url: str

    @property
    def words(self) -> str:
        return WITHHELD if self.n is None else f"{self.n:,}"


@dataclass(frozen=True)
class Shown:
    title: str
    what: str
    head: str
    total: int | None
    all_url: str
    lines: list[Line]
    trend: str
    weeks: list[Bar]
    file: str


@dataclass(frozen=True)
class Opening:
    """What a number opens: only for those who may see the children, and one district at a time, since the
    whole state is too many for one list. `day`: of the latest numbers; `seen`: the lists that this person
    may see."""

    whose: Whose
    day: date | None
    seen: frozenset[str]

    def one(self, measure: Measure, key: str) -> str:
        return self._url(measure, self.day, {measure.narrows: key or NOTHING})

    def all_of(self, measure: Measure, day: date | None) -> str:
        """The children of a day; what a list tells of today alone opens no other day."""
        return self._url(measure, day, {}) if measure.of_a_day else ""

    def _url(self, measure: Measure, day: date | None, narrowed: Mapping[str, str]) -> str:
        if not (self.whose.small_numbers and self.whose.district and measure.of_list in self.seen):
            return ""
        page = reverse("reports:list", args=[measure.of_list]) if measure.of_list else reverse(measure.link)
        asked = {"district": self.whose.district.pk, **measure.also, **narrowed}
        return f"{page}?{urlencode({**asked, 'day': str(day)} if measure.of_a_day else asked)}"


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    offered = places_of(request.user)
    whose = chosen(offered, request.GET.get("place", ""))
    day, found = figures(whose.state, whose.district)
    opening = Opening(whose, day, _lists_seen(request.user, found))
    context = {
        "whose": whose, "day": day, "fewest": FEWEST,
        "shown": [_shown(each, whose, opening) for each in found if each.numbers],
        "empty": [each.measure.title for each in found if not each.numbers],
        "state": ListState.read(request.GET, (), filters=_places(offered)),
    }  # fmt: skip
    return render(request, "reports/dashboard.html", context)


def _lists_seen(user: User, found: Sequence[Figures]) -> frozenset[str]:
    """The empty name is that of a page of its own, which refuses by itself."""
    slugs = {each.measure.of_list for each in found} - {""}
    return frozenset({"", *(slug for slug in slugs if may_see(user, every_list()[slug]))})


@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """Every number of the place as the page shows it; `?measure=` of one alone."""
    whose = chosen(places_of(request.user), request.GET.get("place", ""))
    wanted = request.GET.get("measure", "")
    day, found = figures(whose.state, whose.district)
    answer = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="figures-{day or "none"}.csv"'},
    )
    writer = csv.writer(answer)
    writer.writerow(["day", "measure", "group", "number"])
    for each in found:
        if wanted in ("", each.measure.slug):
            writer.writerows(_cells(each, whose, day))
    return answer


def _cells(found: Figures, whose: Whose, day: date | None) -> list[list[str]]:
    lines = _lines(found, whose)
    return [
        [str(day), found.measure.title, guarded(line.label), WITHHELD if line.n is None else str(line.n)]
        for line in lines
    ]


def _shown(found: Figures, whose: Whose, opening: Opening) -> Shown:
    measure, total = found.measure, found.total
    query = urlencode({"place": whose.value, "measure": measure.slug})
    return Shown(
        measure.title, measure.what, measure.head, total if whose.small_numbers else told(total),
        opening.all_of(measure, opening.day) if measure.of_a_day else "", _lines(found, whose, opening),
        measure.trend, _weeks(found, whose, opening), f"{reverse('reports:dashboard_csv')}?{query}",
    )  # fmt: skip


def _lines(found: Figures, whose: Whose, opening: Opening | None = None) -> list[Line]:
    """A code that no table knows opens nothing."""
    shown = dict(found.numbers) if whose.small_numbers else suppressed(found.numbers)
    words, most = found.measure.words(), max(found.numbers.values(), default=0) or 1
    return [
        Line(
            words.get(key, key), n, (n or 0) / most,
            "warn" if key in found.measure.warns else "soft",
            opening.one(found.measure, key) if n and opening and key in words else "",
        )
        for key, n in shown.items()
    ]  # fmt: skip


def _weeks(found: Figures, whose: Whose, opening: Opening) -> list[Bar]:
    """A week that is over opens where the list can be asked for its day."""
    weeks = found.weeks[-WEEKS_SHOWN:]
    if not found.measure.trend or len(weeks) < 2 or not (whose.small_numbers or _tell_of_nobody(found)):
        return []
    return [
        Bar(f"{day:%b} {day.day}", n, url=opening.all_of(found.measure, day) if n else "") for day, n in weeks
    ]


def _tell_of_nobody(found: Figures) -> bool:
    """The weeks before as well: on its day, the page showed the numbers of each."""
    days = list(found.by_week.values())[-WEEKS_SHOWN:]
    return all(may_be_summed(numbers, found.measure.is_in_trend) for numbers in days)


def _places(offered: list[Whose]) -> tuple[Filter, ...]:
    choices = [(place.value, place.name) for place in offered]
    return (Filter("place", "Whose", choices, wide=True),) if len(offered) > 1 else ()
