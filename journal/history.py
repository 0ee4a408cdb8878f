"""Field-level history of a model, written by statement-level triggers, whoever writes and however."""

import pghistory


def keeps_history():
    """Every insert, update and delete leaves the whole row, with who and where, in an append-only table."""
    return pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
