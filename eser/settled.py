"""What a process was started with stays as long as it lives, and need not be searched for cycles."""

import gc

from django.urls import get_resolver


def leave_out_what_stays() -> None:
    """A quarter of a million objects: a search among them lets everybody wait for a fifth of a second."""
    get_resolver().url_patterns  # noqa: B018  imports every view
    gc.collect()
    gc.freeze()
