"""A list keeps its whole state in the URL, and takes nothing from it that is not on offer."""

import pytest
from django.http import QueryDict

from ui.lists import Column, Count, Filter, ListState, Page, take

COLUMNS = (
    Column("name", "Name", sort=("last_name", "first_name")),
    Column("due", "Due", sort="due_on"),
    Column("note", "Note"),
)
KIND = Filter("kind", "Kind", choices=(("", "Any"), ("iep", "IEP"), ("evaluation", "Evaluation")))
WORDS = Filter("q", "Name")


def state(query: str = "", default_sort: str = "name") -> ListState:
    return ListState.read(QueryDict(query), COLUMNS, filters=(KIND, WORDS), default_sort=default_sort)


def page(query: str, rows: int, count: Count | None = None) -> Page:
    return take(list(range(rows)), state(query), count)


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("", ["last_name", "first_name", "pk"]),
        ("sort=due", ["due_on", "pk"]),
        ("sort=-due", ["-due_on", "-pk"]),
        ("sort=-name", ["-last_name", "-first_name", "-pk"]),
        ("sort=note", ["last_name", "first_name", "pk"]),
        ("sort=password", ["last_name", "first_name", "pk"]),
        ("sort=--due", ["last_name", "first_name", "pk"]),
    ],
)
def test_only_offered_columns_sort(query: str, order: list[str]) -> None:
    assert state(query).order_by() == order


@pytest.mark.parametrize(
    ("value", "chosen"),
    [("17", "17"), ("", ""), ("%EF%BF%BD", ""), ("%D9%A3", ""), ("-1", ""), ("1e9", ""), ("%C2%B2", "")],
)
def test_the_number_of_a_row_is_digits_or_nothing(value: str, chosen: str) -> None:
    place = Filter("site", "School", numeric=True)
    found = ListState.read(QueryDict(f"site={value}"), COLUMNS, filters=(place,))
    assert found.chosen.get("site", "") == chosen


def test_a_nul_that_no_database_takes_is_left_out() -> None:
    assert state("q=%00Mo%00uton").chosen["q"] == "Mouton"


@pytest.mark.parametrize(
    ("query", "number", "size"),
    [
        ("", 1, 50),
        ("page=3&size=25", 3, 25),
        ("page=0", 1, 50),
        ("page=-2&size=10", 1, 50),
        ("page=two&size=1000000", 1, 50),
        ("page=99999999999999999999", 1, 50),
        ("page=%C2%B2", 1, 50),
        ("size=100", 1, 100),
    ],
)
def test_page_and_size_fall_back(query: str, number: int, size: int) -> None:
    found = state(query)
    assert (found.page, found.size) == (number, size)


@pytest.mark.parametrize(
    ("query", "chosen"),
    [
        ("kind=iep&q=theo", {"kind": "iep", "q": "theo"}),
        ("kind=secret", {}),
        ("q=++", {}),
        ("other=1", {}),
    ],
)
def test_only_offered_filters_are_taken(query: str, chosen: dict[str, str]) -> None:
    assert state(query).chosen == chosen


def test_a_sort_link_turns_the_order_and_starts_at_the_first_page() -> None:
    found = state("sort=due&page=4&kind=iep")
    assert found.sort_url(COLUMNS[1]) == "?kind=iep&sort=-due"
    assert (found.aria_sort(COLUMNS[1]), found.aria_sort(COLUMNS[0])) == ("ascending", "")


def test_a_fresh_visit_needs_no_query() -> None:
    assert state().url() == "?"


def test_a_turned_default_order_is_kept_in_links() -> None:
    assert state("sort=name", default_sort="-name").page_url(2) == "?sort=name&page=2"


def test_a_chip_sets_its_filter_and_keeps_the_sort() -> None:
    chips = state("kind=iep&sort=-due&page=2").chips("kind", [("", "All", 22), ("iep", "IEP", 11)])
    assert [(chip.url, chip.current) for chip in chips] == [
        ("?sort=-due", False),
        ("?kind=iep&sort=-due", True),
    ]


def test_an_export_link_has_the_filters_but_no_page() -> None:
    assert state("kind=iep&page=3").export_url("csv") == "?kind=iep&export=csv"


def test_words_in_a_link_are_quoted() -> None:
    assert state("q=a%26b%22%3E").page_url(2) == "?q=a%26b%22%3E&page=2"


@pytest.mark.parametrize(
    ("query", "rows", "first", "last", "before", "after"),
    [
        ("", 0, 0, 0, False, False),
        ("", 50, 1, 50, False, False),
        ("", 51, 1, 50, False, True),
        ("page=2", 51, 51, 51, True, False),
        ("page=9", 51, 51, 51, True, False),
    ],
)
def test_a_page_knows_where_it_stands(query, rows, first, last, before, after) -> None:
    found = page(query, rows)
    assert (found.first, found.last, found.has_previous, found.has_next) == (first, last, before, after)


def test_a_capped_count_is_said_as_such_and_pages_go_on() -> None:
    found = page("page=3", 200, Count(100, capped=True))
    assert (str(found.count), found.first, found.has_next) == ("100+", 101, True)


class NeverCounted(list):
    def __len__(self) -> int:
        raise AssertionError("was counted")


def test_rows_that_stand_on_one_page_are_not_counted_besides() -> None:
    found = take(NeverCounted(range(25)), state("size=25"))
    assert (found.rows, found.count, found.has_next) == (list(range(25)), Count(25), False)
    assert (page("size=25", 26).count, page("size=25", 26).has_next) == (Count(26), True)
