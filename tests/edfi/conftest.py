"""A district with one child, a stand-in ODS that knows both, and a connection between them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from edfi.actions.exchange import exchange
from edfi.client import Patience
from edfi.models import Connection, Identity, Trouble
from edfi.rules.records import SSEPEA
from enrollment.models import Enrollment
from evaluations.models import Evaluation
from organizations.models import District, Site, State
from security import scope
from students.models import Student
from tests import factories
from tests.standin.ods import Ods, running

IMPATIENT = Patience(tries=2, first_pause=0.0, timeout=5)
SCHOOL, OTHER_SCHOOL = 19012, 19013


@pytest.fixture
def ods() -> Iterator[Ods]:
    with running() as standin:
        yield standin


@dataclass
class World:
    """The verbs of these tests, each in the system's scope."""

    ods: Ods
    state: State
    district: District
    school: Site
    other_school: Site
    connection: Connection
    children: list[Student] = field(default_factory=list)

    def child(self, edfi_id: str = "604822", *, at_state: bool = True) -> Student:
        """A child of the district; `at_state`: the SIS has sent student and enrollment."""
        student = factories.StudentFactory(state=self.state, edfi_id=edfi_id, district=self.district)
        if at_state:
            self.ods.add_student(edfi_id, school=SCHOOL)
        self.children.append(student)
        return student

    def enroll(self, student: Student, **changes) -> Enrollment:
        usual = {"district": self.district, "site": self.school, "first_day": date(2025, 9, 2)}
        return factories.EnrollmentFactory(student=student, **{**usual, **changes})

    def evaluate(self, student: Student, *, locked: bool = True, **changes) -> Evaluation:
        usual = {
            "district": self.district,
            "referral_date": date(2025, 9, 1),
            "consent_date": date(2025, 9, 15),
            "determination_date": date(2025, 11, 10),
            "locked": locked,
            "locked_at": timezone.now() if locked else None,
        }
        return factories.EvaluationFactory(student=student, **{**usual, **changes})

    def unlock(self, evaluation: Evaluation) -> None:
        with scope.elevated():
            Evaluation.objects.filter(pk=evaluation.pk).update(locked=False)

    def lock(self, evaluation: Evaluation, **changes) -> None:
        at: datetime = timezone.now()
        with scope.elevated():
            Evaluation.objects.filter(pk=evaluation.pk).update(locked=True, locked_at=at, **changes)

    def relock(self, evaluation: Evaluation, **changes) -> None:
        """Unlock, edit and lock again, as a person would."""
        self.unlock(evaluation)
        self.lock(evaluation, **changes)

    def change(self, row: object, **changes) -> None:
        with scope.elevated():
            type(row).objects.filter(pk=row.pk).update(**changes)

    def remove(self, row: object) -> None:
        with scope.elevated():
            row.delete()

    def send(self) -> int:
        return exchange(self.connection, IMPATIENT)

    def retry_now(self) -> None:
        with scope.elevated():
            Trouble.objects.filter(retry_at__isnull=False).update(
                retry_at=timezone.now() - timedelta(seconds=1)
            )

    def at_state(self, resource: str = SSEPEA) -> list[dict]:
        return self.ods.records(resource)

    def identities(self) -> list[Identity]:
        with scope.elevated():
            return list(Identity.objects.all())

    def troubles(self) -> list[Trouble]:
        with scope.elevated():
            return list(Trouble.objects.open())


def build_world(ods: Ods) -> World:
    state = factories.StateFactory(code="WI", name="Wisconsin", profile="WI")
    district = factories.DistrictFactory(state=state, name="Heron Lake")
    school, other = (
        factories.SiteFactory(state=state, district=district, edfi_id=number)
        for number in (SCHOOL, OTHER_SCHOOL)
    )
    connection = Connection(name="State", state=state, base_url=ods.base_url, key=ods.key, enabled=True)
    connection.secret = ods.secret
    connection.save()
    for year in (2025, 2026, 2027):
        connection.years.create(school_year=year)
    return World(ods, state, district, school, other, connection)


@pytest.fixture
def world(db, ods: Ods) -> World:
    return build_world(ods)


@pytest.fixture
def trial_server(settings) -> None:
    """The stand-in answers without encryption."""
    settings.ESER_EDFI_UNENCRYPTED = True
