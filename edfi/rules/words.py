"""Ed-Fi's names as a person reads them."""

import re


def in_words(name: str) -> str:
    """ "evaluationDelayReasonDescriptor" as "evaluation delay reason"."""
    parts = re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name.removesuffix("Descriptor"))
    return " ".join(part.lower() for part in parts)
