"""The key under which a browser keeps what a person typed and has not sent (docs/security.md)."""

import base64
import hmac

from django.conf import settings

from security.models import User


def keep_key_of(user: User) -> str:
    """32 bytes as base64, the same at each sign-in of this person and of nobody else."""
    words = f"words kept for {user.pk}".encode()
    return base64.b64encode(hmac.digest(settings.ESER_FIELD_KEY.encode(), words, "sha256")).decode()
