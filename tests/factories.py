"""Factories: what matters in a test is arranged here, by the system itself, beyond any user's scope."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache

import factory
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils import timezone
from factory.django import DjangoModelFactory

from caseload.models import Deadline, RecordKind
from enrollment.models import Enrollment, SpecialEducationActivity
from evaluations.models import Evaluation, Exceptionality, LockedReport, ReportText
from evaluations.models.locked_report import hash_of
from evaluations.rules.report_sections import written_sections
from ieps.models import Iep, SectionText, Service
from notices.models import Notice, RecordsRequest
from organizations.models import Calendar, District, SchoolYear, Site, SiteAffiliation, SiteKind, State
from security import scope
from security.actions.assign import assign
from security.models import (
    AccessRequest,
    AssuranceSignature,
    AssuranceText,
    Designation,
    SecurityPolicy,
    Training,
    User,
)
from security.queries.recorded import this_school_year
from security.rules.roles import Role
from students.models import Contact, Jurisdiction, Student

DAY_ONE = date(2020, 7, 1)
PASSWORD = "a long enough password"


@cache
def hashed(password: str) -> str:
    """Hashed once for each process: a slow hash for each made-up person takes a third of the suite."""
    return make_password(password)


_arranging = ContextVar("_arranging", default=False)


@contextmanager
def by_the_system() -> Iterator[None]:
    """As `scope.elevated`, once for a row with all that it needs; in a test's transaction no savepoint."""
    if _arranging.get():
        yield
        return
    mark = _arranging.set(True)
    try:
        with lifted() if connection.in_atomic_block else scope.elevated():
            yield
    finally:
        _arranging.reset(mark)


@contextmanager
def lifted() -> Iterator[None]:
    before = scope.current()
    scope.enter(scope.EVERYTHING)
    yield
    scope.enter(before)


class Arranged(DjangoModelFactory):
    """Rows are written in the system's scope, so that a test's user need not see them."""

    class Meta:
        abstract = True

    @classmethod
    def _generate(cls, strategy, params):
        with by_the_system():
            return super()._generate(strategy, params)


class StateFactory(Arranged):
    class Meta:
        model = State
        django_get_or_create = ("code",)

    code = "LA"
    name = "Louisiana"
    profile = "LA"
    time_zone = "America/Chicago"


class DistrictFactory(Arranged):
    class Meta:
        model = District

    state = factory.SubFactory(StateFactory)
    code = factory.Sequence(lambda n: f"{n + 1:03}")
    name = factory.Sequence(lambda n: f"Parish {n + 1}")
    edfi_id = factory.Sequence(lambda n: 255_000 + n)


class SiteFactory(Arranged):
    class Meta:
        model = Site

    state = factory.SubFactory(StateFactory)
    district = factory.SubFactory(DistrictFactory)
    code = factory.Sequence(lambda n: f"{n + 1:06}")
    name = factory.Sequence(lambda n: f"School {n + 1}")
    kind = SiteKind.PUBLIC
    edfi_id = factory.Sequence(lambda n: 255_901_000 + n)


class NonpublicSiteFactory(SiteFactory):
    district = None
    kind = SiteKind.NONPUBLIC
    name = factory.Sequence(lambda n: f"Academy {n + 1}")


class AffiliationFactory(Arranged):
    class Meta:
        model = SiteAffiliation

    site = factory.SubFactory(NonpublicSiteFactory)
    district = factory.SubFactory(DistrictFactory)
    first_day = date(2020, 7, 1)


class SchoolYearFactory(Arranged):
    class Meta:
        model = SchoolYear
        django_get_or_create = ("state", "name")

    state = factory.SubFactory(StateFactory)
    name = "2026-27"
    first_day = date(2026, 7, 1)
    last_day = date(2027, 6, 30)


class CalendarFactory(Arranged):
    class Meta:
        model = Calendar

    district = factory.SubFactory(DistrictFactory)
    school_year = factory.SubFactory(SchoolYearFactory)
    name = "Regular"
    first_school_day = date(2026, 8, 10)
    last_school_day = date(2027, 5, 21)


class TrainingFactory(Arranged):
    class Meta:
        model = Training

    district = factory.SubFactory(DistrictFactory)
    school_year = factory.LazyFunction(this_school_year)
    held_on = factory.LazyFunction(timezone.localdate)
    topic = "Who may see what, and why"


