"""What somebody else did to a person's account, told to that person in the system."""

from django.db import models
from django.utils import timezone

from security.models.user import User


class Notice(models.Model):
    """Shown once after the next sign-in, and on the account page from then on."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    at = models.DateTimeField(default=timezone.now)
    words = models.CharField(max_length=300)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at"]

    class Privacy:
        safe = "id user at seen_at"
        secret = "words"

    def __str__(self) -> str:
        return f"Notice {self.at:%Y-%m-%d}"
