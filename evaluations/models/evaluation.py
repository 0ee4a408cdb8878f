"""An evaluation and its exceptionalities. While it is locked, the database lets nothing change."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from evaluations.models.unfinished import parts_missing
from evaluations.models.with_its_evaluation import LOCKED_WITH_ITS_EVALUATION
from evaluations.rules.codes import EvaluationType, evaluation_type, exceptionality, outcome
from evaluations.rules.locking import EvaluationFacts
from journal.history import keeps_history
from organizations.models import District
from security.models import User
from students.models import Source, Student
from students.models.one_child import ONLY_BY_A_MERGE, all_but_the_child

DETERMINED = [
    "student_id",
    "kind",
    "referral_date",
    "consent_date",
    "met_on",
    "determination_date",
    "dissemination_date",
    "outcome",
    "summary",
    "delay_reason",
    "late_reason",
    "lock_version",
]


def changed(columns: list[str]) -> str:
    """SQL: does any of these columns differ between the old and the new row?"""
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return f"ROW({old}) IS DISTINCT FROM ROW({new})"


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def visible_to(self, user) -> "EvaluationQuerySet":
        return self.filter(student__in=Student.objects.visible_to(user))

    def in_progress(self) -> "EvaluationQuerySet":
        return self.filter(locked=False, outcome="")

    def determined(self) -> "EvaluationQuerySet":
        """Decided, but not locked yet."""
        return self.filter(locked=False).exclude(outcome="")

    def locked(self) -> "EvaluationQuerySet":
        return self.filter(locked=True)

    def initial_and_locked(self) -> "EvaluationQuerySet":
        return self.filter(locked=True, kind=EvaluationType.INITIAL)


@keeps_history()
class Evaluation(models.Model):
    """`kind` is a code of rules/evaluation_types.csv; `determination_date` the day eligibility was decided.

    `consent_date` is the day the written consent was received, or, when no assessment is needed, the day
    the parents were told so. `not_enrolled`: a code of rules/not_enrolled.csv, "" of a child in school.
    An unlock sets `locked` to false and nothing else (trigger).
    """

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="evaluations")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="evaluations", null=True)
    kind = models.CharField(max_length=4)
    not_enrolled = models.CharField(max_length=4, blank=True)
    referral_date = models.DateField(null=True, blank=True)
    referral_reason = models.TextField(blank=True)
    consent_requested_on = models.DateField(null=True, blank=True)
    consent_refused_on = models.DateField(null=True, blank=True)
    consent_date = models.DateField(null=True, blank=True)
    consent_revoked_on = models.DateField(null=True, blank=True)
    coordinator = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    coordinator_staff_id = models.CharField(max_length=10, blank=True)
    extension_code = models.CharField(max_length=3, blank=True)
    extended_to = models.DateField(null=True, blank=True)
    met_on = models.DateField(null=True, blank=True, help_text="the team met about eligibility")
    determination_date = models.DateField(null=True, blank=True)
    dissemination_date = models.DateField(
        null=True, blank=True, help_text="the integrated report went to the supervisor of special education"
    )
    outcome = models.CharField(max_length=4, blank=True)
    summary = models.TextField(blank=True)
    delay_reason = models.CharField(max_length=6, blank=True)
    late_reason = models.CharField(max_length=255, blank=True)
    locked = models.BooleanField(default=False)
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lock_version = models.PositiveIntegerField(default=0, help_text="how often it was locked")
    version = models.PositiveIntegerField(default=1)
    source = models.CharField(max_length=12, choices=Source.choices, default=Source.ESER)
    legacy_key = models.CharField(max_length=20, null=True, blank=True)
    load_run_id = models.BigIntegerField(null=True, blank=True)
    continuity = models.BooleanField(
        default=False, help_text="older than the cut, kept because still in force"
    )
    original_modified_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    modified_at = models.DateTimeField(auto_now=True)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["source", "legacy_key"], name="evaluation_legacy_key_unique"),
            models.UniqueConstraint(
                fields=["student", "determination_date"],
                condition=Q(locked=True, kind="INIT", source=Source.ESER),
                name="one_locked_initial_per_determination_date",
            ),
            models.CheckConstraint(
                condition=~Q(source=Source.ESER)
                | Q(determination_date=None)
                | Q(consent_date=None)
                | Q(determination_date__gte=F("consent_date")),
                name="determination_not_before_consent",
            ),
            models.CheckConstraint(
                condition=Q(consent_refused_on=None) | Q(consent_date=None), name="consent_given_or_refused"
            ),
            models.CheckConstraint(
                condition=Q(consent_revoked_on=None) | Q(consent_revoked_on__gte=F("consent_date")),
                name="consent_revoked_after_it_was_given",
            ),
            models.CheckConstraint(
                condition=Q(met_on=None)
                | Q(determination_date=None)
                | Q(determination_date__gte=F("met_on")),
                name="determination_not_before_the_meeting",
            ),
        ]
        triggers = [
            ONLY_BY_A_MERGE,
            pgtrigger.Protect(
                name="locked_is_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"OLD.locked AND NEW.locked AND {all_but_the_child('modified_at')}"
                ),
            ),
            pgtrigger.Protect(
                name="unlock_changes_nothing_else",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f"OLD.locked AND NOT NEW.locked AND {changed(DETERMINED)}"),
            ),
            pgtrigger.Protect(
                name="locked_is_kept", operation=pgtrigger.Delete, condition=pgtrigger.Q(old__locked=True)
            ),
        ]

    class Privacy:
        safe = (
            "id student district kind not_enrolled referral_date consent_requested_on consent_refused_on"
            " consent_date consent_revoked_on coordinator extension_code extended_to met_on"
            " determination_date dissemination_date"
            " outcome delay_reason locked"
            " locked_at locked_by lock_version version source load_run_id continuity original_modified_at"
            " created_at modified_at"
        )
        secret = "referral_reason coordinator_staff_id summary late_reason legacy_key"

    def __str__(self) -> str:
        return f"evaluation {self.pk}"

    @property
    def kind_name(self) -> str:
        row = evaluation_type(self.kind)
        return row.name if row else self.kind

    @property
    def title(self) -> str:
        """ "Initial evaluation"; what a type says itself is not told twice; brackets are left out."""
        name = self.kind_name.partition(" (")[0]
        return name if "evaluation" in name.lower() else f"{name} evaluation"

    @property
    def outcome_name(self) -> str:
        row = outcome(self.outcome)
        return row.name if row else self.outcome

    @property
    def needs_consent(self) -> bool:
        row = evaluation_type(self.kind)
        return row is None or row.needs_consent

    def facts(self) -> EvaluationFacts:
        """The evaluation as values, for the rules; one query where its parts are fetched already."""
        found = list(self.exceptionalities.all())
        others = self.student.evaluations.initial_and_locked().exclude(pk=self.pk)
        return EvaluationFacts(
            type=self.kind,
            consent_on=self.consent_date,
            determined_on=self.determination_date,
            outcome=self.outcome,
            primary=tuple(each.code for each in found if each.rank == 1),
            others=tuple(each.code for each in found if each.rank > 1),
            birth_date=self.student.birth_date,
            delay_reason=self.delay_reason,
            late_reason=self.late_reason,
            other_initial_determinations=tuple(
                day for day in others.values_list("determination_date", flat=True) if day
            ),
            met_on=self.met_on,
            parts_missing=tuple(parts_missing(self)),
        )


@keeps_history()
class Exceptionality(models.Model):
    """`rank` 1 is the primary one; `code` of rules/exceptionalities.csv, `original_code` the source's own."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="exceptionalities")
    rank = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=4)
    original_code = models.CharField(max_length=4, blank=True)
    detail = models.CharField(max_length=4, blank=True)
    load_run_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["rank"]
        verbose_name_plural = "exceptionalities"
        triggers = [LOCKED_WITH_ITS_EVALUATION]

    class Privacy:
        safe = "id evaluation rank code original_code detail load_run_id"
        secret = ""

    def __str__(self) -> str:
        return f"{self.rank} {self.code}"

    @property
    def name(self) -> str:
        row = exceptionality(self.code)
        return row.name if row else self.code
