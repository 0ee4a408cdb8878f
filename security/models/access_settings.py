"""How a district wants its access life: gates, intervals, and what happens when nobody decides."""

from django.db import models

from journal.history import keeps_history
from organizations.models import District


class AssurancePeriod(models.TextChoices):
    SCHOOL_YEAR = "SCHOOL_YEAR", "each school year"
    ROLLING = "ROLLING", "365 days from signing"


class SiteRequests(models.TextChoices):
    """Before the cut-over: a request for a site at which no IEP is due (ROL-04)."""

    WARN = "WARN", "is warned about"
    REFUSE = "REFUSE", "is refused"


@keeps_history()
class AccessSettings(models.Model):
    """One row for a district that chose something else than the defaults, which are those of the rules."""

    district = models.OneToOneField(District, on_delete=models.PROTECT, related_name="access_settings")
    policy_required = models.BooleanField(default=True, help_text="no approval without a policy (SEC-01)")
    assurance_period = models.CharField(
        max_length=12, choices=AssurancePeriod.choices, default=AssurancePeriod.SCHOOL_YEAR
    )
    review_months = models.PositiveSmallIntegerField(choices=[(12, "yearly"), (6, "half-yearly")], default=12)
    undecided_ends = models.BooleanField(
        default=False, help_text="30 days after its due date a review ends undecided roles (SEC-35)"
    )
    public_list = models.BooleanField(
        default=False, help_text="names and positions can be read without signing in (34 CFR 300.623(d))"
    )
    site_requests = models.CharField(max_length=6, choices=SiteRequests.choices, default=SiteRequests.WARN)

    class Privacy:
        safe = (
            "id district policy_required assurance_period review_months undecided_ends site_requests"
            " public_list"
        )
        secret = ""

    def __str__(self) -> str:
        return f"access settings of district {self.district_id}"


def access_settings_of(district: District) -> AccessSettings:
    """The district's own, or the defaults (unsaved)."""
    found = AccessSettings.objects.filter(district=district).first()
    return found or AccessSettings(district=district)
