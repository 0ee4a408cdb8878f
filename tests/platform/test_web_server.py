"""The process of the web server."""

import gc

from eser.settled import leave_out_what_stays


def test_what_stays_is_left_out_of_the_search_for_cycles() -> None:
    before = gc.get_freeze_count()
    leave_out_what_stays()
    left_out = gc.get_freeze_count() - before
    gc.unfreeze()
    assert left_out > 100_000
