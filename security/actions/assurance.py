"""Publishing the confidentiality assurance, signing it, and reminding of it (SEC-04 to SEC-08)."""

from collections import defaultdict
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from journal.actions import record
from organizations.models import District, State
from organizations.rules.calendar import in_words
from security.access import check
from security.actions.notices import tell
from security.holdings import forget, holdings_of
from security.models import Assignment, AssuranceSignature, AssuranceText, User
from security.queries.people import coordinators_of
from security.queries.standings import roles_with_places, standings
from security.refusals import RuleBroken
from security.rules import assurance
from security.rules.roles import Permission

ADDRESS = "/assurance/"


@transaction.atomic
def publish_text(*, by: User | None, state: State, text: str, sign_again: bool = False) -> AssuranceText:
    """The next version. Who signed an earlier one stays valid unless it must be signed again (SEC-07)."""
    if by is not None:
        check(by, Permission.GRANT_ACCESS, None, "publish the assurance")
    if not text.strip():
        raise RuleBroken("Write the text that people sign.", "text")
    State.objects.select_for_update().get(pk=state.pk)
    version = 1 + (latest.version if (latest := latest_text(state)) else 0)
    published = AssuranceText.objects.create(
        state=state, version=version, text=text.strip(), sign_again=sign_again, published_by=by
    )
    record("ASSURANCE_PUBLISHED", f"published version {version} of the assurance", by=by, text=published.pk)
    return published


def latest_text(state: State | int) -> AssuranceText | None:
    return AssuranceText.objects.filter(state=state).order_by("-version").first()


@transaction.atomic
def sign(*, by: User, text: AssuranceText, typed_name: str, ip: str | None = None) -> AssuranceSignature:
    """The person has read this text and typed the own name under it.

    Signing twice gives the signature that counts already. Raises RuleBroken for another name, and for a
    text of which a newer version was published in the meantime.
    """
    User.objects.select_for_update().get(pk=by.pk)
    if latest_text(text.state_id) != text:
        raise RuleBroken("A newer version of the text was published. Read it and sign that one.")
    if _plain(typed_name) != _plain(by.get_full_name() or by.username):
        raise RuleBroken(f"Type your name as it is in your account: {by}.", "typed_name")
    before = AssuranceSignature.objects.filter(user=by, text=text).order_by("-signed_at").first()
    if before and not holdings_of(by).unsigned:
        return before
    signature = AssuranceSignature.objects.create(
        user=by, text=text, sha256=text.sha256, typed_name=typed_name.strip(), ip=ip
    )
    forget(by)
    record(
        "ASSURANCE_SIGNED",
        f"signed version {text.version} of the assurance",
        by=by,
        district_id=by.district_id,
        signature=signature.pk,
    )
    return signature


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def text_to_sign(user: User) -> AssuranceText | None:
    """For the place of the first role that waits for it; else of any role; None while none is published."""
    held = holdings_of(user)
    waiting = [*held.unsigned, *held.assignments]
    state = next((row.state_id for row in waiting if row.state_id), None)
    texts = AssuranceText.objects.order_by("state_id", "-version")
    return texts.filter(state=state).first() if state else texts.first()


def remind(now: datetime | None = None) -> int:
    """Once per threshold the person and the coordinators; returns how many notices. May run twice."""
    now = now or timezone.now()
    told, late = 0, defaultdict(set)
    for assignment, standing in standings(roles_with_places(Assignment.objects.in_force(now))):
        day = timezone.localdate(standing.due)
        threshold = assurance.reminder_at((day - timezone.localdate(now)).days)
        if threshold is None:
            continue
        words = _words(threshold, day)
        told += tell([assignment.user], words, key=f"assurance-{threshold}-{day}", address=ADDRESS)
        if district := assignment.district or (assignment.site and assignment.site.district):
            late[district, threshold, day].add(assignment.user_id)
    return told + sum(_tell_coordinators(*key, len(people)) for key, people in late.items())


def _words(threshold: int, day: date) -> str:
    if threshold == 0:
        return "Sign the confidentiality assurance: until then no student is shown to you."
    return f"Your confidentiality assurance counts until {in_words(day)}. Sign the next one on that day."


def _tell_coordinators(district: District, threshold: int, day: date, people: int) -> int:
    who = "1 person" if people == 1 else f"{people} people"
    words = (
        f"{who} of {district} cannot see students before signing the assurance."
        if threshold == 0
        else f"The assurance of {who} of {district} counts until {in_words(day)}."
    )
    key = f"assurance-{threshold}-{day}-district-{district.pk}"
    return tell(coordinators_of(district), words, key=key, address="/access/")
