"""What an update tells while it works, and how it learns that it shall stop."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

from provisioner.errors import HostError


class Progress:
    """Handed to whatever takes long. Thread-safe: `cancel` comes from another thread than the work."""

    def __init__(self, tell: Callable[[str], None] | None = None) -> None:
        self.tell = tell or _nobody
        self._cancelled = threading.Event()
        self._stops: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    def cancel(self) -> None:
        with self._lock:
            self._cancelled.set()
            stops = list(self._stops)
        for stop in stops:
            stop()

    def check(self) -> None:
        """Between two steps. Raises `HostError` where the work was cancelled."""
        if self._cancelled.is_set():
            raise HostError("cancelled; what served before serves on")

    def wait(self, seconds: float) -> bool:
        """Pause; at once where the work was cancelled, and True then."""
        return self._cancelled.wait(seconds)

    @contextmanager
    def stopped_by(self, stop: Callable[[], None]) -> Generator[None]:
        """While the block runs, `stop` is called when the work is cancelled."""
        self.check()
        with self._lock:
            self._stops.append(stop)
        try:
            yield
        finally:
            with self._lock:
                self._stops.remove(stop)


def _nobody(words: str) -> None:
    """Nobody listens."""
