"""What a program's process used, written to the file that the environment names when it ends."""

import atexit
import json
import os
import resource
from pathlib import Path

VARIABLE = "BENCH_FLEET_USED"


def at_exit() -> None:
    atexit.register(_write, Path(os.environ[VARIABLE]))


def _write(file: Path) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    file.write_text(json.dumps({"seconds": used.ru_utime + used.ru_stime, "mib": used.ru_maxrss / 1024}))
