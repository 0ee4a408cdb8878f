"""Printed forms: a Typst source and its values become a tagged PDF (PDF/UA-1)."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst


def printed(source: Path, values: Mapping[str, Any]) -> bytes:
    """The source reads the values as JSON from `sys.inputs.values`; nothing of them is a command.

    Raises typst.TypstError when the source does not keep to PDF/UA-1, which its test finds.
    """
    return typst.compile(source, sys_inputs={"values": json.dumps(values)}, pdf_standards="ua-1")
