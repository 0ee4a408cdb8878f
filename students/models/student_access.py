"""Who may see which child: one row per child and district that is or was responsible for it."""

from django.db import models
from django.db.models import Q

from organizations.models import District, Site
from security.scope import Scope
from students.models.student import Student


def reach_of(scope: Scope) -> Q:
    """The rows of the access table within a scope of places (ROL-01, ROL-02)."""
    by_district = Q(district_id__in=scope.district_ids)
    if not scope.rolled_up:
        by_district &= Q(rolls_up=False)
    return by_district | Q(site_id__in=scope.site_ids, is_current=True)


class StudentAccessQuerySet(models.QuerySet["StudentAccess"]):
    def in_scope(self, scope: Scope) -> "StudentAccessQuerySet":
        if scope.everything:
            return self
        return self.filter(reach_of(scope))

    def current(self) -> "StudentAccessQuerySet":
        return self.filter(is_current=True)


class StudentAccess(models.Model):
    """Kept by triggers on jurisdictions and students, never by hand. `site` is that of the latest one.

    `rolls_up`: that site is a nonpublic or early childhood one, not of the district's own (ROL-01).
    """

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="access", db_index=False)
    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+", db_index=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+", null=True, db_index=False)
    sort_name = models.TextField()
    is_current = models.BooleanField()
    last_day = models.DateField(null=True)
    rolls_up = models.BooleanField(db_default=False)

    objects = StudentAccessQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["student", "district"], name="one_access_row")]
        indexes = [
            models.Index(
                fields=["district", "sort_name", "student"],
                name="access_by_district",
                condition=Q(is_current=True),
            ),
            models.Index(
                fields=["site", "sort_name", "student"], name="access_by_site", condition=Q(is_current=True)
            ),
            models.Index(
                fields=["district", "is_current"],
                name="access_all_of_district",
                include=["student", "rolls_up"],
            ),
        ]

    class Privacy:
        safe = "id student district site is_current last_day rolls_up"
        secret = "sort_name"

    def __str__(self) -> str:
        return f"access to student {self.student_id}"
