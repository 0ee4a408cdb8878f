"""The tables of sending conditions and descriptors say what the program knows."""

import pytest

from edfi.rules.tables import Condition, conditions, descriptors_of


def test_every_condition_has_its_row_and_every_row_its_condition() -> None:
    assert set(conditions()) == set(Condition)


@pytest.mark.parametrize("state", ["WI", "LA", "DC"])
def test_every_state_has_a_value_for_what_every_record_needs(state) -> None:
    needed = {("ideaPart", "B"), ("programType", "SPED"), ("responsibility", "SIE")}

    assert needed <= set(descriptors_of(state))
    assert all(uri.startswith("uri://") and "#" in uri for uri in descriptors_of(state).values() if uri)
    assert all(descriptors_of(state)[each] for each in needed)
