"""Components: what they say, to eyes and to ears, and that nothing typed becomes markup."""

import re
from datetime import date, timedelta

import pytest
from django.http import QueryDict
from django.template import Context, Template

from tests.ui.visitor import Elements
from ui import charts
from ui.context import Person
from ui.lists import Column, Filter, ListState, take
from ui.parts import (
    Cell,
    Check,
    CodeOption,
    Difference,
    Effect,
    Event,
    Fact,
    Phase,
    Section,
    Status,
    Version,
    Way,
)

TODAY = date(2026, 9, 17)
HOSTILE = '"><script>alert(1)</script>'
COLUMNS = (Column("name", "Name", sort="name"), Column("n", "Students", sort="n", numeric=True))


def render(text: str, **context: object) -> str:
    return Template("{% load ui %}" + text).render(Context(context))


def page(rows: list[object], query: str = "", count: int | None = None):
    state = ListState.read(QueryDict(query), COLUMNS, filters=[Filter("q", "Name")], default_sort="name")
    return take(rows, state, count)


@pytest.mark.parametrize(
    ("days", "tone", "words"),
    [
        (-2, "bad", "2 days overdue"),
        (0, "warn", "today"),
        (1, "warn", "tomorrow"),
        (7, "warn", "in 7 days"),
        (8, "quiet", "in 8 days"),
    ],
)
def test_a_deadline_is_coloured_by_urgency_and_said_in_words(days: int, tone: str, words: str) -> None:
    html = render("{% due day today %}", day=TODAY + timedelta(days), today=TODAY)
    assert f"e-status--{tone}" in html
    assert words in html


def test_a_status_has_colour_icon_and_words() -> None:
    html = render('{% status "good" "locked" %}')
    assert "e-status--good" in html
    assert "#check_circle" in html
    assert "locked" in Elements(html).text


def test_a_list_states_its_order_and_links_its_first_column() -> None:
    rows = [{"name": Cell("Theo Nguyen", url="/students/1/", sub="Grade 10"), "n": 1200}]
    html = render('{% list p.state "Students" %}{% list_rows p %}{% endlist %}', p=page(rows, "sort=-name"))
    heads = [head for head in Elements(html).tagged("th") if head["scope"] == "col"]
    assert [head.get("aria-sort") for head in heads] == ["descending", None]
    assert '<th role="rowheader" scope="row"><a href="/students/1/">Theo Nguyen</a>' in html
    assert '<td role="cell" class="e-num" data-label="Students"><span>1,200</span></td>' in html


def test_a_list_foot_states_the_count_and_exports_what_is_seen() -> None:
    elements = Elements(render("{% list_foot p %}", p=page(list(range(51)), "q=theo", count=63)))
    links = [link["href"] for link in elements.tagged("a")]
    assert "1 to 50 of 63" in elements.text
    assert links[0] == "?q=theo&page=2"
    assert links[-2:] == ["?q=theo&export=csv", "?q=theo&export=xlsx"]


def test_an_empty_list_offers_no_export() -> None:
    assert "export=" not in render("{% list_foot p %}", p=page([]))


def test_filters_keep_the_order_and_show_what_is_chosen() -> None:
    inputs = Elements(render("{% filters p.state %}", p=page([], "q=theo&sort=-name"))).tagged("input")
    assert [(i["name"], i["value"]) for i in inputs] == [("sort", "-name"), ("q", "theo")]


def test_an_empty_list_says_why_and_what_to_do() -> None:
    html = render(
        '{% empty "Nobody is enrolled yet." "Enter the first student." "/enter/" "Enter a student" %}'
    )
    text = Elements(html).text
    assert all(
        words in text for words in ("Nobody is enrolled yet.", "Enter the first student.", "Enter a student")
    )


def test_a_chart_says_its_numbers_and_has_them_as_a_table() -> None:
    values = [charts.Bar("late", 3, "bad"), charts.Bar("Sep 17", 1205)]
    elements = Elements(render('{% bars "Deadlines" values %}', values=values))
    assert elements.tagged("svg")[0]["aria-label"] == "Deadlines: late 3, Sep 17 1,205."
    assert "1,205" in elements.text
    assert len(elements.tagged("tr")) == 3


def test_labels_of_many_bars_do_not_run_into_each_other_on_a_narrow_page() -> None:
    few, many = (charts.bars_svg("N", [charts.Bar(f"Sep {n}", n) for n in range(most)]) for most in (8, 12))
    hidden = re.findall(r'class="e-hide-narrow"[^>]*>(Sep \d+)', many)
    assert hidden == [f"Sep {n}" for n in (0, 2, 4, 6, 8, 10)]
    assert "e-hide-narrow" not in few


@pytest.mark.parametrize("numbers", [[], [0, 0], [5], [1842, 1845, 1839]])
def test_charts_stay_within_their_frame(numbers: list[int]) -> None:
    bars = render('{% bars "N" v %}', v=[charts.Bar(str(n), n) for n in numbers])
    steps = render('{% steps "N" v %}', v=[charts.Point(str(n), n) for n in numbers])
    marks = Elements(bars + steps).found
    heights = [float(a["height"]) for tag, a in marks if tag == "rect"]
    levels = [float(a["cy"]) for tag, a in marks if tag == "circle"]
    assert all(0 <= height <= charts.BAR_AREA for height in heights)
    assert all(charts.STEP_TOP <= level <= charts.STEP_BASE for level in levels)


