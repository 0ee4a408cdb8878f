"""Who has signed the confidentiality assurance, for many people at once: reminders and lists."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from security.holdings import given_by
from security.models import AccessSettings, Assignment, AssurancePeriod, AssuranceSignature, AssuranceText
from security.rules import assurance
from security.rules.roles import NEEDS_NO_ASSURANCE

Signatures = dict[int, dict[int, datetime]]


@dataclass(frozen=True)
class Standing:
    """`signed_at`: the last signature under a text that counts; `due`: when the next one is needed."""

    signed_at: datetime | None
    due: datetime

    def counts(self, now: datetime | None = None) -> bool:
        return self.signed_at is not None and (now or timezone.now()) < self.due


def needs_assurance(assignment: Assignment) -> bool:
    """Does the role show students? Others sign nothing."""
    return not given_by(assignment) <= NEEDS_NO_ASSURANCE


def roles_with_places(rows=None):
    """The roles in force of people who can sign in, with all that `standings` asks of them."""
    rows = Assignment.objects.in_force() if rows is None else rows
    places = ("user", "district__state", "site__state", "site__district")
    return rows.filter(user__is_active=True).select_related(*places)


def standings(
    rows: Iterable[Assignment], until: datetime | None = None
) -> Iterator[tuple[Assignment, Standing]]:
    """Each role that shows students, with how its person stands by what was signed until the instant (now).

    Three queries, however many roles.
    """
    signed, rolling = last_signatures(until or timezone.now()), _rolling_districts()
    for row in rows:
        if needs_assurance(row):
            yield row, _standing(row, signed, rolling)


def _standing(row: Assignment, signed: Signatures, rolling: set[int]) -> Standing:
    zone = ZoneInfo(row.place.state.time_zone if row.place else settings.TIME_ZONE)
    by_state = signed.get(row.user_id, {})
    at = by_state.get(row.state_id) if row.state_id else max(by_state.values(), default=None)
    if at is None:
        return Standing(None, datetime.combine(row.first_day, time.min, zone))
    period = AssurancePeriod.ROLLING if district_id_of(row) in rolling else AssurancePeriod.SCHOOL_YEAR
    return Standing(at, assurance.counts_until(at, period, zone))


def district_id_of(row: Assignment) -> int | None:
    return row.district_id or (row.site.district_id if row.site else None)


def unsigned_by_district() -> dict[int, int]:
    """How many people of each district see no student until they sign."""
    people = defaultdict(set)
    for row, standing in standings(roles_with_places()):
        if (district := district_id_of(row)) and not standing.counts():
            people[district].add(row.user_id)
    return {district: len(users) for district, users in people.items()}


def last_signatures(until: datetime) -> Signatures:
    """By user and state: the last signature under a text that need not be signed again (SEC-07)."""
    again = AssuranceText.objects.filter(sign_again=True, published_at__lte=until)
    again = again.order_by().values_list("state_id")
    must = dict(again.annotate(latest=Max("version")))
    signatures = AssuranceSignature.objects.filter(signed_at__lte=until).order_by()
    rows = signatures.values_list("user_id", "text__state_id", "text__version")
    last: Signatures = defaultdict(dict)
    for user, state, version, at in rows.annotate(at=Max("signed_at")):
        if version >= must.get(state, 0):
            last[user][state] = max(at, last[user].get(state, at))
    return last


def _rolling_districts() -> set[int]:
    rolling = AccessSettings.objects.filter(assurance_period=AssurancePeriod.ROLLING)
    return set(rolling.values_list("district_id", flat=True))
