"""Who signs and accepts a run (RLO-16: "LDOE and the vendor")."""

from django.db import models


class Party(models.TextChoices):
    SEA = "sea", "state education agency"
    VENDOR = "vendor", "vendor"
