"""An IEP. A draft is written by many; an official one is immutable in the database."""

from datetime import date
from functools import cache

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from evaluations.models import Evaluation
from evaluations.models.evaluation import changed
from ieps.rules.codes import CodeSet, name_of
from ieps.rules.life import Standing, standing_on
from journal.history import keeps_history
from organizations.models import District, Site, State
from security import asked_often
from security.models import User
from students.models import Source, Student
from students.models.one_child import ONLY_BY_A_MERGE
from students.models.student import NAMED, REACHED, named


class IepStatus(models.TextChoices):
    DRAFT = "DRAFT", "draft"
    OFFICIAL = "OFFICIAL", "official"
    OFFICIAL_INCOMPLETE = "OFFICIAL_INCOMPLETE", "official, incomplete in the legacy system"
    AMENDED = "AMENDED", "superseded by an amendment"
    SUPERSEDED = "SUPERSEDED", "superseded by a newer IEP"
    DELREQ = "DELREQ", "delete requested"
    DELETED = "DELETED", "deleted"


AGREED = [
    "form", "added_sections", "category", "kind", "meeting_date", "odr_date", "parent_date", "first_day",
    "last_day", "lre", "grade", "home_site_id", "other_site_id", "regular_minutes", "total_minutes",
    "assessment", "esy", "amends_id", "agreed_on", "why", "adopted_from_id", "evaluation_id", "district_id",
]  # fmt: skip
# Agreed to, and counted as such: a deletion that is asked for is not one yet.
IN_FORCE = (IepStatus.OFFICIAL, IepStatus.OFFICIAL_INCOMPLETE, IepStatus.DELREQ)
AMENDMENT = "AMD"


class IepQuerySet(models.QuerySet["Iep"]):
    def visible_to(self, user) -> "IepQuerySet":
        return self.filter(student__in=Student.objects.visible_to(user))

    def one_visible_to(self, user, pk: int) -> "Iep | None":
        """The same door for one, with what it belongs to; asked by every page and save, so written out."""
        scope = user.scope()
        asked = {"pk": pk, "everything": scope.everything, **named(scope)}
        return next(map(_with_its_own, asked_often.rows(_one(), asked)), None)

    def drafts(self) -> "IepQuerySet":
        return self.filter(status=IepStatus.DRAFT)

    def official(self) -> "IepQuerySet":
        """Without those whose place another one has taken by today."""
        rows = self.filter(status__in=[IepStatus.OFFICIAL, IepStatus.OFFICIAL_INCOMPLETE])
        return rows.exclude(replaced_from__lte=timezone.localdate())

    def current(self) -> "IepQuerySet":
        return self.in_force_on(timezone.localdate())

    def future(self) -> "IepQuerySet":
        """Official, and their first day lies ahead."""
        return self.filter(status__in=IN_FORCE, first_day__gt=timezone.localdate())

    def historical(self) -> "IepQuerySet":
        """Another one has taken their place."""
        replaced = Q(status__in=IN_FORCE, replaced_from__lte=timezone.localdate())
        return self.filter(replaced | Q(status__in=[IepStatus.AMENDED, IepStatus.SUPERSEDED]))

    def kept(self) -> "IepQuerySet":
        """All but those whose deletion was approved."""
        return self.exclude(status=IepStatus.DELETED)

    def in_force_on(self, day: date) -> "IepQuerySet":
        """Official, begun, and not replaced by then; one day after its end it still is what is given."""
        begun = Q(first_day__lte=day) | Q(first_day=None)
        return self.filter(begun, status__in=IN_FORCE).exclude(replaced_from__lte=day)

    def agreed(self) -> "IepQuerySet":
        """In force now or once: official, amended since, or followed by another."""
        once = [IepStatus.AMENDED, IepStatus.SUPERSEDED]
        return self.filter(status__in=[IepStatus.OFFICIAL, IepStatus.OFFICIAL_INCOMPLETE, *once])

    def last_drafts_of(self, user) -> "IepQuerySet":
        """Drafts that this person began or wrote in, the latest first: where they left.

        Each has `left_at`, and `left_section` and `left_field` of their last words (None before the first).
        """
        mine = self.model.texts.rel.related_model.objects.filter(iep=OuterRef("pk"), saved_by=user)
        latest = mine.order_by("-saved_at")
        return (
            self.drafts()
            .visible_to(user)
            .filter(Q(author=user) | Exists(mine))
            .annotate(
                left_at=Coalesce(Subquery(latest.values("saved_at")[:1]), "created_at"),
                left_section=Subquery(latest.values("section")[:1]),
                left_field=Subquery(latest.values("field")[:1]),
            )
            .order_by("-left_at")
        )


def _with_its_own(row: tuple) -> "Iep":
    """What this reader may not see is None, and keeps its key: so it is not assigned."""
    iep, state, *own = asked_often.objects(BELONGING, row)
    for name, record in zip(OWN, own, strict=True):
        Iep._meta.get_field(name).set_cached_value(iep, record)
    iep.student.state = state
    return iep


@cache
def _one() -> str:
    reached = REACHED.format(child="c.id", **NAMED)
    return f"""SELECT {asked_often.columns(BELONGING)}
        FROM ieps_iep i
        JOIN students_student c ON c.id = i.student_id JOIN organizations_state s ON s.id = c.state_id
        LEFT JOIN organizations_district d ON d.id = i.district_id
        LEFT JOIN security_user u ON u.id = i.author_id
        LEFT JOIN evaluations_evaluation e ON e.id = i.evaluation_id
        LEFT JOIN ieps_iep b ON b.id = i.amends_id LEFT JOIN ieps_iep n ON n.id = i.replaced_by_id
        WHERE i.id = %(pk)s AND (%(everything)s OR {reached})"""  # noqa: S608  names of our own columns


