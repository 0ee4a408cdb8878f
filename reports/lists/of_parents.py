"""The lists about parents: notices to them and their requests for records."""

from django.db.models import Exists, OuterRef, Q, Subquery

from notices.models import Delivery, Notice, RecordsRequest, Way
from notices.rules.channels import channels
from notices.rules.kinds import notices
from reports.lists.cells import Kind, words_for
from reports.lists.children import CHILD, records
from reports.lists.filters import ANY, choice_filter, name_filter, names
from reports.lists.listing import List, Part, Rows
from security.scope import Scope
from ui.lists import Filter

KINDS = [(row.kind.value, row.name) for row in notices()]
DELIVERED = Exists(Delivery.objects.filter(notice=OuterRef("pk")))
FIRST = Delivery.objects.filter(notice=OuterRef("pk")).order_by("on", "pk")


def notices_with_their_way(scope: Scope, _: object) -> Rows:
    """Each with the first day and the first way on which it reached the parents; not what it says."""
    rows = records(scope, Notice)
    return rows.annotate(
        delivered=Subquery(FIRST.values("on")[:1]), channel=Subquery(FIRST.values("channel")[:1])
    )


NOTICES = List(
    "notices",
    "Notices to parents",
    "Which notices were written, issued and delivered, and about which day; not what they say.",
    (
        *CHILD,
        Part("Notice", words_for("kind", KINDS), Kind.WORDS, sort="kind", key="kind"),
        Part("Issued", "issued_on", Kind.DAY, sort="issued_on"),
        Part("About the day", "event_on", Kind.DAY, sort="event_on", key="event"),
        Part("Delivered", "delivered", Kind.DAY),
        Part("How", words_for("channel", names(channels())), Kind.WORDS, on_page=False),
        Part("Language", "language", on_page=False, groups=True),
    ),
    notices_with_their_way,
    (
        name_filter(),
        (Filter("kind", "Notice", [ANY, *KINDS]), lambda rows, value: rows.filter(kind=value)),
        choice_filter(
            "state",
            "State",
            {
                ("drafts", "Drafts"): Q(issued_on=None),
                ("undelivered", "Not delivered yet"): Q(issued_on__isnull=False) & ~Q(DELIVERED),
                ("delivered", "Delivered"): Q(DELIVERED),
            },
        ),
    ),
    page="notices:list",
    default_sort="-issued",
)

RECORDS_REQUESTS = List(
    "records-requests",
    "Requests for records",
    "Parents who asked to see the records of their child, and when and how they were answered.",
    (
        *CHILD,
        Part("Asked on", "asked_on", Kind.DAY, sort="asked_on", key="asked"),
        Part("Who asked", "asked_by", key="by"),
        Part("What they want to see", "what", on_page=False),
        Part("Before the meeting on", "meeting_on", Kind.DAY, on_page=False),
        Part("Answered", "answered_on", Kind.DAY, sort="answered_on"),
        Part("How", words_for("way", Way.choices), Kind.WORDS, on_page=False),
    ),
    lambda scope, _: records(scope, RecordsRequest),
    (
        name_filter(),
        choice_filter(
            "state",
            "State",
            {
                ("open", "Not answered yet"): Q(answered_on=None),
                ("answered", "Answered"): Q(answered_on__isnull=False),
            },
        ),
    ),
    page="notices:requests",
    default_sort="asked",
)
