"""How long bundles take for a fleet, and how much they hold: twice the hosts with twice the replicas should be twice of both."""

import tempfile
import time
from pathlib import Path

from provisioner.deploy.prepare import Request, prepare
from provisioner.host.bundle import bundles

DEFINITION = """\
namespace: fleet

platform:
  defines: blueprint
  network: {{cidr: 10.20.0.0/16, zones: 2, egress: direct, overlay: 10.128.0.0/9}}
  hosts:
    app: {{count: {hosts}, needs: {{cpu: 2, memory: 4GiB}}}}
  runs: [fleet/db, fleet/cache, fleet/web]

db:
  defines: runnable
  containers: {{main: {{image: "docker.io/library/postgres:16", resources: {{cpu: 1, memory: 1GiB}}}}}}
  services: {{sql: {{container: main, port: 5432, protocol: tcp}}}}

cache:
  defines: runnable
  replicas: 10
  containers: {{main: {{image: "docker.io/library/redis:7", resources: {{cpu: 1, memory: 1GiB}}}}}}
  services: {{redis: {{container: main, port: 6379, protocol: tcp}}}}

web:
  defines: runnable
  replicas: {replicas}
  spread: {{max-per-host: 1}}
  containers: {{app: {{image: "docker.io/library/nginx:1", resources: {{cpu: 0.5, memory: 1GiB}}}}}}
  services: {{http: {{container: app, port: 80, protocol: tcp}}}}
  connections: {{db: {{runnable: fleet/db, service: sql}}, cache: {{runnable: fleet/cache, service: redis}}}}
"""


def measured(hosts: int) -> tuple[float, float]:
    """Processor seconds and MiB of the bundles of so many hosts, nine of ten with a replica that connects to eleven others."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "fleet.yaml").write_text(DEFINITION.format(hosts=hosts, replicas=hosts * 9 // 10))
        prepared = prepare(Request(name="fleet/platform", cloud="aws", region="eu-west-1", sources=(Path(folder),)))
    began = time.process_time()
    made = bundles(prepared.plan, prepared.placement, last=prepared.addresses)
    seconds = time.process_time() - began
    held = sum(len(text) for one in made for text in (*(unit.text for unit in one.units), *(file.contents for file in one.files)))
    return seconds, held / 2**20


def report() -> None:
    half, whole = measured(500), measured(1_000)
    for hosts, (seconds, mib) in ((500, half), (1_000, whole)):
        print(f"bundles of {hosts:,} hosts: {seconds:.2f} s, {mib:.1f} MiB")
    print(f"twice the hosts take {whole[0] / half[0]:.1f} times as long and hold {whole[1] / half[1]:.1f} times as much")
