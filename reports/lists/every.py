"""Every list that can be exported: what its columns are called, where they come from, how it is filtered."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from django.conf import settings
from django.db.models import OuterRef, Q, Subquery

from enrollment.models import Enrollment, SedsState
from enrollment.rules.codes import entry_codes, exit_codes
from evaluations.models import Evaluation, Exceptionality
from evaluations.rules.codes import evaluation_types, exceptionalities, outcomes
from ieps.models import Iep, IepStatus, Service
from ieps.rules.codes import CodeSet
from journal.models import Entry
from organizations.rules.places import grades
from reports.lists.beside import from_beside
from reports.lists.cells import Kind, Moment, words_for, yes_no
from reports.lists.children import CHILD, records
from reports.lists.filters import ANY, choice_filter, code_filter, name_filter, names, of, with_meaning
from reports.lists.listing import List, Narrowing, Part, Rows
from reports.lists.of_enrollment import BACKDATED, DUTIES, EXITS, FEED_ROWS, FINDINGS, REQUESTS, SEATS
from reports.lists.of_indicators import INDICATORS
from reports.lists.of_parents import NOTICES, RECORDS_REQUESTS
from reports.lists.of_rosters import COHORT, DIFFERENCE, DROPOUTS, ROSTER
from reports.lists.standard import STANDARD, WITHOUT_PROVIDER
from security.rules.roles import Permission
from security.scope import Scope
from students.extensions import list_extensions, record_lists
from students.facts import grade_short
from students.models import PartCHistory, Student
from students.queries import EARLIER, RosterRows, Wanted
from ui.lists import Filter

PRIMARY = Exceptionality.objects.filter(evaluation=OuterRef("pk"), rank=1)


@cache
def every_list() -> dict[str, List]:
    """By slug, in the order of their page: a list that stands here can be exported, and no other.

    Those of the apps beside this one are here, too: they tell of them when they start.
    """
    found = (
        STUDENTS,
        ENROLLMENTS,
        *OF_ENROLLMENT,
        EVALUATIONS,
        *OF_PARENTS,
        IEPS,
        SERVICES,
        *STANDARD,
        *(from_beside(each) for each in record_lists()),
        *INDICATORS,
        JOURNAL,
    )
    return {each.slug: each for each in found}


OF_ENROLLMENT = (
    EXITS, DUTIES, SEATS, REQUESTS, FINDINGS, BACKDATED, FEED_ROWS, ROSTER, DIFFERENCE, COHORT, DROPOUTS,
)  # fmt: skip


OF_PARENTS = (NOTICES, RECORDS_REQUESTS)
OFFICIAL = (IepStatus.OFFICIAL, IepStatus.OFFICIAL_INCOMPLETE)
SETTINGS = [*of(CodeSet.LRE_SCHOOL_AGE), *of(CodeSet.LRE_EARLY_CHILDHOOD)]
GRADE_NAMES = [(row.grade, row.name) for row in grades()]


def as_on_its_page(scope: Scope, chosen: Mapping[str, str]) -> Rows:
    """The children that the page of students shows for the same query."""
    extra = tuple(
        (e.filter.name, chosen[e.filter.name]) for e in list_extensions() if e.filter.name in chosen
    )
    own = {name: chosen.get(name, "") for name in ("name", "site", "grade", "when")}
    if not own["site"].isdecimal():
        own["site"] = ""
    return RosterRows(scope, Wanted(**own, extra=extra)).students()


def done_already(rows: Rows, value: str) -> Rows:
    """For filters that `as_on_its_page` has applied."""
    return rows


def more_about_students() -> list[tuple[Filter, Narrowing]]:
    return [(extension.filter, done_already) for extension in list_extensions()]


STUDENTS = List(
    "students",
    "Students",
    "One row for each child in your scope, with its identifiers.",
    (
        Part("Last name", "last_name", sort="sort_name", key="name"),
        Part("First name", "first_name", on_page=False),
        Part("Middle name", "middle_name", on_page=False),
        Part("Suffix", "suffix", on_page=False),
        Part("State ID", "state_student_id", on_page=False),
        Part("Ed-Fi ID", "edfi_id", on_page=False),
        Part("Birth date", "birth_date", Kind.DAY, sort="birth_date", key="born"),
        Part("Sex", "sex", on_page=False, groups=True),
        Part("Hispanic", yes_no("hispanic"), Kind.WORDS, on_page=False),
        Part("Races", "races", on_page=False, groups=True),
        Part("Grade", "grade", sort="grade", reads=grade_short, groups=True),
        Part("Home language", "home_language", on_page=False, groups=True),
        Part("Active", yes_no("is_active"), Kind.WORDS),
        Part("Part C", words_for("part_c_history", PartCHistory.choices), Kind.WORDS, on_page=False),
    ),
    as_on_its_page,
    (
        (Filter("name", "Name begins with", wide=True), done_already),
        (Filter("site", "School", numeric=True), done_already),
        (Filter("grade", "Grade", [ANY, *GRADE_NAMES]), done_already),
        (Filter("when", "When", [("", "Now"), (EARLIER, "Earlier")]), done_already),
    ),
    more_about_students,
    page="students:list",
    default_sort="name",
    student="pk",
)

ENROLLMENTS = List(
    "enrollments",
    "Enrollments",
    "From each entry to its exit, with codes and their meanings, roster state and documentation.",
    (
        *CHILD[:-1],
        replace(CHILD[-1], on_page=False),
        Part("School", "site__name", sort="site__name", groups=True),
        Part("School code", "site__code", on_page=False, groups=True),
        Part("Grade", "grade", reads=grade_short, groups=True),
        Part("Entry code", "entry_code", reads=with_meaning(entry_codes()), groups=True),
        Part("Entry", words_for("entry_code", names(entry_codes())), Kind.WORDS, on_page=False),
        Part("First day", "first_day", Kind.DAY, sort="first_day"),
        Part("Exit code", "exit_code", reads=with_meaning(exit_codes()), groups=True),
        Part("Exit", words_for("exit_code", names(exit_codes())), Kind.WORDS, on_page=False),
        Part("Effective exit code", "effective_exit_code", on_page=False, groups=True),
        Part("Last day", "last_day", Kind.DAY, sort="last_day"),
        Part("No-show", yes_no("no_show"), Kind.WORDS, on_page=False),
        Part(
            "Special education roster", words_for("seds_state", SedsState.choices), Kind.WORDS, on_page=False
        ),
        Part("Documentation due", "documentation_due", Kind.DAY, sort="documentation_due"),
        Part("Documentation accepted", yes_no("is_accepted"), Kind.WORDS, on_page=False),
    ),
    lambda scope, _: records(scope, Enrollment).annotate(
        is_accepted=Q(documentation_accepted_at__isnull=False)
    ),
    (
        name_filter(),
        choice_filter(
            "open",
            "State",
            {
                ("open", "Enrolled now"): Q(last_day=None),
                ("ended", "Ended"): Q(last_day__isnull=False),
                ("documentation", "Documentation to hand in"): Q(
                    documentation_due__isnull=False, documentation_accepted_at=None
                ),
            },
        ),
        code_filter("exit", "Exit code", names(exit_codes()), "exit_code"),
        code_filter("grade", "Grade", GRADE_NAMES),
    ),
    default_sort="-first_day",
)

EVALUATIONS = List(
    "evaluations",
    "Evaluations",
    "Referral, consent, determination and lock of each evaluation, with the primary exceptionality.",
    (
        *CHILD,
        Part("Type", words_for("kind", names(evaluation_types())), Kind.WORDS, sort="kind"),
        Part("Referred", "referral_date", Kind.DAY, sort="referral_date"),
        Part("Consent", "consent_date", Kind.DAY, sort="consent_date"),
        Part("Determined", "determination_date", Kind.DAY, sort="determination_date"),
        Part("Disseminated", "dissemination_date", Kind.DAY, on_page=False),
        Part("Outcome", words_for("outcome", names(outcomes())), Kind.WORDS),
        Part("Primary exceptionality", "primary", on_page=False, groups=True),
        Part("Exceptionality", words_for("primary", names(exceptionalities())), Kind.WORDS, on_page=False),
        Part("Locked", yes_no("locked"), Kind.WORDS),
    ),
    lambda scope, _: records(scope, Evaluation).annotate(primary=Subquery(PRIMARY.values("code")[:1])),
    (
        name_filter(),
        choice_filter(
            "state",
            "State",
            {
                ("in_progress", "In progress"): Q(locked=False, outcome=""),
                ("determined", "Determined, not locked"): Q(locked=False) & ~Q(outcome=""),
                ("locked", "Locked"): Q(locked=True),
            },
        ),
        code_filter("kind", "Type", names(evaluation_types())),
    ),
    default_sort="-consent",
)

IEPS = List(
    "ieps",
    "IEPs",
    "Status, dates, setting and minutes of each IEP, drafts too; not what is written in it.",
    (
        *CHILD,
        Part("Status", words_for("status", IepStatus.choices), Kind.WORDS),
        Part("Category", words_for("category", of(CodeSet.IEP_CATEGORY)), Kind.WORDS),
        Part("Type", words_for("kind", of(CodeSet.IEP_TYPE)), Kind.WORDS, on_page=False),
        Part("Meeting", "meeting_date", Kind.DAY, sort="meeting_date"),
        Part("First day", "first_day", Kind.DAY, on_page=False),
        Part("Last day", "last_day", Kind.DAY, sort="last_day"),
        Part("Grade", "grade", on_page=False),
        Part("School", "home_site__name", on_page=False),
        Part("Setting code", "lre", on_page=False),
        Part("Setting", words_for("lre", SETTINGS), Kind.WORDS, on_page=False),
        Part("Regular class minutes a week", "regular_minutes", Kind.NUMBER, on_page=False),
        Part("Minutes a week", "total_minutes", Kind.NUMBER, on_page=False),
    ),
    lambda scope, _: records(scope, Iep).exclude(student=None).exclude(status=IepStatus.DELETED),
    (
        name_filter(),
        code_filter("kind", "Type", of(CodeSet.IEP_TYPE)),
        choice_filter(
            "state",
            "State",
            {
                ("drafts", "Drafts"): Q(status=IepStatus.DRAFT),
                ("official", "Official"): Q(status__in=OFFICIAL),
            },
        ),
        code_filter("status", "Status", IepStatus.choices, labelled=False),
    ),
    default_sort="-meeting",
)

SERVICES = List(
    "services",
    "Services",
    "Special education and related services, from the first to the last day.",
    (
        *CHILD,
        Part("Service code", "code", groups=True),
        Part("Service", words_for("code", of(CodeSet.SERVICE)), Kind.WORDS),
        Part("Receives it", words_for("recipient", of(CodeSet.SERVICE_RECIPIENT)), Kind.WORDS, on_page=False),
        Part("First day", "first_day", Kind.DAY, sort="first_day"),
        Part("Last day", "last_day", Kind.DAY, sort="last_day"),
        Part(
            "Why it ended",
            words_for("termination", of(CodeSet.SERVICE_TERMINATION)),
            Kind.WORDS,
            on_page=False,
        ),
        Part("Provider", "provider_staff_id", on_page=False),
    ),
    lambda scope, _: records(scope, Service),
    (
        name_filter(),
        code_filter("code", "Service", of(CodeSet.SERVICE)),
        choice_filter(
            "open",
            "State",
            {
                ("open", "Running"): Q(last_day=None),
                ("no-provider", "Running, without a provider"): WITHOUT_PROVIDER,
                ("ended", "Ended"): Q(last_day__isnull=False),
            },
        ),
    ),
    default_sort="-first_day",
)


def journal_of(scope: Scope, chosen: Mapping[str, str]) -> Rows:
    """What was done in the districts in scope, and to the children in it."""
    if scope.everything:
        return Entry.objects.all()
    children = Student.objects.in_scope(scope).values("pk")
    return Entry.objects.filter(Q(district_id__in=scope.district_ids) | Q(student_id__in=children))


JOURNAL = List(
    "journal",
    "Journal",
    "What was done, when and by whom, in the words of the field.",
    (
        Part("When", Moment("at", settings.TIME_ZONE), Kind.WORDS, sort="at"),
        Part("Who", "actor_name", sort="actor_name"),
        Part("What", "words"),
        Part("Kind", "kind", sort="kind"),
    ),
    journal_of,
    (
        (Filter("kind", "Kind"), lambda rows, value: rows.filter(kind=value.upper())),
        (Filter("who", "Who"), lambda rows, value: rows.filter(actor_name__icontains=value)),
    ),
    default_sort="-when",
    needs=Permission.VIEW_ACCESS_RECORD,
)
