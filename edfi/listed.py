"""What stands between the records and the state, as a list of the reports."""

from django.db.models import Case, F, QuerySet, TextField, Value, When
from django.db.models.functions import Concat, NullIf

from edfi.desk import only_in
from edfi.models import Needs, Trouble
from security.queries.names import names_of
from security.rules.roles import Permission
from security.scope import Scope
from students.extensions import RecordColumn, RecordList
from ui.lists import Filter


def rows(scope: Scope) -> QuerySet[Trouble]:
    """Open ones; what the state answered stays at the desk, since it may name another child."""
    return only_in(Trouble.objects.open(), scope)


NOW = Case(*(When(needs=need, then=Value(need.label)) for need in Needs), output_field=TextField())
WHO = NullIf(
    Concat(F("assigned_to__first_name"), Value(" "), F("assigned_to__last_name"), output_field=TextField()),
    Value(" "),
    output_field=TextField(),
)
ERRORS = RecordList(
    "ed-fi-errors",
    "Ed-Fi errors",
    "Records that are not at the state as they should be, why, and with whom each is.",
    (
        RecordColumn("Record", "resource", groups=True, on_page=False),
        RecordColumn("Why", "sentence", sort="sentence"),
        RecordColumn("About", "about", on_page=False),
        RecordColumn("Now", NOW, "words"),
        RecordColumn("Reason code", "code", groups=True, on_page=False),
        RecordColumn("Seen", "count", "number", sort="count"),
        RecordColumn("With", WHO, sort="assigned_to__last_name", by="assigned_to_id", named=names_of),
    ),
    rows,
    (
        (
            Filter("needs", "Now", [("", "Any"), *Needs.choices]),
            lambda found, value: found.filter(needs=value),
        ),
    ),
    needs=Permission.SEE_EDFI,
    default_sort="why",
)  # fmt: skip
