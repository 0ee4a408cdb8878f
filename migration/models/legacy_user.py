"""Who had access to the legacy system: a list to decide by, no permission is copied (RLO-20)."""

from django.db import models

from organizations.models import District, State


class LegacyUser(models.Model):
    """`legacy_key` is the user ID. `unlinked`: the staff ID is missing or shared (DQ-090)."""

    of_state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+")
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, related_name="+")
    legacy_key = models.CharField(max_length=60)
    last_name = models.CharField(max_length=20)
    first_name = models.CharField(max_length=15)
    sponsor_code = models.CharField(max_length=3)
    site_code = models.CharField(max_length=6, blank=True)
    role = models.CharField(max_length=12, help_text="the legacy system's word for what they might do")
    staff_id = models.CharField(max_length=10, blank=True)
    last_login = models.DateField(null=True)
    is_active = models.BooleanField()
    unlinked = models.BooleanField()
    load_run_id = models.BigIntegerField()

    class Meta:
        ordering = ["sponsor_code", "last_name", "first_name", "legacy_key"]
        constraints = [
            models.UniqueConstraint(fields=["of_state", "legacy_key"], name="legacy_user_once"),
        ]

    class Privacy:
        safe = "id of_state district sponsor_code site_code role last_login is_active unlinked load_run_id"
        secret = "legacy_key last_name first_name staff_id"

    def __str__(self) -> str:
        return f"legacy user {self.pk}"
