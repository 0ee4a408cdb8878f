"""A child in the archive: a stub to be found by, and the packed records (RLO-09, RLO-12)."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Concat

from migration.models.load_run import LoadRun
from organizations.models import District
from security.holdings import holdings_of
from security.models import User
from security.rules.roles import Permission
from students.models import Source, StudentAccess
from students.models.student import Fold


class ArchivedStudentQuerySet(models.QuerySet["ArchivedStudent"]):
    def open_to(
        self, user: User, permission: Permission = Permission.REQUEST_ARCHIVE
    ) -> "ArchivedStudentQuerySet":
        """The one door: of the last district of a wholly archived child, or of the one that answers today
        for a child with live records. Row-level security holds beneath it."""
        held = holdings_of(user)
        if permission.value in held.statewide:
            return self
        places = held.districts.get(permission.value, frozenset())
        today = StudentAccess.objects.current().filter(
            Q(student__legacy_key=OuterRef("student_key"), student__source=Source.LEGACY_SER)
            | Q(
                student__merged__legacy_key=OuterRef("student_key"),
                student__merged__source=Source.LEGACY_SER,
            ),
            district_id__in=places,
        )
        return self.filter(Q(whole=True, district_id__in=places) | Q(Exists(today), whole=False))

    def without_pack(self) -> "ArchivedStudentQuerySet":
        return self.defer("pack")


class ArchivedStudent(models.Model):
    """`district` answered last, by the extract. `whole`: nothing of the child is among the live records.

    `pack`: the records as JSON, compressed with zlib: `migration.archive.pack`.
    """

    student_key = models.CharField(max_length=20, unique=True)
    state_student_id = models.CharField(max_length=20, blank=True, db_index=True)
    last_name = models.CharField(max_length=60, blank=True)
    first_name = models.CharField(max_length=60, blank=True)
    birth_date = models.DateField(null=True)
    sort_name = models.GeneratedField(
        expression=Fold(Concat(F("last_name"), Value(" "), F("first_name"))),
        output_field=models.TextField(),
        db_persist=True,
    )
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, related_name="+")
    whole = models.BooleanField()
    records = models.PositiveIntegerField()
    pack = models.BinaryField()
    run = models.ForeignKey(LoadRun, on_delete=models.PROTECT, related_name="+")

    objects = ArchivedStudentQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name", "pk"]
        indexes = [models.Index(fields=["sort_name", "id"], name="archived_by_name")]

    class Privacy:
        safe = "id district whole records run"
        secret = "student_key state_student_id last_name first_name birth_date sort_name pack"

    def __str__(self) -> str:
        return f"archived student {self.pk}"

    @property
    def list_name(self) -> str:
        return f"{self.last_name}, {self.first_name}" if self.last_name else "Name not in the extract"
