"""Who changed what on an evaluation, when and why, from the history that the database writes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from evaluations.deeds import WORDS, Deed
from evaluations.models import Evaluation, Exceptionality
from evaluations.rules.codes import delay_reasons_wi, evaluation_type, exceptionality, outcome
from security.models import User
from ui.parts import Difference

LABELS = {
    "kind": "Type",
    "referral_date": "Referred",
    "referral_reason": "Reason for the referral",
    "consent_requested_on": "Consent requested",
    "consent_refused_on": "Consent refused",
    "consent_date": "Consent received",
    "consent_revoked_on": "Consent withdrawn",
    "met_on": "Eligibility meeting",
    "extension_code": "Extension",
    "extended_to": "Extended to",
    "determination_date": "Determination date",
    "dissemination_date": "Report given out",
    "outcome": "Outcome",
    "summary": "Summary",
    "delay_reason": "Delay reason",
    "late_reason": "Late reason",
    "locked": "Locked",
}


@dataclass(frozen=True)
class Version:
    """One deed: `number` is the version of the evaluation that it left behind."""

    number: int
    at: datetime
    who: str
    what: str
    why: str
    changes: tuple[Difference, ...]


def versions_of(evaluation: Evaluation) -> list[Version]:
    """Newest first; three queries however long the history is."""
    events = list(evaluation.history.order_by("pgh_id"))
    found = _exceptionalities(evaluation)
    names = _names({_context(event).get("user") for event in events})
    versions = []
    for before, event in zip([None, *events], events, strict=False):
        context = _context(event)
        versions.append(
            Version(
                number=event.version,
                at=event.pgh_created_at,
                who=names.get(context.get("user"), _nobody(event)),
                what=_what(event, context),
                why=context.get("reason", ""),
                changes=(*_changes(before, event), *found.get(event.pgh_context_id, ())),
            )
        )
    return versions[::-1]


def _nobody(event: Any) -> str:
    """Who wrote when no person did."""
    return "the rollover" if event.load_run_id else "the system"


def _context(event: Any) -> dict[str, Any]:
    return event.pgh_context or {}


def _what(event: Any, context: dict[str, Any]) -> str:
    deed = context.get("deed")
    if deed in set(Deed):
        return WORDS[Deed(deed)]
    return "Entered" if event.pgh_label == "insert" else "Changed"


def _changes(before: Any, after: Any) -> Iterator[Difference]:
    for name, label in LABELS.items():
        old, new = (getattr(row, name) if row else None for row in (before, after))
        if (old or None) != (new or None):
            yield Difference(label, [_in_words(name, old), _in_words(name, new)], differs=True)


def _in_words(name: str, value: Any) -> object:
    if name == "locked":
        return "Yes" if value else "No"
    if isinstance(value, date) or not value:
        return value or ""
    read = {"kind": evaluation_type, "outcome": outcome, "delay_reason": _delay_reason}.get(name)
    return str(read(value) or value) if read else value


def _delay_reason(code: str) -> str:
    return next((str(row) for row in delay_reasons_wi() if row.code == code), code)


def _exceptionalities(evaluation: Evaluation) -> dict[Any, list[Difference]]:
    """What one deed added and took away, by the id that the deed gave its rows."""
    events = Exceptionality.pgh_event_model.objects.filter(evaluation_id=evaluation.pk).order_by("pgh_id")
    ordered = sorted(events, key=lambda event: str(event.pgh_context_id))
    return {
        deed: [_difference(rank, list(rows)) for rank, rows in _by_rank(together)]
        for deed, together in groupby(ordered, key=lambda event: event.pgh_context_id)
    }


def _by_rank(events: Iterable[Any]) -> Iterator[tuple[int, Iterable[Any]]]:
    return groupby(sorted(events, key=lambda event: event.rank), key=lambda event: event.rank)


def _difference(rank: int, events: list[Any]) -> Difference:
    gone = next((event.code for event in events if event.pgh_label == "delete"), "")
    come = next((event.code for event in events if event.pgh_label != "delete"), "")
    label = "Primary exceptionality" if rank == 1 else f"Exceptionality {rank}"
    return Difference(label, [str(exceptionality(code) or code) for code in (gone, come)], differs=True)


def _names(ids: set[int | None]) -> dict[int, str]:
    return {user.pk: str(user) for user in User.objects.filter(pk__in=ids - {None})}
