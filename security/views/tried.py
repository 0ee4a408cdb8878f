"""A refusal, translated once for pages: beside the field of a form, or above the page that a button is on."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from documents.rules import FileRefused
from security.refusals import RuleBroken


def tried(form: forms.Form, deed: Callable[[], Any]) -> Any:
    """Do it and give what it gave (True for nothing); or put the sentence beside its field, and False."""
    try:
        return deed() or True
    except (RuleBroken, FileRefused) as broken:
        field = "file" if isinstance(broken, FileRefused) else broken.field
        form.add_error(field if field in form.fields else None, str(broken))
        return False


def did(request: HttpRequest, deed: Callable[[], object], said: str) -> None:
    """Do it and say so, or say why not."""
    try:
        deed()
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
