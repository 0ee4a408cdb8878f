"""Freezing a count of a district: every child of the day with its cell, or with why it is not counted."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from journal.actions import record
from organizations.models import District
from organizations.rules.calendar import school_year_of
from reports.federal import access
from reports.federal.records import enrolled_on
from reports.federal.standing import COLUMNS, Count, live
from reports.models import Kind, Snapshot, SnapshotState
from reports.rules.federal.tables import state_id
from security import scope
from security.models import User
from security.refusals import RuleBroken

AT_A_TIME = 5_000
TYPES = {
    "student_id": "bigint", "site_id": "bigint", "counted": "boolean", "iep_until": "date",
    "evaluated_on": "date", "percent": "integer", "exit_day": "date", "left_at": "smallint",
}  # fmt: skip


@transaction.atomic
def freeze(*, by: User, district: District, kind: str = Kind.COUNT, day: date) -> Snapshot:
    """The count of a day as known now. `day` of exits is any day of the year that they are counted for.

    Raises NotAllowed; RuleBroken where the day lies in the future or its count is certified already.
    """
    access.check_may_certify(by, district, "freeze its count")
    count = _count(district, kind, day)
    what = "The end of the period" if count.kind == Kind.EXITS else "The count date"
    access.check_day(count.day, timezone.localdate(), what)
    _put_aside(count)
    snapshot = _begun(by, count)
    with scope.elevated():
        write(snapshot, live(count))
        snapshot.enrolled = enrolled_on(district.pk, count.day)
        snapshot.save(update_fields=["enrolled"])
    words = f"froze the {snapshot.called}"
    record("COUNT_FROZEN", words, by=by, district_id=district.pk, snapshot=snapshot.pk)
    return snapshot


def _begun(by: User, count: Count) -> Snapshot:
    """Of two people who freeze one count at one moment the second is told."""
    facts = {"district": count.district, "kind": count.kind, "day": count.day}
    try:
        with transaction.atomic():
            return Snapshot.objects.create(**facts, count_date=count.count_date, frozen_by=by)
    except IntegrityError:
        raise RuleBroken("Somebody else froze this count a moment ago: look at it first.", "day") from None


def _count(district: District, kind: str, day: date) -> Count:
    """Exits are those of a whole school year; their ages go by its usual count date."""
    if kind != Kind.EXITS:
        return Count(district, Kind.COUNT, day, day)
    year = school_year_of(day)
    usual = state_id(district.state.profile).count_date(year.first_day.year)
    return Count(district, Kind.EXITS, year.last_day, usual)


def _put_aside(count: Count) -> None:
    """An earlier count of the day gives way, unless somebody certified it."""
    rows = Snapshot.objects.standing().select_for_update()
    earlier = rows.filter(district=count.district, kind=count.kind, day=count.day).first()
    if earlier is None:
        return
    if earlier.certified_at:
        raise RuleBroken(
            f"The {earlier.called} was certified. Reopen it, with a reason, and take over what was corrected"
            " since.",
            "day",
        )
    earlier.state = SnapshotState.REPLACED
    earlier.save(update_fields=["state"])


def write(snapshot: Snapshot, children: Iterable[Mapping[str, Any]]) -> None:
    """Many rows in one statement: a parameter for each column instead of one for each cell."""
    names = ", ".join(COLUMNS)
    given = ", ".join(f"%s::{TYPES.get(name, 'text')}[]" for name in COLUMNS)
    shown = names.replace("reasons", "string_to_array(reasons, ' ')")
    query = (
        f"INSERT INTO reports_snapshotchild (snapshot_id, district_id, {names})"  # noqa: S608  our own words
        f" SELECT %s, %s, {shown} FROM unnest({given}) AS given ({names})"
    )
    rows = iter(children)
    with connection.cursor() as cursor:
        while some := list(islice(rows, AT_A_TIME)):
            columns = [[_cell(name, row[name]) for row in some] for name in COLUMNS]
            cursor.execute(query, [snapshot.pk, snapshot.district_id, *columns])


def _cell(name: str, value: Any) -> Any:
    return " ".join(value) if name == "reasons" else value
