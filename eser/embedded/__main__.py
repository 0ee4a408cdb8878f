"""python -m eser.embedded start | stop | status | erase"""

import sys

from . import ServiceFailed, ensure, erase, home, status, stop


def main(words: list[str]) -> str | int:
    verb = words[0] if words else "status"
    verbs = {"start": ensure, "stop": stop, "status": status, "erase": erase}
    if verb not in verbs:
        return __doc__ or ""
    try:
        verbs[verb](home())
    except ServiceFailed as trouble:
        return str(trouble)
    for name, state in status(home()).items():
        sys.stdout.write(f"{name}: {state}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
