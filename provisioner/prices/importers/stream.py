"""Reads a price file of any size as text: gzip or not, its digest and the progress counted on the way."""

import gzip
import hashlib
import io
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from provisioner.errors import InputError, Place, Problem

Progress = Callable[[int], None]
"""Called with the number of bytes read since the last call."""

CHUNK: Final = 1 << 20

_GZIP: Final = b"\x1f\x8b"


class Counted(io.RawIOBase):
    """The bytes of a file, counted and digested as they go by."""

    def __init__(self, path: Path, progress: Progress) -> None:
        super().__init__()
        self._file = path.open("rb")
        self._progress = progress
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = self._file.readinto(buffer)
        self.digest.update(memoryview(buffer)[:count])
        self._progress(count)
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


class Text:
    """The text of a price file. `hexdigest` is that of the whole file as it lies on disk."""

    def __init__(self, path: Path, progress: Progress) -> None:
        self.path = path
        self._counted = Counted(path, progress)
        buffered = io.BufferedReader(self._counted, CHUNK)
        packed = buffered.peek(2)[:2] == _GZIP
        self.lines = io.TextIOWrapper(gzip.GzipFile(fileobj=buffered) if packed else buffered, encoding="utf-8-sig", newline="")

    def hexdigest(self) -> str:
        """Reads on to the end."""
        while self.lines.read(CHUNK):
            pass
        return self._counted.digest.hexdigest()


@contextmanager
def open_text(path: Path, progress: Progress) -> Generator[Text]:
    """The file, closed at the end. Raises `InputError` for what cannot be read, or is not UTF-8 text."""
    try:
        text = Text(path, progress)
    except OSError as error:
        raise refused(path, f"expected a readable price file, found: {error.strerror}") from None
    try:
        yield text
    except (EOFError, gzip.BadGzipFile) as error:
        raise refused(path, f"expected a whole gzip file, found: {error}") from None
    except UnicodeDecodeError as error:
        raise refused(path, f"expected UTF-8 text, found: {error.reason} at byte {error.start}") from None
    finally:
        text.lines.close()


def refused(path: Path, message: str, hint: str = "") -> InputError:
    return InputError([Problem(severity="error", code="price-table", place=Place(file=str(path)), message=message, hint=hint)])
