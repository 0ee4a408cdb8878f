"""An enrollment: the child at a school, under a responsible district, from an entry to an exit."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from journal.history import keeps_history
from organizations.models import Calendar, District, SchoolYear, Site
from organizations.models.place import DateRange, OnDayQuerySet
from students.models import Source, Student
from students.models.one_child import ONLY_BY_A_MERGE


class SedsState(models.TextChoices):
    """Where the child stands with the special education roster (OSSE R5.11; rules/seds_moves.csv)."""

    NOT_ON = "NOT_ON", "not on the roster"
    ACTIVE = "ACTIVE", "on the roster"
    EXIT_CODED = "EXIT_CODED", "exit coded, documentation open"
    AUTO_EXITED = "AUTO_EXITED", "removed by its exit code"
    PENDING_PWN = "PENDING_PWN", "waits for prior written notice"
    PWN_ISSUED = "PWN_ISSUED", "prior written notice issued"
    ADMIN_EXIT_REQUESTED = "ADMIN_EXIT_REQUESTED", "administrative exit requested"
    ADMIN_EXITED = "ADMIN_EXITED", "removed on request"


class StateType(models.TextChoices):
    """State Enrollment Type, by which one of several enrollments reports (EDFI R6)."""

    PRIMARY = "P", "primary"
    PART_TIME = "PPP", "PPP"
    OTHER = "", "none"


class ServiceType(models.TextChoices):
    PRIMARY = "P", "primary"
    SPECIAL_ED = "N", "special education only"
    OTHER = "", "none"


class EnrollmentQuerySet(OnDayQuerySet):
    def visible_to(self, user) -> "EnrollmentQuerySet":
        return self.filter(student__in=Student.objects.visible_to(user))

    def open(self) -> "EnrollmentQuerySet":
        return self.filter(last_day=None)

    def of_one_child(self) -> "EnrollmentQuerySet":
        """Without what a merge left with the merged record, because the kept child has it too."""
        return self.filter(student__merged_into=None)


# Another district begins an enrollment of its own; rosters as known at an instant build on it.
DISTRICT_STAYS = pgtrigger.Trigger(
    name="an_enrollment_stays_its_districts",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Condition("OLD.district_id <> NEW.district_id"),
    func="RAISE EXCEPTION 'pgtrigger: An enrollment stays the one of its district';",
)


@keeps_history()
class Enrollment(models.Model):
    """`district` is responsible; `site` is attended; `responsible_site` differs at a nonpublic placement.

    `entry_code` and `exit_code` are kept as given. `effective_exit_code` is the one that counts (OSSE R9.05).
    """

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="enrollments")
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, related_name="enrollments", db_index=False
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="enrollments")
    responsible_site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    school_year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, null=True, blank=True)
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, null=True, blank=True)
    grade = models.CharField(max_length=4, blank=True)
    stage = models.PositiveSmallIntegerField(default=5, help_text="4 registered, 5 attending")
    entry_code = models.CharField(max_length=6)
    first_day = models.DateField()
    exit_code = models.CharField(max_length=6, blank=True)
    effective_exit_code = models.CharField(max_length=6, blank=True)
    last_day = models.DateField(null=True, blank=True)
    exit_recorded_at = models.DateTimeField(null=True, blank=True)
    new_school = models.CharField(max_length=200, blank=True)
    how_known = models.TextField(blank=True)
    attended = models.BooleanField(default=True, help_text="physically present on at least one day")
    no_show = models.BooleanField(default=False)
    seds_state = models.CharField(max_length=20, choices=SedsState.choices, default=SedsState.NOT_ON)
    first_attended = models.DateField(null=True, blank=True)
    last_attended = models.DateField(null=True, blank=True, help_text="as far as the school has told")
    entry_lag = models.PositiveSmallIntegerField(db_default=0, help_text="days from the entry to its record")
    exit_lag = models.PositiveSmallIntegerField(null=True, blank=True, help_text="days, as for the entry")
    phantom_until = models.DateField(
        null=True, blank=True, help_text="the feed showed the student from the exit until this day"
    )
    defaulted_at = models.DateTimeField(
        null=True, blank=True, help_text="when the effective code became the default, unverified"
    )
    cohort_left_at = models.DateTimeField(null=True, blank=True, help_text="removal from the cohort approved")
    documentation_due = models.DateField(null=True, blank=True)
    documentation_accepted_at = models.DateTimeField(null=True, blank=True)
    state_type = models.CharField(
        max_length=3, choices=StateType.choices, default=StateType.PRIMARY, blank=True
    )
    service_type = models.CharField(
        max_length=1, choices=ServiceType.choices, default=ServiceType.PRIMARY, blank=True
    )
    state_exclude = models.BooleanField(default=False)
    wise_exclude = models.BooleanField(default=False)
    eval_only = models.BooleanField(default=False, help_text="evaluated only: private, home-schooled, 0-3")
    school_override = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    version = models.PositiveIntegerField(default=1)
    source = models.CharField(max_length=12, choices=Source.choices, default=Source.ESER)
    load_run_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    modified_at = models.DateTimeField(auto_now=True)

    objects = EnrollmentQuerySet.as_manager()

    class Meta:
        ordering = ["-first_day"]
        triggers = [ONLY_BY_A_MERGE, DISTRICT_STAYS]
        constraints = [
            ExclusionConstraint(
                name="no_two_enrollments_at_one_site",
                expressions=[
                    ("student", RangeOperators.EQUAL),
                    ("site", RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
                condition=Q(no_show=False),
            ),
            models.CheckConstraint(
                condition=Q(last_day=None, exit_code="") | (Q(last_day__isnull=False) & ~Q(exit_code="")),
                name="exit_code_and_last_day_together",
            ),
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=F("first_day")), name="exit_not_before_entry"
            ),
            models.CheckConstraint(condition=Q(stage__in=[4, 5]), name="enrollment_stage_4_or_5"),
        ]

    class Privacy:
        safe = (
            "id student district site responsible_site school_year calendar grade stage entry_code first_day"
            " exit_code effective_exit_code last_day exit_recorded_at attended no_show seds_state"
            " first_attended last_attended entry_lag exit_lag phantom_until defaulted_at cohort_left_at"
            " documentation_due documentation_accepted_at state_type service_type state_exclude wise_exclude"
            " eval_only school_override version source load_run_id created_at modified_at"
        )
        secret = "new_school how_known"

    def __str__(self) -> str:
        return f"enrollment {self.pk}"
