"""Files of packages: read once, never beyond a size, never outside a folder."""

import os
import stat
from typing import NamedTuple

from provisioner.errors import Place, Problems
from provisioner.package.limits import MAXIMUM_BYTES


class SourceFile(NamedTuple):
    """`path` as people see it, `real` without symbolic links; `data` is empty where `refusal` says why it cannot be read."""

    path: str
    real: str
    data: bytes
    refusal: str = ""

    def text(self, problems: Problems) -> str | None:
        """The text; None after reporting why there is none."""
        if self.refusal:
            problems.error("unreadable", Place(file=self.path), self.refusal)
            return None
        if len(self.data) > MAXIMUM_BYTES:
            message = f"expected at most {MAXIMUM_BYTES} bytes, found more"
            problems.error("file-too-large", Place(file=self.path), message, hint="split it into several files")
            return None
        try:
            return self.data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = self.data.count(b"\n", 0, error.start) + 1
            column = error.start - self.data.rfind(b"\n", 0, error.start)
            place = Place(file=self.path, line=line, column=column)
            problems.error("unreadable", place, f"expected UTF-8 text, found byte 0x{self.data[error.start]:02x}")
        return None


def read_file(path: str, real: str = "") -> SourceFile:
    """The file at `path`; `real` saves working it out again."""
    real = real or os.path.realpath(path)
    try:
        return SourceFile(path, real, bounded(path, MAXIMUM_BYTES))
    except OSError as error:
        return SourceFile(path, real, b"", f"cannot be read: {error.strerror}")


def bounded(path: str, most: int) -> bytes:
    """At most one byte more than `most`, so that the caller sees that there is more. A pipe or device is refused, never read."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, "not a regular file")
        size = min(status.st_size, most) + 1
        data = os.read(descriptor, size)
        while len(data) <= most and (more := os.read(descriptor, size)):
            data += more
        return data
    finally:
        os.close(descriptor)


def is_inside(real: str, folder: str) -> bool:
    """Is a path without links at or under a folder without links?"""
    return real == folder or real.startswith(folder.rstrip("/") + "/")
