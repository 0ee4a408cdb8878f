"""Every kind of file that is kept says who opens it: a new one belongs into documents/access.py."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.conf import settings

from documents.access import NEEDS, OF_A_DISTRICT


def test_a_file_that_is_about_no_child_needs_a_permission_or_is_a_districts():
    """One about a child is guarded by row-level security; of one's own file a lost role takes the key."""
    kinds = {kind for path in sources() for kind in kinds_kept_without_a_child(path)}
    assert {"export", "extract", "staff_file"} <= kinds
    assert kinds - NEEDS.keys() - OF_A_DISTRICT.keys() == set()


def sources() -> Iterator[Path]:
    for app in apps.get_app_configs():
        if Path(app.path).is_relative_to(settings.BASE_DIR):
            yield from Path(app.path).rglob("*.py")


def kinds_kept_without_a_child(path: Path) -> Iterator[str]:
    text = path.read_text()
    if "import store" not in text and ", store" not in text:
        return
    tree = ast.parse(text)
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            given = {word.arg for word in call.keywords}
            if isinstance(call.func, ast.Name) and call.func.id == "store" and "student_id" not in given:
                yield from _kinds(call.args[1], function, tree, path)


def _kinds(kind: ast.expr, function: ast.FunctionDef, tree: ast.Module, path: Path) -> Iterator[str]:
    """A constant, a name of the module, or what callers in the module give for this parameter."""
    if isinstance(kind, ast.Constant):
        yield kind.value
        return
    parameters = [each.arg for each in function.args.args]
    if kind.id not in parameters:
        module = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
        yield getattr(import_module(module), kind.id)
        return
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Name) and call.func.id == function.name:
            yield from _kinds(call.args[parameters.index(kind.id)], function, tree, path)
