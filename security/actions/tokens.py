"""Making and ending tokens of the API."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from journal.actions import record
from security.models import ApiToken, User
from security.models.token import digest_of, new_plain
from security.refusals import RuleBroken


@transaction.atomic
def make_token(*, by: User, name: str, reach: str, days: int, second_factor: bool) -> tuple[ApiToken, str]:
    """A token of one's own and its plain text, which is nowhere kept. Raises RuleBroken."""
    if not 1 <= days <= settings.ESER_TOKEN_DAYS:
        raise RuleBroken(f"A token is good for 1 to {settings.ESER_TOKEN_DAYS} days.", "days")
    plain = new_plain()
    token = ApiToken.objects.create(
        user=by, name=name, reach=reach, digest=digest_of(plain), second_factor=second_factor,
        expires_at=timezone.now() + timedelta(days=days),
    )  # fmt: skip
    record("TOKEN_MADE", f"Token {token.pk} made, {reach}, for {days} days", by=by, token=token.pk)
    return token, plain


@transaction.atomic
def end_token(*, by: User, token: ApiToken) -> None:
    _end(ApiToken.objects.filter(pk=token.pk))
    record("TOKEN_ENDED", f"Token {token.pk} ended", by=by, token=token.pk)


Ending = Callable[[User, User | None], object]
_along: dict[str, Ending] = {}


def end_along(name: str, ending: Ending) -> None:
    """`ending(user, by)` ends another secret of the same person. Called from `AppConfig.ready()`."""
    _along[name] = ending


@transaction.atomic
def end_tokens(user: User, *, by: User | None, reason: str) -> int:
    """Every token of this person, now, and what ends along with them. Returns how many tokens."""
    ended = _end(ApiToken.objects.filter(user=user))
    for ending in _along.values():
        ending(user, by)
    if ended:
        record("TOKEN_ENDED", f"{ended} tokens of user {user.pk} ended", by=by, user=user.pk, reason=reason)
    return ended


def _end(tokens) -> int:
    return tokens.filter(ended_at=None).update(ended_at=timezone.now())
