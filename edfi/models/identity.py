"""The identity map: every record that is, or may be, at the state."""

from django.db import models
from django.db.models import Q

from edfi.models.connection import Connection
from edfi.rules.plan import Known
from organizations.models import District
from students.models import Student


class Identity(models.Model):
    """Written before the first request and removed after the delete is confirmed, so nothing is forgotten.

    `payload_digest` is that of the last acknowledged payload, empty while that is not known;
    `refused_digest` that of a payload which a person must mend first. `evaluation_id` (of a program record:
    the id of its IEP) has no foreign key: the record outlives it until the state has deleted it.
    """

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="identities")
    student = models.ForeignKey(
        Student, on_delete=models.DO_NOTHING, db_constraint=False, related_name="edfi_identities"
    )
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, related_name="+")
    evaluation_id = models.BigIntegerField()
    resource = models.CharField(max_length=80)
    school_year = models.PositiveSmallIntegerField()
    natural_key = models.JSONField()
    key_digest = models.CharField(max_length=64)
    ods_id = models.CharField(max_length=64, blank=True)
    payload = models.JSONField()
    payload_digest = models.CharField(max_length=64, blank=True)
    refused_digest = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "identities"
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "school_year", "resource", "key_digest"], name="edfi_record_unique"
            ),
        ]
        indexes = [
            models.Index(fields=["connection"], name="edfi_unsure", condition=Q(payload_digest="")),
        ]

    class Privacy:
        safe = (
            "id connection student district evaluation_id resource school_year key_digest ods_id"
            " payload_digest refused_digest sent_at acknowledged_at"
        )
        secret = "natural_key payload"

    def __str__(self) -> str:
        return f"{self.resource} {self.pk}"

    @property
    def address(self) -> tuple[str, int, str]:
        return self.resource, self.school_year, self.key_digest

    def known(self) -> Known:
        """As the planning rules see it."""
        return Known(
            *self.address, self.payload_digest, self.evaluation_id, refused_digest=self.refused_digest
        )
