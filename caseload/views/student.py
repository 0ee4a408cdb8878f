"""A student is one page: the header that stays, tabs, years at a glance, and the time line."""

from collections.abc import Sequence
from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from caseload import event_facts
from caseload.addresses import page as page_of
from caseload.due import why_of
from caseload.glance import glance_of
from caseload.record import StudentRecord, next_deadline, record_of
from caseload.tabs import TABS
from caseload.timeline import KINDS, events_of, found_words
from enrollment.access import districts_to_enter, why_not_exit, why_not_record_reason
from evaluations.access import why_not_refer
from evaluations.rules.due_days import REEVALUATION
from evaluations.rules.standing import Standing
from ieps.access import why_not_start
from ieps.rules.codes import CodeSet, name_of
from security.models import User
from students import facts
from students.access import (
    student_or_404,
    visits_in_view,
    why_not_edit,
    why_not_record_part_c,
    why_not_see_visits,
)
from students.extensions import beside
from students.models import PartCHistory, Student
from students.rules.languages import language_name
from ui.dates import in_words
from ui.lists import Chip, Column, ListState, take
from ui.parts import Cell, Event, Fact

EVENTS_SHOWN = 12
GO_ON, BEGIN = "Continue the IEP", "Start an IEP"
FILLED = (GO_ON, BEGIN)
PART_C_MATTERS = 6  # years of age: indicator 12 of the year in which a child turned three is long told
RECENT = timedelta(days=30)
SETTINGS = (CodeSet.LRE_SCHOOL_AGE, CodeSet.LRE_EARLY_CHILDHOOD)
VISIT_COLUMNS = (Column("who", "Who"), Column("at", "When"), Column("what", "What"), Column("purpose", "As"))


