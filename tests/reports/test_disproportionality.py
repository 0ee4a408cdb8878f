"""Significant disproportionality: ratios by the rule, sizes and thresholds by the state."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from organizations.rules.calendar import add_months
from reports.figures.disproportionality import decide, findings
from reports.rules.disproportionality import NO_RACE, Group, How, Sizes, analyses, compare, is_significant
from security import scope
from security.refusals import NotAllowed
from security.rules.roles import Role
from tests import factories as make

TODAY = timezone.localdate()
FEW = Sizes(cell=2, n=4)


@pytest.mark.parametrize(
    ("here", "state", "how", "ratio"),
    [
        ({"A": Group(4, 10), "B": Group(2, 20)}, {}, How.RATIO, 4.0),
        ({"A": Group(1, 10), "B": Group(2, 20)}, {}, How.TOO_FEW, None),
        ({"A": Group(3, 3), "B": Group(2, 20)}, {}, How.TOO_FEW, None),
        ({"A": Group(4, 10), "B": Group(1, 20)}, {"B": Group(10, 100)}, How.ALTERNATE, 4.0),
        ({"A": Group(4, 10), "B": Group(2, 3)}, {"A": Group(9, 9), "B": Group(10, 100)}, How.ALTERNATE, 4.0),
        ({"A": Group(4, 10)}, {"A": Group(4, 10), "B": Group(1, 100)}, How.NOBODY_TO_COMPARE, None),
        ({}, {"A": Group(4, 10)}, How.TOO_FEW, None),
        # Whose race nobody recorded belongs to no other group, here or in the state.
        ({"A": Group(4, 10), "B": Group(2, 20), "": Group(9, 9)}, {}, How.RATIO, 4.0),
        ({"A": Group(4, 10), "": Group(9, 9)}, {"B": Group(10, 100), "": Group(9, 9)}, How.ALTERNATE, 4.0),
        ({"A": Group(4, 10), "": Group(9, 9)}, {"": Group(9, 9)}, How.NOBODY_TO_COMPARE, None),
    ],
)
def test_which_ratio_is_taken(here, state, how, ratio):
    (found,) = compare(here, state, FEW, ["A"])
    assert (found.how, found.ratio) == (how, ratio and pytest.approx(ratio))


def test_nobody_is_compared_with_children_of_no_recorded_race():
    (found,) = compare({"": Group(9, 9), "B": Group(2, 20)}, {}, FEW, [NO_RACE])
    assert (found.how, found.group, found.ratio) == (How.LEFT_OUT, Group(9, 9), None)


def test_settings_are_compared_from_six_and_everything_else_from_three():
    """34 CFR 300.647(b)(3) and (4)."""
    assert {(each.number in (8, 9), each.ages) for each in analyses()} == {(True, (6, 21)), (False, (3, 21))}


@pytest.mark.parametrize(
    ("years", "asked", "significant"),
    [
        ([True, True, True], 3, True),
        ([True, False, True], 3, False),
        ([True, False, False], 1, True),
        ([True, True], 3, False),
        ([False], 1, False),
    ],
)
def test_every_year_that_is_asked_for_counts(years, asked, significant):
    assert is_significant(years, asked) is significant


GROUP = st.integers(0, 60).flatmap(lambda n: st.integers(0, n).map(lambda k: Group(k, n)))


@given(st.dictionaries(st.sampled_from("ABCD"), GROUP), st.dictionaries(st.sampled_from("ABCD"), GROUP))
def test_a_ratio_is_never_of_too_few_and_never_divides_by_nothing(here, state):
    for found in compare(here, state, FEW, "ABCD"):
        if found.ratio is not None:
            assert FEW.are_met_by(found.group)
            assert FEW.are_met_by(found.others)


def child_of(district, races: str, *, identified: bool, age: int = 10):
    """On its birthday."""
    born = add_months(TODAY, -12 * age)
    child = make.StudentFactory(district=district, races=races, hispanic=False, birth_date=born)
    make.EnrollmentFactory(student=child, district=district, first_day=TODAY - timedelta(days=60))
    if identified:
        make.ActivityFactory(student=child, district=district, first_day=TODAY - timedelta(days=50))
    return child


@pytest.fixture
def state_admin(db):
    return make.UserFactory(role=Role.SEA_ADMINISTRATOR)


@pytest.fixture
def uneven(db, state_admin):
    """Two of three Black children are identified, two of six White ones."""
    district = make.DistrictFactory()
    for races, identified, other in (("B", 2, 1), ("W", 2, 4)):
        for n in range(identified + other):
            child_of(district, races, identified=n < identified)
    decide(by=state_admin, state=district.state, threshold=1.5, cell_size=2, n_size=3, years=1)
    return district


def test_a_district_above_the_threshold_is_significant(uneven):
    with scope.system():
        found = {each.compared.race: each for each in findings(uneven, TODAY) if each.analysis.number == 1}
    assert (found["BL7"].compared.ratio, found["BL7"].significant) == (pytest.approx(2.0), True)
    assert (found["WH7"].compared.ratio, found["WH7"].significant) == (pytest.approx(0.5), False)
    assert found["AS7"].compared.how is How.TOO_FEW


def test_the_page_names_what_is_significant_and_what_is_not_recorded(uneven, browse):
    manager = make.UserFactory(role=Role.DATA_MANAGER, role__district=uneven)
    text = browse(manager).get(reverse("reports:disproportionality")).content.decode()
    assert "Significant: Black or African American: identified with any disability." in text
    assert "disciplinary removals in total" in text


def test_the_state_decides_the_measures_on_its_page(uneven, state_admin, browse):
    address = f"{reverse('reports:disproportionality_settings')}?state={uneven.state.code}"
    wrong = browse(state_admin).post(address, {"threshold": "1", "cell_size": 2, "n_size": 3, "years": 4})
    assert wrong.status_code == 400
    right = {"threshold": "2.5", "cell_size": 2, "n_size": 3, "years": 1}
    assert browse(state_admin).post(address, right).status_code == 302
    with scope.system():
        assert not any(each.significant for each in findings(uneven, TODAY))


def test_only_the_state_decides(uneven):
    manager = make.UserFactory(role=Role.DATA_MANAGER, role__district=uneven)
    with pytest.raises(NotAllowed):
        decide(by=manager, state=uneven.state, threshold=None, cell_size=1, n_size=1, years=1)


def autistic(child, district, setting: str) -> None:
    found = make.EvaluationFactory(
        student=child, district=district, outcome="ELIG", determination_date=TODAY - timedelta(days=40)
    )
    make.ExceptionalityFactory(evaluation=found, rank=1, code="AUT")
    make.IepFactory(
        student=child, district=district, status="OFFICIAL", lre=setting, first_day=TODAY - timedelta(days=9)
    )


@pytest.fixture
def of_every_age(uneven):
    """A child in a separate school of each age, one of no recorded race at two schools, and a gifted one."""
    for races, age in (("A", 2), ("A", 3), ("A", 5), ("A", 6), ("A", 21), ("A", 22), ("", 12)):
        child = child_of(uneven, races, identified=True, age=age)
        autistic(child, uneven, "SS")
    make.EnrollmentFactory(student=child, district=uneven, first_day=TODAY - timedelta(days=60))
    gifted = child_of(uneven, "B", identified=True)
    found = make.EvaluationFactory(
        student=gifted, district=uneven, outcome="ELIG", determination_date=TODAY - timedelta(days=40)
    )
    make.ExceptionalityFactory(evaluation=found, rank=1, code="GIF")
    return uneven


def test_each_number_opens_so_many_children(of_every_age, browse):
    """By exceptionality, setting and age; a child at two schools is one, one of no race in no ratio."""
    browser = browse(make.UserFactory(role=Role.DATA_MANAGER, role__district=of_every_age))
    tables = browser.get("/disproportionality/").context["tables"]
    found = {(analysis.number, row["race"]): row["group"] for analysis, rows in tables for row in rows}
    assert [found[number, "Asian"] for number in (1, 7, 9)] == [Group(4, 4), Group(4, 4), Group(2, 2)]
    assert [found[number, "Not said"] for number in (1, 9)] == [Group(1, 1), Group(1, 1)]
    numbers = {
        (row[url], n)
        for _, rows in tables
        for row in rows
        for url, n in (("outcome_url", row["group"].with_outcome), ("base_url", row["group"].n))
        if n
    }
    assert len(numbers) == 16
    for url, n in numbers:
        assert len(browser.get(url).context["page"].rows) == n, url
