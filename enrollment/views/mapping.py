"""What the codes of a district mean: the list with its gaps, one code, a file, the next year, the history."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from enrollment.actions.mapping import (
    copy_to_next_year,
    day_of,
    export_mapping,
    import_mapping,
    look_through_mapping,
    map_code,
    unmap_code,
)
from enrollment.facts import profile_of
from enrollment.forms.mapping import LocalCodeForm, MappingFileForm
from enrollment.models import CodeKind, LocalCode
from enrollment.picker import offer
from enrollment.queries.mapping import changes_of, gaps_of
from enrollment.rules.codes import Kind
from enrollment.rules.mapping import state_code_of
from enrollment.views.district_year import DistrictYear, chosen_district_year
from security.refusals import RuleBroken
from security.views.tried import tried
from ui.lists import Column, Filter, ListState, Page, take
from ui.parts import Cell

COLUMNS = (
    Column("code", "Your code", "code"),
    Column("kind", "Kind", "kind"),
    Column("state_code", "Means", "state_code"),
    Column("changed_at", "Changed", "changed_at"),
)
CHANGES = (
    Column("at", "When"),
    Column("code", "Your code"),
    Column("before", "From"),
    Column("after", "To"),
    Column("by", "Who"),
)
KINDS = Filter("kind", "Kind", [("", "Entry and exit"), *CodeKind.choices])
WORDS = Filter("words", "Your code or its name")


@require_safe
def mapping(request: HttpRequest) -> HttpResponse:
    place = chosen_district_year(request)
    state = ListState.read(request.GET, COLUMNS, filters=(WORDS, KINDS, *place.filters), default_sort="code")
    rows = LocalCode.objects.filter(district=place.district, school_year=place.year)
    if kind := state.chosen.get("kind"):
        rows = rows.filter(kind=kind)
    if words := state.chosen.get("words"):
        rows = rows.filter(code__icontains=words) | rows.filter(name__icontains=words)
    page = take(rows.order_by(*state.order_by()), state)
    shown = Page(page.state, [_row(place, row) for row in page.rows], page.count, page.has_next)
    export = f"{reverse('enrollment:mapping_file')}?{place.query}"
    context = {
        "place": place, "page": shown, "gaps": gaps_of(place.district, place.year),
        "narrowed": bool(words or kind), "exports": [("CSV", export)], "form": MappingFileForm(),
    }  # fmt: skip
    return render(request, "enrollment/mapping/list.html", context)


def _row(place: DistrictYear, row: LocalCode) -> dict[str, object]:
    means = state_code_of(profile_of(place.district), Kind(row.kind), row.state_code)
    address = f"{reverse('enrollment:map_code')}?{place.query}&kind={row.kind}&code_of={row.pk}"
    return {
        "code": Cell(row.code, address, sub=row.name),
        "kind": row.get_kind_display(),
        "state_code": Cell(row.state_code, sub=means.meaning if means else ""),
        "changed_at": row.changed_at,
    }


def one_code(request: HttpRequest) -> HttpResponse:
    """A code and what it means: a new one, or `?code_of=` a known one."""
    place, kind = chosen_district_year(request), _kind(request)
    asked = request.GET.get("code_of", "")
    known = _known(place, asked) if asked else None
    finding = "find" in request.POST
    first = {"code": known.code, "name": known.name, "state_code": known.state_code} if known else {}
    first |= {"state_code": request.GET.get("state_code", "")} if "state_code" in request.GET else {}
    data = request.POST if request.method == "POST" and not finding else None
    form = LocalCodeForm(data, initial=first | request.POST.dict())
    if form.is_bound and form.is_valid() and _saved(request, form, place, kind):
        return redirect(f"{reverse('enrollment:mapping')}?{place.query}")
    chosen = (form.data if form.is_bound else form.initial).get("state_code", "")
    found = offer(
        profile_of(place.district), kind, request.POST.get("state_code_q", ""), day_of(place.year), chosen
    )
    context = {"place": place, "kind": kind, "form": form, "offer": found, "known": known}
    return render(request, "enrollment/mapping/code.html", context)


def _saved(request: HttpRequest, form: LocalCodeForm, place: DistrictYear, kind: Kind) -> bool:
    typed = form.cleaned_data | {"district": place.district, "year": place.year, "kind": kind}
    row = tried(form, lambda: map_code(by=request.user, **typed))
    if not row:
        return False
    messages.success(request, f"{row.code} means {row.state_code} in {place.year}.")
    return True


@require_safe
def code_options(request: HttpRequest) -> HttpResponse:
    """The options of the picker for the words typed."""
    place = chosen_district_year(request)
    query, chosen = request.GET.get("state_code_q", ""), request.GET.get("state_code", "")
    found = offer(profile_of(place.district), _kind(request), query, day_of(place.year), chosen)
    return render(request, "ui/code_options.html", found.context("state_code"))


@require_POST
def unmap(request: HttpRequest) -> HttpResponse:
    place = chosen_district_year(request)
    row = _known(place, request.POST.get("code_of", ""))
    unmap_code(by=request.user, local_code=row)
    messages.success(request, f"{row.code} is no longer mapped in {place.year}.")
    return redirect(f"{reverse('enrollment:mapping')}?{place.query}")


@require_POST
def copy(request: HttpRequest) -> HttpResponse:
    place = chosen_district_year(request)
    try:
        n = copy_to_next_year(by=request.user, district=place.district, year=place.year)
        messages.success(request, f"{n} codes of {place.year} are copied to the next school year.")
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('enrollment:mapping')}?{place.query}")


def mapping_file(request: HttpRequest) -> HttpResponse:
    """The mapping as a file; POST looks through one that is sent, and takes it over when it says so."""
    place = chosen_district_year(request)
    if request.method != "POST":
        name = f"codes-{place.district.code}-{place.year}.csv"
        disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
        text = export_mapping(place.district, place.year)
        return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=disposition)
    if "text" in request.POST:
        return _take_over(request, place)
    form = MappingFileForm(request.POST, request.FILES)
    if form.is_valid() and (context := _preview(place, form)):
        return render(request, "enrollment/mapping/preview.html", {"place": place, **context})
    return render(request, "enrollment/mapping/file.html", {"place": place, "form": form})


def _preview(place: DistrictYear, form: MappingFileForm) -> dict[str, object] | None:
    try:
        text = form.cleaned_data["file"].read().decode("utf-8-sig")
        rows, errors = look_through_mapping(place.district, place.year, text)
    except UnicodeDecodeError:
        form.add_error("file", "The file is not in UTF-8. Export it as “CSV UTF-8 (comma delimited)”.")
        return None
    except RuleBroken as refusal:
        form.add_error("file", str(refusal))
        return None
    return {"text": text, "rows": rows, "errors": errors}


def _take_over(request: HttpRequest, place: DistrictYear) -> HttpResponse:
    try:
        n = import_mapping(
            by=request.user, district=place.district, year=place.year, text=request.POST["text"]
        )
        messages.success(request, f"Taken over: {n} codes changed.")
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('enrollment:mapping')}?{place.query}")


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    place = chosen_district_year(request)
    state = ListState.read(request.GET, CHANGES, filters=place.filters)
    changes = changes_of(place.district, place.year)
    rows = [
        {"at": change.at, "code": Cell(change.code, sub=change.kind), "before": change.before or "not mapped",
         "after": change.after or "not mapped", "by": change.by}
        for change in changes
    ]  # fmt: skip
    page = take(rows, state)
    return render(request, "enrollment/mapping/history.html", {"place": place, "page": page})


def _kind(request: HttpRequest) -> Kind:
    asked = request.POST.get("kind") or request.GET.get("kind", "")
    return Kind.ENTRY if asked == Kind.ENTRY else Kind.EXIT


def _known(place: DistrictYear, asked: str) -> LocalCode:
    pk = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0
    return get_object_or_404(LocalCode, pk=pk, district=place.district, school_year=place.year)
