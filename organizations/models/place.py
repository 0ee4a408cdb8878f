"""The state, its districts (LEAs) and sites, and which district oversees a site on which days."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q


class DateRange(Func):
    """The SQL range [first_day, last_day] of two date columns; an empty last day is open."""

    function = "daterange"
    output_field = DateRangeField()

    def __init__(self, first: str = "first_day", last: str = "last_day") -> None:
        super().__init__(F(first), F(last), RangeBoundary(inclusive_lower=True, inclusive_upper=True))


class OnDayQuerySet(models.QuerySet):
    """Rows that are intervals [first_day, last_day]; an empty last day is open."""

    def on(self, day: date) -> "OnDayQuerySet":
        return self.filter(Q(last_day=None) | Q(last_day__gte=day), first_day__lte=day)


class State(models.Model):
    code = models.CharField(max_length=4, unique=True)
    name = models.CharField(max_length=60)
    profile = models.CharField(max_length=10, help_text="row of organizations/rules/state_profiles.csv")
    time_zone = models.CharField(max_length=40)

    class Privacy:
        safe = "id code name profile time_zone"
        secret = ""

    def __str__(self) -> str:
        return self.name


class DistrictKind(models.TextChoices):
    REGULAR = "REGULAR", "school district"
    CHARTER = "CHARTER", "charter school district"


class District(models.Model):
    """A local education agency: answers for children, wherever they are taught."""

    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="districts")
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=DistrictKind.choices, default=DistrictKind.REGULAR)
    edfi_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["state", "code"], name="district_code_unique")]

    class Privacy:
        safe = "id state code name kind edfi_id"
        secret = ""

    def __str__(self) -> str:
        return self.name


class SiteKind(models.TextChoices):
    PUBLIC = "PUBLIC", "public school"
    NONPUBLIC = "NONPUBLIC", "nonpublic school"
    EARLY_CHILDHOOD = "EARLY_CHILDHOOD", "early childhood site"


class SiteQuerySet(models.QuerySet["Site"]):
    def orphans(self, on: date) -> "SiteQuerySet":
        """Sites in use of no district and overseen by none on the day (ROL-12)."""
        overseen = SiteAffiliation.objects.on(on).filter(site=models.OuterRef("pk"))
        in_use = Q(last_day=None) | Q(last_day__gte=on)
        return self.filter(in_use, ~models.Exists(overseen), district=None)


class Site(models.Model):
    """A place of teaching. Public sites belong to a district; others are affiliated with one."""

    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="sites")
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, related_name="sites", null=True, blank=True
    )
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=SiteKind.choices)
    edfi_id = models.BigIntegerField(null=True, blank=True)
    excluded_from_state = models.BooleanField(default=False, help_text="school marked Exclude: never sent")
    adult_program = models.BooleanField(
        db_default=False, help_text="grants degrees to adults: who attends belongs to a cohort (OSSE R7.02)"
    )
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["state", "code"], name="site_code_unique"),
            models.CheckConstraint(
                condition=~Q(kind=SiteKind.PUBLIC) | Q(district__isnull=False),
                name="public_site_has_a_district",
            ),
        ]

    class Privacy:
        safe = "id state district code name kind edfi_id excluded_from_state adult_program first_day last_day"
        secret = ""

    def __str__(self) -> str:
        return self.name


class SiteAffiliation(models.Model):
    """From the first to the last day this district oversees the site (ROL-09)."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="affiliations")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="affiliations")
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)

    objects = OnDayQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_overseer_at_a_time",
                expressions=[("site", RangeOperators.EQUAL), (DateRange(), RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=F("first_day")), name="affiliation_days_in_order"
            ),
        ]

    class Privacy:
        safe = "id site district first_day last_day"
        secret = ""

    def __str__(self) -> str:
        return f"{self.site_id} under {self.district_id} from {self.first_day}"
