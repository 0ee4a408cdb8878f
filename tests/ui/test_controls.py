"""Controls are joined without Django's templates, and read as those write them."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from ui.field_group import field_group
from ui.forms import FieldRenderer

ODD = "<b>\"Ann\" & 'Bea'</b>"
RENDERERS = (FieldRenderer, DjangoTemplates)
CHOICES = [("", "None"), ("<1>", "One & two"), (2, mark_safe("<i>Two</i>")), ("More", [("3", ODD)])]


@pytest.mark.parametrize(
    ("widget", "value"),
    [
        (forms.TextInput({"title": ODD, "autofocus": True, "hidden": False, "maxlength": 9}), ODD),
        (forms.TextInput(), None),
        (forms.NumberInput(), 0),
        (forms.HiddenInput(), "1"),
        (forms.PasswordInput(), "secret"),
        (forms.CheckboxInput(), True),
        (forms.CheckboxInput(), False),
        (forms.Textarea({"rows": 3}), f"\n{ODD}\n\n"),
        (forms.Textarea(), None),
        (forms.Select(choices=CHOICES), "<1>"),
        (forms.Select(choices=CHOICES), "3"),
        (forms.SelectMultiple(choices=CHOICES), ["2", "3"]),
        (forms.RadioSelect(choices=CHOICES), "2"),
    ],
)
def test_a_control_is_what_its_template_writes(widget, value) -> None:
    ours, theirs = (widget.render("n<", value, {"id": "i"}, renderer()) for renderer in RENDERERS)
    assert _closed_up(ours) == _closed_up(theirs)


@pytest.mark.parametrize("kind", [forms.RadioSelect, forms.CheckboxSelectMultiple])
def test_an_option_alone_has_no_label_around_it(kind) -> None:
    field = forms.ChoiceField(choices=CHOICES, widget=kind)
    tags = [
        [str(option.tag()) for option in _form(field, renderer())["it"].subwidgets] for renderer in RENDERERS
    ]
    assert [*map(_bare, tags[0])] == tags[1]


@pytest.mark.parametrize(
    "field",
    [
        forms.CharField(label=ODD, help_text=ODD, initial=ODD),
        forms.BooleanField(label=ODD, help_text=ODD),
        forms.ChoiceField(label=ODD, help_text=ODD, choices=[(ODD, ODD)], widget=forms.RadioSelect),
    ],
)
def test_nothing_around_a_control_is_taken_for_a_mark(field) -> None:
    field.read_back = lambda typed: ODD
    assert "<b>" not in field_group(_form(field, FieldRenderer())["it"])


def _form(field: forms.Field, renderer) -> forms.Form:
    return type("OneField", (forms.Form,), {"it": field})(renderer=renderer)


def _bare(tag: str) -> str:
    return re.sub(r' class="usa-\w+__input"', "", tag)  # the class is ours alone


def _closed_up(html: str) -> str:
    """Templates leave lines between options."""
    return re.sub(r">\s+<", "><", html)
