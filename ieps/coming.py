"""What a child brings along: IEP and eligibility of an earlier district, an IEP of another state."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from evaluations.models import Evaluation
from ieps.models import ComparableServices, Iep, OutsideIep, Service
from organizations.models import District
from students.models import Student

ELIGIBLE = "ELIG"


@dataclass(frozen=True)
class Coming:
    """`iep`: of another district, still in effect. `own`: the district's own since, if there is one."""

    iep: Iep | None
    own: Iep | None
    eligibility: Evaluation | None
    services: list[Service]
    outside: list[OutsideIep]
    comparable: list[ComparableServices]

    @property
    def is_settled(self) -> bool:
        return self.own is not None

    @property
    def running(self) -> ComparableServices | None:
        return next((row for row in self.comparable if row.last_day is None), None)


def coming(student: Student, place: District | None) -> Coming:
    """As the reader may see it. Six queries."""
    today = timezone.localdate()
    ieps = student.ieps.official().filter(Q(last_day=None) | Q(last_day__gte=today))
    ieps = ieps.select_related("district", "adopted_from__district").order_by("-meeting_date", "-pk")
    own = [iep for iep in ieps if place and iep.district_id == place.pk]
    others = [iep for iep in ieps if not place or iep.district_id != place.pk]
    evaluations = student.evaluations.locked().filter(outcome=ELIGIBLE).select_related("district")
    running = student.services.filter(Q(last_day=None) | Q(last_day__gte=today))
    return Coming(
        next(iter(others), None),
        next(iter(own), None),
        evaluations.prefetch_related("exceptionalities").order_by("-determination_date").first(),
        list(running),
        list(student.outside_ieps.select_related("district", "by")),
        list(student.comparable_services.select_related("district", "by", "iep__district", "outside")),
    )
