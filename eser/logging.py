"""Logs that cannot carry personal data: fields on an allow-list, texts that were written by programmers.

Own code logs with `structlog.get_logger()`, a constant event and fields. What other libraries log is reduced
to the unfilled text of the message; an exception to its type and where it happened, since exception messages
quote values. Requests are named by their route, never by the address that was typed.
"""

import logging
import sys
import time
import traceback
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

ALLOWED = frozenset(
    # the line itself
    ["event", "level", "logger", "timestamp", "request_id", "where", "exception", "withheld"]
    # requests and background work
    + [
        "method",
        "route",
        "status",
        "milliseconds",
        "seconds",
        "task",
        "task_id",
        "job",
        "job_id",
        "view",
        "reference",
    ]
    # how far, how many
    + [
        "kind",
        "state",
        "stage",
        "step",
        "attempt",
        "count",
        "done",
        "total",
        "failed",
        "rows",
        "payloads",
        "resource",
    ]
    # keys of our own tables: meaningless outside the database
    + ["user_id", "district_id", "site_id", "student_id", "enrollment_id", "evaluation_id", "iep_id"]
    + ["connection_id", "document_id"]
)
# Their messages are constant texts with placeholders; any other library's message is withheld.
SPEAKING = ("django", "celery", "kombu", "eser")
# Except these, which pass on the message of an exception, and whatever a task prints.
FILLED = ("django.security", "celery.redirected")
CELERY_FIELDS = {"name": "task", "id": "task_id"}
CHECKOUT = Path(__file__).resolve().parents[1]

Fields = dict[str, Any]


def logging_configuration(*, human: bool) -> Fields:
    """For settings.LOGGING: lines for people (demo) or JSON (production), on standard error."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
    ]
    logging.raiseExceptions = False  # a line that cannot be rendered would be printed with all its values
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    safe = {
        "()": structlog.stdlib.ProcessorFormatter,
        "use_get_message": False,
        "foreign_pre_chain": shared,
        "processors": [
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_what_may_be_logged,
            structlog.dev.ConsoleRenderer(colors=False) if human else structlog.processors.JSONRenderer(),
        ],
    }
    to_root = {"handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"safe": safe},
        "handlers": {"safe": {"class": "logging.StreamHandler", "formatter": "safe"}},
        "root": {"handlers": ["safe"], "level": "INFO"},
        # Django's own handlers would mail or print whole requests.
        "loggers": {"django": to_root, "django.server": to_root},
    }


def only_what_may_be_logged(_logger: Any, _method: str, fields: Fields) -> Fields:
    """The last step before rendering: everything passes through here, whoever logged it."""
    record: logging.LogRecord = fields.pop("_record")
    own = fields.pop("_from_structlog")
    failure = fields.pop("exc_info", None) or record.exc_info
    if not own:
        fields |= fields_of_foreign(record)
    if failure := as_exception(failure):
        fields["exception"] = described(failure)
    return allowed(fields)


def allowed(fields: Fields) -> Fields:
    kept = {name: value for name, value in fields.items() if name in ALLOWED}
    if withheld := sorted(fields.keys() - ALLOWED):
        kept["withheld"] = withheld
    return kept


def fields_of_foreign(record: logging.LogRecord) -> Fields:
    where = f"{Path(record.pathname).name}:{record.lineno}"
    fields = {"event": record.msg if speaks(record) else "message withheld", "where": where}
    if isinstance(record.args, dict) and record.name.startswith("celery"):
        fields |= {new: record.args[old] for old, new in CELERY_FIELDS.items() if old in record.args}
    if isinstance(status := getattr(record, "status_code", None), int):
        fields["status"] = status
    if isinstance(request := getattr(record, "request", None), HttpRequest):
        fields |= {"method": request.method, "route": route(request)}
    return fields


def speaks(record: logging.LogRecord) -> bool:
    return (
        isinstance(record.msg, str)
        and record.name.split(".")[0] in SPEAKING
        and not record.name.startswith(FILLED)
    )


def as_exception(failure: Any) -> BaseException | None:
    """structlog and logging give an exception, a triple, or True for the one being handled."""
    if failure is True:
        return sys.exc_info()[1]
    return failure[1] if isinstance(failure, tuple) else failure


def described(failure: BaseException) -> str:
    """Type and place of an exception and of what caused it; no message, no source line, no values."""
    lines: list[str] = []
    seen: set[int] = set()
    cause: BaseException | None = failure
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        frames = traceback.extract_tb(cause.__traceback__)
        lines += [type(cause).__qualname__, *(f"{short(f.filename)}:{f.lineno} {f.name}" for f in frames)]
        cause = cause.__cause__ or cause.__context__
    return "\n".join(lines)


def short(path: str) -> str:
    place = Path(path)
    if "site-packages" in place.parts:
        return "/".join(place.parts[place.parts.index("site-packages") + 1 :])
    return str(place.relative_to(CHECKOUT)) if place.is_relative_to(CHECKOUT) else place.name


def route(request: HttpRequest) -> str:
    """The pattern that the address matched, such as `students/<int:pk>/`."""
    match = request.resolver_match
    return match.route if match else "no route"


class RequestLog:
    """Middleware: every request gets an id, on all its log lines, and one line when it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.log = structlog.get_logger("eser.request")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        request_id = uuid.uuid4().hex[:12]
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            milliseconds = round((time.perf_counter() - begun) * 1000)
            self.log.info(
                "answered", method=request.method, route=route(request),
                status=response.status_code, milliseconds=milliseconds,
            )  # fmt: skip
        response["X-Request-ID"] = request_id
        return response
