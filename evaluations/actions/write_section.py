"""One section of the integrated report is saved, every few seconds while somebody types. Nothing is lost."""

from django.db import transaction
from django.utils import timezone

from evaluations import access
from evaluations.actions.hold import hold
from evaluations.models import Evaluation, ReportText
from evaluations.rules.report_sections import written_section
from security.models import User
from security.refusals import RuleBroken, Stale
from ui.two_texts import plain

LONGEST = 200_000
SET_ASIDE = "set_aside"


class Conflict(Stale):
    """Two texts for one section: `mine` was sent and is kept in the history, `theirs` is what stands."""

    def __init__(self, mine: str, theirs: ReportText) -> None:
        super().__init__(f"{theirs.saved_by} changed this section while you were typing.", "text")
        self.mine, self.theirs = mine, theirs


def write_section(*, by: User, evaluation: Evaluation, section: str, text: str, version: int) -> ReportText:
    """Keep what was typed over the version that the person saw (0: there was none yet).

    Raises Conflict when another text stands there meanwhile: then both are kept.
    Raises NotAllowed, RuleBroken.
    """
    with transaction.atomic():
        stored, text = _held(by, evaluation, section, text)
        if stored.text == text and stored.pk:
            return stored
        if stored.pk is None or stored.version == version:
            return _write(stored, by, text)
        _set_aside(stored, by, text, version)
    raise Conflict(text, stored)


def choose_text(
    *, by: User, evaluation: Evaluation, section: str, text: str, version: int, mine: str
) -> ReportText:
    """End a conflict: `text` is the chosen one over the version seen; `mine` stays in the history.

    Raises Conflict when a third text came in meanwhile. Raises NotAllowed, RuleBroken.
    """
    with transaction.atomic():
        stored, text = _held(by, evaluation, section, text)
        if stored.pk and plain(mine) not in (text, stored.text):
            _set_aside(stored, by, plain(mine), version)
    return write_section(by=by, evaluation=evaluation, section=section, text=text, version=version)


def _held(by: User, evaluation: Evaluation, section: str, text: str) -> tuple[ReportText, str]:
    """The text as it stands; nobody else writes in this evaluation until the end of the transaction."""
    evaluation = hold(evaluation, None)
    access.check_may_assess(by, evaluation)
    if written_section(section) is None:
        raise RuleBroken("The report has no such section.", "section")
    if len(text) > LONGEST:
        raise RuleBroken(f"This text is longer than {LONGEST:,} characters. Shorten it.", "text")
    stored = evaluation.texts.select_related("saved_by").filter(section=section).first()
    return stored or ReportText(evaluation=evaluation, section=section, version=0), plain(text)


def _write(stored: ReportText, by: User, text: str) -> ReportText:
    stored.text, stored.saved_by, stored.saved_at = text, by, timezone.now()
    stored.version += 1
    stored.save()
    return stored


def _set_aside(stored: ReportText, by: User, text: str, version: int) -> None:
    """The text that did not win goes to the history of the section, with its author."""
    ReportText.pgh_event_model.objects.create(
        pgh_label=SET_ASIDE,
        pgh_obj_id=stored.pk,
        id=stored.pk,
        evaluation_id=stored.evaluation_id,
        section=stored.section,
        text=text,
        version=version,
        saved_by=by,
        saved_at=timezone.now(),
    )
