"""Who has how many: IEPs by case manager, evaluations by coordinator; each number opens its students."""

from collections.abc import Mapping

from django.db.models import Count, Exists, F, OuterRef, TextField, Value
from django.db.models.functions import Concat, NullIf
from django.utils import timezone

from evaluations.models import Evaluation
from evaluations.rules.codes import evaluation_types
from ieps.access import HELD
from ieps.models import Iep, IepStatus
from ieps.models.iep import AMENDMENT
from ieps.rules.caseloads import STEPS
from ieps.rules.codes import CodeSet
from reports.lists.cells import Kind, words_for
from reports.lists.children import CHILD, records
from reports.lists.filters import ANY, name_filter, names, number_filter, of
from reports.lists.groups import Shape
from reports.lists.listing import List, Part, Rows
from security.queries.names import names_of
from security.scope import Scope
from ui.lists import Filter

SETTINGS = [*of(CodeSet.LRE_SCHOOL_AGE), *of(CodeSet.LRE_EARLY_CHILDHOOD)]


def person(label: str, path: str) -> Part:
    """A member of staff: counted by the key, since a name has no place in an address."""
    name = Concat(F(f"{path}__first_name"), Value(" "), F(f"{path}__last_name"), output_field=TextField())
    return Part(
        label,
        NullIf(name, Value(" "), output_field=TextField()),
        sort=f"{path}__last_name",
        by=f"{path}_id",
        named=names_of,
    )


def held(scope: Scope, chosen: Mapping[str, str]) -> Rows:
    """Where case managers are chosen by how many children they have, the IEPs that make this number."""
    rows = records(scope, Iep)
    if "size" in chosen:
        return rows.in_force_on(timezone.localdate()).exclude(author=None)
    return rows.filter(status__in=HELD, replaced_by=None).exclude(kind=AMENDMENT)


def of_size(rows: Rows, value: str) -> Rows:
    least, most = STEPS[value]
    same = {"district": OuterRef("district"), "author": OuterRef("author")}
    theirs = Iep.objects.in_force_on(timezone.localdate()).filter(**same).order_by()
    found = theirs.values("author").annotate(n=Count("student", distinct=True)).filter(n__gte=least)
    return rows.filter(Exists(found.filter(n__lte=most) if most else found))


IEP_CASELOADS = List(
    "iep-caseloads",
    "Caseloads: IEPs",
    "How many students each case manager has: drafts and IEPs in force, without amendments. By size: IEPs in"
    " force alone.",
    (
        *CHILD,
        person("Case manager", "author"),
        Part("Status", words_for("status", IepStatus.choices), Kind.WORDS),
        Part("Meeting", "meeting_date", Kind.DAY, sort="meeting_date"),
        Part("Setting", words_for("lre", SETTINGS), Kind.WORDS, on_page=False),
    ),
    held,
    (
        name_filter(),
        number_filter("district", "District"),
        (Filter("size", "Case managers with", [ANY, *((words, words) for words in STEPS)]), of_size),
    ),
    default_sort="student",
    first_shape=Shape(by="case_manager", across="status"),
)

EVALUATION_CASELOADS = List(
    "evaluation-caseloads",
    "Caseloads: evaluations",
    "How many evaluations each coordinator has that are not locked yet.",
    (
        *CHILD,
        person("Coordinator", "coordinator"),
        Part("Type", words_for("kind", names(evaluation_types())), Kind.WORDS),
        Part("Consent", "consent_date", Kind.DAY, sort="consent_date"),
    ),
    lambda scope, _: records(scope, Evaluation).filter(locked=False),
    (name_filter(),),
    default_sort="student",
    first_shape=Shape(by="coordinator", across="type"),
)
