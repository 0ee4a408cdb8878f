"""Opening a stored file."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from documents import access
from ui.views import trouble


@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The file as an attachment, never shown in the page. Who opened a child's file is recorded."""
    document = get_object_or_404(access.openable_by(request.user), pk=pk)
    if sentence := access.why_gone(request.user, document):
        return trouble(request, 410, sentence, template="404.html")
    if document.student_id:
        request.user.looked_at(document.student_id, what=f"file: {document.kind}", purpose="download")
    return FileResponse(
        document.file.open("rb"),
        as_attachment=True,
        filename=document.name,
        content_type=document.content_type,
        headers={"X-Content-Type-Options": "nosniff"},
    )
