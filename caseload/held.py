"""What a person answers for: the evaluations they coordinate, the IEPs they manage."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from caseload.due import AMENDMENT
from caseload.models import Deadline
from evaluations.access import why_not_hand_over as why_not_hand_over_evaluation
from evaluations.models import Evaluation
from ieps.access import HELD
from ieps.access import why_not_hand_over as why_not_hand_over_iep
from ieps.models import Iep
from organizations.models import District
from security.models import Assignment, User
from security.rules.roles import Permission, roles_with
from security.scope import scope_of
from students.access import responsible_for
from students.models import Student

EVALUATION, IEP = "evaluation", "iep"


@dataclass(frozen=True)
class Held:
    """One record that somebody answers for; its `key` is how a page and the API name it."""

    record: Evaluation | Iep

    @property
    def kind(self) -> str:
        return EVALUATION if isinstance(self.record, Evaluation) else IEP

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.record.pk}"

    @property
    def student(self) -> Student:
        return self.record.student

    @property
    def what(self) -> str:
        if isinstance(self.record, Evaluation):
            return self.record.title
        return f"{self.record.title}, {self.record.get_status_display()}"

    def why_not_hand_over(self, by: User, place: District | None = None) -> str | None:
        ask = why_not_hand_over_evaluation if self.kind == EVALUATION else why_not_hand_over_iep
        return ask(by, self.record, place)


def held_by(user: User, person: User) -> list[Held]:
    """All that `person` answers for and `user` may see, by child; three queries."""
    related = ("student", "district")
    found = [
        *coordinated(user).filter(coordinator=person).select_related(*related),
        *locked_and_due(user).filter(coordinator=person).select_related(*related),
        *managed(user).filter(author=person).select_related(*related),
    ]
    return sorted(map(Held, found), key=lambda held: (held.student.sort_name, held.key))


def with_reasons(held: Sequence[Held], by: User) -> list[tuple[Held, str | None]]:
    """Each with why it cannot be handed over; one query, however many."""
    places = responsible_for({each.student.pk for each in held})
    return [(each, each.why_not_hand_over(by, places.get(each.student.pk))) for each in held]


def coordinated(user: User) -> QuerySet[Evaluation]:
    return Evaluation.objects.visible_to(user).filter(locked=False)


def locked_and_due(user: User) -> QuerySet[Evaluation]:
    """Those from which a reevaluation is due: they stay, and are told of."""
    due = Deadline.objects.open().filter(record_kind=EVALUATION, record_id=OuterRef("pk"))
    return Evaluation.objects.visible_to(user).locked().filter(Exists(due))


def managed(user: User) -> QuerySet[Iep]:
    return Iep.objects.visible_to(user).filter(status__in=HELD).exclude(kind=AMENDMENT)


def who_hold(user: User) -> QuerySet[User]:
    """Everybody who answers for something that `user` may see."""
    coordinators, managers = coordinated(user).values("coordinator"), managed(user).values("author")
    return (User.objects.filter(pk__in=coordinators) | User.objects.filter(pk__in=managers)).order_by(
        "last_name", "first_name"
    )


def takers(by: User) -> QuerySet[User]:
    """Who coordinates evaluations or manages IEPs in the districts of this supervisor."""
    roles = [row.role for p in (Permission.EDIT_EVALUATION, Permission.WRITE_IEP) for row in roles_with(p)]
    running = Assignment.objects.unended(timezone.now()).filter(role__in=roles)
    scope, today = scope_of(by, Permission.REASSIGN), timezone.localdate()
    there = Assignment.objects.none()
    for district in District.objects.filter(pk__in=scope.district_ids):
        there = there | running.reaching(district, today)
    people = User.objects.filter(is_active=True, pk__in=there.values("user"))
    return people.order_by("last_name", "first_name")
