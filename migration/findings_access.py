"""Who sees and works off what the rollover found: the state all of it, a district what is its own."""

from django.db.models import QuerySet

from migration.models import DuplicateGroup, FindingCase
from migration.rules.findings import Severity
from organizations.models import District
from security import access
from security.models import User
from security.queries.people import people_with
from security.refusals import NotAllowed
from security.rules.roles import Permission
from security.scope import scope_of

RUN, WORK = Permission.RUN_ROLLOVER, Permission.WORK_ON_FINDINGS


def runs_the_rollover(user: User) -> bool:
    return access.holds(user, RUN, None)


def check_may_see_findings(user: User) -> None:
    """Raises NotAllowed."""
    if not (runs_the_rollover(user) or access.holds_anywhere(user, WORK)):
        who = f"{access.who_can(RUN)} or {access.who_can(WORK)}"
        raise NotAllowed(f"Only {who} can see what the rollover found.")


def cases_seen_by(user: User) -> QuerySet[FindingCase]:
    rows = FindingCase.objects.all()
    return rows if runs_the_rollover(user) else rows.filter(district__in=districts_of(user))


def groups_seen_by(user: User) -> QuerySet[DuplicateGroup]:
    """A group over two districts shows each the other's child: it is the state's alone."""
    rows = DuplicateGroup.objects.all()
    return rows if runs_the_rollover(user) else rows.filter(district__in=districts_of(user))


def districts_of(user: User) -> tuple[int, ...]:
    return scope_of(user, WORK).district_ids


def why_not_work_on(user: User, case: FindingCase) -> str | None:
    """The state always; the district's people once it was handed to them."""
    if runs_the_rollover(user):
        return None
    if case.district is None:
        return access.only_they_can(RUN, None, "work on this finding")
    if sentence := access.why_not(user, WORK, case.district, "work on this finding"):
        return sentence
    return None if case.handed_at else "The state has not handed this finding to the district yet."


def why_not_close(user: User, case: FindingCase) -> str | None:
    """A fatal finding blocks the go-live: the state answers for it."""
    if case.severity == Severity.FATAL and not runs_the_rollover(user):
        return "A fatal finding is closed by a state administrator. Write down what you found out."
    return why_not_work_on(user, case)


def check_may_work_on(user: User, case: FindingCase) -> None:
    if sentence := why_not_work_on(user, case):
        raise NotAllowed(sentence)


def check_may_close(user: User, case: FindingCase) -> None:
    if sentence := why_not_close(user, case):
        raise NotAllowed(sentence)


def who_may_take(district: District | None) -> QuerySet[User]:
    """The people of the district whose findings these are."""
    return people_with(WORK, district) if district else User.objects.none()


def check_may_decide(user: User, group: DuplicateGroup) -> None:
    if not groups_seen_by(user).filter(pk=group.pk).exists():
        raise NotAllowed(access.only_they_can(WORK, group.district, "decide about these records"))


def check_may_take_away(user: User) -> None:
    if not access.holds_anywhere(user, Permission.EXPORT):
        raise NotAllowed(f"Only {access.who_can(Permission.EXPORT)} can export a list.")
