"""No personal data reaches the log, whoever logs and whatever goes wrong."""

import ast
import io
import json
import logging
import logging.config
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from eser.logging import RequestLog, logging_configuration

ROOT = Path(__file__).resolve().parents[2]
CHILD = "Maya Lopez"


class NoSuchChild(Exception):
    pass


def fails(request: HttpRequest) -> HttpResponse:
    child = CHILD
    try:
        raise ValueError(f"cannot read {child}")
    except ValueError as error:
        raise NoSuchChild(f"no child {child}, {request.POST.dict()}") from error


def is_missing(request: HttpRequest) -> HttpResponse:
    raise Http404(f"no child {CHILD}")


urlpatterns = [path("fails/<int:pk>/", lambda r, pk: fails(r)), path("missing/", is_missing)]


@pytest.fixture(params=[True, False], ids=["for people", "as JSON"])
def log(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """What has been logged so far, in both renderings."""
    written = io.StringIO()
    root = logging.getLogger()
    before = root.handlers[:]
    logging.config.dictConfig(logging_configuration(human=request.param))
    (ours,) = [handler for handler in root.handlers if handler not in before]
    ours.setStream(written)
    yield written.getvalue
    root.handlers[:] = before


def test_a_name_in_the_address_of_a_failing_page_is_not_logged(log: Callable[[], str], settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = ["eser.logging.RequestLog"]
    visitor = Client(raise_request_exception=False)

    visitor.post(f"/fails/7/?name={CHILD}", {"first_name": CHILD})
    visitor.get(f"/missing/?name={CHILD}")
    visitor.get("/nowhere/Maya/Lopez/")

    assert "Maya" not in log()
    assert "Lopez" not in log()
    assert "fails/<int:pk>/" in log()
    assert "NoSuchChild" in log()
    assert "tests/platform/test_logging.py" in log()


def test_a_request_is_one_line_with_its_id(log: Callable[[], str]) -> None:
    answer = RequestLog(lambda request: HttpResponse(status=204))(RequestFactory().get(f"/?q={CHILD}"))
    (line,) = log().splitlines()
    assert answer["X-Request-ID"] in line
    assert "204" in line


@pytest.mark.parametrize("field", ["name", "first_name", "email", "address", "message", "args", "value"])
def test_a_field_that_is_not_allowed_leaves_only_its_name(log: Callable[[], str], field: str) -> None:
    structlog.get_logger("students").warning("student merged", student_id=4, **{field: CHILD})
    assert CHILD not in log()
    assert field in log()
    assert "student merged" in log()


def log_with_arguments() -> None:
    logging.getLogger("django.somewhere").error("Trouble with %s and %(x)s", CHILD)


def log_a_filled_text() -> None:
    logging.getLogger("some.library").error(f"Trouble with {CHILD}")  # noqa: G004


def log_a_suspicion() -> None:
    logging.getLogger("django.security.SuspiciousOperation").error(f"Attempted access to {CHILD}")  # noqa: G004


def print_in_a_task() -> None:
    logging.getLogger("celery.redirected").warning(CHILD)


def log_an_exception() -> None:
    try:
        raise KeyError(CHILD)
    except KeyError:
        logging.getLogger("celery.app.trace").exception(
            "Task %(name)s raised %(exc)r", {"name": "t", "exc": CHILD}
        )


def log_an_own_exception() -> None:
    try:
        raise KeyError(CHILD)
    except KeyError:
        structlog.get_logger("students").exception("not merged")


def log_extra() -> None:
    logging.getLogger("django.request").error("refused", extra={"child": CHILD, "status_code": 400})


def log_the_stack() -> None:
    logging.getLogger("django.request").error("refused", stack_info=True, extra={"child": CHILD})


WAYS = [log_with_arguments, log_a_filled_text, log_a_suspicion, print_in_a_task, log_an_exception]
WAYS += [log_an_own_exception, log_extra, log_the_stack]


@pytest.mark.parametrize("logs", WAYS)
def test_whatever_way_it_is_logged(log: Callable[[], str], logs: Callable[[], None]) -> None:
    logs()
    assert log()
    assert CHILD not in log()


def test_production_logs_are_lines_of_json() -> None:
    configuration = logging_configuration(human=False)
    formatter = logging.config.DictConfigurator(configuration).configure_formatter(
        configuration["formatters"]["safe"]
    )
    record = logging.LogRecord("django", logging.INFO, "/x/y.py", 3, "ready", None, None)
    assert json.loads(formatter.format(record))["event"] == "ready"


def own_files() -> list[Path]:
    apps = [folder for folder in ROOT.iterdir() if (folder / "apps.py").exists()]
    return [file for app in apps for file in app.rglob("*.py") if "migrations" not in file.parts]


def test_every_event_is_a_constant_text() -> None:
    """An event is written whole, so no value may be worked into it."""
    levels = {"debug", "info", "warning", "error", "exception", "critical"}
    worked = []
    for file in own_files():
        for call in (node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)):
            logger = getattr(call.func, "value", None)
            is_log = getattr(logger, "id", getattr(logger, "attr", "")) in {"log", "logger"}
            if (
                is_log
                and getattr(call.func, "attr", "") in levels
                and not isinstance(call.args[0], ast.Constant)
            ):
                worked.append(f"{file.relative_to(ROOT)}:{call.lineno}")
    assert not worked
