"""The list of evaluations: in progress, decided, locked."""

from dataclasses import replace

from django.db.models import QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from evaluations.models import Evaluation
from evaluations.rules.codes import evaluation_types
from evaluations.rules.stages import Stage
from evaluations.rules.stages import row_of as stage_row
from evaluations.stages import stage_of
from security.access import holds_anywhere
from security.models import User
from security.rules.roles import Permission
from students.facts import child_cell
from students.models.student import Fold
from ui.lists import DEFAULT_SIZE, Column, Filter, ListState, Page, take
from ui.parts import Cell, Status

COLUMNS = (
    Column("student", "Student", "student__sort_name"),
    Column("type", "Type", "kind"),
    Column("stage", "Stage"),
    Column("referred", "Referred", "referral_date"),
    Column("consent", "Consent", "consent_date"),
    Column("determined", "Determined", "determination_date"),
    Column("district", "District", "district__name"),
)
EXPORT_URL = "/lists/evaluations/export"
STATES = (("", "All"), ("in_progress", "In progress"), ("determined", "To be locked"), ("locked", "Locked"))
TONES = {
    Stage.REFERRED: ("info", "flag"),
    Stage.CONSENT_REQUESTED: ("info", "mail"),
    Stage.CONSENT_REFUSED: ("warn", "cancel"),
    Stage.CONSENT_RECEIVED: ("info", "edit"),
    Stage.MET: ("info", "people"),
    Stage.DETERMINED: ("warn", "lock_open"),
    Stage.LOCKED: ("good", "lock"),
    Stage.ENDED: ("quiet", "remove"),
}


def filters() -> tuple[Filter, ...]:
    kinds = [("", "All types"), *((row.code, row.name) for row in evaluation_types())]
    return (
        Filter("name", "Student's last name"),
        Filter("kind", "Type", kinds),
        Filter("state", "State", STATES),
    )


@require_safe
def evaluations(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, COLUMNS, filters=filters(), default_sort="-referred")
    mine = Evaluation.objects.visible_to(request.user)
    shown = filtered(mine, state).select_related("student", "district").order_by(*state.order_by())
    page = take(shown, state)
    request.user.saw_among_others([each.student_id for each in page.rows], "list of evaluations")
    page = Page(page.state, [row_of(each) for each in page.rows], page.count, page.has_next)
    context = {"state": state, "page": page, "exports": exports(request.user, state)}
    context["may_refer"] = holds_anywhere(request.user, Permission.REFER)
    return render(request, "evaluations/list.html", context)


def exports(user: User, state: ListState) -> list[tuple[str, str]]:
    """The whole list, as filtered now, in each file format, for those who may take it away."""
    if not holds_anywhere(user, Permission.EXPORT):
        return []
    whole = replace(state, page=1, size=DEFAULT_SIZE)
    return [(kind.upper(), EXPORT_URL + whole.url(format=kind)) for kind in ("csv", "xlsx")]


def filtered(rows: QuerySet[Evaluation], state: ListState) -> QuerySet[Evaluation]:
    chosen = state.chosen
    if name := chosen.get("name"):
        rows = rows.filter(student__sort_name__startswith=Fold(Value(name)))
    if kind := chosen.get("kind"):
        rows = rows.filter(kind=kind)
    if which := chosen.get("state"):
        rows = getattr(rows, which)()
    return rows


def row_of(evaluation: Evaluation) -> dict[str, object]:
    return {
        "student": child_cell(evaluation.student, reverse("evaluations:evaluation", args=[evaluation.pk])),
        "type": evaluation.kind_name,
        "stage": Cell(status=stage_status(evaluation)),
        "referred": evaluation.referral_date,
        "consent": evaluation.consent_date,
        "determined": Cell(evaluation.determination_date, sub=evaluation.outcome_name),
        "district": str(evaluation.district or ""),
    }


def stage_status(evaluation: Evaluation) -> Status:
    stage = stage_of(evaluation)
    tone, icon = TONES[stage]
    return Status(tone, stage_row(stage).name, icon)
