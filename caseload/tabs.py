"""The tabs of a child's page: each kind of record as a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from caseload.addresses import page as page_of
from caseload.due import why_of
from caseload.models import Deadline
from caseload.record import StudentRecord
from caseload.timeline import IEP_STATUS, evaluation_name, found_words, iep_name, outcome_name
from evaluations.rules.standing import Standing
from ieps.rules.codes import CodeSet, name_of
from notices.views.shown import status_of
from students.facts import telephone
from ui.lists import Column, Count, ListState, Page
from ui.parts import Cell, Status

Rows = list[dict[str, object]]


@dataclass(frozen=True)
class Tab:
    """`rows` gives the cells, `empty` what is said when there are none; `more` names a page about the child
    and the words that lead there."""

    name: str
    label: str
    columns: tuple[Column, ...]
    rows: Callable[[StudentRecord], Rows]
    empty: str
    next: str
    more: tuple[str, str] = ("", "")

    def page(self, record: StudentRecord) -> Page:
        rows = self.rows(record)
        return Page(ListState.read({}, self.columns), rows, Count(len(rows)), has_next=False)


def _columns(**labels: str) -> tuple[Column, ...]:
    return tuple(Column(key, label) for key, label in labels.items())


def _evaluations(record: StudentRecord) -> Rows:
    return [
        {
            "kind": Cell(evaluation_name(row), url=page_of("evaluations:evaluation", row.pk)),
            "consent": row.consent_date,
            "determined": row.determination_date,
            "outcome": Cell(outcome_name(row), sub=found_words(row)),
            "state": Cell(
                status=Status("good", "locked", "lock") if row.locked else Status("info", "open", "edit")
            ),
        }
        for row in record.evaluations
    ]


def _ieps(record: StudentRecord) -> Rows:
    return [
        {
            "kind": Cell(iep_name(row), url=page_of("ieps:iep", row.pk)),
            "meeting": row.meeting_date,
            "first": row.first_day,
            "last": row.last_day,
            "state": Cell(status=IEP_STATUS.get(row.status, Status("quiet", row.get_status_display()))),
        }
        for row in record.ieps
    ]


def _services(record: StudentRecord) -> Rows:
    return [
        {
            "service": " ".join((row.code, name_of(CodeSet.SERVICE, row.code))),
            "first": row.first_day,
            "last": row.last_day or "goes on",
            "ended": name_of(CodeSet.SERVICE_TERMINATION, row.termination) or row.termination,
        }
        for row in record.services
    ]


def _documents(record: StudentRecord) -> Rows:
    return [
        {"name": Cell(row.name, url=page_of("documents:download", row.pk)), "at": row.stored_at}
        for row in record.documents
    ]


def _notices(record: StudentRecord) -> Rows:
    return [
        {
            "name": Cell(row.name, url=page_of("notices:notice", row.pk)),
            "issued": row.issued_on,
            "event": row.event_on,
            "state": Cell(status=status_of(row)),
        }
        for row in record.notices
    ]


def _contacts(record: StudentRecord) -> Rows:
    return [
        {
            "name": " ".join(filter(None, (row.first_name, row.last_name))),
            "relation": row.get_relation_display(),
            "phone": telephone(row.phone),
            "email": row.email,
            "address": ", ".join(
                filter(None, (row.street, row.city, f"{row.region} {row.postal_code}".strip()))
            ),
        }
        for row in record.contacts
    ]


def _deadlines(record: StudentRecord) -> Rows:
    return [
        {
            "name": Cell(row.name, url=page_of("caseload:deadline", row.pk), sub=why_of(row)),
            "due": Cell(row.due_on or "No day", sub=row.why_not),
            "met": row.met_on or "",
            "state": Cell(status=standing_of(row, record.today), sub=row.excuse),
        }
        for row in record.deadlines
    ]


def standing_of(row: Deadline, today: date) -> Status:
    """How it stands: an open one by the day on which one looks."""
    if row.standing != Standing.OPEN:
        return STANDINGS[Standing(row.standing)]
    if row.due_on is None:
        return Status("warn", "no day can be given")
    if row.is_overdue(today):
        n = (today - row.due_on).days
        return Status("bad", f"overdue by {n:,} day{'s' if n > 1 else ''}")
    return Status("info", "open", "schedule")


STANDINGS = {
    Standing.MET: Status("good", "met in time"),
    Standing.LATE: Status("bad", "met late"),
    Standing.EXCUSED: Status("quiet", "excused"),
}
TABS: Sequence[Tab] = (
    Tab("evaluations", "Evaluations",
        _columns(kind="Evaluation", consent="Consent", determined="Determined", outcome="Outcome",
                 state="State"),
        _evaluations, "There is no evaluation yet.", "A referral begins one."),
    Tab("ieps", "IEPs", _columns(kind="IEP", meeting="Meeting", first="From", last="To", state="State"),
        _ieps, "There is no IEP yet.", "An IEP follows when the child is found eligible.",
        ("ieps:transfer", "What comes from elsewhere")),
    Tab("services", "Services", _columns(service="Service", first="From", last="To", ended="Why it ended"),
        _services, "There are no services yet.", "Services come from the IEP."),
    Tab("deadlines", "Deadlines", _columns(name="Deadline", due="Due", met="Met", state="State"),
        _deadlines, "No deadline runs.", "A referral, a consent or an IEP starts one."),
    Tab("documents", "Documents", _columns(name="Document", at="Stored"),
        _documents, "There are no documents yet.", "Attachments of IEPs and exits appear here."),
    Tab("notices", "Notices",
        _columns(name="Notice", issued="Issued", event="About the day", state="State"),
        _notices, "There is no notice to the parents yet.", "Notices, contacts with the parents and requests"
        " for records have a page of their own.", ("notices:child", "Notices, contacts, requests")),
    Tab("contacts", "Contacts",
        _columns(name="Name", relation="Relation", phone="Phone", email="E-mail", address="Address"),
        _contacts, "No contacts are shown.", "They are seen by the district that is responsible today."),
)  # fmt: skip
