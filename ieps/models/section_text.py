"""What is written in one field of one section: the unit of autosave."""

import pgtrigger
from django.db import models
from django.utils import timezone

from ieps.models.iep import Iep
from journal.history import keeps_history
from security.models import User


@keeps_history()
class SectionText(models.Model):
    """`section` and `field` are ids of ieps/rules/iep_fields.csv. `version` grows by one with each save."""

    iep = models.ForeignKey(Iep, on_delete=models.CASCADE, related_name="texts")
    section = models.CharField(max_length=12)
    field = models.CharField(max_length=30)
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
    load_run_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["iep", "section", "field"], name="one_text_per_field")]
        triggers = [
            pgtrigger.Trigger(
                name="official_is_immutable",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=pgtrigger.Func(
                    """
                    IF current_setting('eser.loader', true) = 'on' THEN
                        RETURN coalesce(NEW, OLD);
                    END IF;
                    IF EXISTS (
                        SELECT 1 FROM ieps_iep i
                        WHERE i.id IN (NEW.iep_id, OLD.iep_id) AND i.status <> 'DRAFT'
                    ) THEN
                        RAISE EXCEPTION 'pgtrigger: Cannot change the text of an official IEP';
                    END IF;
                    RETURN coalesce(NEW, OLD);
                    """
                ),
            ),
        ]

    class Privacy:
        safe = "id iep section field version saved_by saved_at load_run_id"
        secret = "text"

    def __str__(self) -> str:
        return f"{self.section}.{self.field}"
