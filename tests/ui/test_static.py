"""The vendored files are whole: hashed storage finds everything they name, and their licences lie beside."""

import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from whitenoise.storage import CompressedManifestStaticFilesStorage

VENDOR = settings.BASE_DIR / "ui/static/vendor"


def test_every_file_that_a_style_or_script_names_can_be_hashed(tmp_path) -> None:
    storage = CompressedManifestStaticFilesStorage(location=tmp_path, base_url="/static/")
    paths = {}
    for finder in finders.get_finders():
        for path, source in finder.list([]):
            if path.startswith(("ui/", "vendor/")):
                paths[path] = (source, path)
                with source.open(path) as file:
                    storage.save(path, file)
    failures = [result for _, _, result in storage.post_process(paths) if isinstance(result, Exception)]
    assert failures == []
    assert re.search(
        r"PublicSans-Regular\.\w+\.woff2", (tmp_path / storage.stored_name("ui/eser.css")).read_text()
    )


@pytest.mark.parametrize("name", ["uswds/LICENSE.md", "htmx/LICENSE", "README.md"])
def test_what_comes_from_elsewhere_has_its_licence_beside(name: str) -> None:
    assert (VENDOR / name).stat().st_size > 100


def test_the_readme_names_the_versions_that_lie_there() -> None:
    readme = (VENDOR / "README.md").read_text()
    version = re.search(r'version:"(\d+\.\d+\.\d+)"', (VENDOR / "htmx/htmx.min.js").read_text())
    assert version
    assert f"| {version[1]} |" in readme
    assert "| 3.14.0 |" in readme


def test_every_icon_that_a_component_names_is_in_the_sprite() -> None:
    sprite = (VENDOR / "uswds/img/sprite.svg").read_text()
    known = set(re.findall(r'<symbol[^>]*id="([^"]+)"', sprite))
    templates = settings.BASE_DIR.glob("*/templates/**/*.html")
    names = re.compile(r'(?:{% icon |\bicon=)"(\w+)"')
    named = {name for path in templates for name in names.findall(path.read_text())}
    for module in (settings.BASE_DIR / "ui").rglob("*.py"):
        named |= set(re.findall(r'icon(?:: str)? ?= ?"(\w+)"', module.read_text()))
    assert named - known == set()


def test_scripts_need_no_import_map() -> None:
    scripts = (settings.BASE_DIR / "ui/static/ui/js").glob("*.js")
    assert [
        path.name for path in scripts if re.search(r"^import\b|\bimport\(", path.read_text(), re.MULTILINE)
    ] == []
