"""A connection to an Ed-Fi API, and the school years that it is configured for."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from edfi.models.credentials import Credentials
from edfi.rules.facts import (
    ConnectionSettings,
    DeleteOrder,
    EditPolicy,
    FuturePolicy,
    IdeaPolicy,
    Profile,
    UnmappedPolicy,
    YearPolicy,
    YearWindow,
)
from edfi.rules.plan import How
from edfi.rules.records import PARTICIPATION, SEORA, SSEPEA
from edfi.rules.tables import descriptors_of
from organizations.models import District, State
from organizations.rules.profiles import state_profile


class Nightly(models.TextChoices):
    """What the comparison of the night does. What no record here explains waits for a person always."""

    NO = "no", "No comparison at night"
    REPORT = "report", "Compare, and wait for a person"
    MEND = "mend", "Compare, and send what is missing or differs"


class Connection(Credentials):
    """`district` empty: it sends for the whole state. `base_url` may contain {year}."""

    name = models.CharField(max_length=80)
    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="edfi_connections")
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, related_name="edfi_connections", null=True, blank=True
    )
    base_url = models.CharField(max_length=200)
    profile = models.CharField(max_length=20, default=Profile.PUBLIC)
    year_policy = models.CharField(max_length=20, default=YearPolicy.CONSENT)
    idea_policy = models.CharField(max_length=20, default=IdeaPolicy.OFFICIAL_IEP)
    future_policy = models.CharField(max_length=20, default=FuturePolicy.HOLD)
    edit_policy = models.CharField(max_length=20, default=EditPolicy.POST)
    delete_order = models.CharField(max_length=20, default=DeleteOrder.ELIGIBILITY_FIRST)
    unmapped_policy = models.CharField(max_length=20, default=UnmappedPolicy.HOLD)
    program_education_organization_id = models.BigIntegerField(
        null=True, blank=True, help_text="empty: the state profile's"
    )
    namespaces = models.JSONField(default=dict, blank=True, help_text='by resource; "ed-fi" where not named')
    enabled = models.BooleanField(default=False)
    resync_needed = ArrayField(
        models.CharField(max_length=80), default=list, blank=True,
        help_text="resources whose switch or mapping changed since they were last compared as a whole",
    )  # fmt: skip
    nightly = models.CharField(max_length=10, choices=Nightly.choices, default=Nightly.MEND)
    delete_percent = models.PositiveSmallIntegerField(
        default=5, help_text="of the records there; to delete more, their number has to be typed"
    )
    order = models.JSONField(
        default=dict, blank=True, help_text="resource to its step, as the server told it"
    )
    order_asked_at = models.DateTimeField(null=True, blank=True)
    seen_versions = models.JSONField(
        default=dict, blank=True, help_text="by school year, how far the server's changes were compared"
    )
    last_sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["state", "name"], name="edfi_connection_name_unique")]

    class Privacy:
        safe = (
            "id name state district base_url profile year_policy idea_policy future_policy edit_policy"
            " delete_order unmapped_policy program_education_organization_id namespaces enabled resync_needed"
            " nightly delete_percent order order_asked_at seen_versions last_sent_at last_error"
        )
        secret = "key_encrypted secret_encrypted"

    def __str__(self) -> str:
        return self.name

    def rule_settings(self) -> ConnectionSettings:
        """The settings as the rules read them; three queries."""
        profile = state_profile(self.state.profile)
        return ConnectionSettings(
            profile=Profile(self.profile),
            years=tuple(
                YearWindow(y.school_year, y.first_day, y.last_day, y.send_programs) for y in self.years.all()
            ),
            program_education_organization_id=(
                self.program_education_organization_id or profile.edfi_program_organization_id
            ),
            program_name=profile.edfi_program_name or ConnectionSettings.program_name,
            descriptors=self.descriptors(),
            year_policy=YearPolicy(self.year_policy),
            idea_policy=IdeaPolicy(self.idea_policy),
            future_policy=FuturePolicy(self.future_policy),
            unmapped_policy=UnmappedPolicy(self.unmapped_policy),
            years_apart="{year}" in self.base_url,
            district_id=self.district_id,
        )

    def descriptors(self) -> dict[tuple[str, str], str]:
        """URIs by (descriptor, local code): the state's table, and over it the connection's own mappings."""
        own = {(row.descriptor, row.local_code): row.uri for row in self.mappings.all()}
        return {**descriptors_of(state_profile(self.state.profile).edfi_descriptors), **own}

    def place_of(self, school_year: int) -> int:
        """Which ODS holds this year: its own where the address names the year, otherwise one (0) for all."""
        return school_year if "{year}" in self.base_url else 0

    def how(self) -> How:
        """In which way its records are sent; one query."""
        edits, deletes = EditPolicy(self.edit_policy), DeleteOrder(self.delete_order)
        return How(self.switched_off(), self.order, edits, deletes)

    def switched_off(self) -> frozenset[tuple[str, int]]:
        """(resource, school year) to which nothing is sent, neither new records nor deletes (EDFI-R28)."""
        off = {(SSEPEA, year.school_year) for year in self.years.all() if not year.send_eligibility}
        off |= {(SEORA, year.school_year) for year in self.years.all() if not year.send_responsibility}
        off |= {(PARTICIPATION, year.school_year) for year in self.years.all() if not year.send_programs}
        return frozenset(off)


class YearConfiguration(models.Model):
    """`school_year` is the year it ends in: 2026 for 2025-26. Without days: July 1 to June 30."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="years")
    school_year = models.PositiveSmallIntegerField()
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    send_eligibility = models.BooleanField(default=True)
    send_responsibility = models.BooleanField(default=True)
    send_programs = models.BooleanField(default=False)

    class Meta:
        ordering = ["school_year"]
        constraints = [
            models.UniqueConstraint(fields=["connection", "school_year"], name="edfi_year_unique"),
            models.CheckConstraint(
                condition=Q(first_day=None) | Q(last_day=None) | Q(last_day__gt=F("first_day")),
                name="edfi_year_in_order",
            ),
        ]

    class Privacy:
        safe = (
            "id connection school_year first_day last_day send_eligibility send_responsibility send_programs"
        )
        secret = ""

    def __str__(self) -> str:
        return f"{self.school_year - 1}-{self.school_year % 100:02}"
