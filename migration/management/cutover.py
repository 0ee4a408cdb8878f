"""What the sub-commands of the cut-over share: the state, the person who acts, and a refusal in words."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import DatabaseError

from organizations.models import State
from security import scope
from security.models import User
from security.refusals import NotAllowed, RuleBroken
from security.view_only import refusal_in


def state_named(code: str) -> State:
    """The state of that code, else the first one. Raises CommandError when there is none."""
    states = State.objects.order_by("pk")
    found = states.filter(code=code).first() if code else states.first()
    if found is None:
        raise CommandError("The places are not loaded yet. First: manage.py rollover load PATH")
    return found


def person_named(username: str) -> User:
    """Raises CommandError."""
    if found := User.objects.filter(username=username, is_active=True).first():
        return found
    raise CommandError(f"Nobody has the user name {username}, or the account is closed.")


@contextmanager
def told() -> Iterator[None]:
    """In the system's scope; a refusal ends the command with its sentence."""
    try:
        with scope.system():
            yield
    except (NotAllowed, RuleBroken) as refused:
        raise CommandError(str(refused)) from refused
    except DatabaseError as refused:
        raise CommandError(refusal_in(refused) or str(refused)) from refused
