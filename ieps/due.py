"""Whether the annual review of an IEP comes due at a site: all that access needs to know of it (ROL-04)."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from ieps.models import Iep
from organizations.models import Site
from security import scope
from students.models import Jurisdiction


def has_an_iep_due(site: Site, before: date) -> bool:
    """Beyond the asker's scope, who does not see the students of the site yet: only yes or no leaves here."""
    with scope.elevated():
        here = Jurisdiction.objects.on(timezone.localdate()).filter(site=site).values("student_id")
        last_year = before - relativedelta(years=1)
        return Iep.objects.official().filter(student__in=here, meeting_date__lt=last_year).exists()
