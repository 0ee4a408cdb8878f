"""What a coordinator does to another person's account. None of it opens the account to the coordinator."""

from datetime import timedelta
from secrets import choice

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from journal.actions import record
from journal.models import Entry
from security.access import holds, why_not_keep_account, why_not_let_in_anew
from security.actions.assign import why_not_end
from security.actions.notices import tell
from security.actions.sessions import end_sessions
from security.actions.tokens import end_tokens
from security.models import Assignment, EndReason, User
from security.models.notice import ABOUT_THE_ACCOUNT
from security.refusals import NotAllowed, RuleBroken, Stale
from security.rules.roles import Permission
from security.strength import has_second_factor, will_need_second_factor

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read as another
GIVEN_FOR = timedelta(hours=24)


@transaction.atomic
def give_password(*, by: User, user: User, reason: str) -> str:
    """A password for one sign-in within a day, which then chooses another. The second factor stays; tokens
    and sessions end, since whoever knew the password before may have made them.

    Returned once, to be told in person. Raises NotAllowed, RuleBroken without a reason.
    """
    _check(why_not_give_password(by, user) or _why_not_both(by, user, "SECOND_FACTOR_RESET"), reason)
    plain = given_password(user)
    user.save(update_fields=["password", "password_until"])
    end_tokens(user, by=by, reason=reason)
    end_sessions(user, by=by, reason=reason)
    _tell(by, user, "PASSWORD_GIVEN", "gave you a new password for one sign-in", reason)
    return plain


def why_not_give_password(by: User, user: User) -> str | None:
    """Where a second factor is needed and none is set up, the password alone would let the giver sign in as
    the person and set up one: a district does not do that alone."""
    if sentence := why_not_let_in_anew(by, user):
        return sentence
    waits_for_one = will_need_second_factor(user) and not has_second_factor(user)
    if not waits_for_one or holds(by, Permission.GRANT_ACCESS, None):
        return None
    return f"{user} has not set up a second factor yet, so only a state administrator gives a new password."


def given_password(user: User) -> str:
    """Sets one that lasts a day, unsaved, and returns it."""
    plain = "-".join("".join(choice(LETTERS) for _ in range(5)) for _ in range(4))
    user.set_password(plain)
    user.password_until = timezone.now() + GIVEN_FOR
    return plain


@transaction.atomic
def reset_second_factor(*, by: User, user: User, reason: str) -> None:
    """For a lost phone or key: the next sign-in sets up a new one. Tokens and sessions end.

    Raises NotAllowed, RuleBroken without a reason.
    """
    _check(why_not_let_in_anew(by, user) or _why_not_both(by, user, "PASSWORD_GIVEN"), reason)
    Authenticator.objects.filter(user=user).delete()
    end_tokens(user, by=by, reason=reason)
    end_sessions(user, by=by, reason=reason)
    _tell(by, user, "SECOND_FACTOR_RESET", "reset your second factor: set up a new one", reason)


@transaction.atomic
def sign_out_everywhere(*, by: User, user: User, reason: str) -> int:
    """Raises NotAllowed, RuleBroken without a reason."""
    _check(why_not_keep_account(by, user), reason)
    ended = end_sessions(user, by=by, reason=reason)
    _tell(by, user, "SIGNED_OUT_EVERYWHERE", "signed you out everywhere", reason)
    return ended


@transaction.atomic
def close_account(*, by: User, user: User, reason: str) -> None:
    """Nobody signs in with it any more; its sessions and tokens end now. The roles are kept, and count not.

    Raises NotAllowed, RuleBroken without a reason, Stale when it is closed already.
    """
    _check(why_not_close_account(by, user), reason)
    if not _set_active(user, False):
        raise Stale("This account is closed already.")
    end_tokens(user, by=by, reason=reason)
    end_sessions(user, by=by, reason=reason)
    _tell(by, user, "ACCOUNT_CLOSED", "closed your account", reason)


@transaction.atomic
def open_account(*, by: User, user: User, reason: str) -> None:
    """It was closed by mistake, or for a time. Raises NotAllowed, RuleBroken without a reason, Stale."""
    _check(why_not_let_in_anew(by, user), reason)
    if not _set_active(user, True):
        raise Stale("This account is open already.")
    _tell(by, user, "ACCOUNT_OPENED", "opened your account again", reason)


def why_not_close_account(by: User, user: User) -> str | None:
    """As for a new password; and not the last who can give access to a district, or to all."""
    if sentence := why_not_let_in_anew(by, user):
        return sentence
    roles = Assignment.objects.in_force().filter(user=user).select_related("user", "district")
    return next(filter(None, (why_not_end(row, EndReason.NO_LONGER_NEEDED) for row in roles)), None)


def _set_active(user: User, active: bool) -> int:
    user.is_active = active
    return User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active)


def _why_not_both(by: User, user: User, other: str) -> str | None:
    """Whoever gives the password and takes the second factor away could sign in as the person, and decide in
    their place: that takes two people. A day is enough only when the person has signed in since."""
    theirs = Entry.objects.filter(kind=other, actor_id=by.pk, details__user=user.pk)
    if user.last_login:
        theirs = theirs.filter(at__gt=min(user.last_login, timezone.now() - GIVEN_FOR))
    if not theirs.exists():
        return None
    return (
        f"You did the other half for {user} within the last day, or since they last signed in."
        " Another coordinator, or a state administrator, does this one."
    )


def _check(why_not: str | None, reason: str) -> None:
    if why_not:
        raise NotAllowed(why_not)
    if not reason.strip():
        raise RuleBroken("Say why, so that the person and a reviewer can see it.", "reason")


def _tell(by: User, user: User, kind: str, words: str, reason: str) -> None:
    told = f"{by} {words}. Reason: {reason}"[:300]
    tell([user], told, key=f"{ABOUT_THE_ACCOUNT}{kind} {timezone.now().isoformat()}", address="/account/")
    record(kind, f"{kind.replace('_', ' ').capitalize()}: user {user.pk}", by=by, user=user.pk,
           district_id=user.district_id, reason=reason)  # fmt: skip
