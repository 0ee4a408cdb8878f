"""The reports that every district is asked for: child count, what is missing, and who has how many.

Each says in `what` who is on it. What other apps count (deadlines, Ed-Fi errors) they tell of themselves.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.db.models import (
    Case,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from enrollment.models import Enrollment, SeatHold, SpecialEducationActivity
from evaluations.models import Evaluation
from evaluations.rules.codes import exceptionalities, outcomes
from ieps.models import Iep, IepStatus, Service, Signature
from ieps.models.iep import AMENDMENT
from ieps.models.signature import Purpose
from ieps.rules.codes import CodeSet
from organizations.models.place import SiteKind
from reports.figures.measures import age_of, primary, setting_of
from reports.lists.behind_figures import BEHIND_FIGURES, ENROLLED, SEXES
from reports.lists.cells import Kind, words_for
from reports.lists.children import CHILD, records
from reports.lists.days import day_of
from reports.lists.filters import code_filter, name_filter, names, of
from reports.lists.groups import Shape
from reports.lists.listing import List, Part, Rows
from reports.lists.of_caseloads import EVALUATION_CASELOADS, IEP_CASELOADS
from reports.lists.of_enrollment import FINDINGS
from security.scope import Scope
from students.facts import grade_short
from ui.lists import Filter

Chosen = Mapping[str, str]
A_YEAR, THREE_YEARS = 1, 3
RACES = {
    "I": "American Indian or Alaska Native", "A": "Asian", "B": "Black or African American",
    "P": "Native Hawaiian or Other Pacific Islander", "W": "White",
}  # fmt: skip
SETTINGS = [*of(CodeSet.LRE_SCHOOL_AGE), *of(CodeSet.LRE_EARLY_CHILDHOOD)]
SAME_CHILD = OuterRef("student_id")
WITHOUT_PROVIDER = Q(last_day=None, provider_staff_id="")
ELIGIBLE = [row.code for row in outcomes() if row.eligible]


def race() -> Case:
    """Hispanic first, then two or more races, then the one; nothing where none is recorded."""
    return Case(
        When(student__hispanic=True, then=Value("Hispanic/Latino")),
        When(GreaterThan(Length("student__races"), Value(1)), then=Value("Two or more races")),
        *(When(student__races=letter, then=Value(words)) for letter, words in RACES.items()),
        output_field=TextField(),
    )


def applied(rows: Rows, value: str) -> Rows:
    """For filters that `rows` has applied."""
    return rows


def in_special_education(scope: Scope, day: date) -> QuerySet[SpecialEducationActivity]:
    rows = records(scope, SpecialEducationActivity).filter(first_day__lte=day, student__merged_into=None)
    return rows.filter(Q(last_day=None) | Q(last_day__gt=day))


def counted(scope: Scope, chosen: Chosen) -> Rows:
    """Children in special education on the day, with the school, the setting and the age of that day."""
    day = day_of(chosen)
    at_school = Enrollment.objects.filter(student=SAME_CHILD).on(day).order_by("-first_day", "-pk")
    return in_special_education(scope, day).annotate(
        race=race(),
        school=Subquery(at_school.values("site__name")[:1]),
        setting=setting_of(day),
        years=age_of(day),
        exceptionality=primary(day),
    )


CHILD_COUNT = List(
    "child-count",
    "Child count",
    "Students in special education on a day, by what the records say now: the exceptionality of the last"
    " evaluation that found them eligible, the setting of the IEP in force. It is no certified count.",
    (
        *CHILD,
        Part("School", "school", sort="school", groups=True),
        Part("Grade", "student__grade", reads=grade_short, groups=True, on_page=False),
        Part("Exceptionality", words_for("exceptionality", names(exceptionalities())), Kind.WORDS),
        Part("Setting", words_for("setting", SETTINGS), Kind.WORDS),
        Part("Race or ethnicity", "race", Kind.WORDS),
        Part("Sex", words_for("student__sex", SEXES), Kind.WORDS, on_page=False),
        Part("Age", "years", Kind.NUMBER, sort="student__birth_date"),
        Part("In special education since", "first_day", Kind.DAY, on_page=False),
    ),
    counted,
    (name_filter(), (Filter("day", "On this day"), applied), *BEHIND_FIGURES),
    default_sort="student",
    first_shape=Shape(by="exceptionality", across="age"),
)


def years_before(day: date, years: int) -> date:
    leap_day = day.month == 2 and day.day == 29
    return day.replace(year=day.year - years, day=28 if leap_day else day.day)


def without_plan(scope: Scope, _: Chosen) -> Rows:
    """Children in special education today whose IEP or evaluation is missing or has grown old."""
    today = timezone.localdate()
    ieps = Iep.objects.filter(student=SAME_CHILD).in_force_on(today).exclude(kind=AMENDMENT)
    eligible = Evaluation.objects.filter(student=SAME_CHILD, outcome__in=ELIGIBLE)
    rows = in_special_education(scope, today).annotate(
        any_iep=Exists(Iep.objects.filter(student=SAME_CHILD).in_force_on(today)),
        met=Subquery(ieps.order_by("-meeting_date").values("meeting_date")[:1]),
        determined=Subquery(
            eligible.order_by(F("determination_date").desc(nulls_last=True)).values("determination_date")[:1]
        ),
    )
    return rows.annotate(
        no_iep=Case(
            When(any_iep=False, then=Value("no IEP in force")),
            When(met__lt=years_before(today, A_YEAR), then=Value("the IEP is older than a year")),
            output_field=TextField(),
        ),
        no_evaluation=Case(
            When(determined=None, then=Value("no evaluation that found the student eligible")),
            When(
                determined__lt=years_before(today, THREE_YEARS),
                then=Value("the evaluation is older than three years"),
            ),
            output_field=TextField(),
        ),
    ).filter(Q(no_iep__isnull=False) | Q(no_evaluation__isnull=False))


class Joined(Func):
    """What is there of several texts, with a semicolon between them."""

    function = "concat_ws"
    template = "%(function)s('; ', %(expressions)s)"
    output_field = TextField()


NO_PLAN = List(
    "without-plan",
    "Without a current IEP or evaluation",
    "Students in special education today who have no IEP in force or one of more than a year, or no"
    " evaluation of the last three years that found them eligible.",
    (
        *CHILD,
        Part("What is missing", Joined(F("no_iep"), F("no_evaluation")), Kind.WORDS),
        Part("IEP team met", "met", Kind.DAY, sort="met"),
        Part("Evaluated", "determined", Kind.DAY, sort="determined"),
        Part("In special education since", "first_day", Kind.DAY, on_page=False),
    ),
    without_plan,
    (name_filter(),),
    default_sort="student",
)


def unsigned(scope: Scope, _: Chosen) -> Rows:
    """Drafts whose team has met and that nobody has signed for; what came unsigned from the old system."""
    today = timezone.localdate()
    signed = Signature.objects.filter(iep=OuterRef("pk"))
    rows = records(scope, Iep).annotate(
        parents=Exists(signed.filter(purpose=Purpose.CONSENT)),
        approved=Exists(signed.filter(purpose=Purpose.APPROVAL)),
    )
    met = Q(status=IepStatus.DRAFT, meeting_date__lte=today) & (Q(parents=False) | Q(approved=False))
    return rows.filter(met | Q(status=IepStatus.OFFICIAL_INCOMPLETE)).annotate(
        no_parents=Case(
            When(Q(parents=False, parent_date=None), then=Value("the parents")), output_field=TextField()
        ),
        no_approval=Case(
            When(Q(approved=False, odr_date=None), then=Value("the district representative")),
            output_field=TextField(),
        ),
    )


UNSIGNED = List(
    "unsigned-ieps",
    "IEPs without signatures",
    "Drafts whose team has met and that the parents have not answered or the district representative has not"
    " approved; and IEPs that came incomplete from the legacy system.",
    (
        *CHILD,
        Part("Status", words_for("status", IepStatus.choices), Kind.WORDS),
        Part("Type", words_for("kind", of(CodeSet.IEP_TYPE)), Kind.WORDS),
        Part("Meeting", "meeting_date", Kind.DAY, sort="meeting_date"),
        Part("Not signed by", Joined(F("no_parents"), F("no_approval")), Kind.WORDS),
    ),
    unsigned,
    (name_filter(),),
    default_sort="meeting",
)

PLACEMENTS = List(
    "nonpublic-placements",
    "Nonpublic placements",
    "Students who attend a nonpublic school now, and the school of the district that answers for them.",
    (
        *CHILD,
        Part("Nonpublic school", "site__name", sort="site__name", groups=True),
        Part("School that answers", "responsible_site__name", sort="responsible_site__name", groups=True),
        Part("Grade", "grade", reads=grade_short, groups=True),
        Part("Since", "first_day", Kind.DAY, sort="first_day"),
        Part("Seat held since", "seat", Kind.DAY, on_page=False),
    ),
    lambda scope, _: (
        records(scope, Enrollment)
        .filter(last_day=None, site__kind=SiteKind.NONPUBLIC)
        .annotate(seat=Subquery(_seats().values("since")[:1]))
    ),
    (name_filter(),),
    default_sort="-since",
)


def _seats() -> QuerySet[SeatHold]:
    return SeatHold.objects.filter(student=SAME_CHILD, released="").order_by("-since")


NEVER_ARRIVED = replace(
    FINDINGS,
    slug="never-arrived",
    title="Transfers that never arrived",
    what="Students who left for another district of the state and entered nowhere (check 12 of the audit).",
    rows=lambda scope, chosen: FINDINGS.rows(scope, chosen).filter(check_number=12),
    filters=(name_filter(),),
    page="",
    default_sort="found",
)


NO_PROVIDER = List(
    "services-without-provider",
    "Services without a provider",
    "Services that are running and for which nobody is recorded who provides them.",
    (
        *CHILD,
        Part("Service code", "code", groups=True, on_page=False),
        Part("Service", words_for("code", of(CodeSet.SERVICE)), Kind.WORDS),
        Part("Minutes a session", "minutes", Kind.NUMBER, on_page=False),
        Part("First day", "first_day", Kind.DAY, sort="first_day"),
    ),
    lambda scope, _: records(scope, Service).filter(WITHOUT_PROVIDER),
    (name_filter(), code_filter("code", "Service", of(CodeSet.SERVICE))),
    default_sort="first_day",
)

STANDARD = tuple(
    replace(each, quick=False)
    for each in (
        CHILD_COUNT, ENROLLED, NO_PLAN, UNSIGNED, NO_PROVIDER, PLACEMENTS, NEVER_ARRIVED, IEP_CASELOADS,
        EVALUATION_CASELOADS,
    )
)  # fmt: skip
