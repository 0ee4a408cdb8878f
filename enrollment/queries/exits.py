"""Exits with something to do: documentation, notice, request. One question for the district and the state."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from enrollment.models import Enrollment, ExitPaper, SedsState, SupportRequest
from enrollment.rules.codes import Documentation, exit_codes
from security.models import User
from ui.parts import Status

VERIFIED = sorted({row.code for row in exit_codes() if row.documentation == Documentation.VERIFY})
SUBMITTED = sorted({row.code for row in exit_codes() if row.documentation == Documentation.SUBMIT})
WAITING_FOR = {
    "review": "Papers to review",
    "verify": "Credentials to verify",
    "overdue": "Documentation overdue",
    "due": "Documentation due",
    "refused": "Counts as 1984",
    "notice": "Notice needed",
    "ask": "Exit to be asked for",
    "request": "Request open",
}


def exits_to_do(user: User, today: date) -> QuerySet[Enrollment]:
    """What this person sees of them, each row with `waits` and `asked`."""
    waits = ExitPaper.objects.filter(enrollment=OuterRef("pk"), decision="")
    asked = SupportRequest.objects.filter(enrollment=OuterRef("pk"), closed_at=None)
    rows = Enrollment.objects.visible_to(user).filter(last_day__isnull=False)
    rows = rows.annotate(waits=Exists(waits), asked=Exists(asked))
    anything = Q(pk=None)
    for name in WAITING_FOR:
        anything |= which(name, today)
    return rows.filter(anything)


def which(name: str, today: date) -> Q:
    """The condition of one thing to do, over rows with `waits` and `asked`."""
    missing = Q(
        documentation_due__isnull=False, documentation_accepted_at=None, defaulted_at=None, waits=False
    )
    return {
        "review": Q(waits=True, documentation_accepted_at=None, exit_code__in=SUBMITTED),
        "verify": Q(exit_code__in=VERIFIED, documentation_accepted_at=None),
        "overdue": missing & Q(documentation_due__lt=today),
        "due": missing & Q(documentation_due__gte=today),
        "refused": Q(defaulted_at__isnull=False, waits=False),
        "notice": Q(seds_state=SedsState.PENDING_PWN),
        "ask": Q(seds_state=SedsState.PWN_ISSUED),
        "request": Q(asked=True),
    }[name]


def todo_of(row: Enrollment, today: date) -> Iterator[Status]:
    """The same conditions over one row, the most urgent first."""
    due = row.documentation_due
    missing = due and not (row.documentation_accepted_at or row.defaulted_at or row.waits)
    if row.waits and not row.documentation_accepted_at and row.exit_code in SUBMITTED:
        yield Status("info", "papers to review", "assessment")
    if row.exit_code in VERIFIED and not row.documentation_accepted_at:
        yield Status("info", "credential to verify", "verified")
    if missing:
        late = due < today
        yield Status("bad" if late else "warn", "documentation overdue" if late else "documentation due")
    if row.defaulted_at and not row.waits:
        yield Status("bad", "counts as 1984")
    if row.seds_state == SedsState.PENDING_PWN:
        yield Status("warn", "notice needed", "mail")
    if row.seds_state == SedsState.PWN_ISSUED:
        yield Status("warn", "exit to be asked for")
    if row.asked:
        yield Status("info", "request open", "schedule")
