"""Take an IEP in hand: nobody else moves it on until the end of the transaction."""

from ieps.models import Iep


def hold(iep: Iep) -> Iep:
    """The row as it is now, locked for update, with its child and what it amends at hand."""
    rows = Iep.objects.select_for_update(of=("self",)).select_related("student__state", "district", "amends")
    return rows.get(pk=iep.pk)
