"""The list of authorized users: for a day, as a file, and the part that is open to everybody."""

from collections.abc import Iterable
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from organizations.models import District, Site
from security.access import holds
from security.actions.authorized import FORMATS, export, open_to_public
from security.models import access_settings_of
from security.queries.authorized import (
    AuthorizedUser,
    Wanted,
    described,
    lines_of_file,
    names_and_positions,
    people_on,
)
from security.queries.places import districts_of
from security.rules.roles import Permission, roles
from security.views.place import chosen_district
from ui.dates import DateNotUnderstood, in_words, read_day
from ui.lists import Column, Filter, ListState, Page, take
from ui.parts import Cell, Status

COLUMNS = (
    Column("name", "Name", ("last_name", "first_name")),
    Column("role", "Role and places"),
    Column("iep_forms", "IEP Forms"),
    Column("assurance", "Assurance"),
    Column("seen", "Last sign-in", "last_login"),
)


@require_safe
def users(request: HttpRequest) -> HttpResponse:
    district = chosen_district(request)
    offered = filters(district, districts_of(request.user))
    state = ListState.read(request.GET, COLUMNS, filters=offered, default_sort="name")
    day, misread = day_of(state)
    people = people_on(district, day, wanted_from(state)).order_by(*state.order_by())
    if request.GET.get("export") in FORMATS:
        return _file(request, district, day, people)
    page = take(people, state)
    rows = [row_of(person, district) for person in described(page.rows, district, day)]
    context = {
        "district": district,
        "on_day": f"{page.count} on {in_words(day)}",
        "misread": misread,
        "page": Page(page.state, rows, page.count, page.has_next),
        "public": access_settings_of(district).public_list,
        "may_publish": holds(request.user, Permission.GRANT_ACCESS, district),
        "exports": [(kind.upper(), state.export_url(kind)) for kind in FORMATS],
    }
    return render(request, "security/people/users.html", context)


def filters(district: District, mine: Iterable[District]) -> tuple[Filter, ...]:
    """The district itself is a choice for who looks after several."""
    several = [(str(row.pk), row.name) for row in mine]
    sites = Site.objects.filter(district=district).values_list("pk", "name")
    return (
        Filter("name", "Name or staff ID"),
        Filter(
            "site", "Place", [("", f"{district} and all sites"), *((str(pk), name) for pk, name in sites)]
        ),
        Filter("role", "Role", [("", "Any role"), *((row.role.value, row.short) for row in roles())]),
        Filter("day", "On this day"),
        *([Filter("district", "District", several)] if len(several) > 1 else []),
    )


def day_of(state: ListState) -> tuple[date, str]:
    """The day that was typed, or today and the sentence that says what was not understood."""
    today = timezone.localdate()
    try:
        return read_day(state.chosen["day"], today) if "day" in state.chosen else today, ""
    except DateNotUnderstood as why:
        return today, str(why)


def wanted_from(state: ListState) -> Wanted:
    return Wanted(**{name: state.chosen.get(name, "") for name in ("name", "site", "role")})


def row_of(person: AuthorizedUser, district: District) -> dict[str, object]:
    user = person.user
    address = f"{reverse('security:access_of', args=[user.pk])}?district={district.pk}"
    about = [user.position, f"staff {user.staff_id}" if user.staff_id else "no staff ID"]
    forms = Status("good", "Yes", "check") if person.iep_forms else Status("quiet", "No")
    return {
        "name": Cell(f"{user.last_name}, {user.first_name}", address, sub=", ".join(filter(None, about))),
        "role": Cell(person.names_of_roles, sub=person.names_of_places),
        "iep_forms": Cell(status=forms),
        "assurance": person.assurance,
        "seen": user.last_login or "never",
    }


def _file(request: HttpRequest, district: District, day: date, people) -> HttpResponse:
    kind = request.GET["export"]
    lines = list(lines_of_file(people, district, day, timezone.now()))
    content = export(by=request.user, district=district, kind=kind, day=day.isoformat(), lines=lines)
    name = f"authorized-users-{district.code}-{day}.{kind}"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=FORMATS[kind], headers=disposition)


@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    district, public = chosen_district(request), request.POST.get("public") == "yes"
    open_to_public(by=request.user, district=district, public=public)
    said = "can now be read without signing in" if public else "can no longer be read without signing in"
    messages.success(request, f"Names and positions {said}.")
    return redirect(f"{reverse('security:users')}?district={district.pk}")


def public_list(request: HttpRequest, pk: int) -> HttpResponse:
    """34 CFR 300.623(d): names and positions, for everybody, where the district opened it."""
    district = get_object_or_404(District, pk=pk)
    if not access_settings_of(district).public_list:
        raise Http404
    today = timezone.localdate()
    people = names_and_positions(district, today)
    context = {"district": district, "day": in_words(today), "people": people}
    return render(request, "security/people/public.html", context)
