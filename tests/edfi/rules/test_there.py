"""Two ways to write the same are the same; two values are not."""

import pytest

from edfi.rules.there import canonical

PART_B = "uri://dpi.wi.gov/IDEAPartDescriptor#B"
SERVICES = [{"specialEducationProgramServiceDescriptor": uri} for uri in ("uri://x/S#A", "uri://x/S#B")]


@pytest.mark.rule("EDFI-B14")
@pytest.mark.parametrize(
    ("name", "ours", "theirs", "same"),
    [
        ("ideaPartDescriptor", PART_B, PART_B.upper(), True),
        ("ideaPartDescriptor", PART_B, f"{PART_B}2", False),
        ("ideaIndicator", True, "True", True),
        ("ideaIndicator", False, 0, True),
        ("ideaEligibility", True, "1", True),
        ("ideaEligibility", True, False, False),
        ("endDate", "2026-05-01", "2026-05-01T00:00:00", True),
        ("endDate", "2026-05-01", "2026-05-02", False),
        ("schoolHoursPerWeek", 5.0, 5, True),
        ("schoolHoursPerWeek", 5.0, 5.5, False),
        ("specialEducationProgramServices", SERVICES, SERVICES[::-1], True),
        ("specialEducationProgramServices", SERVICES, SERVICES[:1], False),
        ("evaluationLateReason", "Vacancy", "vacancy", False),
    ],
)
def test_what_is_the_same(name: str, ours: object, theirs: object, same: bool) -> None:
    assert (canonical({name: ours}) == canonical({name: theirs})) is same


@pytest.mark.parametrize("empty", [None, "", []])
def test_what_is_empty_is_absent(empty: object) -> None:
    assert canonical({"endDate": empty}) == {}
