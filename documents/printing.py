"""Printed forms: a Typst source and its values become a tagged PDF (PDF/UA-1)."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from documents.letters import font_folders, printable

# A compiler keeps its fonts and what it has read of the source, so that only the first print of a process
# pays for them; it takes one print at a time, which also bounds the memory of a process with many threads.
_one_at_a_time = Lock()


def printed(source: Path, values: Mapping[str, Any]) -> bytes:
    """The source reads the values as JSON from `sys.inputs.values`; nothing of them is a command.

    Letters that no font has are told by their names. Raises typst.TypstError when the source does not keep
    to PDF/UA-1, which its test finds.
    """
    inputs = {"values": json.dumps(printable(values))}
    with _one_at_a_time:
        return _compiler(source).compile(sys_inputs=inputs, pdf_standards="ua-1")


@cache
def _compiler(source: Path) -> typst.Compiler:
    return typst.Compiler(
        str(source), font_paths=[str(path) for path in font_folders()], ignore_system_fonts=True
    )
