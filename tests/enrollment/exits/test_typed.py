"""What the form of an exit asks for."""

import pytest

from enrollment.forms.entry_exit import ExitForm

TYPED = {"last_day": "Sep 4, 2026", "code": "1941", "how_known": "Told by the mother on Sep 4"}


@pytest.mark.rule("OSSE-R4.01")
@pytest.mark.parametrize("missing", ["code", "last_day", "how_known"])
def test_an_exit_has_a_code_and_a_day_and_says_how_it_is_known(missing):
    assert not ExitForm(TYPED).errors
    assert list(ExitForm({**TYPED, missing: " "}).errors) == [missing]