class UserFactory(Arranged):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n + 1}")
    first_name = "Dana"
    last_name = factory.Sequence(lambda n: f"Mouton {n + 1}")
    staff_id = factory.Sequence(lambda n: f"{700_000 + n}")
    password = factory.LazyFunction(lambda: hashed(PASSWORD))

    @factory.post_generation
    def assured(self, create, assured: bool | None, **_):
        """UserFactory(assured=False) has not signed the confidentiality assurance."""
        if assured is not False:
            sign_for(self)

    @factory.post_generation
    def role(self, create, role: Role | None, district=None, site=None, iep_forms=True, **_):
        """UserFactory(role=Role.DATA_MANAGER, role__district=mine)"""
        if role:
            assign(
                by=None,
                user=self,
                role=role,
                district=district,
                site=site,
                iep_forms=iep_forms,
                first_day=date(2020, 7, 1),
            )


def sign_for(user: User) -> None:
    """A signature of today under the text of each state there is."""
    for state in State.objects.all() or [StateFactory()]:
        text = state.assurance_texts.first() or AssuranceTextFactory(state=state)
        AssuranceSignature.objects.create(
            user=user, text=text, sha256=text.sha256, typed_name=str(user), ip="127.0.0.1"
        )


class AssuranceTextFactory(Arranged):
    class Meta:
        model = AssuranceText

    state = factory.SubFactory(StateFactory)
    version = 1
    text = "I keep to myself what I learn about a student."


class DesignationFactory(Arranged):
    """Processed by the state: the person has the role."""

    class Meta:
        model = Designation

    district = factory.SubFactory(DistrictFactory)
    user = factory.SubFactory(UserFactory, district=factory.SelfAttribute("..district"))
    submitted_by = factory.SubFactory(UserFactory)
    processed_by = factory.SubFactory(UserFactory)
    processed_at = factory.LazyFunction(timezone.now)
    assignment = factory.LazyAttribute(
        lambda row: assign(
            by=None, user=row.user, role=Role.SECURITY_COORDINATOR, district=row.district, first_day=DAY_ONE
        )
    )


class PolicyFactory(Arranged):
    class Meta:
        model = SecurityPolicy

    district = factory.SubFactory(DistrictFactory)
    school_year = factory.LazyFunction(this_school_year)
    adopted_on = DAY_ONE
    iep_section = "Section 4: IEPs are opened by the student's team alone."


class AccessRequestFactory(Arranged):
    """AccessRequestFactory(district=mine, places=[school]); without places it asks for the district."""

    class Meta:
        model = AccessRequest
        skip_postgeneration_save = True

    district = factory.SubFactory(DistrictFactory)
    requester = factory.SubFactory(UserFactory, district=factory.SelfAttribute("..district"))
    role = Role.SERVICE_PROVIDER
    reason = "speech therapy"

    @factory.post_generation
    def places(self, create, places, **_):
        for place in places or [self.district]:
            kind = "district" if isinstance(place, District) else "site"
            self.places.create(**{kind: place})


class StudentFactory(Arranged):
    """A child without a responsible district: nobody but the system sees it. See JurisdictionFactory."""

    class Meta:
        model = Student
        skip_postgeneration_save = True

    state = factory.SubFactory(StateFactory)
    state_student_id = factory.Sequence(lambda n: f"{4_000_000_000 + n}")
    edfi_id = factory.Sequence(lambda n: f"{600_000 + n}")
    last_name = "Fontenot"
    first_name = factory.Sequence(lambda n: f"Jules {n + 1}")
    birth_date = date(2015, 3, 12)
    sex = "M"
    races = "W"
    grade = "06"

    @factory.post_generation
    def district(self, create, district, site=None, first_day=date(2023, 8, 14), last_day=None, **_):
        """StudentFactory(district=mine) puts the child under the district's responsibility."""
        if district:
            JurisdictionFactory(
                student=self, district=district, site=site, first_day=first_day, last_day=last_day
            )


class JurisdictionFactory(Arranged):
    class Meta:
        model = Jurisdiction

    student = factory.SubFactory(StudentFactory)
    district = factory.SubFactory(DistrictFactory)
    first_day = date(2023, 8, 14)


