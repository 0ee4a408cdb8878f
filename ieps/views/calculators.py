"""Louisiana's rules that can be computed: what is typed stands beside the answer, and is not kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from ieps.calculator_forms import LeapConnectForm, RegressionForm
from ieps.rules import leap_connect, regression
from ieps.rules.regression import Across, Finding
from ui.dates import in_words
from ui.lists import Column, Count, ListState, Page
from ui.parts import Status

ACROSS = (
    Column("of", "Break"),
    Column("days", "Instructional days", numeric=True),
    Column("before", "Two weeks before"),
    Column("after", "Two weeks after"),
    Column("says", "So"),
)
BANDS = (
    Column("band", "Students"),
    Column("range", "Standard deviations below the mean"),
    Column("needs", "Needed besides"),
    Column("authority", "Authority"),
)
TONES = {Finding.MEETS: "good", Finding.DOES_NOT: "quiet", Finding.CANNOT_SAY: "warn"}


@require_http_methods(["GET", "HEAD", "POST"])
def regression_recoupment(request: HttpRequest) -> HttpResponse:
    """Sent by POST, so that no score stands in an address; nothing is written."""
    form = RegressionForm(request.POST or None)
    context: dict[str, object] = {"form": form, "authority": regression.AUTHORITY}
    if form.is_bound and form.is_valid():
        answer = regression.judge(form.cleaned_data["scores"], form.breaks())
        rows = [_across(each) for each in answer.across]
        context |= {
            "answer": Status(TONES[answer.finding], f"Regression-recoupment {answer.finding}"),
            "page": Page(ListState(ACROSS), rows, Count(len(rows)), False),
            "scores": sorted(form.cleaned_data["scores"]),
        }
    return render(request, "ieps/regression.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def leap_connect_thresholds(request: HttpRequest) -> HttpResponse:
    """Sent by POST, so that no score stands in an address; nothing is written."""
    form = LeapConnectForm(request.POST or None)
    bands = [_band(row) for row in leap_connect.bands()]
    context: dict[str, object] = {
        "form": form,
        "page": Page(ListState(BANDS), bands, Count(len(bands)), False),
        "authority": leap_connect.AUTHORITY,
    }
    if form.is_bound and form.is_valid():
        answer = leap_connect.judge(form.facts())
        context |= {"answer": answer, "status": _status(answer), "typed": form.cleaned_data}
    return render(request, "ieps/leap_connect.html", context, status=400 if form.errors else 200)


def _across(across: Across) -> dict[str, object]:
    return {
        "of": f"{in_words(across.of.first_day)} to {in_words(across.of.last_day)}",
        "days": across.of.instructional_days,
        "before": _points(across.before, across.highest_before),
        "after": _points(across.after, across.highest_after),
        "says": across.why_not
        or ("lower than before" if across.regressed else "as high as before, or higher"),
    }


def _points(scores, highest) -> str:
    """ "8, 9, 7: highest 9" """
    return f"{', '.join(str(score.value) for score in scores)}: highest {highest}" if scores else "none"


def _band(row: leap_connect.Band) -> dict[str, object]:
    needs = [words for words, needed in (
        (leap_connect.ADAPTIVE, row.adaptive), (leap_connect.EVIDENCE, row.evidence)
    ) if needed]  # fmt: skip
    return {
        "band": row.band,
        "range": f"{row.at_least} to under {row.below}" if row.below else f"{row.at_least} or more",
        "needs": " and ".join(needs),
        "authority": row.authority,
    }


def _status(answer: leap_connect.Answer) -> Status:
    if answer.meets:
        return Status("good", "The thresholds of LEAP Connect are met")
    if answer.band:
        return Status("warn", "The thresholds of LEAP Connect are not met yet")
    return Status("quiet", "The thresholds of LEAP Connect are not met")
