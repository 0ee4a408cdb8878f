"""Days typed in any usual form, and days shown in words."""

from datetime import date, datetime

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from ui import dates
from ui.dates import DateInWords, DateNotUnderstood, read_day

TODAY = date(2026, 9, 17)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("Sep 4, 2026", date(2026, 9, 4)),
        ("September 4 2026", date(2026, 9, 4)),
        ("Sept. 4, 2026", date(2026, 9, 4)),
        ("4 Sep 2026", date(2026, 9, 4)),
        ("Friday, Sep 4, 2026", date(2026, 9, 4)),
        ("9/4/2026", date(2026, 9, 4)),
        ("09-04-2026", date(2026, 9, 4)),
        ("9.4.26", date(2026, 9, 4)),
        ("2026-09-04", date(2026, 9, 4)),
        ("2026‑09‑04", date(2026, 9, 4)),
        ("20260904", date(2026, 9, 4)),
        ("09042026", date(2026, 9, 4)),
        ("  sep   4th ", date(2026, 9, 4)),
        ("May 22", date(2026, 5, 22)),
        ("1/6", date(2027, 1, 6)),
        ("3/12/15", date(2015, 3, 12)),
        ("3/12/57", date(1957, 3, 12)),
        ("2/29/2024", date(2024, 2, 29)),
        ("today", date(2026, 9, 17)),
        ("Yesterday", date(2026, 9, 16)),
    ],
)
def test_a_day_is_read_in_any_usual_form(typed: str, day: date) -> None:
    assert read_day(typed, TODAY) == day


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("9/31/2026", "September has 30 days."),
        ("2/29/2026", "February 2026 has 28 days."),
        ("Feb 29", "Give the year too: February 29 is not in every year."),
        ("13/4/2026", "There is no month 13. Write month, day, year, such as 9/4/2026."),
        ("9/0/2026", "Days of a month begin with 1."),
        ("Smarch 3, 2026", "“Smarch” is not a month. Write it such as Sep 4, 2026."),
        ("9/4/0226", "The year 226 cannot be right. Write all four digits, such as 2026."),
        ("Monday, Sep 4, 2026", "Sep 4, 2026 is a Friday."),
        ("next week", dates.NOT_UNDERSTOOD),
        ("9/4/2026; drop", dates.NOT_UNDERSTOOD),
    ],
)
def test_a_text_that_is_no_day_gets_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(DateNotUnderstood) as refusal:
        read_day(typed, TODAY)
    assert str(refusal.value) == sentence


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_what_is_shown_can_be_typed_again(day: date) -> None:
    shown = [
        dates.in_words(day),
        dates.with_weekday(day),
        day.isoformat(),
        f"{day:%m/%d/%Y}",
        f"{day:%Y%m%d}",
    ]
    assert {read_day(text, TODAY) for text in shown} == {day}


@given(st.text(max_size=40))
def test_no_text_gives_anything_but_a_day_or_a_sentence(text: str) -> None:
    try:
        assert isinstance(read_day(text, TODAY), date)
    except DateNotUnderstood as refusal:
        assert str(refusal).endswith(".")  # noqa: PT017


@pytest.mark.parametrize(
    ("day", "words", "overdue_words"),
    [
        (date(2026, 9, 17), "today", "today"),
        (date(2026, 9, 18), "tomorrow", "tomorrow"),
        (date(2026, 9, 22), "in 5 days", "in 5 days"),
        (date(2026, 9, 16), "yesterday", "1 day overdue"),
        (date(2026, 9, 13), "4 days ago", "4 days overdue"),
        (date(2023, 9, 17), "1,096 days ago", "1,096 days overdue"),
    ],
)
def test_how_far_a_day_is(day: date, words: str, overdue_words: str) -> None:
    assert dates.how_far(day, TODAY) == words
    assert dates.how_far(day, TODAY, overdue=True) == overdue_words


@pytest.mark.parametrize(
    ("hour", "words"), [(0, "12:05 am"), (9, "9:05 am"), (12, "12:05 pm"), (18, "6:05 pm")]
)
def test_a_time_is_shown_on_the_twelve_hour_clock(hour: int, words: str) -> None:
    assert dates.clock(datetime(2026, 9, 16, hour, 5)) == words  # noqa: DTZ001


class LeavingForm(forms.Form):
    last_day = DateInWords(what="the last day attended", label="Last day attended")


def test_the_field_says_what_it_understood() -> None:
    form = LeavingForm({"last_day": "9/4/2026"})
    assert form.is_valid()
    assert form.cleaned_data == {"last_day": date(2026, 9, 4)}
    assert form["last_day"].read == "Read as Friday, Sep 4, 2026"


def test_an_empty_required_day_asks_for_what_it_is() -> None:
    form = LeavingForm({"last_day": " "})
    assert form.errors["last_day"] == ["Enter the last day attended."]


def test_a_stored_day_stands_in_the_box_in_words() -> None:
    assert 'value="Sep 4, 2026"' in str(LeavingForm(initial={"last_day": date(2026, 9, 4)})["last_day"])


def test_a_day_that_was_not_understood_stays_as_typed() -> None:
    form = LeavingForm({"last_day": "9/31/2026"})
    assert form.errors["last_day"] == ["September has 30 days."]
    assert 'value="9/31/2026"' in str(form["last_day"])
