"""A whole system in a home of its own, so that a test may take its database, broker or worker away."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.utils import timezone

from enrollment.models import Enrollment
from eser import embedded
from eser.embedded.places import places_of
from eser.embedded.supervisor import services_of
from evaluations.models import Evaluation
from ieps.models import Iep
from security import scope
from security.models import User
from security.rules.roles import Role
from students.models import Student
from tests.database import pour_into
from tests.factories import (
    EnrollmentFactory,
    EvaluationFactory,
    ExceptionalityFactory,
    IepFactory,
    StudentFactory,
    UserFactory,
    write_report,
)
from tests.journeys import world as worlds
from tests.journeys.stack import Processes, collect_static, wait_until
from tests.standin.ods import Ods

TODAY = timezone.localdate()
DATABASE = "eser"
CHILDREN = 8
AT_ONCE = CHILDREN - 2  # rows of an export that are sent without a job


class System:
    """`processes` are the product's, the two services are the embedded ones of `home`."""

    def __init__(self, home: Path, folder: Path, ods: Ods) -> None:
        self.home, self.folder, self.ods = home, folder, ods
        embedded.ensure(home)
        self.database, self.broker = services_of(places_of(home))
        self.processes = Processes(
            DATABASE, folder, ESER_HOME=str(home), ESER_EXPORT_AT_ONCE=str(AT_ONCE),
            ESER_FIELD_KEY=settings.ESER_FIELD_KEY, ESER_SECRET_KEY=settings.SECRET_KEY,
        )  # fmt: skip

    def prepare(self) -> None:
        """Tables, files and a small world; then everything runs."""
        pour_into(places_of(self.home).sockets, DATABASE)
        with self.inside():
            self.world = worlds.build(self.folder, self.ods)
            UserFactory(username="mara", role=Role.IEP_AUTHOR, role__district=self.world.mine)
        collect_static(self.home)
        self.processes.start()
        wait_until(self.processes.is_whole, "the system answers")

    def log(self) -> str:
        """Everything that the product's processes have written."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    @contextmanager
    def inside(self) -> Iterator[None]:
        """This test process on the system's database."""
        before = {alias: dict(connections[alias].settings_dict) for alias in connections}
        for alias in connections:
            connections[alias].close()
            connections[alias].settings_dict |= {"HOST": str(places_of(self.home).sockets), "NAME": DATABASE}
        try:
            yield
        finally:
            for alias in connections:
                connections[alias].close()
                connections[alias].settings_dict |= before[alias]

    @contextmanager
    def seen(self) -> Iterator[None]:
        """As `inside`, in the scope of the system."""
        with self.inside(), scope.elevated():
            yield

    @contextmanager
    def without_database(self) -> Iterator[None]:
        self.database.stop()
        try:
            yield
        finally:
            self.database.start()

    @contextmanager
    def without_broker(self) -> Iterator[None]:
        self.broker.stop()
        try:
            yield
        finally:
            self.broker.start()

    def child(self, **facts: object) -> Student:
        """A child of my district."""
        with self.inside():
            return StudentFactory(state=self.world.mine.state, district=self.world.mine, grade="03", **facts)

    def enrolled(self) -> Enrollment:
        with self.inside():
            return EnrollmentFactory(
                student=self.child(), district=self.world.mine, site=self.world.school, grade="03",
                first_day=TODAY - timedelta(days=40),
            )  # fmt: skip

    def draft(self) -> Iep:
        with self.inside():
            return IepFactory(student=self.child(), district=self.world.mine)

    def decided(self, number: str) -> Evaluation:
        """An initial evaluation that can be locked, of a child that the state knows by the number."""
        child = self.enrolled().student
        with self.inside():
            worlds.make_known_to_state(self.world, child, number)
            found = EvaluationFactory(
                student=child, district=self.world.mine, referral_date=TODAY - timedelta(days=35),
                consent_date=TODAY - timedelta(days=30), determination_date=TODAY - timedelta(days=1),
                outcome="ELIG",
            )  # fmt: skip
            ExceptionalityFactory(evaluation=found)
            write_report(found, User.objects.get(username="dana"))
        return found
