"""What opens behind a number of the figures: the child count narrowed as it was counted, and the enrolled."""

from collections.abc import Callable, Iterable, Mapping

from django.db.models import Exists, OuterRef, Q

from enrollment.models import Enrollment
from organizations.measures import NOTHING
from reports.figures.disproportionality import OUTSIDE_IDEA
from reports.figures.measures import NOT_SAID, age_of, environments, kinds, of_race, races
from reports.lists.cells import Kind, words_for
from reports.lists.children import CHILD, records
from reports.lists.days import day_of
from reports.lists.filters import ANY, choice_filter, name_filter, number_filter, shorten
from reports.lists.listing import List, Narrowing, Part, Rows
from reports.lists.of_rosters import passed_on
from reports.rules.disproportionality import analyses, analysis
from security.scope import Scope
from students.facts import grade_short
from ui.lists import Filter

SEXES = (("F", "Female"), ("M", "Male"))
Chosen = Mapping[str, str]


def on_the_day(scope: Scope, chosen: Chosen) -> Rows:
    """One enrollment of each child and district, though it may attend two schools; its age on the day."""
    day = day_of(chosen)
    going_on = Enrollment.objects.on(day).filter(no_show=False)
    same = going_on.filter(student=OuterRef("student"), district=OuterRef("district"), pk__lt=OuterRef("pk"))
    rows = records(scope, Enrollment).filter(pk__in=going_on.values("pk")).exclude(Exists(same))
    return rows.annotate(years=age_of(day))


def equal_to(name: str, label: str, words: Mapping[str, str]) -> tuple[Filter, Narrowing]:
    """By a code that the figures count; NOTHING stands for none."""
    conditions = {code: Q(**{name: code}) for code in words} | {NOT_SAID: Q(**{name: None}) | Q(**{name: ""})}
    return _filter(name, label, words.items(), conditions.__getitem__)


def by_race() -> tuple[Filter, Narrowing]:
    return _filter("race", "Race", races().items(), of_race)


def by_analysis() -> tuple[Filter, Narrowing]:
    """With the outcome of an analysis of disproportionality."""
    titles = [(str(each.number), each.title) for each in analyses() if each.held]
    return _filter("outcome", "Outcome", titles, lambda number: _of_analysis(int(number)))


def by_ages() -> tuple[Filter, Narrowing]:
    """Those that an analysis of disproportionality looks at."""
    return choice_filter("ages", "Ages", {
        (each.ages_in_address, f"{each.first_age} to {each.last_age}"): Q(years__range=each.ages)
        for each in analyses()
    })  # fmt: skip


def under_idea() -> tuple[Filter, Narrowing]:
    return _filter("idea", "Under IDEA", [("yes", "Not gifted or talented alone")], lambda _: UNDER_IDEA)


UNDER_IDEA = Q(exceptionality=None) | ~Q(exceptionality__in=OUTSIDE_IDEA)


def _of_analysis(number: int) -> Q:
    found = analysis(number)
    kind = Q(exceptionality=found.exceptionality) if found.exceptionality else Q()
    of_age = Q(years__range=found.ages)
    return UNDER_IDEA & of_age & kind & (Q(setting__in=found.settings) if found.settings else Q())


def _filter(
    name: str, label: str, pairs: Iterable[tuple[str, str]], condition: Callable[[str], Q]
) -> tuple[Filter, Narrowing]:
    choices = [ANY, *((code or NOTHING, shorten(words)) for code, words in pairs)]
    return Filter(name, label, choices), lambda rows, value: rows.filter(
        condition(NOT_SAID if value == NOTHING else value)
    )


BEHIND_FIGURES = (
    number_filter("district", "District"),
    equal_to("setting", "Setting", environments()),
    equal_to("exceptionality", "Exceptionality", kinds()),
    by_race(),
    by_ages(),
    by_analysis(),
    under_idea(),
)
ENROLLED = List(
    "enrolled",
    "Enrolled children",
    "Each child with an enrollment on a day, once for each district, by what the records say now.",
    (
        *CHILD,
        Part("School", "site__name", sort="site__name", groups=True),
        Part("Grade", "grade", reads=grade_short, groups=True),
        Part("Sex", words_for("student__sex", SEXES), Kind.WORDS, on_page=False),
        Part("Since", "first_day", Kind.DAY, sort="first_day"),
    ),
    on_the_day,
    (
        name_filter(),
        (Filter("day", "On this day"), passed_on),
        number_filter("district", "District"),
        by_race(),
        by_ages(),
    ),
    default_sort="student",
)
