"""The sample sheet of a run (DQ-101): whether both parties have signed it off."""

from migration.models import LoadRun

SAMPLE_SHEET = "DQ-101"


def signed_off(run: LoadRun) -> bool:
    """Asked only where the rule book has DQ-101; nobody can sign a sheet that this release does not have."""
    return False
