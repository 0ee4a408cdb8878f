"""Addresses within a section are put together, and are those that are looked up."""

import pytest
from django.urls import reverse

from ieps.addresses import of_field, of_line
from ieps.models import Iep

THIS = Iep(pk=1234)


@pytest.mark.parametrize("key", ["strengths", "12.name", "ACT.narrative", "odd é %"])
@pytest.mark.parametrize("name", ["words", "history"])
def test_the_address_of_a_field(name, key) -> None:
    assert of_field(name, THIS, "GSI", key) == reverse(f"ieps:{name}", args=[1234, "GSI", key])


@pytest.mark.parametrize("name", ["move_line", "remove_line"])
def test_the_address_of_a_line(name) -> None:
    assert of_line(name, THIS, "INS", 7) == reverse(f"ieps:{name}", args=[1234, "INS", 7])
