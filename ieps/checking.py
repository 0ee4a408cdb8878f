"""The check of a whole IEP: what keeps it from being official, and what is pointed at, with the field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from evaluations.actions.extension import due_day_of
from evaluations.models import Evaluation
from evaluations.rules.codes import EvaluationType, Outcome, exceptionality
from evaluations.rules.due_days import reevaluation_due
from ieps.carried import not_looked_at, waiting_in
from ieps.elsewhere import elsewhere_of
from ieps.items import Entry, Grid
from ieps.models import Iep
from ieps.outline import Chapter, Written, chapters
from ieps.rules.checks import Broken, Case, Level, broken
from ieps.seal import NOT_SIGNED
from ieps.section_form import Choices
from ieps.values import NotUnderstood, value_of
from ieps.written import day_in, written_of

INTERIM = "INT"


@dataclass(frozen=True)
class Finding:
    """`key` is the field, or the table, to which the sentence leads; `is_table` tells which."""

    level: Level
    section: str
    title: str
    key: str
    sentence: str
    authority: str = ""
    is_table: bool = False

    @property
    def is_blocking(self) -> bool:
        return self.level is Level.BLOCKING

    @property
    def anchor(self) -> str:
        return f"table-{self.key}" if self.is_table else f"id_{self.key}"


def findings_of(iep: Iep, written: Written | None = None) -> list[Finding]:
    """In the order of the form, blocking ones first in each section; about ten queries."""
    written = written or written_of(iep)
    own = chapters(written)
    titles = {chapter.section: chapter.title for chapter in own}
    elsewhere = elsewhere_of(iep, (entry for chapter in own for entry in chapter.entries))
    needed = (chapter for chapter in own if chapter.needed)
    found = [finding for chapter in needed for finding in _of_chapter(chapter, written, elsewhere)]
    found += [_of_check(each, titles) for each in broken(case_of(iep, written))]
    found += _not_looked_at(iep, titles)
    order = list(titles)
    return sorted(found, key=lambda each: (order.index(each.section), not each.is_blocking))


def blocking(findings: list[Finding], *, before_signing: bool = False) -> list[Finding]:
    """`before_signing`: what comes with the signature, or after it, is not asked for yet."""
    return [
        each
        for each in findings
        if each.is_blocking and not (before_signing and (each.section, each.key) in NOT_SIGNED)
    ]


def _of_chapter(chapter: Chapter, written: Written, elsewhere: Mapping[str, Choices]) -> list[Finding]:
    own = {key: text for (section, key), text in written.texts.items() if section == chapter.section}
    missing = [_missing(chapter, item) for item in chapter.missing]
    return [*missing, *_not_understood(chapter, own), *_not_there(chapter, own, elsewhere)]


def _missing(chapter: Chapter, item: Entry | Grid) -> Finding:
    name = item.title if isinstance(item, Entry) else item.label
    sentence = f"Fill in: {name or chapter.title}."
    is_table = isinstance(item, Grid)
    return Finding(Level.BLOCKING, chapter.section, chapter.title, item.key, sentence, is_table=is_table)


def _not_understood(chapter: Chapter, texts: dict[str, str]) -> list[Finding]:
    found, today = [], timezone.localdate()
    for entry in chapter.entries:
        try:
            value_of(entry.type, texts.get(entry.key, ""), today)
        except NotUnderstood as reason:
            sentence = f"{entry.title}: {reason}"
            found.append(Finding(Level.BLOCKING, chapter.section, chapter.title, entry.key, sentence))
    return found


def _not_there(
    chapter: Chapter, texts: dict[str, str], elsewhere: Mapping[str, Choices]
) -> Iterator[Finding]:
    """What is chosen from other records, such as a goal, and is not there any more."""
    for entry in chapter.entries:
        chosen = texts.get(entry.key, "").strip()
        if chosen and entry.type in elsewhere and chosen not in dict(elsewhere[entry.type]):
            sentence = f"{entry.title}: what was chosen is not there any more. Choose again."
            yield Finding(Level.BLOCKING, chapter.section, chapter.title, entry.key, sentence)


def _of_check(each: Broken, titles: dict[str, str]) -> Finding:
    check = each.check
    title = titles.get(check.section, check.section)
    is_table = check.field in ("participants", "excusals", "attempts", "test", "objectives", "services")
    return Finding(check.level, check.section, title, check.field, each.sentence, check.authority, is_table)


def _not_looked_at(iep: Iep, titles: dict[str, str]) -> list[Finding]:
    """What was taken over from the earlier IEP and goes through unread."""
    found, waiting = [], not_looked_at(iep)
    for section in dict.fromkeys(section for section, _ in waiting):
        first, *rest = waiting_in(section, waiting)
        fields = f"{len(rest) + 1} fields were" if rest else "1 field was"
        sentence = f"{fields} taken over from the earlier IEP and not looked at yet."
        found.append(Finding(Level.WARNING, section, titles.get(section, section), first, sentence))
    return found


def case_of(iep: Iep, written: Written) -> Case:
    """What the checks look at; five queries."""
    today = timezone.localdate()
    meeting, first_day, last_day = days_of(iep, written)
    amended = iep.amends
    evaluation = evaluation_in_force(iep)
    beside = running_beside(iep) if iep.kind == INTERIM else None
    found = [row.code for row in evaluation.exceptionalities.all()] if evaluation else []
    return Case(
        written=written.circumstances,
        category=iep.category,
        today=today,
        meeting=meeting,
        first_day=first_day,
        last_day=last_day,
        amended_first=amended.first_day if amended else None,
        amended_last=amended.last_day if amended else None,
        by_agreement=iep.agreed_on is not None,
        found=tuple(found),
        eligible=any(_is_in_idea(code) for code in found),
        gifted=any(not _is_in_idea(code) for code in found),
        reevaluation_due=_reevaluation_due(evaluation),
        consented=beside is not None,
        evaluation_due=due_day_of(beside) if beside else None,
        has_current_iep=iep.kind == INTERIM and _others_in_force(iep, today),
        objectives=_objectives(written),
        uploads=frozenset(iep.attachments.values_list("kind", flat=True)),
    )


def days_of(iep: Iep, written: Written) -> tuple[date | None, date | None, date | None]:
    """Meeting, first and last day of services, as they are written."""
    begun = iep.created_at.date()
    keys = ("meeting_date", "iep_begin", "iep_end")
    meeting, first_day, last_day = (day_in(written.texts.get(("GSI", key), ""), begun) for key in keys)
    return meeting, first_day, last_day


def evaluation_in_force(iep: Iep) -> Evaluation | None:
    """The latest locked evaluation that found the student eligible."""
    rows = Evaluation.objects.locked().filter(student=iep.student_id, outcome=Outcome.ELIGIBLE)
    return rows.prefetch_related("exceptionalities").order_by("-determination_date", "-pk").first()


def running_beside(iep: Iep) -> Evaluation | None:
    """The initial evaluation to which the parents have consented, beside an interim IEP."""
    rows = Evaluation.objects.in_progress().filter(
        student=iep.student_id,
        kind=EvaluationType.INITIAL,
        consent_date__isnull=False,
        consent_revoked_on=None,
    )
    return rows.select_related("district__state").order_by("-consent_date").first()


def _others_in_force(iep: Iep, today: date) -> bool:
    return Iep.objects.in_force_on(today).filter(student=iep.student_id).exclude(pk=iep.pk).exists()


def _reevaluation_due(evaluation: Evaluation | None) -> date | None:
    day = evaluation and evaluation.determination_date
    return reevaluation_due(day) if day else None


def _is_in_idea(code: str) -> bool:
    row = exceptionality(code)
    return row is None or row.in_idea


def _objectives(written: Written) -> tuple[int, ...]:
    plans = [line.pk for line in written.lines if (line.section, line.table) == ("INS", "")]
    steps = [line.parent for line in written.lines if line.table == "objectives"]
    return tuple(steps.count(plan) for plan in plans)
