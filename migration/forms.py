"""Choosing an extract: a file to upload, or one that the transfer has put into the folder."""

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings

from migration.package import CSV, TEXT
from migration.refusals import NO_PURPOSE
from organizations.models import State

ENDINGS = (".dat", ".zip")
CHOOSE_ONE = "Choose one file: upload it, or take it from the transfer folder."


class ExtractForm(forms.Form):
    """Exactly one of the two; the folder is the setting ROLLOVER_FOLDER."""

    file = forms.FileField(
        label="Extract",
        help_text="legser.dat as it was handed over, or a ZIP of the folder with its attachments or CSV twin",
        error_messages={"required": CHOOSE_ONE},
        required=False,
    )
    in_folder = forms.ChoiceField(label="Or one of the transfer folder", required=False)
    dry_run = forms.BooleanField(label="Check only, load nothing", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = transferred()
        if not names:
            del self.fields["in_folder"]
            self.fields["file"].required = True
            return
        self.fields["in_folder"].choices = [("", "None"), *((name, name) for name in names)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = bool(cleaned.get("file")) + bool(cleaned.get("in_folder"))
        if chosen != 1 and not self.errors:
            self.add_error("file", CHOOSE_ONE)
        return cleaned

    def chosen_path(self) -> Path | None:
        name = self.cleaned_data.get("in_folder")
        return folder() / name if name else None  # type: ignore[operator]


def folder() -> Path | None:
    configured = getattr(settings, "ROLLOVER_FOLDER", "")
    return Path(configured) if configured else None


def transferred() -> list[str]:
    """The extracts in the transfer folder, by name: files, ZIPs and folders."""
    place = folder()
    if place is None or not place.is_dir():
        return []
    return sorted(path.name for path in place.iterdir() if _is_extract(path))


def _is_extract(path: Path) -> bool:
    return path.suffix in ENDINGS or (path / TEXT).is_file() or (path / CSV).is_dir()


def state_of_this_system() -> State | None:
    """The state that takes over a legacy system; an installation serves one."""
    return State.objects.order_by("pk").first()


class PurposeForm(forms.Form):
    """What archived records are needed for."""

    purpose = forms.CharField(
        max_length=300,
        label="What do you need the records for?",
        help_text="The supervisor decides by it, and a parent may read it. No names of other children.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": NO_PURPOSE},
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(
        max_length=300,
        label="Reason",
        help_text="Needed when you refuse. The person who asked reads it.",
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )


class PrintForm(forms.Form):
    """The legacy print of the sample, as the legacy system's operators handed it over."""

    file = forms.FileField(
        label="Legacy print of the sample",
        help_text="legacy_print.jsonl: ten random children and every edge case, one child a line",
        error_messages={"required": "Choose the file of the legacy print."},
    )


class WordForm(forms.Form):
    word = forms.CharField(max_length=300, label="What it is, and what is done about it", required=False)
