"""What guarding costs a page: finding out whose records may be seen, and noting who saw them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.db import transaction
from django.test import Client

from security import scope
from security.models import User
from security.models.record_of_access import AccessRecordQuerySet
from tests.bench.generated import use
from tests.bench.measure import Result, alternating, report

TITLE = "What guarding costs"
LIST = "/students/"


def run(students: int) -> int:
    """Measure at a generated state of this many students; 0 when every goal is kept."""
    use(students)
    user = User.objects.get(username="large")
    results = [scope_check(user), record_of_access(user)]
    report(f"{TITLE}, {students:,} students", results)
    return 0 if all(result.reached for result in results) else 1


def scope_check(user: User) -> Result:
    """Asking for roles, grants and assurance and setting the scope, beside the list page that pays for it."""
    page = alternating(opened_by(user), each=3)[0]
    with transaction.atomic():
        ours = alternating(lambda: scope.enter_as(user), each=10)[0]
    return Result("scope check, beside a list page", page, ours, "≤ 1 ms", ours <= 1.0)


def record_of_access(user: User) -> Result:
    """The same page with and without its 50 lines."""
    page = opened_by(user)
    without, ours = alternating(unnoted(page), page, rounds=120)
    return Result("list page with its record of access", without, ours, "≤ 1.05×", ours <= 1.05 * without)


def opened_by(user: User) -> Callable[[], object]:
    client = Client()
    client.force_login(user, backend="security.backends.PasswordBackend")

    def page() -> object:
        answer = client.get(LIST)
        if answer.status_code != 200:
            raise RuntimeError(f"{LIST} answered {answer.status_code}")
        return answer

    return page


def unnoted(page: Callable[[], object]) -> Callable[[], object]:
    def without() -> object:
        with nothing_noted():
            return page()

    return without


@contextmanager
def nothing_noted() -> Iterator[None]:
    with patch.object(AccessRecordQuerySet, "note", lambda *args, **kwargs: None):
        yield
