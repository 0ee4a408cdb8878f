"""What an empty field of a section could hold, from the record, the evaluation and the IEP itself."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.db.models import prefetch_related_objects
from django.utils import timezone

from enrollment.models import Enrollment
from evaluations.models import Evaluation
from ieps.from_evaluation import filled_in_from
from ieps.items import Entry
from ieps.models import Iep
from ieps.outline import Chapter, Written
from ieps.rules.evaluation_pieces import fields_from_reports
from ieps.values import is_a_key, meaning
from ieps.written import computed_in, day_in
from organizations.models import Site
from ui.dates import in_words

SHORT = 60
USUAL_WEEKS = "9"  # eSER help: Placement/LRE
REPORT = "from the evaluation report"
Found = Iterator[tuple[str, "Suggestion"]]


@dataclass(frozen=True)
class Suggestion:
    """`text` is what is saved, `shown` how it is offered, `why` where it comes from."""

    text: str
    shown: str
    why: str


def suggestions(iep: Iep, chapter: Chapter, written: Written) -> dict[str, Suggestion]:
    """For the empty fields of this section, by key. At most four queries."""
    texts = {key: text for (section, key), text in written.texts.items() if section == chapter.section}
    empty = {entry.key: entry for entry in chapter.entries if not texts.get(entry.key, "").strip()}
    ways: dict[str, Callable[[Iep, Written, dict[str, Entry]], Found]] = {
        "GSI": _general, "INS": _plans, "PRG": _services, "SITE": _site, "PLC": _placement,
    }  # fmt: skip
    way = ways.get(chapter.section)
    return {key: each for key, each in way(iep, written, empty) if key in empty} if way else {}


def _general(iep: Iep, written: Written, empty: dict[str, Entry]) -> Found:
    if "home_school" in empty and (site := home_school(iep)):
        yield "home_school", Suggestion(str(site.pk), site.name, "where the student is enrolled")
    if "iep_end" in empty and (met := _day(iep, written, "meeting_date")):
        last = met + relativedelta(years=1) - timedelta(days=1)
        yield "iep_end", _dated(last, "a year from the team meeting")
    evaluation = iep.evaluation
    if evaluation:
        prefetch_related_objects([evaluation], "exceptionalities", "components", "texts")
    if "exceptionality_primary" in empty and evaluation and (code := _primary(evaluation)):
        shown = meaning("code:exceptionality", code)
        yield "exceptionality_primary", Suggestion(code, shown, "as the evaluation determined")
    for key in sorted(fields_from_reports("GSI") & set(empty)):
        if text := filled_in_from(evaluation, "GSI", key):
            yield key, Suggestion(text, _short(text), REPORT)


def _plans(iep: Iep, written: Written, empty: dict[str, Entry]) -> Found:
    if last := _day(iep, written, "iep_end"):
        for key in empty:
            if key.endswith(".target_date"):
                yield key, _dated(last, "the last day of the IEP")


def _services(iep: Iep, written: Written, empty: dict[str, Entry]) -> Found:
    ends = {"time_frame_first": "iep_begin", "time_frame_last": "iep_end"}
    for key, told_by in ends.items():
        if day := _day(iep, written, told_by):
            yield key, _dated(day, "General Student Information")


def _site(iep: Iep, written: Written, empty: dict[str, Entry]) -> Found:
    number = written.texts.get(("GSI", "other_school"), "") or written.texts.get(("GSI", "home_school"), "")
    if is_a_key(number) and (site := Site.objects.filter(pk=number).first()):
        yield "school", Suggestion(number, site.name, "General Student Information")


def _placement(iep: Iep, written: Written, empty: dict[str, Entry]) -> Found:
    week = computed_in(iep, written)
    if week.code:
        yield "lre", Suggestion(week.code, f"{week.code} {week.name}", "computed from the services")
    yield "every_weeks", Suggestion(USUAL_WEEKS, USUAL_WEEKS, "usual")


def home_school(iep: Iep) -> Site | None:
    """Of the open enrollment that began last, where the draft's district can choose it."""
    if iep.student_id is None:
        return None
    rows = Enrollment.objects.filter(student=iep.student_id, district=iep.district_id)
    open_now = rows.on(timezone.localdate()).select_related("site").order_by("-first_day")
    enrollment = open_now.first()
    return enrollment.site if enrollment else None


def _primary(evaluation: Evaluation) -> str:
    row = min(evaluation.exceptionalities.all(), key=lambda each: each.rank, default=None)
    return row.code if row else ""


def _day(iep: Iep, written: Written, key: str) -> date | None:
    return day_in(written.texts.get(("GSI", key), ""), iep.created_at.date())


def _dated(day: date, why: str) -> Suggestion:
    return Suggestion(in_words(day), in_words(day), why)


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= SHORT else f"{words[:SHORT].rstrip()}…"
