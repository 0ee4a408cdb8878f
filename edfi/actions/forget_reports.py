"""Old lists of who would have got what are removed; who compared when, and the numbers, stay."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from edfi.models import Resync, ResyncRow
from edfi.models.resync import BUSY
from security import scope


def forget_reports() -> int:
    """Gives how many lines were removed. One that is under way keeps its lines."""
    old = Resync.objects.filter(asked_at__lt=kept_since()).exclude(state__in=BUSY)
    with scope.system():
        return ResyncRow.objects.filter(resync__in=old).delete()[0]


def kept_since() -> datetime:
    return timezone.now() - timedelta(days=settings.ESER_EDFI_REPORT_DAYS)
