"""A child. Every record of it asks the child who may see it."""

from datetime import date
from functools import cache

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat

from journal.history import keeps_history
from organizations.models import State
from security import asked_often
from security.scope import Scope


class Fold(Func):
    """Lower case, without accents and punctuation: how names are compared (SQL function `eser_fold`)."""

    function = "eser_fold"
    output_field = models.TextField()


class Source(models.TextChoices):
    ESER = "ESER", "entered here"
    LEGACY_SER = "LEGACY_SER", "from the legacy system"
    SIS_FEED = "SIS_FEED", "from a student information system"


class PartCHistory(models.TextChoices):
    """Was the child eligible under Part C? Unknown keeps it on the roster (OSSE R5.05)."""

    YES = "YES", "yes"
    NO = "NO", "no"
    UNKNOWN = "UNKNOWN", "unknown"


class Reached(Func):
    """Is this child within reach of the places? Literal ids, so that the planner can estimate.

    Written out: every page asks it, and a built subquery costs more than its answer.
    """

    output_field = models.BooleanField()

    def __init__(self, scope: Scope) -> None:
        super().__init__(F("pk"))
        self.scope = scope

    def as_sql(self, compiler, connection, **_) -> tuple[str, list[object]]:
        child, params = compiler.compile(self.source_expressions[0])
        scope = self.scope
        condition = REACHED.format(child=child, districts="%s", rolled_up="%s", sites="%s")
        return condition, [*params, list(scope.district_ids), scope.rolled_up, list(scope.site_ids)]


# As `students.models.student_access.reach_of`, for rows of the access table under the alias a.
IN_PLACES = """(a.district_id = ANY ({districts}) AND ({rolled_up} OR NOT a.rolls_up)
    OR a.is_current AND a.site_id = ANY ({sites}))"""
REACHED = f"""EXISTS (SELECT 1 FROM students_studentaccess a
    WHERE a.student_id = {{child}} AND {IN_PLACES})"""  # noqa: S608  our own words
# Named values of a scope, for statements of `security.asked_often`.
NAMED = {"districts": "%(districts)s::bigint[]", "rolled_up": "%(rolled_up)s", "sites": "%(sites)s::bigint[]"}


def named(scope: Scope) -> dict[str, object]:
    return {
        "districts": list(scope.district_ids),
        "rolled_up": scope.rolled_up,
        "sites": list(scope.site_ids),
    }


class StudentQuerySet(models.QuerySet["Student"]):
    def in_scope(self, scope: Scope) -> "StudentQuerySet":
        """Row-level security holds beneath it."""
        return self if scope.everything else self.filter(Reached(scope))

    def visible_to(self, user) -> "StudentQuerySet":
        """The one door to "which students may this person see"."""
        return self.in_scope(user.scope())

    def one_visible_to(self, user, pk: int) -> "Student | None":
        """The same door for one child, with its state; asked by every page of a child, so written out."""
        scope = user.scope()
        asked = {"pk": pk, "everything": scope.everything, **named(scope)}
        return next(map(_child, asked_often.rows(_one(), asked)), None)


def _child(row: tuple) -> "Student":
    child, child.state = asked_often.objects(CHILD_WITH_STATE, row)
    return child


@cache
def _one() -> str:
    reached = REACHED.format(child="c.id", **NAMED)
    return f"""SELECT {asked_often.columns(CHILD_WITH_STATE)}
        FROM students_student c JOIN organizations_state s ON s.id = c.state_id
        WHERE c.id = %(pk)s AND (%(everything)s OR {reached})"""  # noqa: S608  names of our own columns


@keeps_history()
class Student(models.Model):
    """`state_student_id` is the state's own number (LASID, USI, WISEid); `edfi_id` the one at its API."""

    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="students")
    state_student_id = models.CharField(max_length=20)
    edfi_id = models.CharField(max_length=32, blank=True)
    last_name = models.CharField(max_length=60)
    first_name = models.CharField(max_length=60)
    middle_name = models.CharField(max_length=60, blank=True)
    suffix = models.CharField(max_length=10, blank=True)
    birth_date = models.DateField()
    sex = models.CharField(max_length=1)
    hispanic = models.BooleanField(null=True, blank=True)
    races = models.CharField(max_length=5, blank=True, help_text="letters of race_flag: I, A, B, P, W")
    grade = models.CharField(max_length=4, blank=True)
    home_language = models.CharField(max_length=3, blank=True)
    is_active = models.BooleanField(default=True)
    part_c_history = models.CharField(
        max_length=7, choices=PartCHistory.choices, default=PartCHistory.UNKNOWN
    )
    part_c_since = models.DateField(null=True, blank=True, help_text="referred to early intervention")
    part_c_continued_on = models.DateField(
        null=True, blank=True, help_text="the parents chose to go on with it after the third birthday"
    )
    sort_name = models.GeneratedField(
        expression=Fold(Concat(F("last_name"), Value(" "), F("first_name"), Value(" "), F("middle_name"))),
        output_field=models.TextField(),
        db_persist=True,
    )
    version = models.PositiveIntegerField(default=1)
    source = models.CharField(max_length=12, choices=Source.choices, default=Source.ESER)
    legacy_key = models.CharField(max_length=20, null=True, blank=True)
    load_run_id = models.BigIntegerField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="merged", null=True, blank=True,
        help_text="the same child under another number, which goes on",
    )  # fmt: skip
    original_author = models.CharField(max_length=20, blank=True)
    original_created_at = models.DateTimeField(null=True, blank=True)
    original_modified_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    objects = StudentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["state", "state_student_id"], name="state_student_id_unique"),
            models.UniqueConstraint(fields=["source", "legacy_key"], name="student_legacy_key_unique"),
        ]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="student_by_name"),
            models.Index(fields=["birth_date"], name="student_by_birth_date"),
            models.Index(fields=["edfi_id"], name="student_by_edfi_id", condition=~Q(edfi_id="")),
            GinIndex(OpClass(F("sort_name"), name="gin_trgm_ops"), name="student_by_similar_name"),
        ]

    class Privacy:
        safe = (
            "id state grade is_active part_c_history part_c_since part_c_continued_on version source"
            " load_run_id merged_into created_at modified_at original_created_at original_modified_at"
        )
        secret = (
            "state_student_id edfi_id last_name first_name middle_name suffix birth_date sex hispanic races"
            " home_language sort_name legacy_key original_author"
        )

    def __str__(self) -> str:
        return f"student {self.pk}"

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.first_name, self.last_name, self.suffix) if part)

    @property
    def list_name(self) -> str:
        suffix = f" {self.suffix}" if self.suffix else ""
        return f"{self.last_name}{suffix}, {self.first_name}"

    def age_on(self, day: date) -> int:
        """Whole years."""
        before_birthday = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - before_birthday


CHILD_WITH_STATE = (("c", Student), ("s", State))
