"""Open packages as their authors wrote them, on real hosts: `uv run python tests/hosts/run_corpus.py DIR…`, as root.

A DIR is a checkout of monk-nginx, monk-redis or monk-postgres, or a folder of these. Whichever definition of `CASES` is found is
brought to a host of this machine by the real engine, asked, restarted, asked again, and destroyed. Images come from the registry
of the tests here, made from Debian packages under the names that the packages ask for. Nothing of a package is kept.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from host_images import corpus_images
from host_registry import Registry
from local_project import HERE, LocalProject

from provisioner.package import load

PLATFORM = """
namespace: corpus
platform:
  defines: blueprint
  network: {{egress: nat}}
  hosts: {{app: {{count: 1, needs: {{cpu: 1, memory: 1GiB}}}}}}
  runs: [{name}]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A definition, and what a command in its container answers where the service works."""

    name: str
    command: tuple[str, ...]
    expected: str


CASES = (
    Case(name="nginx/basic", command=("curl", "-sf", "http://localhost/"), expected="<html"),
    Case(name="redis/redis", command=("redis-cli", "ping"), expected="PONG"),
    Case(name="postgresql/db", command=("psql", "-U", "monk", "-d", "monk", "-tAc", "select 40 + 2"), expected="42"),
)


def main(folders: Sequence[str]) -> int:
    if not folders:
        print("no packages to run: name their folders")
        return 0
    packages = [*_packages(map(Path, folders))]
    with Registry() as registry:
        for name, image in corpus_images().items():
            registry.push(name, image)
        for case in CASES:
            sources = [package for package in packages if case.name in load([package]).definitions]
            print(f"{case.name}: {_run(case, sources[0], registry) if sources else 'not in these folders'}", flush=True)
    return 0


def _packages(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        yield folder
        yield from (each.parent for each in sorted(folder.rglob("MANIFEST")) if each.parent != folder)


def _run(case: Case, source: Path, registry: Registry) -> str:
    with tempfile.TemporaryDirectory() as folder:
        platform = Path(folder) / "corpus.yaml"
        platform.write_text(PLATFORM.format(name=case.name))
        config = {**HERE, "provisioner:sources": [str(source.resolve()), str(platform)]}
        project = LocalProject(Path(folder) / "project", f"corpus{os.getpid()}", "corpus/platform", registry.hosts_file, config)
        try:
            began = time.monotonic()
            project.up()
            up = time.monotonic() - began
            answers = [_answer(project, case)]
            project.call("restart", case.name)
            answers.append(_answer(project, case))
            project.destroy()
            assert not project.left()
        finally:
            project.clear()
        good = all(case.expected in answer for answer in answers)
        return f"up {up:.1f} s, answers before and after a restart: {'as expected' if good else answers}"


def _answer(project: LocalProject, case: Case) -> str:
    """Asked until it does: a package without a readiness check is up before it listens."""
    deadline = time.monotonic() + 30
    while case.expected not in (answer := _asked(project, case)) and time.monotonic() < deadline:
        time.sleep(0.5)
    return answer


def _asked(project: LocalProject, case: Case) -> str:
    done = project.attempt("exec", case.name, "--", *case.command)
    return done.stdout + done.stderr


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
