"""Who may freeze, certify, reopen and take away a count: each refusal is a sentence."""

from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404

from organizations.models import District
from organizations.rules.calendar import in_words
from reports.models import Snapshot
from security.access import who_can, why_not
from security.holdings import holdings_of
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Permission
from security.scope import scope_of

CERTIFY = Permission.CERTIFY_COUNTS


def check_may_see(user: Any) -> None:
    """Whole districts only: a role at one school does not show the count of the others."""
    if not sees_whole_districts(user):
        raise NotAllowed(f"Only {who_can(Permission.EXPORT)} of a whole district can see its counts.")


def snapshot_for(user: Any, pk: int) -> Snapshot:
    """Raises NotAllowed for who sees no whole district, 404 where the count is another's."""
    check_may_see(user)
    rows = Snapshot.objects.visible_to(user).select_related("district__state", "frozen_by")
    return get_object_or_404(rows.select_related("certified_by", "reopened_by"), pk=pk)


def sees_whole_districts(user: Any) -> bool:
    scope = scope_of(user, Permission.EXPORT)
    return scope.everything or bool(scope.district_ids)


def why_not_certify(user: Any, district: District, deed: str = "certify its count") -> str | None:
    """Held for the district itself, not through one of its schools."""
    if district.pk in holdings_of(user).districts.get(CERTIFY.value, ()):
        return None
    return f"Only {who_can(CERTIFY)} of {district} can {deed}."


def check_may_certify(user: Any, district: District, deed: str) -> None:
    if sentence := why_not_certify(user, district, deed):
        raise NotAllowed(sentence)


def why_not_export(user: Any, district: District | None) -> str | None:
    return why_not(user, Permission.EXPORT, district, "take federal files away")


def check_day(day: date, today: date, what: str = "The count date") -> None:
    if day > today:
        raise RuleBroken(f"{what}, {in_words(day)}, lies in the future: nobody can be counted yet.", "day")


def check_stands(snapshot: Snapshot) -> None:
    if snapshot.state == "REPLACED":
        raise RuleBroken("A later count of the same day stands in the place of this one.")


def check_reopened(snapshot: Snapshot) -> None:
    check_stands(snapshot)
    if not snapshot.is_reopened:
        raise RuleBroken("The count is frozen: reopen it first, and say why.")
