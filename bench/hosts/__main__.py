"""How long bundles take on a real host over SSH, and what a client notices: `python -m bench.hosts` (root, two minutes).

A client asks every 10 ms; its longest wait between two answers is the downtime. Exit status 1 where a limit is missed.
"""

import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "hosts"))

from host_bed import TestHost, start, stop
from host_bundles import Site, bundle, unit, web
from host_registry import Registry

from provisioner.deploy.hosts import connect
from provisioner.deploy.hosts.apply import apply
from provisioner.deploy.hosts.prepare import prepare
from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.prepare import Request
from provisioner.deploy.prepare import prepare as plan
from provisioner.errors import HostError
from provisioner.host.bundle import bundles
from provisioner.host.delivery import deliver

UNCHANGED_SECONDS = 0.5
PREFIX = "bench-"

SLOTTED = """\
namespace: bench
platform:
  defines: blueprint
  hosts: {app: {count: 1, needs: {cpu: 1, memory: 1GiB}}}
  network: {cidr: 10.20.0.0/16, egress: direct}
  runs: [bench/web]
web:
  defines: runnable
  variables: {version: {type: string, value: v1}}
  containers:
    defines: containers
    app:
      image: docker.io/library/busybox:latest
      bash: <- `trap exit TERM; cd /bin; echo ${version} > index.html; httpd -f -p 80 -h /bin & wait`
  services: {defines: services, http: {container: app, port: 80, host-port: 8080, protocol: tcp, publish: true}}
  checks: {readiness: {code: 'exec("app", "test", "-f", "/bin/index.html")', period: 1, initialDelay: 0, attempts: 5}}
"""


class Client:
    """Asks a host's port 8080 every 10 ms until the block ends."""

    def __init__(self, address: str) -> None:
        self.longest, self.answers, self.failures = 0.0, 0, 0
        self._address, self._stop = address, threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def _ask(self) -> None:
        last = time.monotonic()
        while not self._stop.wait(0.01):
            try:
                with socket.create_connection((self._address, 8080), timeout=0.1) as connection:
                    connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
                    if b" 200 " not in connection.recv(100):
                        raise ConnectionError
            except OSError:
                self.failures += 1
                continue
            now = time.monotonic()
            self.longest, last = max(self.longest, now - last), now
            self.answers += 1

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def __str__(self) -> str:
        return f"{self.answers} answers, {self.failures} failed requests, longest wait {self.longest * 1000:.0f} ms"


def main() -> int:
    with Registry() as registry:
        try:
            (host,) = start([f"{PREFIX}1"], registry)
            unchanged = _stop_first(host)
            _slots(host)
        finally:
            stop(PREFIX)
    return int(unchanged > UNCHANGED_SECONDS)


def _stop_first(host: TestHost) -> float:
    site = Site(host=host, reach=host.ssh)
    site.contact()
    _told("first bundle, image pulled", lambda: site.apply(bundle(web("v1"))))
    fresh = [_timed(lambda: (connect.close_all(), site.apply(bundle(web("v1"))))) for _ in range(9)]
    again = [_timed(lambda: site.apply(bundle(web("v1")))) for _ in range(9)]
    print(
        f"nothing to do: {statistics.median(fresh):.3f} s with a new connection, {statistics.median(again):.3f} s with one open"
    )
    with Client(host.address) as client:
        _told("update, stop first", lambda: site.apply(bundle(web("v2"))))
        time.sleep(1.5)
    print(f"  client: {client}")
    with Client(host.address) as client:
        broken = unit("web", "exit 3", health="true", more="PublishPort=8080:80\n")
        _told("failed update, until the previous bundle is back", lambda: _fails(site, broken))
        time.sleep(1.5)
    print(f"  client: {client}")
    site.resource.delete(host.name, site.outputs, Progress())
    return statistics.median(fresh)


def _slots(host: TestHost) -> None:
    shell = connect.connect(host.ssh)
    key = prepare(shell).overlay_key
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bench.yaml").write_text(SLOTTED)
        for version in ("v1", "v2"):
            request = Request(
                name="bench/platform",
                cloud="aws",
                region="eu-west-1",
                sources=(Path(folder),),
                variables={"bench/web": {"version": version}},
            )
            prepared = plan(request)
            (made,) = bundles(prepared.plan, prepared.placement)
            ready = deliver(made, addresses={made.host: host.address}, devices={}, secrets={}, keys={made.host: key})
            with Client(host.address) as client:
                _told(f"two slots, {version}", lambda ready=ready: apply(shell, ready, Progress()))
                time.sleep(1.5)
            if version == "v2":
                print(f"  client: {client}")


def _fails(site: Site, broken: object) -> None:
    try:
        site.apply(bundle(broken))  # pyright: ignore[reportArgumentType]
    except HostError:
        return
    raise AssertionError("the broken bundle was taken")


def _told(what: str, work: Callable[[], object]) -> None:
    print(f"{what}: {_timed(work):.2f} s", flush=True)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
