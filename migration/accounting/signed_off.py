"""Is the sample sheet of a run signed off by both parties (DQ-101)? Asked before a run is accepted."""

from migration.models import LoadRun, Party, SampleSheet


def signed_off(run: LoadRun) -> bool:
    return not why_not_signed_off(run)


def why_not_signed_off(run: LoadRun) -> list[str]:
    """Sentences, for the page that says what blocks the next step."""
    sheet = SampleSheet.objects.filter(run=run).first()
    if sheet is None:
        return ["The sample sheet of this run is not made yet: the legacy print is missing."]
    found = []
    if number := sheet.undecided:
        found.append(f"{number} mismatch{'es' if number > 1 else ''} of the sample sheet wait for a word.")
    signed = set(sheet.signatures.values_list("party", flat=True))
    return found + [
        f"The sample sheet is not signed by the {party.label}." for party in Party if party not in signed
    ]
