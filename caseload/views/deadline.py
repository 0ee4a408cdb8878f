"""How one due day was counted: the rule, its source, and the calendar day by day."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from caseload.account import Account, account_of
from caseload.actions.dirty import count_child
from caseload.addresses import page as page_of
from caseload.due import why_of
from caseload.models import Deadline
from caseload.rules.counted import rules_by_calendar
from caseload.rules.sources import source_of
from caseload.tabs import standing_of
from evaluations.rules.deadlines import deadline as known_as
from students.facts import short_facts
from ui.dates import WEEKDAYS, in_words, moment_in_words
from ui.parts import Fact


@require_safe
def deadline(request: HttpRequest, pk: int) -> HttpResponse:
    """Counted anew first, where something changed. 404 outside of the person's scope."""
    rows = Deadline.objects.visible_to(request.user).select_related(
        "student__state", "district", "responsible"
    )
    count_child(get_object_or_404(rows, pk=pk).student_id)
    row = get_object_or_404(rows, pk=pk)
    request.user.looked_at(row.student_id, "how a deadline was counted")
    today, account = timezone.localdate(), account_of(row)
    return render(request, "caseload/deadline.html", {
        "deadline": row, "student": row.student, "today": today, "account": account,
        "ids": short_facts(row.student, None, None, today), "status": standing_of(row, today),
        "weekdays": WEEKDAYS, "why": why_of(row), "facts": facts_of(row),
        "rule_facts": rule_facts(row, account), "earlier": earlier_days(row),
        "record_url": page_of(*row.address),
    })  # fmt: skip


def facts_of(row: Deadline) -> list[Fact]:
    source = source_of(row.number, row.part)
    by_calendar = row.rule in rules_by_calendar()
    before = in_words(row.counted_to) if row.extended and row.counted_to else ""
    facts = [
        Fact(source.begins if source else "Counted from", in_words(row.starts_on)),
        Fact("Due", row.due_on and in_words(row.due_on), row.why_not),
        Fact("Counted to", before, "before the extension"),
        Fact("Met", row.met_on and in_words(row.met_on)),
        Fact("Excused", row.excuse),
        Fact("Who answers", row.responsible or (source.answers if source else "")),
        Fact("Counted by the calendar of" if by_calendar else "District", row.district or ""),
    ]  # fmt: skip
    return [fact for fact in facts if fact.value or fact.label == "Due"]


def rule_facts(row: Deadline, account: Account) -> list[Fact]:
    known, counting = known_as(row.number), account.counting
    facts = [
        Fact("Deadline", f"{row.number} {known.name}" if known else row.number),
        Fact("Rule that applied", row.rule),
        Fact("Length", counting.length_in_words if counting else ""),
        Fact("Source", counting.authority if counting else "", counting.certainty if counting else ""),
        Fact("Note", counting.note if counting else ""),
        Fact("Counted", moment_in_words(row.counted_at)),
    ]
    return [fact for fact in facts if fact.value]


def earlier_days(row: Deadline) -> list[Fact]:
    """The days that it had before, the latest first, each with the rule that it was counted by."""
    events = row.history.filter(pgh_label="recounted").order_by("-pgh_id")
    return [
        Fact(
            f"Until {moment_in_words(event.pgh_created_at)}",
            in_words(event.due_on) if event.due_on else event.why_not,
            event.rule,
        )
        for event in events
    ]
