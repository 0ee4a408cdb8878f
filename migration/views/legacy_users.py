"""Who had access to the legacy system, by district, so that coordinators can decide (RLO-20)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from migration.findings_access import runs_the_rollover
from migration.legacy_access import districts_in, legacy_users_of, roles_here, sites_of
from migration.models import LegacyUser
from ui.lists import Column, Filter, ListState, take
from ui.parts import Cell, Status

COLUMNS = (
    Column("name", "Who", ("last_name", "first_name")),
    Column("place", "Where", ("sponsor_code", "site_code")),
    Column("role", "Role in the legacy system", "role"),
    Column("seen", "Last sign-in there", "last_login"),
    Column("here", "Roles here"),
)
ACTIVE = Filter("active", "Account there", [("", "All"), ("yes", "active"), ("no", "closed")])


@require_safe
def legacy_users(request: HttpRequest) -> HttpResponse:
    people = legacy_users_of(request.user)
    districts = districts_in(people)
    choices = [("", "All"), *((str(row.pk), row.name) for row in districts)]
    state = ListState.read(
        request.GET, COLUMNS, filters=(Filter("district", "District", choices, wide=True), ACTIVE),
        default_sort="name",
    )  # fmt: skip
    page = take(people.filter(**_narrowed(state)).order_by(*state.order_by()), state)
    here, sites = roles_here(page.rows), sites_of(page.rows)
    context = {
        "state": page.state, "page": page, "rows": [_row(row, here, sites) for row in page.rows],
        "is_state": runs_the_rollover(request.user),
    }  # fmt: skip
    return render(request, "migration/legacy_users.html", context)


def _narrowed(state: ListState) -> dict[str, object]:
    chosen = state.chosen
    narrowed: dict[str, object] = {"district_id": chosen["district"]} if chosen.get("district") else {}
    return {**narrowed, "is_active": chosen["active"] == "yes"} if chosen.get("active") else narrowed


def _row(row: LegacyUser, here: dict[str, list[str]], sites: dict[str, str]) -> dict[str, object]:
    roles = here.get(row.staff_id, [])
    unlinked = Status("warn", "staff ID missing or shared") if row.unlinked else None
    return {
        "name": Cell(f"{row.last_name}, {row.first_name}", sub=row.legacy_key, status=unlinked),
        "place": Cell(
            row.district.name if row.district else row.sponsor_code,
            sub=sites.get(row.site_code, row.site_code),
        ),
        "role": Cell(row.role, sub="" if row.is_active else "closed"),
        "seen": row.last_login,
        "here": ", ".join(sorted(set(roles))) or "none: a new request is needed",
    }
