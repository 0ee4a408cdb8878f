"""Three kinds of trouble, each a sentence that says what is wrong and what to do."""

from django.core.exceptions import PermissionDenied


class RuleBroken(Exception):
    """What was typed breaks a rule: shown beside `field`, 400 for the API."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class NotAllowed(PermissionDenied):
    """This person may not do this; the sentence says who can. 403."""


class Unreachable(Exception):
    """Somebody else's system does not answer; tried again, then put before an operator."""


class Stale(RuleBroken):
    """Somebody else saved in the meantime; nothing is overwritten."""
