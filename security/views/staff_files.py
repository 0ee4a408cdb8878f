"""The staff file: sent, looked through, loaded (SEC-42)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from security.access import holds_anywhere, who_can
from security.actions.staff_file import Findings, load_staff_file, look_through, send_staff_file
from security.forms.removal import StaffFileForm
from security.models import StaffFile
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Permission
from security.rules.staff_file import COLUMNS, Miss
from ui.lists import Column, ListState
from ui.parts import Cell, Status

MOST_SHOWN = 100
STATES = {
    Miss.FLAG: Status("warn", "flagged: first miss", "flag"),
    Miss.SAME_DAY: Status("warn", "flagged already today", "flag"),
    Miss.SUSPEND: Status("bad", "suspended: second miss", "block"),
    Miss.STAYS_SUSPENDED: Status("bad", "suspended already", "block"),
}
MISSING = (Column("person", "Who"), Column("district", "District"), Column("becomes", "What happens"))
ERRORS = (Column("line", "Line", numeric=True), Column("sentence", "What is wrong"))


def staff_files(request: HttpRequest) -> HttpResponse:
    """What was loaded, and the form to send the next."""
    if not holds_anywhere(request.user, Permission.GRANT_ACCESS):
        raise NotAllowed(f"Only {who_can(Permission.GRANT_ACCESS)} can load a staff file.")
    form = StaffFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, day = form.cleaned_data["file"], form.cleaned_data["day"]
        try:
            return redirect("security:staff_file", send_staff_file(by=request.user, file=file, day=day).pk)
        except RuleBroken as refusal:
            form.add_error(refusal.field, str(refusal))
    loaded = StaffFile.objects.filter(sent_by=request.user).exclude(loaded_at=None)[:20]
    context = {"form": form, "loaded": loaded, "columns": COLUMNS}
    return render(request, "security/people/staff_files.html", context)


def staff_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The dry run; POST loads exactly this file."""
    row = get_object_or_404(StaffFile.objects.filter(sent_by=request.user), pk=pk)
    if request.method == "POST":
        return _load(request, row)
    if row.loaded_at:
        messages.info(request, "This file is loaded already.")
        return redirect("security:staff_files")
    return render(request, "security/people/staff_file.html", _context(row, look_through(request.user, row)))


def _load(request: HttpRequest, row: StaffFile) -> HttpResponse:
    try:
        found = load_staff_file(by=request.user, staff_file=row, even_so="even_so" in request.POST)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return redirect("security:staff_file", row.pk)
    suspended = sum(missing.miss == Miss.SUSPEND for missing in found.missing)
    said = f"Loaded: {len(found.missing)} missing, {suspended} of them suspended now, {len(found.back)} back."
    messages.success(request, said)
    return redirect("security:staff_files")


def _context(row: StaffFile, found: Findings) -> dict:
    return {
        "staff_file": row,
        "found": found,
        "missing_list": ListState.read({}, MISSING),
        "error_list": ListState.read({}, ERRORS),
        "missing": [
            {
                "person": Cell(str(m.user), sub=f"staff {m.user.staff_id}"),
                "district": m.district.name,
                "becomes": Cell(status=STATES[m.miss]),
            }
            for m in found.missing[:MOST_SHOWN]
        ],
        "errors": found.errors[:MOST_SHOWN],
        "most_shown": MOST_SHOWN,
    }
