"""Passwords of tests: of the same kind as the product's, but cheap.

A hash of production takes a third of a second and 100 MB, on purpose; in the suite that adds up to minutes.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2PasswordHasher(Argon2PasswordHasher):
    time_cost = 1
    memory_cost = 8  # KiB, the least there may be
    parallelism = 1
