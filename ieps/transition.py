"""The transition section of IEPs, read for the checklist of indicator 13."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from ieps.goals import PLANS
from ieps.models import ChecklistAnswer, Iep, IepStatus, Line, SectionText
from ieps.rules.form import sections
from ieps.rules.indicator_13 import GOALS, Answer, Finding, Transition, checklist
from ieps.written import day_in

SECTION = "TRN"
WAS_OFFICIAL = (
    IepStatus.OFFICIAL, IepStatus.OFFICIAL_INCOMPLETE, IepStatus.AMENDED, IepStatus.SUPERSEDED,
)  # fmt: skip
Texts = Mapping[int, Mapping[str, str]]


def asks_of(iep: Iep) -> bool:
    """Does the form have the section for this category of IEP? That of a services plan has not."""
    return any(row.section == SECTION for row in sections(iep.form, iep.category))


def checklists_of(ieps: Sequence[Iep], today: date) -> dict[int, tuple[Finding, ...]]:
    """By IEP, every item of the checklist. Six queries."""
    keys = [iep.pk for iep in ieps]
    texts, before = _texts(keys), _before(ieps)
    earlier, tables = _texts(set(before.values())), _tables(keys, texts)
    goals, answers, met = _goals(keys), _answers(keys), _meetings(ieps)
    return {
        iep.pk: checklist(
            Transition(
                texts=texts[iep.pk],
                tables=tables[iep.pk],
                goals=frozenset(goals[iep.pk]),
                earlier=_goals_said(earlier[before[iep.pk]]) if iep.pk in before else {},
                answers=answers[iep.pk],
                met=met.get(iep.pk),
                today=today,
            )
        )
        for iep in ieps
    }


def _texts(ieps) -> Texts:
    found: dict[int, dict[str, str]] = defaultdict(dict)
    rows = SectionText.objects.filter(iep__in=list(ieps), section=SECTION)
    for iep, field, text in rows.values_list("iep_id", "field", "text"):
        found[iep][field] = text
    return found


def _goals_said(texts: Mapping[str, str]) -> Mapping[str, str]:
    """An earlier IEP without postsecondary goals says nothing that could be kept."""
    return texts if any(texts.get(key, "").strip() for key in GOALS) else {}


def _before(ieps: Sequence[Iep]) -> dict[int, int]:
    """By IEP, the official one of the same child whose meeting was before; a draft follows the last one."""
    rows = Iep.objects.filter(pk__in=[iep.pk for iep in ieps])
    those = Iep.objects.filter(student=OuterRef("student"), status__in=WAS_OFFICIAL, kind__in=("INI", "REV"))
    those = those.exclude(pk=OuterRef("pk")).order_by("-meeting_date")
    older = those.filter(meeting_date__lt=OuterRef("meeting_date"))
    found = rows.annotate(older=Subquery(older.values("pk")[:1]), last=Subquery(those.values("pk")[:1]))
    pairs = found.values_list("pk", "status", "older", "last")
    each = {pk: last if status == IepStatus.DRAFT else older for pk, status, older, last in pairs}
    return {pk: one for pk, one in each.items() if one}


def _tables(ieps: Sequence[int], texts: Texts) -> Mapping[int, Mapping[str, tuple[Mapping[str, str], ...]]]:
    found: dict[int, dict[str, tuple[Mapping[str, str], ...]]] = defaultdict(dict)
    lines = Line.objects.standing().filter(iep__in=ieps, section=SECTION)
    for pk, iep, table in lines.values_list("pk", "iep_id", "table"):
        begins = f"{pk}."
        row = {key.removeprefix(begins): text for key, text in texts[iep].items() if key.startswith(begins)}
        found[iep][table] = (*found[iep].get(table, ()), row)
    return found


def _goals(ieps: Sequence[int]) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    plans = Line.objects.standing().filter(iep__in=ieps, section=PLANS, table="")
    for pk, iep in plans.values_list("pk", "iep_id"):
        found[iep].append(str(pk))
    return found


def _answers(ieps: Sequence[int]) -> Mapping[int, dict[str, Answer]]:
    found: dict[int, dict[str, Answer]] = defaultdict(dict)
    rows = ChecklistAnswer.objects.filter(iep__in=ieps)
    for iep, item, answer in rows.values_list("iep_id", "item", "answer"):
        found[iep][item] = Answer(answer)
    return found


def _meetings(ieps: Sequence[Iep]) -> dict[int, date | None]:
    """As agreed; of a draft as it is written."""
    drafts = [iep.pk for iep in ieps if iep.meeting_date is None]
    rows = SectionText.objects.filter(iep__in=drafts, section="GSI", field="meeting_date")
    said = rows.values_list("iep_id", "text", "saved_at")
    written = {pk: day_in(text, timezone.localdate(at)) for pk, text, at in said}
    return {iep.pk: iep.meeting_date or written.get(iep.pk) for iep in ieps}
