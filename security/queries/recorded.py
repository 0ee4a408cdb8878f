"""What a district has recorded for a school year, and how long a request has waited by its calendar."""

from django.db.models import Q
from django.utils import timezone

from organizations.models import ClosedDay, District
from organizations.rules.calendar import school_year_of
from organizations.rules.days import business_days_between
from security.models import AccessRequest, Designation, RemovalProcedure, SecurityPolicy, Training


def this_school_year() -> str:
    return school_year_of(timezone.localdate()).label


def has_designated_coordinator(district: District) -> bool:
    """One that the superintendent designated, the state processed, and who still has the role (SEC-19)."""
    return Designation.objects.in_force().filter(district=district).exists()


def policy_of(district: District, school_year: str) -> SecurityPolicy | None:
    return SecurityPolicy.objects.filter(district=district, school_year=school_year).first()


def procedure_of(district: District, school_year: str) -> RemovalProcedure | None:
    return RemovalProcedure.objects.filter(district=district, school_year=school_year).first()


def training_of(district: District, school_year: str) -> Training | None:
    return Training.objects.filter(district=district, school_year=school_year).first()


def training_recorded(district: District, school_year: str) -> bool:
    """A review of the school year ("2026-27") closes only when its training is recorded (SEC-03)."""
    return Training.objects.filter(district=district, school_year=school_year).exists()


def closed_days_of(district: District) -> frozenset:
    """Weekdays without school in the district's own calendars, of every year."""
    of = Q(calendar__district=district, calendar__site=None, calendar__summer_school=False)
    return frozenset(ClosedDay.objects.filter(of).values_list("day", flat=True))


def days_open(request: AccessRequest, closed_days: frozenset) -> int:
    """Business days of the district since the request was submitted."""
    since = timezone.localtime(request.submitted_at).date()
    return business_days_between(since, timezone.localdate(), closed_days)
