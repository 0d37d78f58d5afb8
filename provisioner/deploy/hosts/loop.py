"""One event loop in a thread of its own, for the libraries that need one: everything else here is plain calls."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


_lock = threading.Lock()


def event_loop() -> asyncio.AbstractEventLoop:
    """The process's loop; its thread ends with the process. Threads that ask for it at once get the same one."""
    with _lock:
        return _started()


@cache
def _started() -> asyncio.AbstractEventLoop:
    made = asyncio.new_event_loop()
    threading.Thread(target=made.run_forever, name="provisioner-hosts", daemon=True).start()
    return made


def start(coroutine: Coroutine[Any, Any, T]) -> "Future[T]":
    """Let `coroutine` run beside the caller; cancelling the future ends it."""
    return asyncio.run_coroutine_threadsafe(coroutine, event_loop())


def wait(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run `coroutine` to its end. An interrupted wait cancels it."""
    future = start(coroutine)
    try:
        return future.result()
    except BaseException:
        future.cancel()
        raise
