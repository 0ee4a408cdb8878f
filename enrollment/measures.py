"""What the nightly audit of the enrollments found, for the figures of a district."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Count

from enrollment.models import Finding
from enrollment.rules.checks import Severity
from organizations.measures import Counted, Measure


def findings(day: date) -> Counted:
    return list(Finding.objects.open().order_by().values_list("district", "severity").annotate(n=Count("pk")))


def _severities() -> Mapping[str, str]:
    return {Severity.ERROR: "Errors", Severity.TASK: "Tasks", Severity.WARNING: "Warnings"}


QUALITY = Measure(
    "quality", "Data quality", "What the audit of the enrollments found and nobody has mended or explained.",
    "Severity", _severities, findings, "Open findings", warns=frozenset({Severity.ERROR}),
    link="enrollment:findings", narrows="severity",
)  # fmt: skip