def test_a_span_outside_the_years_shown_is_cut_at_the_edge() -> None:
    lane = charts.Lane("IEP", [charts.Span(date(2001, 1, 1), date(2099, 1, 1))])
    html = charts.lanes_svg("IEPs", [lane], date(2024, 1, 1), date(2027, 1, 1), TODAY)
    rect = Elements(html).tagged("rect")[0]
    assert (rect["x"], rect["width"]) == ("0%", "100%")


def test_the_time_line_runs_from_the_newest_by_year() -> None:
    events = [Event(date(2024, 5, 20), "Evaluated"), Event(date(2026, 9, 2), "Drafted", url="/e/2/")]
    elements = Elements(render("{% timeline events %}", events=events))
    assert elements.text.index("2026") < elements.text.index("Drafted") < elements.text.index("2024")
    assert len(elements.tagged("details")) == 1
    assert elements.tagged("a")[0]["href"] == "/e/2/"


def test_a_phase_is_told_without_colour() -> None:
    text = Elements(
        render("{% phases p %}", p=[Phase("Load", "done"), Phase("Check", "now"), Phase("Sign")])
    ).text
    assert all(words in text for words in ("(done)", "(running now)", "(to come)"))


def test_a_crumb_path_ends_without_a_link() -> None:
    elements = Elements(render('{% crumbs "Students" "/students/" "Exit" %}'))
    assert [a["href"] for a in elements.tagged("a")] == ["/students/"]
    assert len(elements.tagged("li")) == 2


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Dana Mouton", "DM"),
        ("Ana María de la Cruz", "AC"),
        ("admin", "A"),
        ("", ""),
        ("O. (Ray) Verdin", "OV"),
    ],
)
def test_initials(name: str, initials: str) -> None:
    assert Person(name).initials == initials


X = HOSTILE
BAD_DAY = date(2026, 9, 17)
EVERYTHING: dict[str, dict[str, object]] = {
    '{% status "bad" x %}': {},
    '{% notice "bad" url=x action=x %}{{ x }}{% endnotice %}': {},
    "{% panel x meta=x url=x link=x %}{{ x }}{% endpanel %}": {},
    "{% page_head x x %}{% endpage_head %}": {},
    "{% crumbs x x x %}": {},
    "{% empty x x x x %}": {},
    "{% refusal x x v x %}": {"v": [Way(X, X, X, X)]},
    "{% progress 1 2 x note=x counted=x %}": {},
    "{% phases v %}": {"v": [Phase(X, "now", X)]},
    "{% face x %}": {},
    '{% counts x %}{% count x x x x "bad" "error" %}{% endcounts %}': {},
    "{% bars x v two_heads download=x %}": {"v": [charts.Bar(X, 1)], "two_heads": f"{X}|{X}"},
    "{% lanes x v d d d %}": {"v": [charts.Lane(X, [charts.Span(BAD_DAY, None, X)])], "d": BAD_DAY},
    "{% key v %}": {"v": [("bad", X)]},
    "{% code_picker x 'code' v hint=x query=x error=x url=x %}": {"v": [CodeOption("1941", X, X)]},
    "{% hit x 'script' %}": {},
    "{% hit x 'zebra' %}": {},
    "{% effects v x x %}": {"v": [Effect(X, X, X)]},
    "{% conflict x v v 'n' detail=x %}": {"v": Version("mine", X, X, [(X, True), (X, False)])},
    "{% sections v x x %}": {"v": [Section(X, X, note=X, people=[X])]},
    "{% checks v %}": {"v": [Check("bad", X, X, X)]},
    "{% compare v w caption=x %}": {"v": [X], "w": [Difference(X, [X], X, True)]},
    "{% student_bar x v v url=x due=d due_what=x due_why=x due_url=x due_link=x actions=x %}": {
        "v": [Fact(X, X, X)],
        "d": BAD_DAY,
    },
    "{% facts v %}": {"v": [Fact(X, X, X)]},
    "{% timeline v %}": {"v": [Event(BAD_DAY, X, sub=X, status=Status("bad", X), url=X)]},
    "{% list p.state x %}{% list_group x p.state 'bad' x id=x %}{% list_group_rows p.rows p.state %}"
    "{% endlist_group %}{% endlist %}": {"p": page([{"name": Cell(X, X, X, Status("bad", X)), "n": X}])},
    "{% filters p.state x %}": {"p": page([], "q=%22%3E%3Cscript%3E")},
}


@pytest.mark.parametrize("text", EVERYTHING)
def test_nothing_that_was_typed_becomes_markup(text: str) -> None:
    html = render(text, x=HOSTILE, **EVERYTHING[text])
    assert "<script" not in html
    assert HOSTILE not in html
