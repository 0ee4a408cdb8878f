"""The figures of a district: counted at night, shown to whom they belong, small ones withheld."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from caseload.actions.dirty import count_marked
from edfi.models import Connection, Trouble
from enrollment.models import Finding
from evaluations.models import Exceptionality
from ieps.rules.codes import CodeSet, name_of
from organizations.measures import measures
from reports.figures.day_counts import count_the_day, figures
from reports.models import DayCount
from security import scope
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def mine():
    return make.DistrictFactory()


def child_of(district, lre: str = "RC80", author=None, **facts):
    child = make.StudentFactory(district=district, **facts)
    make.ActivityFactory(student=child, district=district, first_day=TODAY - timedelta(days=300))
    make.IepFactory(
        student=child, district=district, status="OFFICIAL", lre=lre, author=author,
        first_day=TODAY - timedelta(days=90),
    )  # fmt: skip
    evaluation = make.EvaluationFactory(
        student=child,
        district=district,
        outcome="ELIG",
        referral_date=TODAY - timedelta(days=250),
        consent_date=TODAY - timedelta(days=240),
        met_on=TODAY - timedelta(days=200),
        determination_date=TODAY - timedelta(days=200),
    )
    make.ExceptionalityFactory(evaluation=evaluation, rank=1, code="AUT")
    return child


def counted(day=TODAY) -> None:
    with scope.system():
        count_the_day(day)


def numbers(district, slug: str) -> dict[str, int]:
    _, found = figures(district.state, district)
    return next(each.numbers for each in found if each.measure.slug == slug)


def test_each_child_is_counted_once_by_environment_exceptionality_and_race(mine):
    child_of(mine, hispanic=True, races="W")
    child_of(mine, hispanic=False, races="BW")
    child_of(mine, hispanic=False, races="B")
    make.StudentFactory(district=mine)
    counted()
    assert numbers(mine, "environment") == {"RC80": 3}
    assert numbers(mine, "exceptionality") == {"AUT": 3}
    assert numbers(mine, "race") == {"HI7": 1, "MU7": 1, "BL7": 1}


def test_the_state_is_the_sum_of_its_districts(mine):
    other = make.DistrictFactory(state=mine.state)
    child_of(mine)
    child_of(other)
    counted()
    _, found = figures(mine.state, None)
    assert next(each.total for each in found if each.measure.slug == "environment") == 2


def test_counting_a_day_again_replaces_it(mine):
    child_of(mine)
    counted()
    counted()
    assert numbers(mine, "environment") == {"RC80": 1}


def test_after_five_weeks_one_day_of_each_week_stays(mine):
    days = [date(2026, 3, 1) + timedelta(days=n) for n in range(14)]  # begins with a Sunday
    DayCount.objects.bulk_create(
        DayCount(of_state=mine.state, district=mine, day=day, measure="race", key="WH7", n=1) for day in days
    )
    counted(date(2026, 6, 1))
    kept = DayCount.objects.filter(measure="race", day__lt=date(2026, 6, 1)).values_list("day", flat=True)
    assert sorted(kept) == [date(2026, 3, 1), date(2026, 3, 8)]


def test_weeks_lead_up_to_today(mine):
    last = date(2026, 6, 3)
    DayCount.objects.bulk_create(
        DayCount(of_state=mine.state, district=mine, day=day, measure="race", key="WH7", n=n)
        for day, n in [(date(2026, 5, 24), 11), (date(2026, 5, 26), 99), (date(2026, 5, 31), 12), (last, 13)]
    )
    _, found = figures(mine.state, mine)
    weeks = next(each.weeks for each in found if each.measure.slug == "race")
    assert weeks == [(date(2026, 5, 24), 11), (date(2026, 5, 31), 12), (last, 13)]


def test_a_data_manager_sees_every_number_with_its_list(mine, browse):
    child_of(mine)
    counted()
    browser = browse(make.UserFactory(role=Role.DATA_MANAGER, role__district=mine))
    page = browser.get(reverse("reports:dashboard"))
    text = page.content.decode()
    assert escape(name_of(CodeSet.LRE_SCHOOL_AGE, "RC80")) in text
    assert f"/lists/child-count/?district={mine.pk}&amp;by=rows&amp;setting=RC80" in text
    assert "withheld" not in text


def more_records(district) -> None:
    """Of what other apps count: deadlines at each time, case managers, a finding, a trouble."""
    author = make.UserFactory(role=Role.IEP_AUTHOR, role__district=district)
    child = child_of(district, author=author, hispanic=False, races="W")
    other = child_of(district, "", author, hispanic=False, races="")
    with scope.system():
        count_marked()
    ended = {"standing": "LATE", "met_on": TODAY}
    for number, days, facts in (
        ("D02", -9, {}), ("D02", -40, ended), ("D11", -1, {}), ("D11", 3, {}), ("D11", 6, {}), ("D11", 7, {}),
        ("D11", 56, {}), ("D11", 90, {}), ("D02", -400, {}),
    ):  # fmt: skip
        day = TODAY + timedelta(days=days)
        make.DeadlineFactory(student=child, district=district, number=number, due_on=day, **facts)
    seen = timezone.now()
    with scope.system():
        Exceptionality.objects.filter(evaluation__student=other).delete()
        Finding.objects.create(
            check_number=1, student=child, district=district, severity="task", words="So.", found_at=seen
        )
        link = Connection.objects.create(
            name=f"Of {district}", state=district.state, district=district, base_url="http://127.0.0.1:9/"
        )
        Trouble.objects.create(
            connection=link, student=child, district=district, evaluation_id=1, code="refused",
            needs="person", sentence="Refused.", first_seen=seen, last_seen=seen,
        )  # fmt: skip


def how_many(answer) -> int:
    assert answer.status_code == 200
    lines = answer.context.get("lines")
    return len(answer.context["page"].rows if lines is None else lines)


def test_each_number_opens_so_many_rows(mine, browse):
    child_of(mine, hispanic=True, races="BW")
    child_of(mine, hispanic=False, races="BW")
    more_records(mine)
    more_records(make.DistrictFactory(state=mine.state))
    make.ActivityFactory(student=make.StudentFactory(district=mine), district=mine, first_day=TODAY)
    counted(TODAY - timedelta(days=TODAY.isoweekday() % 7 or 7))
    counted()
    browser = browse(make.UserFactory(role=Role.SEA_ADMINISTRATOR))
    shown = browser.get(reverse("reports:dashboard"), {"place": mine.pk}).context["shown"]
    lines = [(each.title, line.label, line.n, line.url) for each in shown for line in each.lines]
    totals = [(each.title, "in all", each.total, each.all_url) for each in shown if each.all_url]
    weeks = [(each.title, week.label, week.n, week.url) for each in shown for week in each.weeks if week.url]
    assert len({title for title, *_ in lines}) == len(measures())
    assert (len(totals), [n for _, _, n, _ in weeks]) == (3, [4, 5])
    assert numbers(mine, "timely") == {"LATE": 1, "OPEN": 1}
    for title, label, n, url in (*lines, *totals, *weeks):
        assert how_many(browser.get(url)) == n, (title, label, url)


def test_the_superintendent_sees_no_small_number_and_no_list(mine, browse):
    child_of(mine)
    counted()
    browser = browse(make.UserFactory(role=Role.SUPERINTENDENT, role__district=mine))
    text = browser.get(reverse("reports:dashboard")).content.decode()
    file = browser.get(reverse("reports:dashboard_csv")).content.decode()
    assert "fewer than 10, or withheld" in text
    assert "/lists/child-count/" not in text
    assert {row["number"] for row in csv.DictReader(io.StringIO(file))} == {"fewer than 10, or withheld"}


@pytest.mark.parametrize(
    ("before", "week", "charted"), [(12, 4, []), (4, 12, []), (12, 12, [20, 10])]
)  # fmt: skip
def test_the_chart_gives_away_nothing_that_a_table_withholds(before, week, charted, mine, browse):
    """10 overdue and 4 within the week are withheld together: a bar of 10 would say both."""
    times = [{"overdue": 20, "week": before, "later": 40}, {"overdue": 10, "week": week, "later": 40}]
    DayCount.objects.bulk_create(
        DayCount(of_state=mine.state, district=mine, day=day, measure="deadlines", key=key, n=n)
        for day, numbers in zip((date(2026, 5, 31), date(2026, 6, 3)), times, strict=True)
        for key, n in numbers.items()
    )
    browser = browse(make.UserFactory(role=Role.SUPERINTENDENT, role__district=mine))
    (shown,) = browser.get(reverse("reports:dashboard")).context["shown"]
    assert [week.n for week in shown.weeks] == charted


def test_figures_of_another_district_are_not_there(mine, browse):
    other = make.DistrictFactory(state=mine.state)
    browser = browse(make.UserFactory(role=Role.DATA_MANAGER, role__district=mine))
    assert browser.get(reverse("reports:dashboard"), {"place": other.pk}).status_code == 404
    assert browser.get(reverse("reports:dashboard"), {"place": f"state-{mine.state_id}"}).status_code == 404


def test_before_the_first_night_the_page_says_when_figures_come(mine, browse):
    browser = browse(make.UserFactory(role=Role.DATA_MANAGER, role__district=mine))
    assert "counted every night" in browser.get(reverse("reports:dashboard")).content.decode()


def test_every_app_that_counts_is_asked():
    assert {each.slug for each in measures()} == {
        "environment", "exceptionality", "race", "timely", "deadlines", "caseloads", "quality", "exchange",
    }  # fmt: skip
