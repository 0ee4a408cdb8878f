"""Reviews of access: all of them, one to decide, and closing it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from organizations.models import District
from security.access import holds, who_look_after
from security.actions.review import close_review, decide, next_review_of, why_not_close_now
from security.models import Review
from security.models.review import ReviewQuerySet
from security.queries.authorized import role_name
from security.queries.places import districts_of
from security.queries.reviews import Shown, lines_of, progress_of, shown
from security.refusals import NotAllowed, RuleBroken
from security.rules.reviews import Decision
from security.rules.roles import Permission
from ui.dates import in_words, moment_in_words
from ui.lists import Column, Filter, ListState, take
from ui.parts import Cell, Status

COLUMNS = (
    Column("district", "District", "district__name"),
    Column("due", "Due", "due_on"),
    Column("state", "State"),
    Column("closed", "Closed", "closed_at"),
)
STATES = (("", "Any"), ("open", "Open"), ("overdue", "Overdue"), ("closed", "Closed"))
SHOWS = (("", "For me to decide"), ("open", "Not settled"), ("all", "Every line"))


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    mine = list(districts_of(request.user))
    if not mine:
        raise NotAllowed(f"Only {who_look_after()} can see reviews of access.")
    state = ListState.read(request.GET, COLUMNS, filters=_filters(mine), default_sort="-due")
    rows = _narrowed(Review.objects.filter(district__in=mine), state).select_related("district", "closed_by")
    page = take(rows.order_by(*state.order_by()), state)
    context = {
        "page": page,
        "rows": [_review_row(review) for review in page.rows],
        "next": next_review_of(mine[0]) if len(mine) == 1 else None,
    }
    return render(request, "security/reviews/list.html", context)


def _filters(mine: list[District]) -> tuple[Filter, ...]:
    """The district itself is a choice for who looks after several."""
    several = [("", "Any"), *((str(row.pk), row.name) for row in mine)]
    return (
        Filter("state", "State", STATES),
        *([Filter("district", "District", several)] if len(mine) > 1 else []),
    )


def _narrowed(rows: ReviewQuerySet, state: ListState) -> ReviewQuerySet:
    if district := state.chosen.get("district"):
        rows = rows.filter(district=district)
    show = state.chosen.get("state")
    if show == "overdue":
        return rows.overdue(timezone.localdate())
    return rows.filter(closed_at__isnull=show == "open") if show else rows


def _review_row(review: Review) -> dict[str, object]:
    return {
        "district": Cell(review.district.name, reverse("security:review", args=[review.pk])),
        "due": review.due_on,
        "state": Cell(status=state_of(review)),
        "closed": Cell(review.closed_at, sub=f"by {review.closed_by}") if review.closed_at else "",
    }


def state_of(review: Review) -> Status:
    today = timezone.localdate()
    if not review.is_open:
        return Status("good", "closed")
    late = (today - review.close_by).days
    if late > 0:
        return Status("bad", f"overdue by {late} day{'' if late == 1 else 's'}")
    return Status("warn", f"open, {-late} days left", "schedule")


@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """`?show=`: the lines that wait for the reader, those that are not settled, or every line."""
    row = _review_or_404(request, pk)
    lines = shown(lines_of(row), request.user)
    show = request.GET.get("show") or ("" if row.is_open else "all")
    picked, progress = [line for line in lines if _fits(line, show)], progress_of(lines)
    context = {
        "review": row,
        "state": state_of(row),
        "progress": progress,
        "lines": picked,
        "waiting": [line for line in picked if not line.refusal and not line.settled],
        "to_keep": sum(_may_be_kept(line) for line in picked),
        "sub": _about(row),
        "counted": f"{progress.settled} of {progress.total} settled",
        "show": show,
        "chips": _chips(lines, show),
        "may_close": row.is_open and holds(request.user, Permission.GRANT_ACCESS, row.district),
        "not_yet": why_not_close_now(row) if row.is_open else None,
        "sure": "keep_all" in request.GET,
    }
    return render(request, "security/reviews/review.html", context)


def _about(row: Review) -> str:
    if row.closed_at:
        return f"Closed {moment_in_words(row.closed_at)} by {row.closed_by}. It can be read, and not changed."
    return f"Open since {in_words(row.due_on)}, to be closed by {in_words(row.close_by)}. Remove wins."


def _may_be_kept(line: Shown) -> bool:
    """By the bulk deed: nothing was said by this reader, and nobody wants it removed."""
    return line.waits and line.line.by_supervisor != Decision.REMOVE


def _review_or_404(request: HttpRequest, pk: int) -> Review:
    rows = Review.objects.filter(district__in=districts_of(request.user))
    return get_object_or_404(rows.select_related("district__state", "closed_by"), pk=pk)


def _fits(line: Shown, show: str) -> bool:
    return show == "all" or (line.waits if show == "" else not line.settled)


def _chips(lines: list[Shown], show: str) -> list[tuple[str, str, int, bool]]:
    return [
        (f"?show={value}", label, sum(_fits(line, value) for line in lines), value == show)
        for value, label in SHOWS
    ]


@require_POST
def decide_lines(request: HttpRequest, pk: int) -> HttpResponse:
    """Every line for which keep or remove was chosen, in one go; `keep_all` keeps those that were shown."""
    row = _review_or_404(request, pk)
    back = f"{reverse('security:review', args=[row.pk])}?show={request.POST.get('show', '')}"
    try:
        done = decide(by=request.user, review=row, decisions=_decisions(request, row))
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    if done.count:
        messages.success(request, f"{done.count} line{'' if done.count == 1 else 's'} decided.")
    elif not done.refused:
        messages.info(request, "Nothing new was chosen, so nothing was changed.")
    for sentence, people in _who_of_refused(row, done.refused).items():
        messages.error(request, f"Not decided for {people}: {sentence}")
    return redirect(back)


def _who_of_refused(row: Review, refused: dict[int, str]) -> dict[str, str]:
    """The names and roles of the lines, under the sentence that says why they were not decided."""
    found: dict[str, list[str]] = {}
    for line in lines_of(row) if refused else []:
        if line.pk in refused:
            who = f"{line.assignment.user} ({role_name(line.assignment)})"
            found.setdefault(refused[line.pk], []).append(who)
    return {sentence: ", ".join(people) for sentence, people in found.items()}


def _decisions(request: HttpRequest, row: Review) -> dict[int, Decision]:
    known = {decision.value: decision for decision in Decision}
    if "keep_all" in request.POST:
        seen = set(request.POST.getlist("shown"))
        lines = [line for line in shown(lines_of(row), request.user) if _may_be_kept(line)]
        return {line.line.pk: Decision.KEEP for line in lines if str(line.line.pk) in seen}
    chosen = {name.removeprefix("line-"): value for name, value in request.POST.items() if "line-" in name}
    return {int(pk): known[value] for pk, value in chosen.items() if _is_id(pk) and value in known}


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    row = _review_or_404(request, pk)
    try:
        close_review(by=request.user, review=row)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The review is closed. It can be read here for good.")
    return redirect("security:review", row.pk)
