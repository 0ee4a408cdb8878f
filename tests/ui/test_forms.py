"""Forms: what describes a control exists; every mistake is said beside it and in a summary with links."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context, Template

from tests.ui.visitor import Elements
from ui.dates import DateInWords
from ui.sample import ExitForm

FIELD = Template("{% load ui %}{% field bound %}")


def shown(form: forms.Form, name: str) -> str:
    return FIELD.render(Context({"bound": form[name]}))


def attributes(form: forms.Form, name: str) -> dict[str, str | None]:
    """Those of the control of a field."""
    return next(a for _, a in Elements(shown(form, name)).found if a.get("name") == name)


class SchoolForm(forms.Form):
    school = forms.CharField(label="School", help_text="As the family told you")
    last_day = DateInWords(what="the last day", label="Last day", required=False)
    bare = forms.CharField(label="Remark", required=False)

    def clean(self):
        if self.cleaned_data.get("bare") == "clash":
            raise ValidationError("School and remark contradict each other.")
        return self.cleaned_data


@pytest.mark.parametrize(
    ("data", "name", "described_by"),
    [
        (None, "school", "id_school-hint"),
        (None, "bare", None),
        ({}, "school", "id_school-hint id_school-error"),
        ({"last_day": "9/4/2026"}, "last_day", "id_last_day-hint id_last_day-read"),
        ({"last_day": "9/31/2026"}, "last_day", "id_last_day-hint id_last_day-error"),
    ],
)
def test_a_control_is_described_by_what_stands_beside_it(data, name, described_by) -> None:
    form = SchoolForm(data)
    assert attributes(form, name).get("aria-describedby") == described_by
    elements = Elements(shown(form, name))
    assert elements.references() <= set(elements.ids())


@pytest.mark.parametrize(
    "data", [None, {}, {"last_day": "9/4/2026", "informed": "mother", "papers": ["letter"]}]
)
def test_every_description_of_every_kind_of_control_exists(data) -> None:
    elements = Elements(str(ExitForm(data)))
    assert elements.references() <= set(elements.ids())
    assert len(elements.ids()) == len(set(elements.ids()))


@pytest.mark.parametrize(
    ("name", "css"),
    [
        ("last_day", "usa-input e-w-date"),
        ("school", "usa-input"),
        ("kind", "usa-select"),
        ("learned", "usa-textarea"),
        ("informed", "usa-radio__input"),
        ("papers", "usa-checkbox__input"),
        ("letter", "e-file"),
        ("certain", "usa-checkbox__input"),
    ],
)
def test_each_kind_of_control_has_its_look(name: str, css: str) -> None:
    assert attributes(ExitForm(), name)["class"] == css


def test_a_wrong_control_is_marked_for_eyes_and_ears() -> None:
    found = attributes(SchoolForm({}), "school")
    assert (found["class"], found["aria-invalid"]) == ("usa-input usa-input--error", "true")


def test_the_summary_counts_the_mistakes_and_links_to_their_controls() -> None:
    html = str(ExitForm({"last_day": "9/31/2026", "kind": "public"}))
    links = [a["href"] for a in Elements(html).tagged("a")]
    assert "Not saved yet: 3 things to correct" in Elements(html).text
    assert links == ["#id_last_day", "#id_learned", "#id_informed_0"]
    assert {link.removeprefix("#") for link in links} <= set(Elements(html).ids())


def test_the_summary_names_the_field_once_as_a_question_once_as_a_label() -> None:
    text = Elements(str(ExitForm({"last_day": "9/31/2026", "kind": "public", "informed": "mother"}))).text
    assert "Last day attended: September has 30 days." in text
    assert "How do you know? Say who told you, and when." in text


def test_one_mistake_is_one_thing() -> None:
    assert "Not saved yet: 1 thing to correct" in str(SchoolForm({"bare": "x"}))


def test_a_mistake_of_the_whole_form_stands_in_the_summary() -> None:
    assert "School and remark contradict each other." in str(SchoolForm({"school": "A", "bare": "clash"}))


def test_a_form_without_mistakes_has_no_summary() -> None:
    assert "Not saved yet" not in str(SchoolForm({"school": "Heron High"}))


def test_a_summary_placed_by_the_page_is_not_repeated_by_the_form() -> None:
    page = Template("{% load ui %}{% error_summary form %}<form>{{ form }}</form>")
    html = page.render(Context({"form": SchoolForm({})}))
    assert html.count("Not saved yet") == 1


def test_optional_fields_say_so_and_required_ones_do_not() -> None:
    assert "(optional)" in shown(SchoolForm(), "bare")
    assert "(optional)" not in shown(SchoolForm(), "school")


def test_nothing_is_written_into_the_box_as_a_hint() -> None:
    assert "placeholder" not in str(ExitForm())


def test_text_of_labels_hints_messages_and_values_is_escaped() -> None:
    class Hostile(forms.Form):
        x = forms.ChoiceField(
            label="<script>1</script>", help_text="<script>2</script>", choices=[("a", "<script>3</script>")]
        )

    html = str(Hostile({"x": "<script>4</script>"}))
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 4
