"""Pages by cursor: sealed, of one reader and one question, and not moved by rows that come meanwhile."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core import signing
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from reports.lists.listing import Rows

CURSOR, SIZE = "cursor", "size"
USUAL, MOST = 100, 500
VALID = 24 * 60 * 60  # seconds
NO_CURSOR = "This cursor is not valid here, or older than a day. Ask again without it, from the beginning."
NO_SIZE = f"Say how many rows you want at once: from 1 to {MOST}."
PARAMETERS = [
    OpenApiParameter(CURSOR, str, description="As `next` of the page before gives it; valid for a day."),
    OpenApiParameter(SIZE, int, description=f"Rows at once, {USUAL} unless told, at most {MOST}."),
]


def page_of(request: Request, rows: Rows, told: Callable[[Mapping[str, Any]], Any]) -> dict[str, Any]:
    """`rows` are mappings with "pk", and come in its order. Raises ValidationError."""
    size = _size(request)
    found = list(rows.order_by("pk").filter(pk__gt=_after(request))[: size + 1])
    return {"next": _next(request, found, size), "results": [told(row) for row in found[:size]]}


def is_first(request: Request) -> bool:
    return CURSOR not in request.query_params


def _size(request: Request) -> int:
    asked = request.query_params.get(SIZE, str(USUAL))
    if not (asked.isascii() and asked.isdigit() and len(asked) < 5 and 1 <= int(asked) <= MOST):
        raise ValidationError({SIZE: [NO_SIZE]})
    return int(asked)


def _after(request: Request) -> int:
    if is_first(request):
        return 0
    try:
        return signing.loads(request.query_params[CURSOR], salt=_salt(request), max_age=VALID)
    except signing.BadSignature:
        raise ValidationError({CURSOR: [NO_CURSOR]}) from None


def _next(request: Request, found: Sequence[Mapping[str, Any]], size: int) -> str | None:
    if len(found) <= size:
        return None
    cursor = signing.dumps(found[size - 1]["pk"], salt=_salt(request))
    return replace_query_param(request.build_absolute_uri(), CURSOR, cursor)


def _salt(request: Request) -> str:
    """Who asks, and for what: a cursor opens nothing else."""
    asked = sorted((k, v) for k, v in request.query_params.items() if k not in (CURSOR, SIZE))
    return f"cursor {request.user.pk} {request.path} {asked}"
