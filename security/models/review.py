"""The yearly or half-yearly review: one line for each role in force, decided by two people, then closed."""

from datetime import date, timedelta

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from organizations.models import District
from security.models.assignment import Assignment
from security.models.user import User
from security.rules.reviews import DAYS_TO_CLOSE, Decision, LineFacts, Standing, standing_of

CLOSED_FOR_GOOD = """
    IF EXISTS (
        SELECT 1 FROM security_review r
        WHERE r.id IN (OLD.review_id, NEW.review_id) AND r.closed_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'The review is closed: its lines cannot be changed.';
    END IF;
    RETURN NEW;
"""


class ReviewQuerySet(models.QuerySet["Review"]):
    def open(self) -> "ReviewQuerySet":
        return self.filter(closed_at=None)

    def overdue(self, day: date) -> "ReviewQuerySet":
        """Open for more than the days that it may take (SEC-35)."""
        return self.open().filter(due_on__lt=day - timedelta(days=DAYS_TO_CLOSE))


class Review(models.Model):
    """A district's campaign, for the day `due_on`; closed, neither it nor a line changes (SEC-36)."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="reviews")
    due_on = models.DateField()
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-due_on"]
        constraints = [
            models.UniqueConstraint(fields=["district"], name="one_open_review", condition=Q(closed_at=None))
        ]
        triggers = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="closed_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__closed_at__isnull=False),
            ),
        ]

    class Privacy:
        safe = "id district due_on opened_at closed_at closed_by"
        secret = ""

    def __str__(self) -> str:
        return f"review of {self.due_on}"

    @property
    def close_by(self) -> date:
        """The last day on which it is not overdue."""
        return self.due_on + timedelta(days=DAYS_TO_CLOSE)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class ReviewLine(models.Model):
    """A role that was in force when the review opened, and what supervisor and coordinator decided."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="lines")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="review_lines")
    by_supervisor = models.CharField(max_length=6, choices=[(d.value, d.value) for d in Decision], blank=True)
    supervisor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    supervisor_at = models.DateTimeField(null=True, blank=True)
    by_coordinator = models.CharField(
        max_length=6, choices=[(d.value, d.value) for d in Decision], blank=True
    )
    coordinator = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    coordinator_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "assignment"], name="one_line_for_a_role"),
            models.CheckConstraint(
                condition=Q(supervisor=None) | Q(coordinator=None) | ~Q(supervisor=F("coordinator")),
                name="reviewed_by_two_people",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="closed_for_good",
                operation=pgtrigger.Update | pgtrigger.Insert,
                when=pgtrigger.Before,
                func=CLOSED_FOR_GOOD,
            ),
        ]

    class Privacy:
        safe = (
            "id review assignment by_supervisor supervisor supervisor_at"
            " by_coordinator coordinator coordinator_at"
        )
        secret = ""

    def __str__(self) -> str:
        return f"line of review {self.review_id}"

    @property
    def standing(self) -> Standing:
        """Needs the assignment loaded."""
        ended = self.assignment.ended_at
        until = self.review.closed_at or timezone.now()
        over = self.assignment.last_day and self.assignment.last_day < timezone.localdate(until)
        gone = bool(ended and ended <= until) or bool(over)
        return standing_of(LineFacts(self.by_supervisor, self.by_coordinator, gone))
