"""The whole extract of Grand Bend against its answer key."""

import pytest

from security import scope


@pytest.mark.rule("RLO-06")
def test_every_record_of_the_extract_is_accounted_for(loaded, answers):
    assert loaded.sentence
    counted = {
        count.record_type: {
            "extracted": count.extracted,
            "migrated": count.migrated + count.waiting,
            "archived": count.archived,
            "rejected": count.rejected,
        }
        for count in loaded.record_counts.all()
    }
    assert counted == answers["types"]
