"""A child as a snapshot holds it: the cell it stands in, or why it is not counted."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from organizations.models import District, Site
from reports.models.snapshot import Snapshot
from students.models import Student

# A certified count changes no more; a frozen one only after somebody has reopened it for a reason.
FROZEN = pgtrigger.Trigger(
    name="frozen_children_stay",
    when=pgtrigger.Before,
    operation=pgtrigger.Update | pgtrigger.Delete,
    declare=[("standing", "text")],
    func="""
        SELECT state INTO standing FROM reports_snapshot WHERE id = OLD.snapshot_id;
        IF standing IS DISTINCT FROM 'REOPENED' THEN
            RAISE EXCEPTION 'pgtrigger: A frozen child changes only in a count that was reopened';
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        IF (OLD.snapshot_id, OLD.student_id, OLD.district_id)
            IS DISTINCT FROM (NEW.snapshot_id, NEW.student_id, NEW.district_id) THEN
            RAISE EXCEPTION 'pgtrigger: A frozen child stays in its count';
        END IF;
        RETURN NEW;
    """,
)
NOT_INTO_CERTIFIED = pgtrigger.Trigger(
    name="no_child_joins_a_certified_count",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    level=pgtrigger.Statement,
    referencing=pgtrigger.Referencing(new="added"),
    func="""
        IF EXISTS (SELECT 1 FROM reports_snapshot s WHERE s.state = 'CERTIFIED'
            AND s.id IN (SELECT DISTINCT snapshot_id FROM added)) THEN
            RAISE EXCEPTION 'pgtrigger: A certified count takes no more children';
        END IF;
        RETURN NULL;
    """,
)


class SnapshotChild(models.Model):
    """`reasons` are rows of not_counted.csv; `school` the public school that answers for the child.

    `percent`: hundredths of a percent of the week in the regular class. `age`, `race` and so on are federal
    codes.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="children", db_index=False)
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="snapshot_rows")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+", db_index=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    file = models.CharField(max_length=5)
    counted = models.BooleanField()
    reasons = ArrayField(models.CharField(max_length=24), default=list)
    age = models.CharField(max_length=9)
    race = models.CharField(max_length=7, blank=True)
    sex = models.CharField(max_length=7, blank=True)
    disability = models.CharField(max_length=7, blank=True)
    environment = models.CharField(max_length=12, blank=True)
    english_learner = models.CharField(max_length=7)
    basis = models.CharField(max_length=10, blank=True)
    grade = models.CharField(max_length=4, blank=True)
    iep_until = models.DateField(null=True)
    evaluated_on = models.DateField(null=True)
    percent = models.IntegerField(null=True)
    exit_day = models.DateField(null=True)
    left_at = models.PositiveSmallIntegerField(null=True)
    school_exit = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["pk"]
        triggers = [FROZEN, NOT_INTO_CERTIFIED]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "student"], name="one_row_of_a_child_in_a_snapshot"),
            models.CheckConstraint(
                condition=Q(counted=True, reasons=[]) | (Q(counted=False) & ~Q(reasons=[])),
                name="counted_or_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["snapshot", "file", "site"], name="snapshot_children_by_school")]

    class Privacy:
        safe = (
            "id snapshot student district site file counted reasons age grade iep_until evaluated_on percent"
            " exit_day left_at school_exit"
        )
        secret = "race sex disability environment english_learner basis"

    def __str__(self) -> str:
        return f"child {self.student_id} in snapshot {self.snapshot_id}"
