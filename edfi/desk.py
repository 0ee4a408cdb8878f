"""What the Ed-Fi desk shows: how many records are as they should be, and the reasons why others are not."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Q, QuerySet, Sum, TextField, Value
from django.db.models.functions import Cast, Concat

from edfi.models import Connection, Identity, Needs, Trouble
from security.models import User
from security.rules.roles import Permission
from security.scope import Scope, scope_of
from students.models import Student, StudentAccess

WHO = {
    "data_manager": "Data manager",
    "registrar": "Registrar, in the student information system",
    "evaluation_coordinator": "Evaluation coordinator",
    "iep_author": "IEP author",
    "": "Nobody: it goes by itself",
}


@dataclass(frozen=True)
class Health:
    """Numbers of records over one connection, as far as the person's scope reaches."""

    right: int
    waiting: int
    person: int
    retried: int
    reasons: int

    @property
    def total(self) -> int:
        return self.right + self.waiting + self.person + self.retried

    @property
    def reasons_in_words(self) -> str:
        return f"{self.reasons} reason{'s' if self.reasons != 1 else ''} below"

    @property
    def share(self) -> str:
        return f"{100 * self.right / self.total:.1f}% of {self.total:,} records" if self.total else "none yet"


@dataclass(frozen=True)
class Cause:
    """One reason with its size; `first` is the trouble that is shown when the reason is opened.

    `records` counts those too that wait `behind` another one of their child.
    """

    code: str
    about: str
    sentence: str
    needs: str
    who: str
    records: int
    behind: int
    students: int
    since: datetime
    first: int
    share: float = 0.0

    @property
    def fixer(self) -> str:
        return WHO[self.who]

    @property
    def ink(self) -> str:
        return "bad" if self.needs == Needs.PERSON else "soft"

    def is_of(self, trouble: Trouble | None) -> bool:
        mine = self.code, self.about, self.sentence
        return trouble is not None and (trouble.code, trouble.about, trouble.sentence) == mine


def edfi_scope(user: User) -> Scope:
    return scope_of(user, Permission.SEE_EDFI)


def answers_for(user: User, student: Student) -> bool:
    """Whose district is the child's today: what the state has of it is nobody else's any more."""
    scope = edfi_scope(user)
    current = StudentAccess.objects.current().filter(student=student)
    return scope.everything or current.in_scope(scope).exists()


def connections_of(user: User) -> QuerySet[Connection]:
    """Those that send children of the user's districts."""
    scope = edfi_scope(user)
    everyone = Connection.objects.select_related("state", "district")
    if scope.everything:
        return everyone
    mine = Q(state__districts__in=scope.district_ids) | Q(state__sites__in=scope.site_ids)
    return everyone.filter(mine, Q(district=None) | Q(district__in=scope.district_ids)).distinct()


def troubles_of(user: User, connection: Connection) -> QuerySet[Trouble]:
    """Open ones of children in the user's scope."""
    return every_trouble_of(user, connection).open()


def every_trouble_of(user: User, connection: Connection) -> QuerySet[Trouble]:
    """Those too that are cleared."""
    return only_in(Trouble.objects.filter(connection=connection), edfi_scope(user))


def identities_of(user: User, connection: Connection) -> QuerySet[Identity]:
    return only_in(Identity.objects.filter(connection=connection), edfi_scope(user))


def only_in(rows: QuerySet, scope: Scope) -> QuerySet:
    """Of children in this scope."""
    return rows if scope.everything else rows.filter(student__in=Student.objects.in_scope(scope))


def health(user: User, connection: Connection) -> Health:
    """Two queries."""
    troubles = troubles_of(user, connection)
    counts = troubles.aggregate(
        waiting=records_that(Q(needs__in=[Needs.DEPENDENCY, Needs.DAY])) + Sum("held", default=0),
        person=records_that(Q(needs=Needs.PERSON)),
        retried=records_that(Q(needs=Needs.RETRY)),
        reasons=Count("sentence", filter=Q(needs=Needs.PERSON), distinct=True),
    )
    return Health(right=identities_of(user, connection).exclude(payload_digest="").count(), **counts)


def records_that(which: Q) -> Count:
    """How many records have such a line: one that several codes keep back is one record."""
    record = Concat("resource", Value(" "), Cast("evaluation_id", TextField()), output_field=TextField())
    return Count(record, filter=which, distinct=True)


def causes(user: User, connection: Connection) -> list[Cause]:
    """Largest first; one query."""
    rows = (
        troubles_of(user, connection)
        .values("code", "about", "sentence", "needs", "who")
        .annotate(
            behind=Sum("held"),
            records=Count("pk") + Sum("held"),
            students=Count("student", distinct=True),
            since=Min("first_seen"),
            first=Min("pk"),
        )
        .order_by("-records", "sentence")
    )
    found = list(rows)
    most = found[0]["records"] if found else 1
    return [Cause(**row, share=row["records"] / most) for row in found]


def like(user: User, trouble: Trouble) -> QuerySet[Trouble]:
    """Every open trouble with the same reason."""
    root = {name: getattr(trouble, name) for name in ("code", "about", "sentence")}
    same = troubles_of(user, trouble.connection).filter(**root)
    return same.select_related("district", "student").order_by("pk")


def among_its_like(user: User, trouble: Trouble) -> dict[str, int | None]:
    """Its `place` from 1 in the `count` of its reason, and the ids of the `previous` and the `following`."""
    before, after = Q(pk__lt=trouble.pk), Q(pk__gt=trouble.pk)
    return like(user, trouble).aggregate(
        count=Count("pk"),
        place=Count("pk", filter=before) + 1,
        previous=Max("pk", filter=before),
        following=Min("pk", filter=after),
    )
