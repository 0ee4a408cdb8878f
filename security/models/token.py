"""A token for a program that works in a person's name. Only its digest is kept."""

from hashlib import sha256
from secrets import token_urlsafe

from django.db import models
from django.db.models import Q
from django.utils import timezone

from security.models.user import User

PREFIX = "eser_"  # so that scanners for leaked secrets find it


class Reach(models.TextChoices):
    READ = "read", "Read only"
    WRITE = "write", "Read and write"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def in_force(self) -> "ApiTokenQuerySet":
        """Neither ended nor expired, of an account that is open."""
        return self.filter(ended_at=None, expires_at__gt=timezone.now(), user__is_active=True)

    def named(self, plain: str) -> "ApiTokenQuerySet":
        return self.filter(digest=digest_of(plain))


class ApiToken(models.Model):
    """Gives never more than the person holds at the moment of use. Ended and not deleted; see the journal."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    reach = models.CharField(max_length=5, choices=Reach, default=Reach.READ)
    second_factor = models.BooleanField(default=False, help_text="made in a session with a second factor")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(reach__in=["read", "write"]), name="api_token_reach_known")
        ]

    class Privacy:
        safe = "id user reach second_factor created_at expires_at last_used_at ended_at"
        secret = "name digest"

    def __str__(self) -> str:
        return self.name

    @property
    def is_in_force(self) -> bool:
        return self.ended_at is None and self.expires_at > timezone.now()

    def may(self, method: str) -> bool:
        return self.reach == Reach.WRITE or method in ("GET", "HEAD", "OPTIONS")


def new_plain() -> str:
    """256 random bits: too many to guess, so a plain digest is enough to keep."""
    return PREFIX + token_urlsafe(32)


def digest_of(plain: str) -> str:
    return sha256(plain.encode()).hexdigest()
