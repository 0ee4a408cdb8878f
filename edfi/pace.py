"""How many requests are under way at once: more while the server answers quickly, fewer while it is busy."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

AT_FIRST, NEARBY, AT_MOST = 8, 32, 64
QUICK = 0.1  # seconds; a server that answers within them has room for more requests at once
FAR = 0.01  # seconds; what answers sooner is kept busy by NEARBY requests, more would only stand in line

Thing = TypeVar("Thing")


class Pace:
    """From `first` to `most` at once: doubled by quick answers, halved by each sign of trouble.

    After trouble, or after slow answers, one more each time. Whoever sends takes a `turn` before a request
    and gives it back when it is `over`.
    """

    def __init__(self, most: int = AT_MOST, first: int = AT_FIRST) -> None:
        self.most, self.usual = most, min(first, most)
        self.allowed = self.usual
        self._free = asyncio.Semaphore(self.allowed)
        self._to_give_up = 0
        self._good, self._seconds, self._careful = 0, 0.0, False

    async def for_each(self, things: Iterable[Thing], do: Callable[[Thing], Awaitable[None]]) -> None:
        """As many things at once as may be under way; `do` takes its turns itself."""
        waiting, runners = iter(things), list[asyncio.Task]()

        async def one_after_the_other() -> None:
            for thing in waiting:
                await do(thing)
                take_on()

        def take_on() -> None:
            for _ in range(self.allowed - len(runners)):
                runners.append(asyncio.create_task(one_after_the_other()))

        take_on()
        for runner in runners:
            await runner

    async def turn(self) -> None:
        """Returns as soon as one more request may go."""
        await self._free.acquire()

    def over(self) -> None:
        if self._to_give_up:
            self._to_give_up -= 1
        else:
            self._free.release()

    def went_well(self, seconds: float) -> None:
        """After as many answers as are allowed at once it shows whether there may be more."""
        self._good += 1
        self._seconds += seconds
        if self._good < self.allowed:
            return
        if self.allowed < self.usual or self._seconds <= QUICK * self._good:
            self._allow(self._more())
        else:
            self._careful = self._careful or self.allowed > self.usual
            self._allow(self.usual)

    def _more(self) -> int:
        far = self._seconds >= FAR * self._good
        wanted = self.allowed + (1 if self._careful else self.allowed)
        return min(wanted, self.most if far else max(self.allowed, min(NEARBY, self.most)))

    def had_trouble(self) -> None:
        """The server is busy or does not answer."""
        self._careful = True
        self._allow(max(1, self.allowed // 2))

    def _allow(self, number: int) -> None:
        """A place more is like one given back; a place less is one that is not given back."""
        added = number - self.allowed
        self._good, self._seconds, self.allowed = 0, 0.0, number
        self._to_give_up += max(-added, 0)
        for _ in range(added):
            self.over()
