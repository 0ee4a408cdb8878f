"""What the evaluation report says for a field of the IEP."""

from collections.abc import Iterator
from dataclasses import dataclass

from evaluations.models import Evaluation
from evaluations.rules.report_sections import written_section
from ieps.rules.evaluation_pieces import ReportPart, ReportPiece, pieces_for


@dataclass(frozen=True)
class Said:
    """Words of the report under their title. `filled_in`: they are offered as the text of the field."""

    title: str
    text: str
    filled_in: bool = False


def said_for(evaluation: Evaluation | None, section: str, field: str) -> list[Said]:
    """What there is for a field (its name without a line), in the order of the table.

    Texts and components of the evaluation are read once and kept when they were prefetched.
    """
    if evaluation is None:
        return []
    return [said for piece in pieces_for(section, field) for said in _said(evaluation, piece)]


def _said(evaluation: Evaluation, piece: ReportPiece) -> Iterator[Said]:
    for title, text in _words(evaluation, piece):
        if text.strip():
            yield Said(title, text.strip(), piece.filled_in)


def _words(evaluation: Evaluation, piece: ReportPiece) -> Iterator[tuple[str, str]]:
    if piece.part is ReportPart.SUMMARY:
        yield "Summary", evaluation.summary
    if piece.part is ReportPart.COMPONENT:
        every = (each for each in evaluation.components.all() if piece.piece in ("", each.area))
        yield from ((each.name, each.findings) for each in every)
    if piece.part is ReportPart.TEXT:
        row = written_section(piece.piece)
        title = row.title if row else piece.piece
        yield from ((title, each.text) for each in evaluation.texts.all() if each.section == piece.piece)


def filled_in_from(evaluation: Evaluation | None, section: str, field: str) -> str:
    """The pieces that are offered as the text of the field, in one; several ones each with its title."""
    said = [each for each in said_for(evaluation, section, field) if each.filled_in]
    if len(said) == 1:
        return said[0].text
    return "\n\n".join(f"{each.title}: {each.text}" for each in said)
