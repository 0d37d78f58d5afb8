"""Answers kept in a folder, by key: several processes may use it at once, and whatever is broken in it counts as not there."""

import contextlib
import hashlib
import os
from pathlib import Path
from typing import Final

MOST: Final = 200
"""Answers kept; the oldest go first."""
_DIGEST: Final = 64


class Memory:
    """One file an answer: the digest of the rest, then the rest. Files are replaced as a whole: no reader sees half of one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, key: str) -> bytes | None:
        """The answer; None where there is none, or where it is not as it was written."""
        try:
            data = (self.folder / key).read_bytes()
        except OSError:
            return None
        digest, answer = data[:_DIGEST], data[_DIGEST:]
        return answer if hashlib.sha256(answer).hexdigest().encode() == digest else None

    def put(self, key: str, answer: bytes) -> None:
        """Keep an answer. A folder that cannot be written, or is full, keeps nothing: that costs time, nothing else."""
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            whole = hashlib.sha256(answer).hexdigest().encode() + answer
            draft = self.folder / f".{os.getpid()}-{key}"
            try:
                draft.write_bytes(whole)
                draft.replace(self.folder / key)
            except OSError:
                draft.unlink(missing_ok=True)
                raise
            self._forget()

    def _forget(self) -> None:
        kept = sorted(self.folder.iterdir(), key=_age)
        for path in kept[: max(0, len(kept) - MOST)]:
            path.unlink(missing_ok=True)


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
