"""Secrets of connections are kept encrypted with the key of the installation (ESER_FIELD_KEY)."""

from cryptography.fernet import Fernet
from django.conf import settings


def encrypted(plain: str) -> str:
    return Fernet(settings.ESER_FIELD_KEY).encrypt(plain.encode()).decode() if plain else ""


def decrypted(stored: str) -> str:
    """Raises InvalidToken where it was stored with another key than the installation has now."""
    return Fernet(settings.ESER_FIELD_KEY).decrypt(stored.encode()).decode() if stored else ""
