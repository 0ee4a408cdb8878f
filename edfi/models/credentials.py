"""The key and the secret with which an Ed-Fi API is asked, stored encrypted."""

from cryptography.fernet import InvalidToken
from django.db import models

from edfi.secrets import decrypted, encrypted


class Credentials(models.Model):
    """`key` and `secret` in plain text exist in memory alone.

    Where the key of the installation has changed, `key` is empty and `secret` raises InvalidToken.
    """

    key_encrypted = models.TextField(blank=True)
    secret_encrypted = models.TextField(blank=True)

    class Meta:
        abstract = True

    @property
    def key(self) -> str:
        try:
            return decrypted(self.key_encrypted)
        except InvalidToken:
            return ""

    @key.setter
    def key(self, plain: str) -> None:
        self.key_encrypted = encrypted(plain)

    @property
    def secret(self) -> str:
        return decrypted(self.secret_encrypted)

    @secret.setter
    def secret(self, plain: str) -> None:
        self.secret_encrypted = encrypted(plain)
