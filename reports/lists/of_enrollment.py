"""The work lists of enrollment: exits, duties, seats, requests, findings, rows of a feed, backdating."""

from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.db.models import Case, Exists, Func, OuterRef, Q, TextField, Value, When
from django.db.models.fields.json import KT
from django.utils import timezone

from enrollment.models import (
    Duty,
    DutyKind,
    Enrollment,
    ExitPaper,
    FeedRow,
    Finding,
    Released,
    RequestState,
    SeatHold,
    SupportRequest,
)
from enrollment.queries.exits import WAITING_FOR, which
from enrollment.rules.checks import Severity, checks
from enrollment.rules.codes import exit_codes
from enrollment.rules.feed import Does
from organizations.rules.calendar import SchoolYearDates, school_year_of
from reports.lists.cells import Kind, Moment, words_for
from reports.lists.children import CHILD, records
from reports.lists.filters import choice_filter, name_filter, names, number_filter, with_meaning
from reports.lists.listing import List, Part, Rows
from security.rules.roles import Permission
from security.scope import Scope
from ui.dates import FIRST_YEAR, LAST_YEAR
from ui.lists import Filter

NAME_OF_CHILD = name_filter()
OPEN = Q(closed_at=None)


def with_something_to_do(scope: Scope, chosen: Mapping[str, str]) -> Rows:
    """Exits as on their page, each with all that it waits for."""
    today = timezone.localdate()
    waits = ExitPaper.objects.filter(enrollment=OuterRef("pk"), decision="")
    asked = SupportRequest.objects.filter(enrollment=OuterRef("pk"), closed_at=None)
    rows = records(scope, Enrollment).filter(last_day__isnull=False)
    rows = rows.annotate(waits=Exists(waits), asked=Exists(asked))
    anything = Q(pk=None)
    for name in WAITING_FOR:
        anything |= which(name, today)
    if (wanted := chosen.get("todo", "")) in WAITING_FOR:
        anything &= which(wanted, today)
    return rows.filter(anything).annotate(to_do=_in_words(today))


def _in_words(today: date) -> Func:
    each = (Case(When(which(name, today), then=Value(words))) for name, words in WAITING_FOR.items())
    return Func(Value("; "), *each, function="concat_ws", output_field=TextField())


EXITS = List(
    "exits",
    "Exits with something to do",
    "Exits whose documentation, notice or request is open, and what each waits for.",
    (
        *CHILD,
        Part("School", "site__name", on_page=False, groups=True),
        Part("Left", "last_day", Kind.DAY, sort="last_day", key="left"),
        Part("Exit code", "exit_code", reads=with_meaning(exit_codes()), groups=True),
        Part("Exit", words_for("exit_code", names(exit_codes())), Kind.WORDS, on_page=False),
        Part("Counts as", "effective_exit_code", on_page=False, groups=True),
        Part("To do", "to_do", Kind.WORDS),
        Part("Documentation due", "documentation_due", Kind.DAY, sort="documentation_due", key="due"),
    ),
    with_something_to_do,
    (
        NAME_OF_CHILD,
        (Filter("todo", "To do", [("", "Anything"), *WAITING_FOR.items()]), lambda rows, value: rows),
    ),
    page="enrollment:exits",
    default_sort="due",
)

DUTIES = List(
    "duties",
    "Duties",
    "What is owed to children because they were registered or left, since when, and what was done.",
    (
        *CHILD,
        Part("School", "enrollment__site__name", on_page=False, groups=True),
        Part("What is owed", words_for("kind", DutyKind.choices), Kind.WORDS),
        Part("Since", "since", Kind.DAY, sort="since"),
        Part("Done", "done_on", Kind.DAY),
        Part("What was done", "done_how", on_page=False),
    ),
    lambda scope, chosen: records(scope, Duty).filter(done_on__isnull="done" not in chosen),
    (
        NAME_OF_CHILD,
        choice_filter("kind", "What is owed", {(k.value, k.label): Q(kind=k) for k in DutyKind}),
        (Filter("done", "State", [("", "Open"), ("yes", "Done")]), lambda rows, value: rows),
    ),
    page="enrollment:duties",
    default_sort="since",
)

SEATS = List(
    "seats",
    "Seats held",
    "Seats kept at the sending school while a student attends a nonpublic one.",
    (
        *CHILD,
        Part("School", "site__name", sort="site__name", key="site", groups=True),
        Part("Held since", "since", Kind.DAY, sort="since", key="since"),
        Part("Released", "released_on", Kind.DAY),
        Part("Why", words_for("released", Released.choices), Kind.WORDS),
    ),
    lambda scope, chosen: (
        records(scope, SeatHold).exclude(released="")
        if "held" in chosen
        else records(scope, SeatHold).filter(released="")
    ),
    (
        NAME_OF_CHILD,
        number_filter("site", "School"),
        (Filter("held", "Seats", [("", "Held"), ("no", "Released")]), lambda rows, value: rows),
    ),
    page="enrollment:seats",
    default_sort="site",
)

