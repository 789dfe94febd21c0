"""Work in a thread of which only the newest counts: what typing asks for, without a queue.

One thread at most works for one `Latest`. A request that comes meanwhile waits, and takes the place of
one that waits already; an answer to anything but the newest request is dropped. So keys never wait for
work, work never piles up, and no widget is touched off the main thread: the thread only posts a message.
"""

from __future__ import annotations

from asyncio import get_running_loop
from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from typing import Generic, TypeVar

from textual.message import Message
from textual.widget import Widget

Request = TypeVar("Request")
Answer = TypeVar("Answer")


class Done(Message, bubble=False):
    """A thread has finished; the owner hands it back by calling `settle` in its handler."""

    def __init__(self, settle: Callable[[], None]) -> None:
        super().__init__()
        self.settle = settle


class Latest(Generic[Request, Answer]):
    """Runs `work` on the newest request, in a thread, for `owner`.

    `deliver` gets the request and its answer, `failed` the request and what was raised; both are called
    on the main thread, and only for the newest request; with `every`, also for those that a thread worked on
    already when a newer one came, and never once the screen of the owner has been left. The owner has an
    `on_done` handler.
    """

    def __init__(
        self,
        owner: Widget,
        work: Callable[[Request], Answer],
        deliver: Callable[[Request, Answer], None],
        failed: Callable[[Request, Exception], None],
        *,
        every: bool = False,
    ) -> None:
        self._owner = owner
        self._work = work
        self._deliver = deliver
        self._failed = failed
        self._every = every
        self._number = 0
        self._dropped = 0
        self._running = False
        self._waiting: Request | None = None

    @property
    def busy(self) -> bool:
        """True while a thread works or a request waits."""
        return self._running

    def ask(self, request: Request) -> None:
        """Make `request` the newest, and start on it as soon as the thread is free."""
        self._number += 1
        self._waiting = request
        if not self._running:
            self._start()

    def drop(self) -> None:
        """Want no answer any more: what runs is dropped at its end, what waits never runs."""
        self._number += 1
        self._dropped = self._number
        self._waiting = None

    def _start(self) -> None:
        request, self._waiting = self._waiting, None
        assert request is not None
        self._running = True
        work = partial(copy_context().run, self._run, self._number, request)
        get_running_loop().run_in_executor(None, work)

    def _run(self, number: int, request: Request) -> None:
        """Do the work; runs in the thread."""
        try:
            done = partial(self._deliver, request, self._work(request))
        except Exception as error:  # whatever it was, it becomes a message in the app
            done = partial(self._failed, request, error)
        self._owner.post_message(Done(partial(self._settle, number, done)))

    def _settle(self, number: int, done: Callable[[], None]) -> None:
        self._running = False
        if self._waiting is not None:
            self._start()
        if self._owner.screen not in self._owner.app.screen_stack:
            return  # left meanwhile: there is nothing any more that could show it
        if number == self._number or (self._every and number > self._dropped):
            done()
