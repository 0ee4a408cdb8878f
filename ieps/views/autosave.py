"""What somebody types in a section, every few seconds."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ieps.actions import TakenOut
from ieps.models import Iep
from ieps.presence import beat
from ieps.saving import ANOTHER, Saved, opened_by_another, save_each
from ieps.understood import sentences
from ieps.views.page import found
from ieps.views.section import chapter_of, conflicts_of, merged_words
from security.refusals import NotAllowed, RuleBroken
from ui.dates import clock


@require_POST
def autosave(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """200 with the new versions and what was merged; 409 with both texts; 400, 403 or 423 with the sentence.

    A 400 with `refused` names the fields that were not saved; the others were.
    """
    this = found(request, pk)
    typed = {key: request.POST.get(key, "") for key in request.POST.getlist("_changed")}
    token = request.POST.get("version", "")
    if opened_by_another(request.user, token):
        return JsonResponse({"detail": f"Not saved. {ANOTHER}"}, status=HTTPStatus.UNAUTHORIZED)
    try:
        saved = save_each(request.user, this, section, typed, token)
    except TakenOut as held:
        return JsonResponse({"message": f"Not saved yet: {held}"}, status=HTTPStatus.LOCKED)
    except (RuleBroken, NotAllowed) as broken:
        status = HTTPStatus.FORBIDDEN if isinstance(broken, NotAllowed) else HTTPStatus.BAD_REQUEST
        return JsonResponse({"message": f"Not saved: {broken}"}, status=status)
    merged = _tell_of_merged(request, this, section, saved)
    beat(request.user, this.pk, section, typing=True, news=" ".join(each["news"] for each in merged.values()))
    if saved.conflicts:
        return _both_texts(request, this, section, saved)
    read = sentences(this, section, typed)
    said = {"version": saved.token, "saved_at": _clock(saved), "merged": merged, "read": read}
    if saved.refused:
        why = " ".join(dict.fromkeys(saved.refused.values()))
        said |= {"message": f"Not saved: {why}", "refused": list(saved.refused)}
        return JsonResponse(said, status=HTTPStatus.BAD_REQUEST)
    return JsonResponse(said)


def _both_texts(request: HttpRequest, this: Iep, section: str, saved: Saved) -> HttpResponse:
    chapter = chapter_of(this, section)
    texts = {key: (conflict.mine, conflict.theirs) for key, conflict in saved.conflicts.items()}
    context = {"conflicts": conflicts_of(chapter, texts)}
    answer = render(request, "ieps/conflicts.html", context, status=HTTPStatus.CONFLICT)
    answer.headers["X-Version"] = saved.token
    return answer


def _tell_of_merged(request: HttpRequest, this: Iep, section: str, saved: Saved) -> dict[str, dict[str, str]]:
    """By field: the text as it stands, and a sentence for this person and for the others."""
    if not saved.merged:
        return {}
    chapter = chapter_of(this, section)
    return {
        key: {
            "text": text.text,
            "words": merged_words(chapter, text),
            "news": f"{request.user}: {merged_words(chapter, text)}",
        }
        for key, text in saved.merged.items()
    }


def _clock(saved: Saved) -> str:
    return clock(timezone.localtime(saved.last.saved_at if saved.last else timezone.now()))
