"""The page of figures of the largest district and of the whole state, after half a year of nights."""

from django.db import connection
from django.utils import timezone

from organizations.measures import measures
from organizations.models import District
from reports.figures.day_counts import EACH_DAY, WEEKS
from reports.models import DayCount
from security import scope
from security.models import User
from tests.bench.generated import use
from tests.bench.measure import Result, report
from tests.bench.pages import answers, p95, served, signed_in
from tests.bench.urls import BARE

TITLE = "Figures"
GOAL = 200.0  # ms at the 95th of 100
PAGE = "figures/"
FILL = """
    INSERT INTO reports_daycount (of_state_id, district_id, day, measure, key, n)
    SELECT place.state_id, place.district_id, %(today)s::date - back, %(measure)s, key, 10 + back
    FROM (SELECT state_id, id AS district_id FROM organizations_district
          UNION ALL SELECT DISTINCT state_id, NULL::bigint FROM organizations_district) place,
        unnest(%(keys)s::text[]) key, generate_series(0, %(last)s) back
    WHERE back <= %(daily)s OR extract(isodow FROM %(today)s::date - back) = 7
    ON CONFLICT DO NOTHING"""


def run(students: int) -> int:
    """Measure at a generated state of this many students; 0 when every goal is kept."""
    use(students)
    fill()
    large = District.objects.order_by("pk").first()
    places = {
        "largest district": ("large", f"{PAGE}?place={large.pk}"),
        "whole state": ("state", f"{PAGE}?place=state-{large.state_id}"),
    }
    cookies = {name: signed_in(User.objects.get(username=name)) for name, _ in places.values()}
    with served() as port:
        results = [
            page(port, words, path, cookies[name], users)
            for words, (name, path) in places.items()
            for users in (1, 4)
        ]
    report(f"{TITLE}, {students:,} students", results)
    return 0 if all(result.reached for result in results) else 1


def fill() -> None:
    """What the nights leave: each of five weeks' days, and the Sundays before them."""
    today = timezone.localdate()
    with scope.system(), connection.cursor() as cursor:
        for measure in measures():
            cursor.execute(FILL, {
                "today": today, "measure": measure.slug, "keys": list(measure.words()),
                "last": WEEKS * 7, "daily": EACH_DAY.days,
            })  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {DayCount._meta.db_table}")


def page(port: int, words: str, path: str, cookie: str, users: int) -> Result:
    for address in (BARE, path):
        answers(port, address, cookie, 5)
    bare, whole = p95(port, BARE, "", users), p95(port, path, cookie, users)
    at_once = "one user" if users == 1 else f"{users} users at once"
    return Result(f"figures, {words}, {at_once}, p95", bare, whole, f"≤ {GOAL:g} ms", whole <= GOAL)
