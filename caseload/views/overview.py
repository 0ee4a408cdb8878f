"""The supervisor's view: how much is due by person, school and deadline, each number a list."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Case, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from caseload.models.deadline import DeadlineQuerySet
from caseload.rules.sources import listed
from caseload.views.deadlines import (
    NOBODY,
    OVERDUE,
    SOON,
    WHEN,
    district_filter,
    list_url,
    name_of,
    open_in,
    which,
)
from caseload.views.place import reach_of
from organizations.models import Site
from security.access import holds_anywhere
from security.models import User
from security.rules.roles import Permission
from ui.lists import Column, Count, ListState, Page
from ui.parts import Cell

MOST_ROWS = 100  # of a table in numbers
NUMBERS = tuple(Column(when, words, numeric=True) for when, words in WHEN.items())
PERSON, SCHOOL, NUMBER = "responsible_id", "site_id", "number"
BY = (PERSON, SCHOOL, NUMBER)

# Each row of the answer is about one of the three, by their order; the others are empty.
COUNT = f"""
    SELECT CASE grouping({", ".join(BY)}) WHEN 3 THEN 0 WHEN 5 THEN 1 ELSE 2 END,
        {", ".join(BY)}, time, count(*)
    FROM ({{rows}}) due WHERE time IS NOT NULL
    GROUP BY GROUPING SETS ({", ".join(f"({by}, time)" for by in BY)})
"""  # noqa: S608  our own names; the rows come with their parameters
Numbers = dict[str, int]
Table = dict[Any, Numbers]


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    reach, today = reach_of(request), timezone.localdate()
    found, kept = counted(open_in(reach), today), {"district": str(reach.district.pk)}
    people = User.objects.filter(pk__in=foremost(found[PERSON]))
    sites = Site.objects.filter(pk__in=foremost(found[SCHOOL]))
    tables = [
        ("By person", "With", found[PERSON], {None: "Nobody", **{row.pk: str(row) for row in people}},
         _linking("who", NOBODY, kept)),
        ("By school", "School", found[SCHOOL], {None: "No school", **dict(sites.values_list("pk", "name"))},
         _linking("site", "", kept)),
        ("By deadline", "Deadline", found[NUMBER], {number: name_of(number) for number in listed()},
         _linking("number", "", kept)),
    ]  # fmt: skip
    context = {
        "district": reach.district,
        "waiting": reach.waiting,
        "tables": [(title, _table(*parts)) for title, *parts in tables],
        "totals": _totals(found[NUMBER], kept),
        "may_reassign": holds_anywhere(request.user, Permission.REASSIGN),
        "state": ListState.read(request.GET, (), filters=district_filter(reach)),
    }
    return render(request, "caseload/overview.html", context)


def counted(rows: DeadlineQuerySet, today: date) -> dict[str, Table]:
    """By each of BY: how many are due at each time; one query counts it all, and looks at each row once."""
    time = Case(*(When(which(when, today), then=Value(when)) for when in WHEN))
    found: dict[str, Table] = {by: defaultdict(lambda: dict.fromkeys(WHEN, 0)) for by in BY}
    statement, values = rows.order_by().annotate(time=time).values(*BY, "time").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(rows=statement), values)
        for which_of, *keys, when, n in cursor.fetchall():
            found[BY[which_of]][keys[which_of]][when] = n
    return found


def foremost(table: Table) -> list[Any]:
    """Those with the most overdue first, as many as are shown."""
    return sorted(table, key=lambda key: [-n for n in table[key].values()])[:MOST_ROWS]


def _totals(table: Table, kept: Mapping[str, str]) -> list[tuple[int, str, str, str]]:
    """Number, label, address and tone of each time."""
    tones = {OVERDUE: "bad", SOON: "warn"}
    numbers = ((when, sum(row[when] for row in table.values())) for when in WHEN)
    return [
        (n, WHEN[when], list_url(when=when, **kept) if n else "", tones.get(when, "") if n else "")
        for when, n in numbers
    ]


def _table(label: str, table: Table, names: Mapping[Any, str], link: Callable[[Any, str], str]) -> Page:
    rows = [
        {"name": names.get(key, ""), **{
            when: Cell(f"{n:,}", link(key, when)) if n else 0 for when, n in table[key].items()
        }}
        for key in foremost(table)
    ]  # fmt: skip
    count = Count(len(table), capped=len(table) > MOST_ROWS)
    return Page(ListState((Column("name", label), *NUMBERS)), rows, count, count.capped)


def _linking(name: str, without: str, kept: Mapping[str, str]) -> Callable[[Any, str], str]:
    """`without` is how a list names the group that has none; where it cannot, there is no link."""
    begins = list_url(**kept)

    def link(key: Any, when: str) -> str:
        value = without if key is None else str(key)
        return f"{begins}&{urlencode({'when': when, name: value})}" if value else ""

    return link
