"""From records to the values that the rules ask for."""

from collections.abc import Callable
from datetime import date, timedelta

from django.utils import timezone

from enrollment.models import Decision, Enrollment, ExitNotice
from enrollment.models.activity import ActivityQuerySet
from enrollment.rules.facts import DocumentationState, ExitFacts, PartC
from organizations.models import Calendar, District, SchoolYear
from organizations.rules.calendar import school_year_of
from organizations.rules.profiles import Profile
from students.models import Student

FIRST_HIGH_SCHOOL_GRADES = ("09", "T9")

# Evaluations live on a floor above: they say here, when they start, whether one is pending for a child.
_pending: list[Callable[[int], bool]] = []


def ask_about_pending(answer: Callable[[int], bool]) -> None:
    """Register who knows whether an evaluation of a student (by id) is pending; called from `ready()`."""
    _pending.append(answer)


def special_education(student: Student, on: date) -> ActivityQuerySet:
    """What goes on that day. What is over today is over, also for an earlier day that is recorded late."""
    return student.activities.going_on(max(on, timezone.localdate()))


def has_special_education(student: Student, on: date) -> bool:
    """On the special education roster on the day, as far as it is known today."""
    return special_education(student, on).exists()


def profile_of(district: District) -> Profile:
    return Profile(district.state.profile)


def exit_facts(enrollment: Enrollment, *, how_known: str, today: date, on: date | None = None) -> ExitFacts:
    """For an exit on the day `on`, else today.

    `how_known` is the record of who told what and of the efforts to reach the family. Attempts recorded one
    by one count as efforts too.
    """
    student = enrollment.student
    return ExitFacts(
        first_day=enrollment.first_day,
        has_special_education=has_special_education(student, on or today),
        stage=enrollment.stage,
        attended=enrollment.attended,
        grade=enrollment.grade or student.grade,
        birth_date=student.birth_date,
        adult_program=enrollment.site.adult_program,
        cohort_year=cohort_year(student),
        part_c_history=PartC(student.part_c_history.lower()),
        evaluation_pending=evaluation_pending(student.pk),
        contact_efforts_recorded=bool(how_known.strip()) or enrollment.contact_attempts.exists(),
        notice_issued=ExitNotice.objects.filter(enrollment=enrollment).exists(),
        documentation=documentation_of(enrollment),
        recorded_on=today,
    )


def cohort_year(student: Student) -> int | None:
    """The spring of graduation of the four-year cohort, counted from the first entry into grade 9."""
    ninth = (
        student.enrollments.filter(grade__in=FIRST_HIGH_SCHOOL_GRADES, stage=5).order_by("first_day").first()
    )
    return school_year_of(ninth.first_day).last_day.year + 3 if ninth else None


def calendar_on(enrollment: Enrollment, day: date) -> Calendar | None:
    """The calendar by which school days are counted here on the day: the enrollment's own for its year."""
    own = enrollment.calendar
    if own and own.school_year.first_day <= day <= own.school_year.last_day:
        return own
    return calendar_of(enrollment.district, enrollment.site_id, day)


def calendar_ahead(enrollment: Enrollment, day: date) -> Calendar | None:
    """The one of the school year that is meant on the day: once school has ended, that of the next."""
    this = calendar_on(enrollment, day)
    if this is None or day <= this.last_school_day:
        return this
    return calendar_of(enrollment.district, enrollment.site_id, this.school_year.last_day + timedelta(days=1))


def year_of(district: District, day: date) -> SchoolYear | None:
    return SchoolYear.objects.filter(state=district.state, first_day__lte=day, last_day__gte=day).first()


def calendar_of(district: District, site_id: int, day: date) -> Calendar | None:
    """The site's own, else the district's."""
    year = {"school_year__first_day__lte": day, "school_year__last_day__gte": day}
    rows = Calendar.objects.filter(district=district, summer_school=False, **year)
    return rows.filter(site_id=site_id).first() or rows.filter(site=None).first()


def evaluation_pending(student_id: int) -> bool:
    return any(answer(student_id) for answer in _pending)


def documentation_of(enrollment: Enrollment) -> DocumentationState:
    """What waits for a decision counts before what was refused."""
    if enrollment.documentation_accepted_at:
        return DocumentationState.ACCEPTED
    decisions = set(enrollment.exit_papers.values_list("decision", flat=True))
    if Decision.OPEN in decisions:
        return DocumentationState.SUBMITTED
    return DocumentationState.REFUSED if Decision.REFUSED in decisions else DocumentationState.NONE
