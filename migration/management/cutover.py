"""What the sub-commands of the cut-over share: the state, the person who acts, and a refusal in words."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError
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


def add_json(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", dest="as_json", help="end with one JSON object")


@contextmanager
def answering(command: BaseCommand, *, as_json: bool) -> Iterator[dict[str, Any]]:
    """With `as_json` the last thing printed is one object, also of a refusal: then it has `refused`."""
    answer: dict[str, Any] = {}
    try:
        yield answer
    except CommandError as refused:
        if as_json:
            command.stdout.write(json.dumps({**answer, "refused": str(refused)}))
        raise
    if as_json:
        command.stdout.write(json.dumps(answer))
