"""The Content-Security-Policy allows no inline script or style, and escaping is never turned off."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.ui.visitor import Elements, gallery, project_templates

FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*=|<style"),
    "an inline handler": re.compile(r"\son[a-z]+\s*="),
    "an htmx handler": re.compile(r"\s(?:data-)?hx-on[:=-]"),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)"),
    "a script address": re.compile(r"javascript:"),
    "unescaped text": re.compile(r"\|\s*safe\b|autoescape\s+off"),
    "a placeholder": re.compile(r"\splaceholder\s*="),
    "a foreign host": re.compile(r"(?:src|href)=[\"']?(?:https?:)?//"),
}


@pytest.mark.parametrize(
    "template", project_templates(), ids=lambda path: str(path.relative_to(settings.BASE_DIR))
)
def test_a_template_stays_within_the_policy(template: Path) -> None:
    text = template.read_text()
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []


def test_components_mark_nothing_safe_by_hand() -> None:
    modules = [
        *(settings.BASE_DIR / "ui").glob("*.py"),
        *(settings.BASE_DIR / "ui/templatetags").glob("*.py"),
    ]
    assert [path.name for path in modules if "mark_safe" in path.read_text()] == []


def test_every_reference_of_the_gallery_has_its_target() -> None:
    elements = Elements(gallery())
    twice = {id for id in elements.ids() if elements.ids().count(id) > 1}
    assert elements.references() - set(elements.ids()) == set()
    assert twice == set()


def test_htmx_keeps_no_page_and_runs_no_text() -> None:
    config = next(m["content"] for m in Elements(gallery()).tagged("meta") if m.get("name") == "htmx-config")
    for promise in ('"historyCacheSize": 0', '"allowEval": false', '"selfRequestsOnly": true'):
        assert promise in config
    assert '"includeIndicatorStyles": false' in config
