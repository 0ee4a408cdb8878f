"""The page of one notice: the form of a draft; once issued its text, its deliveries, its PDF."""

from collections.abc import Iterator
from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from documents.printing import printed
from evaluations.views.page import ids_of
from notices import access, actions
from notices.forms import DeliveryForm, NoticeForm, initial_of
from notices.models import Notice
from notices.rules.kinds import NoticeRow, elements_of, notice_row
from notices.rules.sending import send_by, send_by_in_words
from notices.views.shown import file_url, late_words, status_of
from notices.views.write import save
from organizations.calendars import calendars_of
from security.models import User
from security.refusals import NotAllowed
from security.views.tried import tried
from ui.dates import in_words
from ui.parts import Fact

NOTICE = Path(__file__).parents[1] / "prints" / "notice.typ"
STEPS = ("draft", "discard", "delivery")
HEAD = ("Notice", "Student", "State ID", "District", "Issued on")


def found(request: HttpRequest, pk: int) -> Notice:
    """404 outside of the person's scope. Opening it is noted."""
    rows = Notice.objects.visible_to(request.user).select_related(
        "student__state", "district__state", "replaces"
    )
    notice = get_object_or_404(rows.prefetch_related("deliveries", "replaced_by"), pk=pk)
    request.user.looked_at(notice.student_id, "notice to parents")
    return notice


@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, found(request, pk))


@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The draft is saved or issued, discarded; or a delivery is recorded."""
    if name not in STEPS:
        raise Http404
    this = found(request, pk)
    if name == "delivery":
        return _deliver(request, this)
    if sentence := access.why_not_write(request.user, this.student):
        raise NotAllowed(sentence)
    if name == "discard":
        return _discard(request, this)
    row = notice_row(this.kind)
    assert row is not None
    form = NoticeForm(row, request.POST)
    if form.is_valid() and save(request, this, form):
        return redirect("notices:notice", pk)
    return _page(request, found(request, pk), form=form, status=400)


def _moved_on(form: NoticeForm | None, now: Notice) -> bool:
    """Somebody else saved meanwhile: theirs is shown beside what was typed, and the next press is knowing."""
    if form is None or form.data.get("seen") in (None, "", str(now.version)):
        return False
    form.data = form.data.copy()
    form.data["seen"] = now.version
    return True


def _discard(request: HttpRequest, this: Notice) -> HttpResponse:
    if sentence := access.why_not_change(request.user, this):
        messages.error(request, f"Nothing was changed. {sentence}")
        return redirect("notices:notice", this.pk)
    actions.discard(by=request.user, notice=this)
    messages.success(request, f"The draft is discarded: {this.name}.")
    return redirect("notices:child", this.student_id)


def _deliver(request: HttpRequest, this: Notice) -> HttpResponse:
    access.check_may_keep_contacts(request.user, this.student)
    form = DeliveryForm(this.kind, request.POST, request.FILES)
    if form.is_valid() and tried(
        form, lambda: actions.deliver(by=request.user, notice=this, handed=form.handed())
    ):
        messages.success(request, "The delivery is recorded.")
        return redirect("notices:notice", this.pk)
    return _page(request, found(request, this.pk), delivery=form, status=400)


def _page(
    request: HttpRequest, this: Notice, form: NoticeForm | None = None,
    delivery: DeliveryForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    user, row = request.user, notice_row(this.kind)
    assert row is not None
    context = {
        "notice": this,
        "row": row,
        "ids": ids_of(this.student),
        "status": status_of(this),
        "facts": list(_facts(this, row)),
        "lines": _lines(this),
        "deliveries": [(each, file_url(each.document_id)) for each in this.deliveries.all()],
        "why_not_change": access.why_not_change(user, this),
        "may_write": access.why_not_write(user, this.student) is None,
        "why_not_keep": access.why_not_keep_contacts(user, this.student),
        "replaced_by": next((each for each in this.replaced_by.all() if each.issued_on), None),
        "form": form or NoticeForm(row, initial=initial_of(this)),
        "delivery_form": delivery
        or DeliveryForm(this.kind, auto_id="delivery_%s", initial={"on": timezone.localdate()}),
        "refused": bool(form or delivery),
        "moved_on": _moved_on(form, this),
    }
    return render(request, "notices/notice.html", context, status=status)


def _lines(this: Notice) -> list[list[str]]:
    """What it says: as issued, or as the draft stands."""
    if this.issued_on:
        return [line for line in this.lines if line[0] not in HEAD]
    said = [[each.label, this.elements.get(each.element, "")] for each in elements_of(this.kind)]
    return [line for line in said if line[1]]


def _facts(this: Notice, row: NoticeRow) -> Iterator[Fact]:
    people = User.objects.filter(pk__in=[this.written_by_id, this.issued_by_id])
    by = {person.pk: person for person in people}
    if row.event and this.event_on:
        yield Fact(row.event, in_words(this.event_on))
        yield from _to_be_sent(this, row)
    yield Fact("Written by", by.get(this.written_by_id, "the system"))
    if this.issued_on:
        yield Fact("Issued", in_words(this.issued_on), f"by {by.get(this.issued_by_id, 'the system')}")
    yield Fact("District", this.district)
    yield Fact("Authority", row.authority)
    if this.sha256:
        yield Fact("SHA-256", f"{this.sha256[:12]}…")


def _to_be_sent(this: Notice, row: NoticeRow) -> Iterator[Fact]:
    calendar = calendars_of([this.district_id]).get(this.district_id)
    sent = send_by(row, this.district.state.profile, this.event_on, calendar)
    if sent:
        late = late_words(this, calendar, timezone.localdate())
        yield Fact("To be sent", send_by_in_words(sent) or sent.why_not, late)


@require_safe
def print_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """As issued, as tagged PDF with its hash on every page; a draft says that it is one."""
    this = found(request, pk)
    request.user.looked_at(this.student_id, "notice to parents", "print")
    return HttpResponse(
        printed(NOTICE, _values(this)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="notice-{this.pk}.pdf"'},
    )


def _values(this: Notice) -> dict[str, object]:
    said = dict(this.lines)
    issued = f"Issued {in_words(this.issued_on)}" if this.issued_on else "Draft, not issued"
    return {
        "title": this.name,
        "student": said.get("Student", this.student.full_name),
        "number": said.get("State ID", this.student.state_student_id or ""),
        "district": said.get("District", str(this.district)),
        "issued": issued,
        "hash": this.sha256 or "none: this is a draft",
        "lines": _lines(this),
    }
