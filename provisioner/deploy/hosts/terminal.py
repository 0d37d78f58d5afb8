"""This process's own terminal, for commands that run on one."""

import contextlib
import os
import shutil
import signal
import sys
from collections.abc import Callable, Generator
from typing import Any


def shape() -> dict[str, Any]:
    """What the other side is told of the terminal: its kind, columns and rows."""
    size = shutil.get_terminal_size()
    return {"term_type": os.environ.get("TERM", "dumb"), "term_size": (size.columns, size.lines)}


@contextlib.contextmanager
def raw() -> Generator[None]:
    """Keys go through as they are typed; the terminal is put back afterwards."""
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    tty.setraw(descriptor)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


@contextlib.contextmanager
def resized(tell: Callable[[int, int], None]) -> Generator[None]:
    """`tell` learns columns and rows when the window changes. Only the main thread may use it, as signals go there."""

    def changed(_number: int, _frame: object) -> None:
        size = shutil.get_terminal_size()
        tell(size.columns, size.lines)

    before = signal.signal(signal.SIGWINCH, changed)
    try:
        yield
    finally:
        signal.signal(signal.SIGWINCH, before)
