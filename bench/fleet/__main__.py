"""Preview a stack of 1,000 hosts by both programs in turn, in the sandbox: `python -m bench.fleet [ROUNDS]`.

Wall clock is that of `pulumi preview` as a whole; processor seconds and memory are those of the program's own process. Both
run once before, so that Python's compiled modules are there, as they are for whoever runs a program twice.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

from bench.fleet import bundles
from bench.fleet.measure import VARIABLE

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
OFFLINE_SECONDS, MOST = 2.0, 1.05

DEFINITION = """\
namespace: fleet

hosts:
  defines: blueprint
  network: {cidr: 10.20.0.0/16, zones: 2, egress: direct, overlay: 10.128.0.0/9}
  hosts:
    app: {count: 1000, needs: {cpu: 2, memory: 4GiB}, disk: 30GiB}
"""
STACK = """\
config:
  provisioner:package: fleet/hosts
  provisioner:target: {cloud: aws, region: eu-west-1}
  aws:region: eu-west-1
"""


def main(rounds: int) -> None:
    bundles.report()
    with tempfile.TemporaryDirectory() as folder:
        projects = {name: project(Path(folder), name) for name in ("ours", "hand")}
        for verb in ("plan", "cost"):
            offline(verb, projects["ours"])
        for name, where in projects.items():
            preview(name, where)
        measured = [{name: preview(name, where) for name, where in projects.items()} for _ in range(rounds)]
    registered = {name: one["types"] for name, one in measured[0].items()}
    if registered["ours"] != registered["hand"]:
        raise SystemExit(f"expected the same resources, found {registered}")
    print(f"\nresources: {sum(registered['ours'].values())}; median of {rounds} previews of each, in turn")
    print("what                      ours     by hand    ratio   goal")
    for what in ("wall s", "program's processor s", "program's peak MiB"):
        ours, hand = (median(float(one[name][what]) for one in measured) for name in ("ours", "hand"))
        print(f"{what:<22} {ours:>7.1f} {hand:>11.1f} {ours / hand:>8.3f}   {MOST}")


def project(folder: Path, name: str) -> Path:
    made = folder / name
    (made / "blueprints" / "fleet").mkdir(parents=True)
    (made / "blueprints" / "fleet" / "fleet.yaml").write_text(DEFINITION)
    (made / "blueprints" / "fleet" / "MANIFEST").write_text("REPO fleet\nLOAD fleet.yaml\nENTRY fleet/hosts\n")
    (made / "Pulumi.yaml").write_text(f"name: bench-{name}\nruntime: {{name: python, options: {{virtualenv: {BIN.parent}}}}}\n")
    (made / "Pulumi.bench.yaml").write_text(STACK)
    (made / "__main__.py").write_text(f"import bench.fleet.{name}\n")
    return made


def offline(verb: str, folder: Path) -> None:
    """Plan, place and price without the engine."""
    words = [str(BIN / "provisioner"), verb, "fleet/hosts", "--cloud", "aws", "--region", "eu-west-1"]
    runs: list[float] = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run([*words, "--from", "blueprints/fleet"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        runs.append(time.perf_counter() - began)
    print(f"provisioner {verb} of 1,000 hosts: {min(runs):.2f} s (goal {OFFLINE_SECONDS:.0f} s)")


def preview(name: str, folder: Path) -> Mapping[str, Any]:
    used = folder / "used.json"
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    environment = {**os.environ, **compiled, VARIABLE: str(used), "PYTHONPATH": path}
    words = [str(BIN / "provisioner"), "sandbox", "run", "--", "pulumi", "preview", "--stack", "bench", "--json"]
    began = time.perf_counter()
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    wall = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(f"{name}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    document = json.loads(done.stdout[done.stdout.index("{") : done.stdout.rindex("}") + 1])
    types = Counter(step["newState"]["type"] for step in document["steps"])
    program = json.loads(used.read_text())
    return {
        "wall s": wall,
        "program's processor s": program["seconds"],
        "program's peak MiB": program["mib"],
        "types": {token: count for token, count in types.items() if token.startswith("aws:")},
    }


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
