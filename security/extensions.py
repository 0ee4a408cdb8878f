"""What apps above this floor know about a place that access depends on, registered at start."""

from collections.abc import Callable
from datetime import date

from organizations.models import Site

IepsDue = Callable[[Site, date], bool]

_ieps_due: list[IepsDue] = []


def knows_of_ieps_due(ask: IepsDue) -> None:
    """`ask(site, day)`: does a student at the site have an IEP that is due before the day (ROL-04)?

    Called from `AppConfig.ready()`; registering twice changes nothing.
    """
    if ask not in _ieps_due:
        _ieps_due.append(ask)


def has_an_iep_due(site: Site, before: date) -> bool:
    return any(ask(site, before) for ask in _ieps_due)
