"""The end of a school year for a whole school: what is wanted, what it would do, and the deed."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import groupby

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from enrollment.access import districts_to_feed, sites_to_enter
from enrollment.actions.feed_undo import start_undoing
from enrollment.actions.year_end import order_year_end, start_year_end
from enrollment.facts import calendar_of, profile_of
from enrollment.forms.year_end import FOR_ONE, EnterAgainForm, LeaveForm, said_of_each
from enrollment.models import YEAR_END, Enrollment, FeedLoad, FeedRow, FeedState, SedsState
from enrollment.picker import Offer, offer
from enrollment.rules.codes import Kind, codes_for
from enrollment.rules.facts import REGISTERED
from enrollment.rules.feed import Does
from enrollment.rules.year_end import Then
from enrollment.views.district_year import DistrictYear, chosen_district_year
from enrollment.views.exports import exports
from jobs.models import Job
from organizations.models import Calendar, Site
from security.refusals import RuleBroken
from students.facts import grade_choices, grade_name, grade_short, grouped
from ui.dates import in_words
from ui.lists import Column, Filter, ListState, Page, take
from ui.parts import Cell, Status

MOST = 900  # children at once: of a larger school a grade at a time
ENROLLED, LEFT = "enrolled", "left"
WHO = Filter("who", "Who", [(ENROLLED, "Enrolled now"), (LEFT, "Left this year, enrolled nowhere")])
CHILDREN = (
    Column("student", "Student"), Column("grade", "Grade"), Column("since", "Entered"),
    Column("then", "This child"), Column("code", "Other exit code"),
)  # fmt: skip
ROWS = (
    Column("child", "Student"), Column("exit", "Leaves"), Column("entry", "Enters again"),
    Column("outcome", "What happens"),
)  # fmt: skip
DOES = Filter(
    "does", "Show",
    [("", "Everybody"), (Does.REFUSED.value, "Refused"), (Does.EXIT.value, "Who leaves"),
     (Does.NEW.value, "Who only enters")],
)  # fmt: skip


def year_end(request: HttpRequest) -> HttpResponse:
    """What is wanted for all, and for the children with whom it differs. Nothing is changed here."""
    place = chosen_district_year(request)
    sites = list(Site.objects.filter(Q(enrollments__district=place.district)).distinct().order_by("name"))
    grades = Filter("grade", "Grade", grade_choices())
    offered = (*place.filters, Filter("site", "School", [(str(s.pk), s.name) for s in sites]), WHO, grades)
    state = ListState.read(request.GET, CHILDREN, filters=offered)
    site = next((s for s in sites if str(s.pk) == state.chosen.get("site")), sites[0] if sites else None)
    left = state.chosen.get("who") == LEFT
    rows = (
        list(_children(request, place, site, left, state.chosen.get("grade", ""))[: MOST + 1]) if site else []
    )
    finding = "find" in request.POST
    form = _form(request, place, site, left, bound=request.method == "POST" and not finding)
    if form.is_bound and form.is_valid() and (load := _ordered(request, place, form, rows[:MOST])):
        return redirect(load)
    request.user.saw_among_others([row.student_id for row in rows[:MOST]], "year-end")
    context = {
        "place": place, "site": site, "state": state, "form": form, "left": left, "most": MOST,
        "too_many": len(rows) > MOST, "for_one": FOR_ONE, "offer": _offer(request, place, finding),
        "rows": rows[:MOST], "grades": _by_grade(request, rows[:MOST]),
        "earlier": FeedLoad.objects.filter(district=place.district, layout=YEAR_END)[:5],
    }  # fmt: skip
    return render(request, "enrollment/year_end/order.html", context, status=400 if form.errors else 200)


def _children(
    request: HttpRequest, place: DistrictYear, site: Site, left: bool, grade: str
) -> QuerySet[Enrollment]:
    rows = Enrollment.objects.visible_to(request.user).filter(
        district=place.district, site=site, no_show=False
    )
    if left:
        again = Enrollment.objects.filter(student=OuterRef("student"), first_day__gt=OuterRef("last_day"))
        still = Enrollment.objects.filter(student=OuterRef("student"), last_day=None)
        rows = rows.filter(last_day__range=(place.year.first_day, place.year.last_day))
        rows = rows.exclude(Exists(again)).exclude(Exists(still))
    else:
        rows = rows.open()
    rows = rows.filter(grade=grade) if grade else rows
    return rows.select_related("student", "site").order_by("student__sort_name", "pk")


def _form(
    request: HttpRequest, place: DistrictYear, site: Site | None, left: bool, *, bound: bool
) -> EnterAgainForm:
    kind = EnterAgainForm if left else LeaveForm
    sites = sites_to_enter(request.user, timezone.localdate())
    first = {
        "last_day": in_words(_last_day(place, site)), "how_known": f"End of school year {place.year.name}",
        "entry_site": site and site.pk, "again": left,
    }  # fmt: skip
    return kind(
        request.POST if bound else None, district=place.district, sites=sites,
        initial=first | request.POST.dict(),
    )  # fmt: skip


def _last_day(place: DistrictYear, site: Site | None) -> date:
    """The last school day by the calendar, or of the year."""
    day = min(timezone.localdate(), place.year.last_day)
    calendar: Calendar | None = calendar_of(place.district, site.pk, day) if site else None
    return calendar.last_school_day if calendar else place.year.last_day


def _ordered(
    request: HttpRequest, place: DistrictYear, form: EnterAgainForm, rows: list[Enrollment]
) -> FeedLoad | None:
    for_all = form.for_all()
    if not for_all.exit_code and not for_all.entry_code:
        form.add_error("again", "Say that they enter again, or look at the children who are enrolled now.")
        return None
    try:
        return order_year_end(
            by=request.user, district=place.district, year=place.year, enrollments=rows, for_all=for_all,
            for_one=said_of_each(request.POST.dict(), [(row.pk, _grade(row)) for row in rows]),
        )  # fmt: skip
    except RuleBroken as refusal:
        form.add_error(None, str(refusal))
        return None


def _offer(request: HttpRequest, place: DistrictYear, finding: bool) -> Offer:
    return _codes(place, request.POST.get("code_q", "") if finding else "", request.POST.get("code", ""))


def _codes(place: DistrictYear, query: str, chosen: str) -> Offer:
    """Those of children who attended: nobody is a no-show at the end of a year."""
    profile, today = profile_of(place.district), timezone.localdate()
    attended = [row.code for row in codes_for(profile, Kind.EXIT, today) if row.stage != REGISTERED]
    return offer(profile, Kind.EXIT, query, today, chosen, attended)


@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    """The options of the picker for the words typed."""
    place = chosen_district_year(request)
    found = _codes(place, request.GET.get("code_q", ""), request.GET.get("code", ""))
    context = {
        "name": "code", "options": found.options, "query": found.query, "total": found.total, "noun": "code"
    }  # fmt: skip
    return render(request, "ui/code_options.html", context)


def _by_grade(request: HttpRequest, rows: list[Enrollment]) -> list[dict[str, object]]:
    """The lowest grade first, each with what is said for all of it."""
    order = {grade: n for n, (grade, _) in enumerate(grade_choices())}
    found = groupby(sorted(rows, key=lambda row: order.get(_grade(row), len(order))), _grade)
    ended = _day_of_most(rows)
    return [
        {
            "grade": grade, "name": grade_name(grade) or "no grade",
            "then": request.POST.get(f"grade_{grade}", ""),
            "rows": [_child(request, row, ended) for row in of_grade],
        }
        for grade, of_grade in found
    ]  # fmt: skip


def _day_of_most(rows: list[Enrollment]) -> date | None:
    """The day on which most of them left: the end of their year."""
    days = Counter(row.last_day for row in rows).most_common(1)
    return days[0][0] if days else None


def _grade(row: Enrollment) -> str:
    return row.grade or row.student.grade


def _child(request: HttpRequest, row: Enrollment, ended: date | None) -> dict[str, object]:
    """Who left on another day moved away, or worse: is not entered again without being named."""
    first = Then.AS_ALL if row.last_day == ended else Then.LEFT_OUT
    off = (SedsState.NOT_ON, SedsState.AUTO_EXITED, SedsState.ADMIN_EXITED)
    return {
        "row": row, "child": row.student, "number": grouped(row.student.state_student_id),
        "grade": grade_short(_grade(row)), "special": row.seds_state not in off,
        "then": request.POST.get(f"then_{row.pk}", first.value),
        "code": request.POST.get(f"code_{row.pk}", ""),
    }  # fmt: skip


@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """What it would do, or did, to each child; the deed, and its taking back."""
    load = _found(request, pk)
    state = ListState.read(request.GET, ROWS, filters=(DOES,))
    rows = load.rows.all()
    if does := state.chosen.get("does"):
        rows = rows.filter(does=does)
    page = take(rows.order_by("line"), state)
    request.user.saw_among_others([row.student_id for row in page.rows], "year-end")
    job = Job.objects.filter(pk=load.job_id).first()
    context = {
        "load": load, "job": job if job and not job.is_over else None,
        "failed": job.sentence if job and job.state == "FAILED" else "",
        "page": Page(page.state, [_row(load, row) for row in page.rows], page.count, page.has_next),
        "exports": exports(request.user, "feed-rows", state, load=load.pk),
        "waits": load.state == FeedState.CHECKED,
        "does_something": load.counts.get(Does.EXIT) or load.counts.get(Does.NEW),
    }  # fmt: skip
    return render(request, "enrollment/year_end/run.html", context)


def _found(request: HttpRequest, pk: int) -> FeedLoad:
    rows = FeedLoad.objects.filter(layout=YEAR_END).select_related("district__state", "school_year")
    return get_object_or_404(rows, pk=pk, district__in=districts_to_feed(request.user))


def _row(load: FeedLoad, row: FeedRow) -> dict[str, object]:
    said = row.fields
    left = in_words(date.fromisoformat(said["exit_date"])) if "exit_date" in said else ""
    came = in_words(date.fromisoformat(said["entry_date"])) if "entry_date" in said else ""
    again = f"{grade_name(said['entry_grade']).capitalize()} at {said['entry_school']}" if came else ""
    return {
        "child": Cell(
            f"{said['last_name']}, {said['first_name']}",
            sub=f"{grouped(said['state_student_id'])}, {grade_name(said['grade'])}",
        ),
        "exit": Cell(left, sub=f"with {said['exit_code']}" if left else ""),
        "entry": Cell(again, sub=f"{came} with {said['entry_code']}" if came else said.get("note", "")),
        "outcome": Cell(status=_outcome(load, row), sub=" ".join(row.errors) or _note(said, came)),
    }  # fmt: skip


def _note(said: dict[str, str], came: str) -> str:
    return said.get("note", "") if came else ""


def _outcome(load: FeedLoad, row: FeedRow) -> Status:
    if load.state == FeedState.CHECKING:
        return Status("quiet", "not looked at yet", "hourglass_empty")
    if row.does == Does.REFUSED:
        return Status("bad", "refused")
    if load.state == FeedState.UNDONE:
        return Status("warn", "left as it is") if row.errors else Status("quiet", "taken back")
    if row.does == Does.SAME:
        return Status("quiet", "nothing changes")
    done = load.state == FeedState.LOADED
    return Status("good", "done") if done else Status("info", "can be done", "check")


@require_POST
def carry_out(request: HttpRequest, pk: int) -> HttpResponse:
    return _decided(request, pk, start_year_end)


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    return _decided(request, pk, start_undoing)


def _decided(request: HttpRequest, pk: int, deed: Callable[..., FeedLoad]) -> HttpResponse:
    load = _found(request, pk)
    try:
        deed(by=request.user, load=load)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
    return redirect(load)
