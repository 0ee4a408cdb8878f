"""How many requests are under way at once: fewer while the server has too much to do, then more again."""

import asyncio

AT_ONCE = 8


class Pace:
    """At most `most` at once; halved by each sign of trouble, one more after as many answers as are allowed.

    Those who send have numbers from 0 on, and each asks for its turn before a request.
    """

    def __init__(self, most: int = AT_ONCE) -> None:
        self.most = self.allowed = most
        self._good = 0
        self._wider = asyncio.Event()

    async def turn(self, number: int) -> None:
        """Returns as soon as this many may send."""
        while number >= self.allowed:
            await self._wider.wait()

    def went_well(self) -> None:
        if self.allowed == self.most:
            return
        self._good += 1
        if self._good >= self.allowed:
            self._allow(self.allowed + 1)

    def had_trouble(self) -> None:
        """The server is busy or does not answer."""
        self._allow(max(1, self.allowed // 2))

    def nothing_left(self) -> None:
        """Whoever still waits for its turn has nothing to do with it any more."""
        self._allow(self.most)

    def _allow(self, number: int) -> None:
        self.allowed, self._good = number, 0
        self._wider.set()
        self._wider = asyncio.Event()
