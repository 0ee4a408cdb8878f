"""When a feed waits for a person."""

import pytest

from enrollment.rules.feed import why_hold

# exits, students, share of them that may leave, waits
FEEDS = [
    (10, 200, 0.05, False),
    (11, 200, 0.05, True),
    (9, 9, 0.05, False),
    (10, 10, 0.05, True),
    (11, 200, 0.1, False),
    (12, 0, 0.05, True),
]


@pytest.mark.parametrize(("exits", "students", "share", "waits"), FEEDS)
def test_a_feed_waits_that_would_exit_more_than_the_set_share(exits, students, share, waits):
    assert (why_hold(exits, students, share) is not None) == waits
