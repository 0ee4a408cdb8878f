"""A statement of a bank: words for a field of the IEP that a district or a person keeps for the next time."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from journal.history import keeps_history
from organizations.models import District
from security.models import User


class StatementQuerySet(models.QuerySet["Statement"]):
    def usable_by(self, user: User, district_ids: object) -> "StatementQuerySet":
        """The person's own, and those of these districts."""
        return self.filter(Q(owner=user) | Q(district__in=district_ids))

    def in_use(self, day: date) -> "StatementQuerySet":
        return self.filter(Q(last_day=None) | Q(last_day__gte=day), first_day__lte=day)

    def with_words(self, words: str) -> "StatementQuerySet":
        """Each of these words stands in the text or the area."""
        rows = self
        for word in words.split():
            rows = rows.filter(Q(text__icontains=word) | Q(area__icontains=word))
        return rows


@keeps_history()
class Statement(models.Model):
    """`section` and `field` as the form names them, without a line. No child's data goes in."""

    district = models.ForeignKey(
        District, on_delete=models.PROTECT, null=True, blank=True, related_name="statements"
    )
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="statements"
    )
    section = models.CharField(max_length=12)
    field = models.CharField(max_length=40)
    area = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    first_day = models.DateField(default=timezone.localdate)
    last_day = models.DateField(null=True, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["section", "field", "area", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(district__isnull=False, owner__isnull=True)
                | Q(district__isnull=True, owner__isnull=False),
                name="a_statement_is_a_districts_or_a_persons",
            ),
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=F("first_day")),
                name="statement_ends_after_it_began",
            ),
        ]

    class Privacy:
        safe = "id district owner section field area first_day last_day added_by added_at"
        secret = "text"

    def __str__(self) -> str:
        return f"statement {self.pk}"

    @property
    def whose(self) -> str:
        return str(self.district) if self.district_id else "Mine"
