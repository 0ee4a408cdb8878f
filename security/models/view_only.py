"""View only: from an instant on, records of students are read and not written, until somebody ends it."""

from django.db import models
from django.db.models import F, Q

from security.models.user import User


class ViewOnlyQuerySet(models.QuerySet["ViewOnly"]):
    def not_ended(self) -> "ViewOnlyQuerySet":
        return self.filter(ended_at=None)


class ViewOnly(models.Model):
    """One span, for the whole installation. It begins at `since` by the clock, without anybody pressing.

    `until` is when it is planned to end; it ends when `ended_at` is set. `sentence` is what everybody is told
    whose writing is refused; the triggers of the guarded tables read this row (migration 0003).
    """

    since = models.DateTimeField()
    until = models.DateTimeField()
    sentence = models.CharField(max_length=300)
    reason = models.CharField(max_length=300, blank=True)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = ViewOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["ended_at"], nulls_distinct=False, name="one_view_only_span_at_a_time"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="view_only_ends_after_it_began"),
            models.CheckConstraint(condition=~Q(sentence=""), name="view_only_says_why"),
        ]

    class Privacy:
        safe = "id since until set_by ended_at sentence"
        secret = "reason"

    def __str__(self) -> str:
        return self.sentence
