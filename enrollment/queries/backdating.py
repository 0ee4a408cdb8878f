"""Backdating of a district over a school year: how late entries and exits were recorded, and by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Avg, Count, DateField, ExpressionWrapper, F, IntegerField, Max, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, TruncDate, TruncMonth

from enrollment.models import Enrollment
from journal.models import Entry
from organizations.models import District
from organizations.rules.calendar import SchoolYearDates

ENTERED, EXITED = "STUDENT_ENTERED", "STUDENT_EXITED"


@dataclass(frozen=True)
class Month:
    """`late` of `n` were recorded after their day, on average so many days."""

    first_day: date
    n: int
    late: int
    days: int


@dataclass(frozen=True)
class Registrar:
    name: str
    n: int
    days: int
    most: int


def exits(district: District, year: SchoolYearDates) -> QuerySet[Enrollment]:
    rows = Enrollment.objects.of_one_child()
    return rows.filter(district=district, last_day__range=(year.first_day, year.last_day))


def entries(district: District, year: SchoolYearDates) -> QuerySet[Enrollment]:
    rows = Enrollment.objects.of_one_child()
    return rows.filter(district=district, first_day__range=(year.first_day, year.last_day))


def phantoms(district: District, year: SchoolYearDates) -> QuerySet[Enrollment]:
    """Exits after which the feed went on showing the student, the longest first (R10.02)."""
    return exits(district, year).filter(phantom_until__isnull=False).order_by("-exit_lag", "pk")


def by_month(rows: QuerySet[Enrollment], day: str, lag: str) -> list[Month]:
    """The months of the year in which something happened; `day` and `lag` name the columns."""
    late = {
        row["month"]: row
        for row in rows.filter(**{f"{lag}__gt": 0})
        .order_by()
        .annotate(month=TruncMonth(day))
        .values("month")
        .annotate(late=Count("pk"), days=Avg(lag))
    }
    months = (
        rows.order_by()
        .annotate(month=TruncMonth(day))
        .values("month")
        .annotate(n=Count("pk"))
        .order_by("month")
    )
    return [_month(row["month"], row["n"], late.get(row["month"])) for row in months]


def _month(first_day: date, n: int, late: dict | None) -> Month:
    return Month(first_day, n, late["late"] if late else 0, round(late["days"]) if late else 0)


def by_registrar(district: District, year: SchoolYearDates) -> Sequence[Registrar]:
    """Who recorded backdated entries and exits that happened in the year, by the journal; most days first."""
    lag = Cast(KT("details__lag_days"), IntegerField())
    happened = ExpressionWrapper(TruncDate("at") - lag, DateField())
    rows = Entry.objects.filter(
        kind__in=[ENTERED, EXITED], district_id=district.pk, at__date__gte=year.first_day,
        details__lag_days__gt=0,
    )  # fmt: skip
    people = (
        rows.annotate(happened=happened)
        .filter(happened__range=(year.first_day, year.last_day))
        .order_by()
        .values("actor_name")
        .annotate(n=Count("pk"), days=Avg(lag), most=Max(lag))
        .order_by(F("days").desc())
    )
    return [Registrar(r["actor_name"] or "the system", r["n"], round(r["days"]), r["most"]) for r in people]
