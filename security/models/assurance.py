"""The confidentiality assurance: the state's text in its versions, and who signed (SEC-05, SEC-07)."""

import hashlib

import pgtrigger
from django.db import models
from django.utils import timezone

from organizations.models import State
from organizations.rules.calendar import in_words
from security.models.user import User

UNCHANGED = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class AssuranceText(models.Model):
    """One published version. `sign_again`: signatures of earlier versions count no longer (SEC-07)."""

    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="assurance_texts")
    version = models.PositiveSmallIntegerField()
    text = models.TextField()
    sign_again = models.BooleanField(default=False)
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["state", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["state", "version"], name="assurance_version_unique"),
        ]
        triggers = [UNCHANGED]

    class Privacy:
        safe = "id state version text sign_again published_at published_by"
        secret = ""

    def __str__(self) -> str:
        return f"Version {self.version}, {in_words(timezone.localdate(self.published_at))}"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


class AssuranceSignature(models.Model):
    """A name typed under exactly this text. Never changed, never deleted."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="signatures")
    text = models.ForeignKey(AssuranceText, on_delete=models.PROTECT, related_name="signatures")
    sha256 = models.CharField(max_length=64, help_text="of the text as it was shown")
    typed_name = models.CharField(max_length=150)
    signed_at = models.DateTimeField(default=timezone.now)
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-signed_at"], name="signatures_of_user")]
        triggers = [UNCHANGED]

    class Privacy:
        safe = "id user text sha256 signed_at"
        secret = "typed_name ip"

    def __str__(self) -> str:
        return f"signature {self.pk} of user {self.user_id}"
