"""A client that asks for a page every 10 ms and notes what it did not get."""

import http.client
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from typing import Self


def ask(address: str, port: int, path: str = "/", seconds: float = 2) -> str:
    """The page, or "" where none came in time."""
    try:
        with closing(http.client.HTTPConnection(address, port, timeout=seconds)) as connection:
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read().decode(errors="replace").strip()
    except (OSError, http.client.HTTPException):
        return ""
    return body if answer.status == 200 else ""


def await_page(address: str, port: int, words: str, seconds: float = 60) -> str:
    """Ask until the page holds these words."""
    deadline = time.monotonic() + seconds
    page = ""
    while words not in page:
        assert time.monotonic() < deadline, f'no "{words}" at {address}:{port} after {seconds} s, last: "{page}"'
        page = ask(address, port)
        time.sleep(0.05)
    return page


class Asking:
    """Does `_ask` beside the block that it is entered for, until `_done`."""

    def __init__(self) -> None:
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _ask(self) -> None:
        raise NotImplementedError


class Client(Asking):
    """Asks while it is entered, and expects a page with `words`, any page where they are "".

    `asked` and `missed` count; `longest_gap` is the longest time without an answer, in seconds.
    """

    def __init__(self, address: str, port: int, words: str) -> None:
        super().__init__()
        self.asked = self.missed = 0
        self.longest_gap = 0.0
        self._where = (address, port, words)

    def _ask(self) -> None:
        address, port, words = self._where
        served = time.monotonic()
        while not self._done.wait(0.01):
            self.asked += 1
            page = ask(address, port, seconds=5)
            is_served = bool(page) and words in page
            self.missed += not is_served
            self.longest_gap = max(self.longest_gap, time.monotonic() - served)
            served = time.monotonic() if is_served else served


class Watch(Asking):
    """Asks replicas at these addresses while it is entered. `dark` counts how often none of them answered."""

    def __init__(self, addresses: Sequence[str], port: int, path: str) -> None:
        super().__init__()
        self.missed = self.dark = 0
        self._addresses, self._port, self._path = addresses, port, path

    def _ask(self) -> None:
        while not self._done.wait(0.05):
            answers = [self._serves(address) for address in self._addresses]
            self.missed += answers.count(False)
            # The first may have come back while the last was asked.
            self.dark += not any(answers) and not self._serves(self._addresses[0])

    def _serves(self, address: str) -> bool:
        return bool(ask(address, self._port, self._path, seconds=0.5))
