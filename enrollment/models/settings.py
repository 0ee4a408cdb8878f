"""What a state decides about its enrollment rules where its documents leave it open."""

from django.db import models

from organizations.models import State

HELD_SHARE = 0.05


class EnrollmentSettings(models.Model):
    """`grace_days`: after them a missing document makes the effective code 1984; None: a refusal alone does
    (OSSE A9). `held_share`: a feed that would exit more than this share of a district's students waits for a
    person. `count_month` and `count_day`: the count day of each school year."""

    state = models.OneToOneField(State, on_delete=models.PROTECT, related_name="enrollment_settings")
    grace_days = models.PositiveSmallIntegerField(null=True, blank=True)
    held_share = models.FloatField(default=HELD_SHARE)
    count_month = models.PositiveSmallIntegerField(null=True, blank=True)
    count_day = models.PositiveSmallIntegerField(null=True, blank=True)
    urgent_email = models.EmailField(blank=True, help_text="for urgent matters, instead of a request")

    class Privacy:
        safe = "id state grace_days held_share count_month count_day urgent_email"
        secret = ""

    def __str__(self) -> str:
        return f"settings of {self.state}"
