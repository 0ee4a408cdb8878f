"""The banks of statements: what is there, adding to them, reading a file, retiring."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ieps import actions
from ieps.bank import fields_with_words, kept_by, kept_districts, statements_for
from ieps.bank_forms import BankFileForm, RetireForm, StatementForm
from ieps.models import Statement
from security.models import User
from security.views.tried import tried
from ui.lists import Column, Filter, ListState, Page, count_up_to, take
from ui.parts import Cell, Fact

COLUMNS = (
    Column("text", "Words"),
    Column("place", "Field", "section"),
    Column("area", "Area", "area"),
    Column("whose", "Whose", "district__name"),
    Column("until", "Until", "last_day"),
)
WHOSE = (("", "All"), ("mine", "Mine"), ("district", "The district's"))
STATES = (("", "In use"), ("all", "Also retired"))
FILTERS = (
    Filter("words", "Words or area"),
    Filter("whose", "Whose", WHOSE),
    Filter("state", "State", STATES),
)
SHORT = 140


@require_safe
def bank(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, COLUMNS, filters=FILTERS, default_sort="place")
    rows = filtered(request.user, state)
    page = take(rows.order_by(*state.order_by(), "pk"), state, count_up_to(rows))
    page = Page(page.state, [row_of(each) for each in page.rows], page.count, page.has_next)
    return render(request, "ieps/bank.html", {"state": state, "page": page})


def filtered(user: User, state: ListState):
    rows, chosen = statements_for(user), state.chosen
    if not chosen.get("state"):
        rows = rows.in_use(timezone.localdate())
    if whose := chosen.get("whose"):
        rows = rows.filter(owner__isnull=whose != "mine")
    return rows.with_words(chosen.get("words", ""))


def row_of(statement: Statement) -> dict[str, object]:
    words = statement.text if len(statement.text) <= SHORT else f"{statement.text[:SHORT].rstrip()}…"
    return {
        "text": Cell(words, url=reverse("ieps:statement", args=[statement.pk])),
        "place": place_name(statement),
        "area": statement.area,
        "whose": statement.whose,
        "until": statement.last_day,
    }


def place_name(statement: Statement) -> str:
    return fields_with_words().get((statement.section, statement.field), statement.field)


def add(request: HttpRequest) -> HttpResponse:
    """One statement typed."""
    form = StatementForm(kept_districts(request.user), request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        whose = {"district": form.district, "area": typed["area"], "text": typed["text"]}
        if tried(form, lambda: actions.keep_statement(by=request.user, **form.named, **whose)):
            messages.success(request, "Kept in the bank.")
            return redirect("ieps:bank")
    return show_adding(request, form, BankFileForm(kept_districts(request.user)))


@require_POST
def read_file(request: HttpRequest) -> HttpResponse:
    """A file of statements: the good lines come, the others are named."""
    form = BankFileForm(kept_districts(request.user), request.POST, request.FILES)
    if form.is_valid():
        content = form.cleaned_data["file"].read()
        district = form.district
        result = tried(
            form, lambda: actions.import_statements(by=request.user, content=content, district=district)
        )
        if result and not result.bad:
            messages.success(
                request, f"{result.added} statements are new, {result.known} were there already."
            )
            return redirect("ieps:bank")
        if result:
            return show_adding(request, StatementForm(kept_districts(request.user)), form, result)
    return show_adding(request, StatementForm(kept_districts(request.user)), form)


def show_adding(request: HttpRequest, form: StatementForm, file_form: BankFileForm, result=None):
    status = 400 if form.errors or file_form.errors or result else 200
    context = {"form": form, "file_form": file_form, "result": result}
    return render(request, "ieps/bank_add.html", context, status=status)


def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """One statement, and its last day."""
    this = get_object_or_404(statements_for(request.user), pk=pk)
    form = RetireForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        last_day = form.cleaned_data["last_day"]
        if tried(form, lambda: actions.retire_statement(by=request.user, statement=this, last_day=last_day)):
            messages.success(request, "It is offered no more after that day. What was written with it stays.")
            return redirect("ieps:bank")
    context = {
        "statement": this,
        "facts": [fact for fact in facts_of(this) if fact.value],
        "form": form,
        "may_retire": this.owner_id == request.user.pk or this.district_id in kept_by(request.user),
    }
    return render(request, "ieps/statement.html", context, status=400 if form.errors else 200)


def facts_of(this: Statement) -> list[Fact]:
    return [
        Fact("Field", place_name(this)),
        Fact("Area", this.area),
        Fact("Whose", this.whose),
        Fact("Kept by", this.added_by),
        Fact("Since", this.first_day),
        Fact("Until", this.last_day),
    ]
