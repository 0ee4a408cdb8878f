"""The process of the web server."""

import gc
from importlib import import_module


def test_what_stays_is_left_out_of_the_search_for_cycles() -> None:
    before = gc.get_freeze_count()
    import_module("eser.wsgi")
    frozen = gc.get_freeze_count() - before
    gc.unfreeze()
    assert frozen > 100_000
