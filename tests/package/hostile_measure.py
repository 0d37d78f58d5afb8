"""Time, memory and problems of checking each of the hostile files, in a process of its own.

    uv run --no-sync python tests/package/hostile_measure.py [WORD…]

prints them all, or those whose name holds a word. `test_hostile_files.py` takes those in `QUICK`, `make fuzz` takes all.
"""

import json
import os
import re
import resource
import sys
import time
from pathlib import Path

from hostile_files import HOSTILE

from provisioner.errors import Problems
from provisioner.package.catalog import assemble
from provisioner.package.discover import Found
from provisioner.package.files import SourceFile
from provisioner.plan.draft import draft
from provisioner.resolve.checking import check

SECONDS = 2
MEGABYTES = 300


def measured(name: str) -> dict[str, object]:
    """Seconds, megabytes and the problems' codes of checking one file, in a child of this process; `raised` where it failed."""
    data = HOSTILE[name]().encode()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (20, 21))
        os.write(writing, json.dumps(answer(data)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        found = pipe.read()
    os.waitpid(child, 0)
    return json.loads(found) if found else {"seconds": 20, "megabytes": 0, "codes": [], "raised": "killed"}


def answer(data: bytes) -> dict[str, object]:
    problems, start, raised = Problems(), time.process_time(), ""
    file = SourceFile("a.yaml", "/nowhere/a.yaml", data)
    try:
        catalog = assemble([Found(name="a", folder="/nowhere", root="/nowhere", files=(file,))], problems)
        check(catalog, None, problems, draft)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the parent has to hear of it
        raised = repr(error)[:200]
    seconds = time.process_time() - start
    # Not `ru_maxrss`: over a fork it keeps the high-water mark of the parent.
    status = Path("/proc/self/status").read_text("utf-8")
    megabytes = int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024
    codes = list(dict.fromkeys(problem.code for problem in problems))
    return {"seconds": seconds, "megabytes": megabytes, "codes": codes[:5], "raised": raised}


def main(words: list[str]) -> int:
    wrong = 0
    for name in HOSTILE:
        if words and not any(word in name for word in words):
            continue
        found = measured(name)
        is_wrong = bool(found["raised"]) or float(str(found["seconds"])) > SECONDS or float(str(found["megabytes"])) > MEGABYTES
        wrong += is_wrong
        print(
            f"{'WRONG' if is_wrong else '':<6}{name:<42}{found['seconds']:6.2f} s {found['megabytes']:5.0f} MB",
            found["codes"],
            found["raised"],
        )
    print(f"{wrong} of them take too much")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