class ContactFactory(Arranged):
    class Meta:
        model = Contact

    student = factory.SubFactory(StudentFactory)
    seq = factory.Sequence(lambda n: n % 90 + 1)
    relation = "MO"
    last_name = "Fontenot"
    first_name = "Corinne"
    phone = "5555550118"


class EnrollmentFactory(Arranged):
    class Meta:
        model = Enrollment

    student = factory.SubFactory(StudentFactory)
    district = factory.SubFactory(DistrictFactory)
    site = factory.SubFactory(SiteFactory, district=factory.SelfAttribute("..district"))
    grade = "06"
    entry_code = "1880"
    first_day = date(2026, 8, 10)


class ActivityFactory(Arranged):
    class Meta:
        model = SpecialEducationActivity

    student = factory.SubFactory(StudentFactory)
    district = factory.SubFactory(DistrictFactory)
    first_day = date(2023, 8, 14)


class EvaluationFactory(Arranged):
    class Meta:
        model = Evaluation

    student = factory.SubFactory(StudentFactory)
    district = factory.SubFactory(DistrictFactory)
    kind = "INIT"
    referral_date = date(2026, 8, 20)
    consent_date = date(2026, 9, 1)


class LockedReportFactory(Arranged):
    class Meta:
        model = LockedReport

    number = 1
    lines = factory.LazyFunction(lambda: [["Student", "Jules Fontenot"]])
    sha256 = factory.LazyAttribute(lambda report: hash_of(report.number, report.lines))


class ExceptionalityFactory(Arranged):
    class Meta:
        model = Exceptionality

    evaluation = factory.SubFactory(EvaluationFactory)
    rank = 1
    code = "SLD"


class IepFactory(Arranged):
    class Meta:
        model = Iep

    student = factory.SubFactory(StudentFactory)
    district = factory.SubFactory(DistrictFactory)
    category = "REG"
    kind = "INI"


class NoticeFactory(Arranged):
    """A draft of a prior written notice."""

    class Meta:
        model = Notice

    kind = "PWN"


class RecordsRequestFactory(Arranged):
    class Meta:
        model = RecordsRequest

    asked_by = "Corinne Fontenot"
    asked_on = date(2026, 9, 1)
    what = "The whole record"


class SectionTextFactory(Arranged):
    class Meta:
        model = SectionText

    iep = factory.SubFactory(IepFactory)
    section = "GSI"
    field = "strengths"
    text = "Reads maps well."


class ServiceFactory(Arranged):
    class Meta:
        model = Service

    student = factory.SubFactory(StudentFactory)
    district = factory.SubFactory(DistrictFactory)
    code = "SEI"
    recipient = "S"
    first_day = date(2026, 8, 10)


def write_report(evaluation: Evaluation, evaluator: User) -> None:
    """Whatever a lock still asks for beside the determination: sections, a component, the team."""
    with by_the_system():
        evaluation.met_on = evaluation.met_on or evaluation.determination_date or evaluation.consent_date
        evaluation.save()
        ReportText.objects.bulk_create(
            (
                ReportText(
                    evaluation=evaluation,
                    section=row.section,
                    text=f"Written for {row.title}.",
                    saved_by=evaluator,
                )
                for row in written_sections()
            ),
            ignore_conflicts=True,
        )
        if not evaluation.components.exists():
            evaluation.components.create(
                area="ACADEMIC", evaluator=evaluator, assigned_on=evaluation.consent_date,
                completed_on=evaluation.met_on, instruments="WJ IV", findings="Reads at grade 2.",
            )  # fmt: skip
        if not evaluation.team.exists():
            evaluation.team.create(
                name="Corinne Fontenot", part="PARENT", agrees=True, signed_on=evaluation.met_on
            )


class DeadlineFactory(Arranged):
    """As counted and stored: DeadlineFactory(student=child, district=mine, due_on=day, responsible=me)."""

    class Meta:
        model = Deadline

    student = factory.SubFactory(StudentFactory)
    district = factory.SubFactory(DistrictFactory)
    number = "D02"
    record_kind = RecordKind.EVALUATION
    record_id = factory.Sequence(lambda n: n + 1)
    starts_on = date(2026, 9, 1)
    standing = "OPEN"
    rule = "D02"
    rule_hash = "0"
    counted_at = factory.LazyFunction(timezone.now)