ALL_REQUESTS = ("state", "Where it stands", [("", "Open"), ("closed", "Closed"), ("all", "All")])
REQUESTS = List(
    "support-requests",
    "Requests to the state",
    "What districts asked the state to do, and where each request stands.",
    (
        *CHILD,
        Part("Issue type", "issue_type", on_page=False, groups=True),
        Part("About", "sub_category", groups=True),
        Part("What was asked", "words", on_page=False),
        Part("Asked", Moment("opened_at", settings.TIME_ZONE), Kind.WORDS, sort="opened_at"),
        Part("Where it stands", words_for("state", RequestState.choices), Kind.WORDS),
    ),
    lambda scope, chosen: {
        "": records(scope, SupportRequest).filter(OPEN),
        "closed": records(scope, SupportRequest).exclude(OPEN),
        "all": records(scope, SupportRequest),
    }[chosen.get("state", "")],
    (NAME_OF_CHILD, (Filter(*ALL_REQUESTS), lambda rows, value: rows)),
    page="enrollment:requests",
    default_sort="asked",
)

CHECKS = [(c.number, c.name) for c in checks()]
FINDINGS = List(
    "findings",
    "Enrollment audit",
    "What contradicts the rules of entry and exit, which check found it, and how it is explained.",
    (
        *CHILD,
        Part("Check", "check_number", Kind.NUMBER, sort="check_number", key="check"),
        Part("What is checked", words_for("check_number", CHECKS), Kind.WORDS, on_page=False),
        Part("What was found", "words"),
        Part("Severity", "severity", Kind.WORDS, sort=("severity", "found_at")),
        Part("Found", Moment("found_at", settings.TIME_ZONE), Kind.WORDS, sort="found_at"),
        Part("Other district", "other__name", on_page=False, groups=True),
        Part("Explained", "explained"),
    ),
    lambda scope, _: records(scope, Finding).filter(cleared_at=None),
    (
        number_filter("district", "District"),
        choice_filter("severity", "Severity", {(s.value, s.value): Q(severity=s) for s in Severity}),
        (
            Filter("check", "Check", [("", "Any check"), *((str(c.number), str(c)) for c in checks())]),
            lambda rows, value: rows.filter(check_number=int(value)),
        ),
        choice_filter(
            "said", "Explained", {("no", "Not yet"): Q(explained=""), ("yes", "Explained"): ~Q(explained="")}
        ),
    ),
    page="enrollment:findings",
    default_sort="severity",
)


class Sentences(Func):
    """A JSON list of sentences as one text."""

    template = "(SELECT string_agg(said, ' ') FROM jsonb_array_elements_text(%(expressions)s) AS said)"
    output_field = TextField()


def rows_of_load(scope: Scope, chosen: Mapping[str, str]) -> Rows:
    """Of the load that the page is about; without one there are none."""
    rows = FeedRow.objects.filter(load=int(chosen.get("load", 0)))
    return rows if scope.everything else rows.filter(district_id__in=scope.district_ids)


FEED_ROWS = List(
    "feed-rows",
    "Rows of a feed",
    "Each row with what it does, and what is wrong with it.",
    (
        Part("Line", "line", Kind.NUMBER, sort="line"),
        Part("Last name", KT("fields__last_name")),
        Part("First name", KT("fields__first_name"), on_page=False),
        Part("State ID", KT("fields__state_student_id"), on_page=False),
        Part("What it does", "does", Kind.WORDS, sort="does", key="does"),
        Part("School code", KT("fields__school_code")),
        Part("Grade", KT("fields__grade")),
        Part("Entry code", KT("fields__entry_code")),
        Part("Entry date", KT("fields__entry_date")),
        Part("Exit code", KT("fields__exit_code")),
        Part("Exit date", KT("fields__exit_date")),
        Part("What is wrong", Sentences("errors")),
    ),
    rows_of_load,
    (
        (Filter("load", "Feed", numeric=True), lambda rows, value: rows),
        choice_filter("does", "What it does", {(d.value, d.value): Q(does=d) for d in Does}),
    ),
    page="enrollment:feeds",
    default_sort="line",
    needs=Permission.ENTER_EXIT,
    listed=False,
)


def year_of(chosen: Mapping[str, str]) -> SchoolYearDates:
    """ "2026-27" as chosen, or this year."""
    begins = chosen.get("year", "")[:4]
    known = begins.isascii() and begins.isdecimal() and FIRST_YEAR <= int(begins) <= LAST_YEAR
    return school_year_of(date(int(begins), 7, 1) if known else timezone.localdate())


def recorded_late(scope: Scope, chosen: Mapping[str, str]) -> Rows:
    year = year_of(chosen)
    rows = records(scope, Enrollment).filter(last_day__range=(year.first_day, year.last_day))
    return rows.filter(phantom_until__isnull=False)


BACKDATED = List(
    "backdated-exits",
    "Backdated exits",
    "Exits of a school year that were recorded late, and until when the feed showed the child.",
    (
        *CHILD,
        Part("School", "site__name", on_page=False, groups=True),
        Part("Exit code", "exit_code", groups=True),
        Part("Left", "last_day", Kind.DAY, sort="last_day"),
        Part("Days late", "exit_lag", Kind.NUMBER, sort="exit_lag", key="lag"),
        Part("Shown as active until", "phantom_until", Kind.DAY),
    ),
    recorded_late,
    (
        number_filter("district", "District"),
        (Filter("year", "School year"), lambda rows, value: rows),
    ),
    page="enrollment:over_the_year",
    default_sort="-lag",
    listed=False,
)
