"""What stopped a run that is not the extract's fault: a sentence that says what to do."""

import errno

from django.db import Error, InterfaceError, OperationalError

FULL_DATABASE = "The disk of the database is full. Nothing is lost: make room there, then press Go on."
FULL_FILES = "The disk of the stored files is full. Nothing is lost: make room there, then press Go on."
BROKEN = (
    "The run stopped at an error. Nothing is lost: press Go on, or call the support with the run's number."
)
AWAY = "The database went away. Nothing is lost: the run goes on when it is back."
DISK_FULL, CONNECTION, SHUT_DOWN = "53100", "08", "57P"  # SQLSTATEs and classes of them
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def sentence_for(trouble: Exception) -> str:
    if isinstance(trouble, Error) and _code(trouble) == DISK_FULL:
        return FULL_DATABASE
    if isinstance(trouble, OSError) and trouble.errno in NO_ROOM:
        return FULL_FILES
    return BROKEN


def is_cut_off(trouble: Exception) -> bool:
    """The database went away under us; what it cannot be told then, nobody is told."""
    lost = isinstance(trouble, (OperationalError, InterfaceError))
    return lost and (_code(trouble) or CONNECTION).startswith((CONNECTION, SHUT_DOWN))


def _code(trouble: Exception) -> str | None:
    """The SQLSTATE; a connection that was lost on our side has none."""
    return getattr(trouble.__cause__, "sqlstate", None)
