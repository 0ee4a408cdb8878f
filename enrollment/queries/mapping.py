"""A district's mapping as it is read: codes, gaps, and what was changed by whom."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps

from enrollment.actions.mapping import day_of
from enrollment.facts import profile_of
from enrollment.models import LocalCode
from enrollment.rules.codes import Code, Kind
from enrollment.rules.mapping import gaps
from organizations.models import District, SchoolYear
from security.models import User

MOST_CHANGES = 200


@dataclass(frozen=True)
class Change:
    """From what to what a local code was changed; empty before it was mapped and after it was taken back."""

    at: datetime
    kind: str
    code: str
    before: str
    after: str
    by: str


def gaps_of(district: District, year: SchoolYear) -> list[Code]:
    """R1.02: the state codes that no code of the district means, entries first."""
    mapped: dict[str, set[str]] = defaultdict(set)
    for kind, code in LocalCode.objects.filter(district=district, school_year=year).values_list(
        "kind", "state_code"
    ):
        mapped[kind].add(code)
    return [code for kind in Kind for code in gaps(profile_of(district), kind, day_of(year), mapped[kind])]


def changes_of(district: District, year: SchoolYear) -> list[Change]:
    """The newest first (R1.04)."""
    events = apps.get_model("enrollment", "LocalCodeEvent").objects.filter(
        district=district, school_year=year
    )
    told: list[Change] = []
    meant: dict[int, str] = {}
    rows = list(events.order_by("pgh_id"))
    names = {user.pk: user.get_full_name() for user in _people({row.changed_by_id for row in rows})}
    for row in rows:
        before = meant.get(row.pgh_obj_id, "")
        after = "" if row.pgh_label == "delete" else row.state_code
        meant[row.pgh_obj_id] = after
        if before != after:
            by = names.get(row.changed_by_id, "")
            told.append(Change(row.pgh_created_at, row.kind, row.code, before, after, by))
    return told[::-1][:MOST_CHANGES]


def _people(ids: set[int | None]) -> list[User]:
    return list(User.objects.filter(pk__in=[pk for pk in ids if pk]))
