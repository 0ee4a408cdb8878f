"""Support access: asked for by support, approved by the district alone, over by itself."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from journal.actions import record
from organizations.models import District
from security.access import check_may_ask_for_support, why_not_approve_support
from security.actions.notices import tell
from security.holdings import forget
from security.models import SupportGrant, User
from security.models.support_grant import MOST_HOURS
from security.queries.people import coordinators_of
from security.refusals import NotAllowed, RuleBroken, Stale


@transaction.atomic
def ask_for_support_access(*, by: User, district: District, hours: int, reason: str) -> SupportGrant:
    """Raises NotAllowed, RuleBroken."""
    check_may_ask_for_support(by)
    if not 1 <= hours <= MOST_HOURS:
        raise RuleBroken(f"Support access lasts 1 to {MOST_HOURS} hours.", "hours")
    if not reason.strip():
        raise RuleBroken("Say what the access is needed for: the district decides by it.", "reason")
    grant = SupportGrant.objects.create(user=by, district=district, hours=hours, reason=reason)
    _note("SUPPORT_ASKED", f"{by} asked for support access for {hours} hours", by, grant, reason=reason)
    _tell(coordinators_of(district), f"{by} asks to be let in at {district} as support. You decide.", grant)
    return grant


@transaction.atomic
def approve_support_access(*, by: User, grant: SupportGrant) -> SupportGrant:
    """It begins now and ends by itself. Raises NotAllowed, RuleBroken when somebody has decided already."""
    grant = _undecided(by, grant)
    now = timezone.now()
    grant.approved_by, grant.approved_at, grant.ends_at = by, now, now + timedelta(hours=grant.hours)
    grant.save()
    forget(grant.user)
    _note("SUPPORT_APPROVED", f"Support access of {grant.user} approved for {grant.hours} hours", by, grant)
    _tell([grant.user], f"{grant.district} has let you in as support. It ends by itself.", grant)
    return grant


@transaction.atomic
def refuse_support_access(*, by: User, grant: SupportGrant) -> SupportGrant:
    """Raises NotAllowed, RuleBroken when somebody has decided already."""
    grant = _end(by, _undecided(by, grant), "SUPPORT_REFUSED", "refused")
    _tell([grant.user], f"{grant.district} has refused to let you in as support.", grant)
    return grant


@transaction.atomic
def end_support_access(*, by: User, grant: SupportGrant) -> SupportGrant:
    """Before its time: by the district or by who holds it. Raises NotAllowed, Stale when it is over."""
    grant = _locked(grant)
    if by.pk != grant.user_id and (sentence := why_not_approve_support(by, grant)):
        raise NotAllowed(sentence)
    if grant.state not in ("waiting", "open"):
        raise Stale(f"This access is {grant.state} already. Nothing was changed.")
    return _end(by, grant, "SUPPORT_ENDED", "ended")


def _locked(grant: SupportGrant) -> SupportGrant:
    rows = SupportGrant.objects.select_for_update(of=("self",)).select_related("user", "district")
    return rows.get(pk=grant.pk)


def _undecided(by: User, grant: SupportGrant) -> SupportGrant:
    grant = _locked(grant)
    if sentence := why_not_approve_support(by, grant):
        raise NotAllowed(sentence)
    if grant.state != "waiting":
        raise RuleBroken(f"This request is decided already: it is {grant.state}.")
    return grant


def _end(by: User, grant: SupportGrant, kind: str, word: str) -> SupportGrant:
    grant.ended_at, grant.ended_by = timezone.now(), by
    grant.save(update_fields=["ended_at", "ended_by"])
    forget(grant.user)
    _note(kind, f"Support access of {grant.user} {word}", by, grant)
    return grant


def _tell(people: Iterable[User], words: str, grant: SupportGrant) -> None:
    tell(people, words[:300], key=f"support-{grant.pk}-{grant.state}", address="/support-access/")


def _note(kind: str, words: str, by: User, grant: SupportGrant, **more) -> None:
    record(kind, words, by=by, district_id=grant.district_id, grant=grant.pk, user=grant.user_id, **more)
