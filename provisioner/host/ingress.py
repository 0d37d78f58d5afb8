"""HTTP routes to containers, answered by HAProxy on every host of the groups that `plan.routes` names.

Each request opens a connection of its own to the container's stable address, so that a switch of slots leads the next one
to the new version; a container that refuses for a moment is tried again. See docs/decisions/0011.
"""

import re
from collections.abc import Iterator
from typing import Final

from provisioner.host import overlay, resolver
from provisioner.host.model import HostFile
from provisioner.host.names import joined
from provisioner.host.part import Part, part
from provisioner.host.scene import Scene
from provisioner.plan.routes import PORT, Routed, routed

SERVICE: Final = "provisioner-ingress.service"
CONFIGURATION: Final = "/etc/provisioner/ingress.cfg"

_HEAD: Final = f"""\
global
  log stderr format raw local0 notice
  user haproxy
  group haproxy
  chroot /var/lib/haproxy
  hard-stop-after 30s

defaults
  mode http
  log global
  option dontlognull
  option http-server-close
  option redispatch
  retries 5
  retry-on conn-failure
  timeout connect 5s
  timeout http-request 10s
  timeout http-keep-alive 60s
  timeout client 5m
  timeout server 5m
  timeout tunnel 1h

frontend ingress
  bind :{PORT}
  http-request set-header X-Forwarded-For %[src]
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  http-request set-header X-Forwarded-Proto http
"""

_NOWHERE: Final = """\
  default_backend nowhere

backend nowhere
  http-request return status 404 content-type text/plain string "no route leads here"
"""

_PARTS: Final = re.compile(r"\$(?:(\d)|\{(\d)\})|(.)", re.DOTALL)


def ingress(scene: Scene) -> Part | None:
    """None on hosts that answer no routes. A reload keeps the port open and lets what is under way end."""
    if scene.host not in scene.traffic.answering:
        return None
    after = f"network-online.target {overlay.SERVICE} {resolver.SERVICE}"
    check = f"/usr/sbin/haproxy -c -f {CONFIGURATION}"
    return part(
        SERVICE,
        [("Description", "HTTP routes to containers"), ("Wants", "network-online.target"), ("After", after)],
        [
            ("Type", "notify"),
            ("ExecStartPre", check),
            ("ExecStart", f"/usr/sbin/haproxy -Ws -f {CONFIGURATION}"),
            ("ExecReload", check),
            ("ExecReload", "/bin/kill -USR2 $MAINPID"),
            ("KillMode", "mixed"),
            ("SuccessExitStatus", "143"),
            ("Restart", "always"),
            ("RestartSec", "1"),
        ],
        HostFile(path=CONFIGURATION, contents=configuration(scene, routed(scene.plan.workloads)), mode=0o600),
    )


def configuration(scene: Scene, found: tuple[Routed, ...]) -> str:
    """HAProxy's whole configuration."""
    choices = "".join(f"  use_backend {_backend(one)} if {_condition(one)}\n" for one in found)
    backends = "".join(f"\nbackend {_backend(one)}\n{''.join(_lines(scene, one))}" for one in found)
    return f"{_HEAD}{choices}{_NOWHERE}{backends}"


def _backend(one: Routed) -> str:
    return joined(*one.runnable.split("/"), one.service.name, one.route.name)


def _condition(one: Routed) -> str:
    path = f"{{ path -m beg {_word(one.route.prefix)} }}"
    return f"{{ req.hdr(host),host_only,lower -m str {one.route.host} }} {path}" if one.route.host else path


def _lines(scene: Scene, one: Routed) -> Iterator[str]:
    """Replicas take turns, and one that does not answer is left out for a while; a single one is always asked."""
    if one.route.pattern:
        yield f"  http-request set-var(txn.path) {_word(f'path,{_substitution(one)}')}\n"
        yield "  http-request set-path %[var(txn.path)] if { var(txn.path) -m beg / }\n"
        yield "  http-request set-path /%[var(txn.path)] unless { var(txn.path) -m beg / }\n"
    replicas = scene.traffic.replicas[one.runnable]
    checked = " check inter 2s fall 2 rise 1" if len(replicas) > 1 else ""
    for workload in replicas:
        serving = next(container for container in workload.containers if container.name == one.service.container)
        address = f"{scene.address(workload, serving)}:{one.service.port}"
        yield f"  server {joined(*workload.name.split('/'))} {address} source {scene.host_address}{checked}\n"


def _substitution(one: Routed) -> str:
    """Every match in the path is replaced, as Go's `ReplaceAllString` does; `$1` and `${1}` are groups.

    HAProxy reads the two arguments between single quotes as they stand, so a quote in them is written as its code.
    """
    parts = (
        "\\" + (match[1] or match[2]) if match[3] is None else _literal(match[3])
        for match in _PARTS.finditer(one.route.replacement)
    )
    pattern = one.route.pattern.replace("'", "\\x27")
    return f"regsub('{pattern}','{''.join(parts)}',g)"


def _literal(character: str) -> str:
    return {"\\": "\\\\", "'": "\\x27"}.get(character, character)


def _word(text: str) -> str:
    """One word of HAProxy's configuration: between single quotes everything stands for itself."""
    return "'" + text.replace("'", "'\\''") + "'"
