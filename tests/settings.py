"""The product's settings, but for the cost of a password; also for the processes that a test starts."""

from eser.settings import *  # noqa: F403

PASSWORD_HASHERS = ["tests.hashing.QuickArgon2PasswordHasher"]
