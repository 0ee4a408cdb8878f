"""Panels beside the coordinator's desk: the review, what needs an eye, and what other apps add.

The desk shows `panels_for(user, district)`: pairs of a template and its context, each under the name `panel`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from organizations.models import District
from security.models import Absence, Assignment, Departure, Justification, User
from security.queries.reviews import lines_of, progress_of, shown

Context = dict[str, object]
MOST = 5


@dataclass(frozen=True)
class DeskPanel:
    """`context_of(user, district)` gives what the template shows, or None where there is nothing to say."""

    name: str
    template: str
    context_of: Callable[[User, District], Context | None]


_panels: dict[str, DeskPanel] = {}


def add_panel(panel: DeskPanel) -> None:
    """Called from `AppConfig.ready()`; registering twice changes nothing."""
    _panels[panel.name] = panel


def panels_for(user: User, district: District) -> list[tuple[str, Context]]:
    own = (
        DeskPanel("review", "security/desk/_review.html", review_panel),
        DeskPanel("eye", "security/desk/_eye.html", eye_panel),
    )
    found = [(panel.template, panel.context_of(user, district)) for panel in (*own, *_panels.values())]
    return [(template, context) for template, context in found if context]


def review_panel(user: User, district: District) -> Context | None:
    """The open review and how far it is; None between reviews."""
    review = district.reviews.open().select_related("district").first()
    if review is None:
        return None
    progress = progress_of(shown(lines_of(review), user))
    late = (timezone.localdate() - review.close_by).days
    return {"review": review, "progress": progress, "late": max(late, 0), "days_left": max(-late, 0)}


@dataclass(frozen=True)
class Eye:
    """One thing that a person should look at."""

    user: User
    title: str
    sub: str
    tone: str


def eye_panel(user: User, district: District) -> Context:
    """Missing staff IDs, suspensions, duty changes and people about to leave; the most urgent first."""
    found = [*_absences(district), *_duties(district), *_departures(district)]
    return {"district": district, "eyes": found[:MOST], "more": max(len(found) - MOST, 0)}


def _absences(district: District) -> list[Eye]:
    rows = Absence.objects.open().filter(district=district).select_related("user")
    suspended = [
        Eye(row.user, f"{row.user} is suspended", _missed(row), "bad") for row in rows if row.suspended_at
    ]
    flagged = [
        Eye(row.user, f"The staff ID of {row.user} is missing from the staff file", _missed(row), "warn")
        for row in rows
        if not row.suspended_at
    ]
    return suspended + flagged


def _missed(row: Absence) -> str:
    first = f"First miss on {row.first_missed_on:%b} {row.first_missed_on.day}."
    return f"{first} Resolve it with a reason." if row.suspended_at else f"{first} A second suspends access."


def _duties(district: District) -> list[Eye]:
    roles = Assignment.objects.reaching(district, timezone.localdate())
    rows = Justification.objects.open(timezone.now()).filter(assignment__in=roles)
    people: dict[int, Eye] = {}
    for row in rows.select_related("assignment__user"):
        who, day = row.assignment.user, timezone.localdate(row.ends_at)
        sub = f"{row.note}. Roles end {day:%b} {day.day} unless both of you confirm."
        people.setdefault(who.pk, Eye(who, f"Duties of {who} changed", sub, "warn"))
    return list(people.values())


def _departures(district: District) -> list[Eye]:
    rows = Departure.objects.ahead(timezone.now()).filter(district=district).select_related("user")
    return [
        Eye(
            row.user,
            f"{row.user} leaves",
            f"Access ends {timezone.localtime(row.ends_at):%b %d, %H:%M}.",
            "info",
        )
        for row in rows.order_by("ends_at")
    ]
