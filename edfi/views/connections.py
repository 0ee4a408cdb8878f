"""Connections to the state's Ed-Fi API: set up, checked, switched on and off, year by year."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from edfi import desk
from edfi.access import check_may_set_up, why_not_set_up
from edfi.actions import configure as verbs
from edfi.actions.check import check_connection
from edfi.forms import ConnectionForm, MappingForm, NewConnectionForm, YearForm
from edfi.models import Connection
from edfi.rules.records import OF_IEPS, OF_PROGRAMS
from edfi.rules.tables import CORE, descriptors_of
from edfi.views.desk import for_those_who_see_it
from organizations.models import District, State
from security.access import who_can
from security.refusals import NotAllowed
from security.rules.roles import Permission
from security.scope import Scope, scope_of
from security.views.tried import did, tried


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    kept = _kept(request)
    form = NewConnectionForm(
        _states(kept), _districts(kept), kept.everything, request.POST or None, request.FILES or None
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        where = {"state": typed["state"], "district": typed["district"]}
        setup = form.setup()
        if made := tried(form, lambda: verbs.make_connection(by=request.user, setup=setup, **where)):
            messages.success(request, "The connection is set up. Next: add a school year, and check it.")
            return redirect("edfi:connection", made.pk)
    return render(request, "edfi/make.html", {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who_see_it
def connection(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method != "POST":
        return show(request, found(request, pk))
    this = to_set_up(request, pk)
    form = ConnectionForm(request.POST or None, connection=this)
    deed = lambda **who: verbs.change_connection(setup=form.setup(), **who)  # noqa: E731
    return _keep(request, this, deed, "The connection is changed.", form=form)


@require_POST
@for_those_who_see_it
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks the API everything that can be asked without writing."""
    this = found(request, pk)
    return show(request, this, checks=check_connection(this))


@require_POST
@for_those_who_see_it
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    this, on = to_set_up(request, pk), request.POST.get("on") == "yes"
    said = "The connection is on. Every child is compared with the state now." if on else (
        "The connection is off. Nothing is sent, and what was sent stays at the state."
    )  # fmt: skip
    did(request, lambda: verbs.switch(by=request.user, connection=this, on=on), said)
    return redirect("edfi:connection", pk)


@require_POST
@for_those_who_see_it
def year(request: HttpRequest, pk: int) -> HttpResponse:
    this, form = to_set_up(request, pk), YearForm(request.POST)
    deed = lambda **who: verbs.keep_year(year=form.year(), **who)  # noqa: E731
    return _keep(request, this, deed, "The school year is kept.", year_form=form)


@require_POST
@for_those_who_see_it
def copy_year(request: HttpRequest, pk: int) -> HttpResponse:
    this = to_set_up(request, pk)
    said = "The next school year is added with the same switches."
    did(request, lambda: verbs.copy_year(by=request.user, connection=this), said)
    return redirect("edfi:connection", pk)


@require_POST
@for_those_who_see_it
def map_code(request: HttpRequest, pk: int) -> HttpResponse:
    this, form = to_set_up(request, pk), MappingForm(request.POST)
    deed = lambda **who: verbs.map_code(**form.cleaned_data, **who)  # noqa: E731
    return _keep(
        request, this, deed, "The value is kept. It is sent with the next resync.", mapping_form=form
    )


def _keep(request: HttpRequest, this: Connection, deed: Callable, said: str, **forms: Form) -> HttpResponse:
    """What was typed in the one form that came, or the page with its sentences."""
    [form] = forms.values()
    if form.is_valid() and tried(form, lambda: deed(by=request.user, connection=this)):
        messages.success(request, said)
        return redirect("edfi:connection", this.pk)
    return show(request, this, **forms)


def found(request: HttpRequest, pk: int) -> Connection:
    return get_object_or_404(desk.connections_of(request.user), pk=pk)


def to_set_up(request: HttpRequest, pk: int) -> Connection:
    this = found(request, pk)
    check_may_set_up(request.user, this.district)
    return this


def show(request: HttpRequest, this: Connection, **forms) -> HttpResponse:
    """The page of a connection; forms that were refused come with their sentences."""
    failed = any(getattr(form, "errors", None) for form in forms.values())
    mappings = [(MappingForm(initial=row), row) for row in _mappings(this)]
    context = {
        "connection": this,
        "form": ConnectionForm(connection=this),
        "year_form": YearForm(),
        "years": [(row, YearForm(initial=vars(row), prefix="")) for row in this.years.all()],
        "mappings": mappings,
        "why_not": why_not_set_up(request.user, this),
        **forms,
    }
    return render(request, "edfi/connection.html", context, status=400 if failed else 200)


def _mappings(this: Connection) -> list[dict[str, str]]:
    """Those of program records where they are sent, also while they have no value yet."""
    values = dict(this.descriptors())
    if any(year.send_programs for year in this.years.all()):
        values = {key: "" for key in descriptors_of(CORE) if key[0] in OF_IEPS} | values
    else:
        values = {key: uri for key, uri in values.items() if key[0] not in OF_PROGRAMS}
    return [
        {"descriptor": descriptor, "local_code": code, "uri": uri}
        for (descriptor, code), uri in sorted(values.items())
    ]


def _kept(request: HttpRequest) -> Scope:
    kept = scope_of(request.user, Permission.MANAGE_EDFI)
    if not (kept.everything or kept.district_ids):
        raise NotAllowed(f"Only {who_can(Permission.MANAGE_EDFI)} can set up a connection.")
    return kept


def _districts(kept: Scope):
    rows = District.objects.order_by("name")
    return rows if kept.everything else rows.filter(pk__in=kept.district_ids)


def _states(kept: Scope):
    return State.objects.filter(districts__in=_districts(kept)).distinct().order_by("name")
