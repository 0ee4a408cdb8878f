"""Opening a stored file, whole or from where a download broke off."""

from collections.abc import Iterator
from http import HTTPStatus

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header, http_date
from django.views.decorators.http import require_safe

from documents import access
from documents.models import Document
from documents.ranges import NoSuchPart, Part, part_asked_for
from ui.views import trouble

BLOCK = 256 * 1024  # bytes


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as an attachment, never shown in the page. Who opened a child's file is recorded."""
    document = get_object_or_404(access.openable_by(request.user), pk=pk)
    if sentence := access.why_gone(request.user, document):
        return trouble(request, 410, sentence, template="404.html")
    if document.student_id:
        request.user.looked_at(document.student_id, what=f"file: {document.kind}", purpose="download")
    etag, modified = f'"{document.sha256}"', http_date(document.stored_at.timestamp())
    try:
        part = part_asked_for(
            request.headers.get("Range", ""), request.headers.get("If-Range", ""), document.size, etag,
            modified,
        )  # fmt: skip
    except NoSuchPart:
        answer: HttpResponseBase = HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
        answer["Content-Range"] = f"bytes */{document.size}"
    else:
        answer = _part_of(document, part) if part else _whole(document)
    told = {
        "Accept-Ranges": "bytes", "ETag": etag, "Last-Modified": modified,
        "X-Content-Type-Options": "nosniff",
    }  # fmt: skip
    for name, value in told.items():
        answer[name] = value
    return answer


def _whole(document: Document) -> FileResponse:
    return FileResponse(
        document.file.open("rb"),
        as_attachment=True,
        filename=document.name,
        content_type=document.content_type,
    )


def _part_of(document: Document, part: Part) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(
        _bytes_of(document, part), content_type=document.content_type, status=HTTPStatus.PARTIAL_CONTENT
    )
    answer["Content-Range"] = f"bytes {part.first}-{part.last}/{document.size}"
    answer["Content-Length"] = str(part.size)
    answer["Content-Disposition"] = content_disposition_header(True, document.name) or "attachment"
    return answer


def _bytes_of(document: Document, part: Part) -> Iterator[bytes]:
    left = part.size
    with document.file.open("rb") as file:
        file.seek(part.first)
        while left and (block := file.read(min(BLOCK, left))):
            left -= len(block)
            yield block
