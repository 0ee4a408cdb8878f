"""Parents, guardians and surrogates."""

from django.db import models

from journal.history import keeps_history
from students.models.one_child import ONLY_BY_A_MERGE
from students.models.student import Student


class Relation(models.TextChoices):
    MOTHER = "MO", "mother"
    FATHER = "FA", "father"
    GUARDIAN = "GU", "guardian"
    FOSTER = "FO", "foster parent"
    SURROGATE = "SU", "surrogate parent"
    SELF = "SE", "the student, of age"


@keeps_history()
class Contact(models.Model):
    """Seen only by the district responsible today."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="contacts")
    seq = models.PositiveSmallIntegerField(default=1)
    relation = models.CharField(max_length=2, choices=Relation.choices)
    last_name = models.CharField(max_length=60)
    first_name = models.CharField(max_length=60, blank=True)
    street = models.CharField(max_length=80, blank=True)
    city = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=2, blank=True, help_text="USPS state letters")
    postal_code = models.CharField(max_length=9, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=120, blank=True)
    is_surrogate = models.BooleanField(default=False)
    load_run_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["student", "seq"], name="contact_seq_unique")]
        triggers = [ONLY_BY_A_MERGE]

    class Privacy:
        safe = "id student seq relation is_surrogate load_run_id"
        secret = "last_name first_name street city region postal_code phone email"

    def __str__(self) -> str:
        return f"contact {self.pk}"
