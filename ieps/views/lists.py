"""The list of IEPs, and where this person left."""

from dataclasses import replace

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ieps.models import Iep, IepStatus, SectionText
from ieps.rules.codes import CodeSet, codes
from ieps.rules.form import sections
from ieps.rules.life import Standing
from security.access import holds_anywhere
from security.models import User
from security.rules.roles import Permission
from students.facts import child_cell
from students.models.student import Fold
from ui.lists import DEFAULT_SIZE, Column, Filter, ListState, Page, count_up_to, take
from ui.parts import Cell, Status

COLUMNS = (
    Column("student", "Student", "student__sort_name"),
    Column("type", "Type", "kind"),
    Column("status", "Status", "status"),
    Column("meeting", "Meeting", "meeting_date"),
    Column("author", "Begun by", "author__last_name"),
    Column("saved", "Last saved", "saved"),
    Column("district", "District", "district__name"),
)
EXPORT_URL = "/lists/ieps/export"
STATES = (
    ("", "All"), ("drafts", "Drafts"), ("official", "Official"), ("current", "Current"), ("future", "Future"),
    ("historical", "Historical"),
)  # fmt: skip
TONES = {
    IepStatus.DRAFT: ("info", "edit"),
    IepStatus.OFFICIAL: ("good", "check_circle"),
    IepStatus.OFFICIAL_INCOMPLETE: ("warn", "warning"),
    IepStatus.DELREQ: ("warn", "warning"),
}
BY_THE_DAYS = {
    Standing.FUTURE: Status("info", "official, future", "schedule"),
    Standing.HISTORICAL: Status("quiet", "historical", "history"),
}
LEFT_OFF = 3


def filters() -> tuple[Filter, ...]:
    kinds = [("", "All types"), *((row.code, row.name) for row in codes(CodeSet.IEP_TYPE))]
    return (
        Filter("name", "Student's last name"),
        Filter("kind", "Type", kinds),
        Filter("state", "State", STATES),
    )


@require_safe
def ieps(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, COLUMNS, filters=filters(), default_sort="-saved")
    shown = filtered(Iep.objects.visible_to(request.user).kept(), state)
    page = take(last_saved(shown).order_by(*state.order_by()), state, count_up_to(shown))
    request.user.saw_among_others(filter(None, [each.student_id for each in page.rows]), "list of IEPs")
    page = Page(page.state, [row_of(each) for each in page.rows], page.count, page.has_next)
    context = {
        "state": state,
        "page": page,
        "exports": exports(request.user, state),
        "left_off": where_left(request.user),
    }
    return render(request, "ieps/list.html", context)


def exports(user: User, state: ListState) -> list[tuple[str, str]]:
    """The whole list, as filtered now, in each file format, for those who may take it away."""
    if not holds_anywhere(user, Permission.EXPORT):
        return []
    whole = replace(state, page=1, size=DEFAULT_SIZE)
    return [(kind.upper(), EXPORT_URL + whole.url(format=kind)) for kind in ("csv", "xlsx")]


def filtered(rows: QuerySet[Iep], state: ListState) -> QuerySet[Iep]:
    chosen = state.chosen
    if name := chosen.get("name"):
        rows = rows.filter(student__sort_name__startswith=Fold(Value(name)))
    if kind := chosen.get("kind"):
        rows = rows.filter(kind=kind)
    if which := chosen.get("state"):
        rows = getattr(rows, which)()
    return rows


def last_saved(rows: QuerySet[Iep]) -> QuerySet[Iep]:
    latest = SectionText.objects.filter(iep=OuterRef("pk")).order_by("-saved_at").values("saved_at")[:1]
    return rows.select_related("student", "district", "author").annotate(saved=Subquery(latest))


def where_left(user) -> list[dict[str, object]]:
    """The drafts that this person wrote in last, each with the address of the field they left."""
    drafts = Iep.objects.last_drafts_of(user).select_related("student")[:LEFT_OFF]
    return [
        {"iep": iep, "url": address_left(iep), "title": title_left(iep) or "not begun yet"} for iep in drafts
    ]


def title_left(iep: Iep) -> str:
    titles = {row.section: row.title for row in sections(iep.form)}
    return titles.get(iep.left_section, iep.left_section)


def address_left(iep: Iep) -> str:
    """`iep` as `last_drafts_of` gives it."""
    if not iep.left_section:
        return reverse("ieps:iep", args=[iep.pk])
    return f"{reverse('ieps:section', args=[iep.pk, iep.left_section])}#id_{iep.left_field}"


def row_of(iep: Iep) -> dict[str, object]:
    return {
        "student": child_cell(iep.student, reverse("ieps:iep", args=[iep.pk])),
        "type": Cell(iep.kind_name, sub=iep.category_name),
        "status": Cell(status=status_of(iep)),
        "meeting": iep.meeting_date,
        "author": str(iep.author or iep.original_author),
        "saved": iep.saved or iep.modified_at,
        "district": str(iep.district or ""),
    }


def status_of(iep: Iep) -> Status:
    if iep.status == IepStatus.OFFICIAL and iep.standing in BY_THE_DAYS:
        return BY_THE_DAYS[iep.standing]
    tone, icon = TONES.get(IepStatus(iep.status), ("quiet", "history"))
    return Status(tone, iep.get_status_display(), icon)
