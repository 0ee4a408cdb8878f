"""The deadlines as a list of the reports: due, overdue, met late, with the reason."""

from django.db.models import Case, F, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce, Concat, NullIf
from django.utils import timezone

from caseload.measures import of_the_year, standings
from caseload.models import Deadline
from caseload.models.deadline import RecordKind
from caseload.rules.sources import listed, source_of
from evaluations.models import Evaluation
from evaluations.rules.standing import Standing
from security.queries.names import names_of
from security.scope import Scope
from students.extensions import RecordColumn, RecordList
from ui.lists import Filter

WORDS = {
    "overdue": "overdue", "open": "due", "late": "met late", "met": "met in time", "excused": "excused",
}  # fmt: skip


def which(stands: str) -> Q:
    """By a word of `WORDS`."""
    today = timezone.localdate()
    return {
        "overdue": Q(standing=Standing.OPEN, due_on__lt=today),
        "open": Q(standing=Standing.OPEN) & (Q(due_on__gte=today) | Q(due_on=None)),
        "late": Q(standing=Standing.LATE),
        "met": Q(standing=Standing.MET),
        "excused": Q(standing=Standing.EXCUSED),
    }[stands]


def rows(scope: Scope):
    """Those that are a line of their own among what is due."""
    reasons = Evaluation.objects.filter(pk=OuterRef("record_id")).values("late_reason")[:1]
    about_one = Q(record_kind=RecordKind.EVALUATION)
    return (
        Deadline.objects.in_scope(scope)
        .filter(number__in=listed())
        .annotate(
            what=Case(*(When(number=n, then=Value(name_of(n))) for n in listed()), output_field=TextField()),
            stands=Case(
                *(When(which(word), then=Value(words)) for word, words in WORDS.items()),
                output_field=TextField(),
            ),
            late_reason=Case(When(about_one, then=Subquery(reasons)), output_field=TextField()),
        )
    )


def name_of(number: str) -> str:
    source = source_of(number)
    return f"{number} {source.name}" if source else number


WHO = NullIf(
    Concat(F("responsible__first_name"), Value(" "), F("responsible__last_name"), output_field=TextField()),
    Value(" "),
    output_field=TextField(),
)
REASON = Coalesce(
    *(NullIf(field, Value(""), output_field=TextField()) for field in ("excuse", "late_reason", "why_not"))
)
DEADLINES = RecordList(
    "deadlines",
    "Evaluations and IEPs due, overdue and late",
    "Every deadline that is counted: its day, how it stands, and the reason where it was late.",
    (
        RecordColumn("What is due", "what", "words", sort="number"),
        RecordColumn("Due", "due_on", "day", sort="due_on"),
        RecordColumn("Stands", "stands", "words"),
        RecordColumn("Met on", "met_on", "day", sort="met_on"),
        RecordColumn("Reason", REASON),
        RecordColumn("With", WHO, sort="responsible__last_name", by="responsible_id", named=names_of),
        RecordColumn("School", "site__name", sort="site__name", groups=True, on_page=False),
        RecordColumn("Counted from", "starts_on", "day", on_page=False),
    ),
    rows,
    (
        (
            Filter("number", "Deadline", [("", "Any"), *((n, name_of(n)) for n in listed())]),
            lambda found, value: found.filter(number=value),
        ),
        (
            Filter("stands", "Stands", [("", "Any"), *WORDS.items()]),
            lambda found, value: found.filter(which(value)),
        ),
        (
            Filter("initial", "Initial evaluations of a year", [("", "Any"), *standings().items()]),
            lambda found, value: found.filter(of_the_year(timezone.localdate()), standing=value),
        ),
    ),
    default_sort="due",
    counts=("what_is_due", "stands"),
)  # fmt: skip
