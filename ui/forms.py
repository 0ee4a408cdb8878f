"""The form renderer: `{{ form }}` and `{% field form.x %}` give the product's markup.

Each control is described by its hint, its message and what was understood, by ids that exist:
`id_x-hint`, `id_x-error`, `id_x-read`. Set as `FORM_RENDERER`.
"""

from functools import cache

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.forms.utils import ErrorList
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from ui.controls import control
from ui.field_group import field_group

WIDGET_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "usa-checkbox__input"),  # before RadioSelect, which it inherits from
    (forms.RadioSelect, "usa-radio__input"),
    (forms.CheckboxInput, "usa-checkbox__input"),
    (forms.Textarea, "usa-textarea"),
    (forms.Select, "usa-select"),
    (forms.FileInput, "e-file"),
    (forms.Widget, "usa-input"),
)


@cache
def no_errors() -> ErrorList:
    return ErrorList()


def widget_class(widget: forms.Widget) -> str:
    return next(name for kind, name in WIDGET_CLASSES if isinstance(widget, kind))


class DescribedField(BoundField):
    """A bound field that knows which describing elements stand beside it."""

    def as_field_group(self) -> SafeString:
        return field_group(self)

    @property
    def errors(self) -> ErrorList:
        """Asked half a dozen times for each field, and mostly there are none."""
        return self.form.errors.get(self.name, no_errors())

    @cached_property
    def read(self) -> str:
        """What was understood of the text typed, such as "Read as Friday, Sep 4, 2026"."""
        read_back = getattr(self.field, "read_back", None)
        return read_back(self.value()) if read_back and not self.errors else ""

    @property
    def hint_id(self) -> str:
        return f"{self.auto_id}-hint" if self.auto_id and self.help_text else ""

    @property
    def error_id(self) -> str:
        return f"{self.auto_id}-error" if self.auto_id and self.errors else ""

    @property
    def read_id(self) -> str:
        return f"{self.auto_id}-read" if self.auto_id and self.read else ""

    @property
    def aria_describedby(self) -> str | None:
        if self.is_hidden or self.field.widget.attrs.get("aria-describedby"):
            return None
        return " ".join(filter(None, (self.hint_id, self.error_id, self.read_id))) or None

    @property
    def control_id(self) -> str:
        """The element that takes the focus: for a group of options its first one."""
        return self.subwidgets[0].id_for_label if self.is_options and self.subwidgets else self.id_for_label

    @property
    def is_options(self) -> bool:
        return isinstance(self.field.widget, forms.RadioSelect)

    @property
    def is_checkbox(self) -> bool:
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def option_class(self) -> str:
        return widget_class(self.field.widget).removesuffix("__input")

    @property
    def says_optional(self) -> bool:
        return not self.field.required and not self.is_checkbox and not self.field.disabled

    def build_widget_attrs(self, attrs, widget=None):
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        if not widget.is_hidden:
            attrs["class"] = " ".join(self._classes(widget, attrs))
        return attrs

    def _classes(self, widget: forms.Widget, attrs: dict[str, object]) -> list[str]:
        base = widget_class(widget)
        classes = [base, *str(widget.attrs.get("class", "")).split(), *str(attrs.get("class", "")).split()]
        if self.errors and base in ("usa-input", "usa-textarea", "usa-select"):
            classes.append(f"{base}--error")
        return list(dict.fromkeys(classes))


class FieldRenderer(DjangoTemplates):
    form_template_name = "ui/form.html"
    formset_template_name = "ui/formset.html"
    bound_field_class = DescribedField

    def render(self, template_name, context, request=None):
        written = control(template_name, context["widget"]) if "widget" in context else None
        return super().render(template_name, context, request) if written is None else written
