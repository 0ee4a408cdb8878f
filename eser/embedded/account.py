"""Who runs the servers: ourselves, or, when we are root, an account without privileges.

PostgreSQL refuses to run as root, and Valkey has no need to.
"""

import os
import pwd
import subprocess
from pathlib import Path

NAME = "eser-embedded"
STANDBYS = ("postgres", "nobody")  # where accounts cannot be added, as on a read-only /etc


def server_account(data: Path) -> pwd.struct_passwd | None:
    """The account to run servers under, or None for our own. An existing data folder keeps its owner."""
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return pwd.getpwuid(data.stat().st_uid)
    return find(NAME) or add(NAME) or next(filter(None, map(find, STANDBYS)))


def find(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def add(name: str) -> pwd.struct_passwd | None:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
    try:
        subprocess.run(command, capture_output=True, timeout=20, check=False)
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return None
    return find(name)


def give(folder: Path, account: pwd.struct_passwd | None) -> None:
    """Make a folder that only the server account can open."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid, follow_symlinks=False)


def popen_options(account: pwd.struct_passwd | None) -> dict:
    """What subprocess needs to run a program under the account."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