@require_safe
def student(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one child. Opening it is noted (34 CFR 300.614)."""
    child = student_or_404(request.user, pk)
    request.user.looked_at(child.pk, "student page")
    record = record_of(child, timezone.localdate())
    chosen = request.GET.get("tab", "")
    tab = next((tab for tab in TABS if tab.name == chosen), None)
    context = header(request, record) | {
        "tabs": _tabs(record, chosen),
        "tab": tab,
        "page": tab.page(record) if tab else None,
        "more_url": page_of(tab.more[0], child.pk) if tab and tab.more[0] else "",
        "side_facts": side_facts(record),
        "contacts": [(contact, facts.telephone(contact.phone)) for contact in record.contacts],
        "visits": _visits(request.user, child),
        "sees_visits": why_not_see_visits(request.user, record.jurisdiction) is None,
        "may_record_part_c": _asks_for_part_c(request, record),
        "beside": beside(request.user, child),
        "exit_reason_url": _exit_reason(request, record),
        "may_merge": why_not_edit(request.user, record.jurisdiction) is None,
    }
    return render(request, "caseload/student.html", context | ({} if tab else _time_line(request, record)))


@require_safe
def event(request: HttpRequest, pk: int, kind: str, record_id: int) -> HttpResponse:
    """The body of one event: fetched on first opening, or a page of its own without script."""
    child = student_or_404(request.user, pk)
    body = event_facts.of(kind, child, record_id)
    if body is None:
        raise Http404
    request.user.looked_at(child.pk, f"{kind} in the time line")
    template = "caseload/event.html" if request.htmx else "caseload/event_page.html"
    return render(request, template, {"student": child, "body": body})


@require_safe
def access_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has looked at this child's record; prints well, for a parent who asks."""
    child = student_or_404(request.user, pk)
    record = record_of(child, timezone.localdate())
    context = header(request, record) | {"refusal": why_not_see_visits(request.user, record.jurisdiction)}
    if context["refusal"]:
        return render(request, "caseload/access_record.html", context, status=403)
    request.user.looked_at(child.pk, "record of access")
    state = ListState.read(request.GET, VISIT_COLUMNS)
    rows = visits_in_view(request.user, child).select_related("user").order_by("-at", "-pk")
    page = take(rows, state)
    return render(request, "caseload/access_record.html", context | {"page": _visit_rows(page)})


def header(request: HttpRequest, record: StudentRecord) -> dict[str, object]:
    """What the header that stays shows: who, which numbers, where, who is responsible, what is due next."""
    due = next_deadline(record)
    return {
        "student": record.student,
        "ids": facts.ids(record.student, record.jurisdiction),
        "facts": [
            facts.age_and_grade(record.student, record.today),
            enrolled_at(record),
            facts.responsible(record.jurisdiction),
        ],
        "due": due,
        "due_why": why_of(due) if due else "",
        "due_url": reverse("caseload:deadline", args=[due.pk]) if due else "",
        "actions": _actions(request, record),
    }


def enrolled_at(record: StudentRecord) -> Fact:
    row = record.open_enrollment
    if row:
        return Fact("Enrolled at", row.site, f"since {in_words(row.first_day)}")
    left = next((row for row in record.enrollments if row.last_day and not row.no_show), None)
    return Fact("Enrolled at", "No school", f"left {left.site} on {in_words(left.last_day)}" if left else "")


def side_facts(record: StudentRecord) -> list[Fact]:
    """What is read most often, from whichever record it stands in; what is unknown is left out."""
    found = [_special_education(record), _exceptionality(record), _environment(record), _reevaluation(record)]
    child = record.student
    found += [_early_intervention(child)]
    found += [Fact("Sex", facts.SEXES.get(child.sex, child.sex))] if child.sex else []
    found += [Fact("Home language", language_name(child.home_language))] if child.home_language else []
    return [fact for fact in found if fact]


def _asks_for_part_c(request: HttpRequest, record: StudentRecord) -> bool:
    """Of young children; later it matters to nobody."""
    young = record.student.age_on(record.today) < PART_C_MATTERS
    return young and why_not_record_part_c(request.user, record.student) is None


def _exit_reason(request: HttpRequest, record: StudentRecord) -> str:
    """Where the reason of the latest end of special education is recorded, by whoever may."""
    ended = next(iter(record.activities), None)
    if record.special_education or ended is None or why_not_record_reason(request.user, ended):
        return ""
    return page_of("enrollment:exit_reason", ended.pk)


def _early_intervention(child: Student) -> Fact | None:
    if child.part_c_history != PartCHistory.YES:
        return None
    known = (("since", child.part_c_since), ("parents went on with it", child.part_c_continued_on))
    return Fact(
        "Early intervention", "Yes", ", ".join(f"{word} {in_words(day)}" for word, day in known if day)
    )


def _special_education(record: StudentRecord) -> Fact:
    activity = record.special_education
    if activity:
        ends = f", ends {in_words(activity.last_day)}" if activity.last_day else ""
        return Fact("Special education", "Yes", f"since {in_words(activity.first_day)}{ends}")
    ended = next(iter(record.activities), None)
    return Fact("Special education", "No", f"ended {in_words(ended.last_day)}" if ended else "")


def _exceptionality(record: StudentRecord) -> Fact | None:
    words = found_words(record.eligibility) if record.eligibility else ""
    first, _, rest = words.partition(", ")
    return Fact("Exceptionality", first, f"also {rest}" if rest else "") if first else None


def _environment(record: StudentRecord) -> Fact | None:
    iep = record.current_iep
    if iep is None or not iep.lre:
        return None
    meaning = next(filter(None, (name_of(code_set, iep.lre) for code_set in SETTINGS)), "")
    return Fact("Environment, from the current IEP", f"{iep.lre} {meaning}".strip())


def _reevaluation(record: StudentRecord) -> Fact | None:
    rows = [row for row in record.deadlines if row.number == REEVALUATION and row.standing == Standing.OPEN]
    if record.special_education is None or not rows:
        return None
    row = rows[0]
    return Fact("Reevaluation due", row.due_on and in_words(row.due_on), why_of(row))


def _actions(request: HttpRequest, record: StudentRecord) -> SafeString:
    """What can be done here; the IEP is the one filled button."""
    links = [(label, url) for label, url in _possible(request, record) if url]
    ways = ((label, url, "" if label in FILLED else " usa-button--outline") for label, url in links)
    return format_html_join(" ", '<a class="usa-button usa-button--small{2}" href="{1}">{0}</a>', ways)


def _possible(request: HttpRequest, record: StudentRecord) -> list[tuple[str, str]]:
    row = record.open_enrollment
    found = []
    if row and why_not_exit(request.user, row) is None:
        found.append(("Exit or transfer", reverse("enrollment:exit", args=[row.pk])))
    elif row is None and districts_to_enter(request.user):
        found.append(("Enter at a school", reverse("enrollment:enter_known", args=[record.student.pk])))
    if not record.being_evaluated and why_not_refer(request.user, record.student) is None:
        found.append(("Refer for an evaluation", page_of("evaluations:refer", record.student.pk)))
    return found + _transfer_action(record) + _iep_action(request, record)


def _transfer_action(record: StudentRecord) -> list[tuple[str, str]]:
    """While the IEP in effect is that of the district before."""
    iep, here = record.current_iep, record.jurisdiction
    if iep is None or here is None or here.last_day or iep.district_id == here.district_id:
        return []
    return [("What comes from elsewhere", page_of("ieps:transfer", record.student.pk))]


def _iep_action(request: HttpRequest, record: StudentRecord) -> list[tuple[str, str]]:
    """Going on with the draft, or beginning one for a child who was found eligible."""
    if why_not_start(request.user, record.student) is not None:
        return []
    if record.draft:
        return [(GO_ON, page_of("ieps:iep", record.draft.pk))]
    return [(BEGIN, page_of("ieps:start", record.student.pk))] if record.eligibility else []


def _tabs(record: StudentRecord, chosen: str) -> list[tuple[str, str, int | None, bool]]:
    names = {tab.name for tab in TABS}
    first = ("", "Time line", None, chosen not in names)
    return [
        first,
        *((tab.name, tab.label, len(getattr(record, tab.name)), tab.name == chosen) for tab in TABS),
    ]


def _time_line(request: HttpRequest, record: StudentRecord) -> dict[str, object]:
    events, kind = events_of(record), request.GET.get("kind", "")
    chosen = [event for event in events if not kind or event.kind == kind]
    shown = chosen if "all" in request.GET else chosen[:EVENTS_SHOWN]
    return {
        "glance": glance_of(record),
        "today": record.today,
        "chips": _chips(events, kind),
        "events": shown,
        "event_count": len(chosen),
        "hidden": len(chosen) - len(shown),
        "all_url": f"?kind={kind}&all" if kind in dict(KINDS) and kind else "?all",
    }


def _chips(events: Sequence[Event], kind: str) -> list[Chip]:
    counted = {key: sum(not key or event.kind == key for event in events) for key, _ in KINDS}
    return [Chip(f"?kind={key}" if key else "?", label, counted[key], key == kind) for key, label in KINDS]


def _visits(user: User, child: Student) -> dict[str, int]:
    rows = visits_in_view(user, child).filter(at__gte=timezone.now() - RECENT)
    users = list(rows.values_list("user_id", flat=True))
    return {"times": len(users), "people": len(set(users))}


def _visit_rows(page):
    rows = [
        {
            "who": Cell(str(row.user), sub=row.user.position),
            "at": row.at,
            "what": row.what,
            "purpose": row.purpose,
        }
        for row in page.rows
    ]
    return type(page)(page.state, rows, page.count, page.has_next)
