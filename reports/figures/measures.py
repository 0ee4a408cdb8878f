"""How many children with special education each district has today, by what is asked most."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from django.db.models import Count, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from enrollment.models import SpecialEducationActivity
from evaluations.models import Exceptionality
from evaluations.rules.codes import Outcome, exceptionalities
from ieps.models import Iep
from ieps.rules.codes import CodeSet, codes
from organizations.measures import Counted, Measure

NOT_SAID, TWO_OR_MORE, HISPANIC = "", "MU7", "HI7"
RACES = {
    "I": ("AM7", "American Indian or Alaska Native"), "A": ("AS7", "Asian"),
    "B": ("BL7", "Black or African American"), "P": ("PI7", "Native Hawaiian or other Pacific Islander"),
    "W": ("WH7", "White"),
}  # fmt: skip
CHILD_COUNT = "child-count"
ROWS = {"by": "rows"}


def with_special_education(day: date) -> QuerySet[SpecialEducationActivity]:
    rows = SpecialEducationActivity.objects.going_on(day).filter(student__merged_into=None)
    return rows.filter(first_day__lte=day).exclude(district=None).order_by()


def by_environment(day: date) -> Counted:
    return _counted(with_special_education(day).annotate(key=setting_of(day)))


def by_exceptionality(day: date) -> Counted:
    return _counted(with_special_education(day).annotate(key=primary(day)))


def setting_of(day: date) -> Subquery:
    """That of the IEP in force."""
    rows = Iep.objects.in_force_on(day).filter(student=OuterRef("student")).order_by("-meeting_date", "-pk")
    return Subquery(rows.values("lre")[:1])


def primary(day: date) -> Subquery:
    """The primary exceptionality of the latest evaluation that found the child eligible."""
    rows = Exceptionality.objects.filter(
        rank=1, evaluation__student=OuterRef("student"), evaluation__outcome=Outcome.ELIGIBLE,
        evaluation__determination_date__lte=day,
    )  # fmt: skip
    return Subquery(rows.order_by("-evaluation__determination_date", "-evaluation_id").values("code")[:1])


class Years(Func):
    """Whole years from a birth date to a day."""

    template = "date_part('year', age(%(expressions)s))::int"
    output_field = IntegerField()


def age_of(day: date) -> Years:
    """The child's, in whole years on the day."""
    return Years(Value(day), F("student__birth_date"))


def by_race(day: date) -> Counted:
    """Hispanic first, then two or more races, then the one (federal reporting 3.5)."""
    rows = with_special_education(day).values_list("district", "student__hispanic", "student__races")
    found: Counter[tuple[int, str]] = Counter()
    for district, hispanic, races, n in rows.annotate(n=Count("student", distinct=True)):
        found[district, race_of(bool(hispanic), races)] += n
    return [(district, key, n) for (district, key), n in found.items()]


def race_of(hispanic: bool, races: str) -> str:
    if hispanic:
        return HISPANIC
    known = [letter for letter in races if letter in RACES]
    return TWO_OR_MORE if len(known) > 1 else RACES[known[0]][0] if known else NOT_SAID


def of_race(code: str) -> Q:
    """The children that `race_of` puts there; NOT_SAID: in none."""
    some, other = "".join(RACES), Q(student__hispanic=False) | Q(student__hispanic=None)
    if code == HISPANIC:
        return Q(student__hispanic=True)
    if code == NOT_SAID:
        return other & ~Q(student__races__regex=f"[{some}]")
    if code == TWO_OR_MORE:
        return other & Q(student__races__regex=f"[{some}].*[{some}]")
    letter = next(letter for letter, (race, _) in RACES.items() if race == code)
    return other & Q(student__races__regex=f"^[^{some}]*{letter}[^{some}]*$")


def _counted(rows: QuerySet) -> Counted:
    said = Coalesce("key", Value(NOT_SAID), output_field=TextField())  # no IEP, or one that names none
    return (
        rows.annotate(said=said).values_list("district", "said").annotate(n=Count("student", distinct=True))
    )


def environments() -> Mapping[str, str]:
    rows = (*codes(CodeSet.LRE_SCHOOL_AGE), *codes(CodeSet.LRE_EARLY_CHILDHOOD))
    return {**{row.code: row.name for row in rows}, NOT_SAID: "No IEP in force, or none said"}


def kinds() -> Mapping[str, str]:
    return {**{row.code: row.name for row in exceptionalities()}, NOT_SAID: "No determination on record"}


def races() -> Mapping[str, str]:
    return {
        HISPANIC: "Hispanic or Latino", **dict(RACES.values()), TWO_OR_MORE: "Two or more races",
        NOT_SAID: "Not said",
    }  # fmt: skip


CHILDREN = (
    Measure(
        "environment", "Children by environment",
        "Children with special education, by the setting of their IEP.", "Environment", environments,
        by_environment,
        "Children with special education", of_list=CHILD_COUNT, narrows="setting", also=ROWS,
        of_a_day=True,
    ),
    Measure(
        "exceptionality", "Children by exceptionality", "By the primary exceptionality that was determined.",
        "Exceptionality", kinds, by_exceptionality,
        warns=frozenset({NOT_SAID}), of_list=CHILD_COUNT, narrows="exceptionality", also=ROWS, of_a_day=True,
    ),
    Measure(
        "race", "Children by race", "As the federal child count puts them.", "Race", races, by_race,
        warns=frozenset({NOT_SAID}), of_list=CHILD_COUNT, narrows="race", also=ROWS, of_a_day=True,
    ),
)  # fmt: skip
