"""The seal of what is written in an IEP: a signature belongs to one content, and a change makes it void."""

from collections.abc import Iterable

from ieps.items import line_in
from ieps.models import Attachment, Iep
from ieps.models.agreed import sha256_of
from ieps.outline import Written

# Filled in with or after the signature itself: the answer (kept with it), and when the copy was handed over.
NOT_SIGNED = {("PLC", "choice"), ("PLC", "copy_given")}


def seal_of(iep: Iep, written: Written, files: Iterable[Attachment] = ()) -> str:
    """SHA-256 of every text that stands, with its place, and of the files; of removed lines nothing."""
    standing = {None, *(line.pk for line in written.lines)}
    texts = [
        [section, key, text]
        for (section, key), text in sorted(written.texts.items())
        if text.strip() and (section, key) not in NOT_SIGNED and line_in(key) in standing
    ]
    lines = [[line.pk, line.section, line.table, line.parent] for line in written.lines]
    return sha256_of(
        [
            iep.kind,
            iep.category,
            sorted(written.added),
            lines,
            texts,
            sorted(each.document.sha256 for each in files),
        ]
    )
