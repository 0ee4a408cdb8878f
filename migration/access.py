"""Who may run the rollover, accept it, follow its calendar; who may ask for archived records and decide."""

from typing import Any

from django.db.models import QuerySet

from migration.models import ArchivedStudent, ArchiveRequest, Party
from security import access
from security.models import Assignment, User
from security.refusals import NotAllowed
from security.rules.roles import Permission, Role

ACCEPTS = {Party.SEA: Permission.RUN_ROLLOVER, Party.VENDOR: Permission.ACCEPT_ROLLOVER}
FOLLOW = (Permission.RUN_ROLLOVER, Permission.ACCEPT_ROLLOVER)
SIGNS = ACCEPTS
OWN_REQUEST = "You asked for these records yourself: somebody else decides."


def check_may_run(user: Any) -> None:
    """Raises NotAllowed."""
    access.check(user, Permission.RUN_ROLLOVER, None, "run the rollover")


def check_may_follow(user: Any) -> None:
    """The state runs the rollover, the vendor accepts it: both see the calendar, and no student on it."""
    if not any(access.holds(user, permission, None) for permission in FOLLOW):
        who = " or ".join(access.who_can(permission, everywhere=True) for permission in FOLLOW)
        raise NotAllowed(f"Only {who} can follow the calendar of the rollover.")


def parties_of(user: Any) -> list[Party]:
    """For whom this person can accept a run: the vendor is a person with the statewide support role."""
    return [party for party, permission in ACCEPTS.items() if access.holds(user, permission, None)]


def check_may_accept(user: Any, party: Party) -> None:
    """Raises NotAllowed."""
    access.check(user, ACCEPTS[party], None, f"accept a run for the {party.label}")


def check_may_ask(user: User, child: ArchivedStudent) -> None:
    """Raises NotAllowed: RLO-13, a live grant on the district that answered last, or answers today."""
    if not ArchivedStudent.objects.open_to(user).filter(pk=child.pk).exists():
        raise NotAllowed("Only people of the child's last district can ask for its archived records.")


def why_not_decide(user: User, asked: ArchiveRequest) -> str | None:
    """A sentence when this person cannot decide; never about the own request."""
    decides = ArchivedStudent.objects.open_to(user, Permission.DECIDE_ARCHIVE)
    if not decides.filter(pk=asked.archive_id).exists():
        return access.only_they_can(
            Permission.DECIDE_ARCHIVE, asked.district, "decide about archived records"
        )
    return OWN_REQUEST if asked.asked_by_id == user.pk else None


def why_not_read(user: User, asked: ArchiveRequest) -> str | None:
    """Only who asked reads, while the approval lasts and the district is still theirs."""
    if asked.asked_by_id != user.pk:
        return "Only the person who asked can read these records. Ask for them yourself, with your purpose."
    if asked.state != "open":
        return f"These records are not open to you: the request is {asked.state}."
    if not ArchivedStudent.objects.open_to(user).filter(pk=asked.archive_id).exists():
        return "You have no access any more at the district of this child."
    return None


def why_not_see_visits(user: User, child: ArchivedStudent) -> str | None:
    may_see = ArchivedStudent.objects.open_to(user, Permission.VIEW_ACCESS_RECORD)
    if may_see.filter(pk=child.pk).exists():
        return None
    return access.only_they_can(
        Permission.VIEW_ACCESS_RECORD, child.district, "see who has opened archived records"
    )


def may_sign_for(user: User) -> list[Party]:
    return [party for party, permission in SIGNS.items() if access.holds(user, permission, None)]


def check_may_sign(user: User, party: Party) -> None:
    """Raises NotAllowed."""
    access.check(user, SIGNS[party], None, f"sign the sample sheet for the {party.label}")


def check_may_see_sheet(user: User) -> None:
    """The state, and the vendor, who sees numbers and no child. Raises NotAllowed."""
    if not may_sign_for(user):
        check_may_run(user)


def vendors() -> QuerySet[User]:
    """Those who sign for the vendor."""
    held = Assignment.objects.in_force().filter(role=Role.SUPPORT, district=None, site=None)
    return User.objects.filter(pk__in=held.values("user_id"), is_active=True)
