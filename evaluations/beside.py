"""What floors above say on the page of an evaluation, such as whether a notice about it stands."""

from collections.abc import Callable

from evaluations.models import Evaluation
from security.models import User
from ui.parts import Check

Say = Callable[[User, Evaluation], list[Check]]
_said: dict[str, Say] = {}


def say_beside(name: str, say: Say) -> None:
    """Called from `AppConfig.ready()`; registering twice changes nothing."""
    _said[name] = say


def said_beside(user: User, evaluation: Evaluation) -> list[Check]:
    return [check for say in _said.values() for check in say(user, evaluation)]