@keeps_history()
class Iep(models.Model):
    """`category`, `kind` (IEP type), `lre` (environment), `assessment`: codes of ieps/rules, kept as given.

    `form`: whose tables it is written by; `added_sections`: optional ones that somebody asked for.

    An amendment `amends` the IEP it was begun from. `replaced_from`: the first day of the one that takes its
    place (`replaced_by`); until then it stays current, whatever its status says.

    `student` is empty only for a legacy draft whose child is unknown (RLO-07, DQ-066).
    """

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="ieps", null=True)
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="ieps", null=True)
    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.PROTECT, related_name="ieps", null=True, blank=True
    )
    status = models.CharField(max_length=20, choices=IepStatus.choices, default=IepStatus.DRAFT)
    form = models.CharField(max_length=12, default="LA")
    category = models.CharField(max_length=3)
    kind = models.CharField(max_length=3)
    meeting_date = models.DateField(null=True, blank=True)
    odr_date = models.DateField(null=True, blank=True)
    parent_date = models.DateField(null=True, blank=True)
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    grade = models.CharField(max_length=4, blank=True)
    home_site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    other_site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lre = models.CharField(max_length=12, blank=True)
    regular_minutes = models.PositiveIntegerField(null=True, blank=True, help_text="a week, regular class")
    total_minutes = models.PositiveIntegerField(null=True, blank=True, help_text="a week")
    assessment = models.CharField(max_length=5, blank=True)
    esy = models.CharField(max_length=1, blank=True, help_text="extended school year: Y, N or U(ndecided)")
    amends = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="amendments"
    )
    agreed_on = models.DateField(
        null=True, blank=True, help_text="the parents agreed in writing to amend without a meeting"
    )
    why = models.TextField(blank=True, help_text="why it is amended")
    replaced_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces"
    )
    replaced_from = models.DateField(null=True, blank=True)
    adopted_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="adopted_as",
        help_text="the IEP of an earlier district that this one takes over as it is",
    )  # fmt: skip
    added_sections = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    source = models.CharField(max_length=12, choices=Source.choices, default=Source.ESER)
    legacy_key = models.CharField(max_length=20, null=True, blank=True)
    load_run_id = models.BigIntegerField(null=True, blank=True)
    original_author = models.CharField(max_length=20, blank=True)
    original_created_at = models.DateTimeField(null=True, blank=True)
    original_modified_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    modified_at = models.DateTimeField(default=timezone.now)

    objects = IepQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = "IEP"
        constraints = [
            models.UniqueConstraint(fields=["source", "legacy_key"], name="iep_legacy_key_unique"),
            models.CheckConstraint(
                condition=Q(student__isnull=False) | Q(status=IepStatus.DRAFT, source=Source.LEGACY_SER),
                name="only_a_legacy_draft_lacks_its_student",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by=None, replaced_from=None)
                | Q(replaced_by__isnull=False, replaced_from__isnull=False),
                name="replaced_by_one_from_a_day",
            ),
        ]
        triggers = [
            ONLY_BY_A_MERGE,
            pgtrigger.Protect(
                name="official_is_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f"OLD.status <> 'DRAFT' AND {changed(AGREED)}"),
            ),
            pgtrigger.Protect(
                name="official_is_no_draft_again",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.status <> 'DRAFT' AND NEW.status = 'DRAFT'"),
            ),
            pgtrigger.Protect(
                name="deleted_on_request_only",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NEW.status = 'DELETED' AND OLD.status NOT IN ('DELREQ', 'DELETED')"
                ),
            ),
            pgtrigger.Protect(
                name="only_drafts_are_deleted",
                operation=pgtrigger.Delete,
                condition=~pgtrigger.Q(old__status=IepStatus.DRAFT),
            ),
        ]

    class Privacy:
        safe = (
            "id student district evaluation status form category kind meeting_date odr_date parent_date"
            " first_day last_day grade home_site other_site lre regular_minutes total_minutes assessment esy"
            " amends agreed_on replaced_by replaced_from adopted_from added_sections author version source"
            " load_run_id original_created_at original_modified_at created_at modified_at"
        )
        secret = "legacy_key original_author why"

    def __str__(self) -> str:
        return f"IEP {self.pk}"

    @property
    def is_draft(self) -> bool:
        return self.status == IepStatus.DRAFT

    @property
    def standing(self) -> Standing:
        """Future, current or historical, by the day of today."""
        return standing_on(timezone.localdate(), self.status, self.first_day, self.replaced_from)

    @property
    def is_future(self) -> bool:
        return self.standing is Standing.FUTURE

    @property
    def title(self) -> str:
        """Such as "Review IEP"; the name of an amendment ends so already."""
        return self.kind_name if self.kind_name.endswith("IEP") else f"{self.kind_name} IEP"

    @property
    def kind_name(self) -> str:
        return name_of(CodeSet.IEP_TYPE, self.kind) or self.kind

    @property
    def category_name(self) -> str:
        return name_of(CodeSet.IEP_CATEGORY, self.category) or self.category


OWN = ("student", "district", "author", "evaluation", "amends", "replaced_by")
BELONGING = (
    ("i", Iep), ("s", State),
    ("c", Student), ("d", District), ("u", User), ("e", Evaluation), ("b", Iep), ("n", Iep),
)  # fmt: skip
