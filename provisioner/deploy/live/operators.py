"""Live operators, answered by what runs on a host."""

import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import urlsplit

from provisioner.deploy.hosts.shell import Answer, Shell
from provisioner.host.resolver import CONFIGURATION as RESOLVER
from provisioner.host.resolver import HOSTS as NAMES
from provisioner.script.context import Context, RefusedError
from provisioner.script.values import Failure, Value, is_unknown, to_json, to_text

CHECK_SECONDS: Final = 10
"""What one command or request of a check may take. Past it, it has failed."""

_ADDRESS_OF: Final = "{for (i = 2; i <= NF; i++) if ($i == name) {print $1; exit}}"

_TIMEOUT_STATUS: Final = 124
"""With which `timeout` of coreutils ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """What of a workload can be asked: Podman's names by container, and which container listens at a port."""

    containers: Mapping[str, str]
    ports: Mapping[int, str]


class Operators:
    """A `Live`. Raises `HostError` where the host does not answer; a command that fails is an error of the language."""

    def __init__(self, shell: Shell, surface: Surface, seconds: int = CHECK_SECONDS) -> None:
        self.shell = shell
        self.surface = surface
        self.seconds = seconds
        """What one command or request may take."""

    def __call__(self, context: Context, name: str, operands: Sequence[Value]) -> Value:
        answers: Mapping[str, Callable[[Context, Sequence[str]], Value]] = {
            "exec": self._exec,
            "http-get": self._http_get,
            "http-post": self._http_post,
            "http-get-service": self._http_get_service,
            "search-container": self._search_container,
            "connection-ip": self._connection_ip,
            "get-resolver-ip": self._resolver_ip,
        }
        if name == "rpc-call":
            return self._rpc_call(operands)
        if name not in answers:
            raise RefusedError("not-known", f"{name} has no answer on a host")
        return answers[name](context, [_word(name, operand) for operand in operands])

    def _exec(self, context: Context, words: Sequence[str]) -> Value:
        known = self.surface.containers
        if len(words) > 1 and words[0] not in known and words[1] in known:
            words = words[1:]
        if len(words) < 2 or words[0] not in known:
            raise RefusedError("wrong-arguments", f"expected exec(container, command, …) with one of {', '.join(known)}")
        container, *command = words
        if len(command) == 1 and " " in command[0]:
            command = ["/bin/sh", "-c", command[0]]
        answer = self._run(["podman", "exec", known[container], *command])
        return answer.text if answer.ok else self._failure(f"exec in {container}", answer)

    def _http_get(self, context: Context, words: Sequence[str]) -> Value:
        return self._body("http-get", *self._request(words[0], self._listener(words[0])))

    def _http_post(self, context: Context, words: Sequence[str]) -> Value:
        body, url = words[:2]
        return self._body("http-post", *self._request(url, self._listener(url), "--data-binary", "@-", input=body.encode()))

    def _http_get_service(self, context: Context, words: Sequence[str]) -> Value:
        path, service, rest = words[:3]
        end = context.service(path, service)
        is_own = end.target == context.self_path()
        own = self.surface.ports.get(end.port) if is_own and isinstance(end.port, int) else None
        host = "localhost" if own else end.hostname
        url = f"http://{host}:{end.port}/{rest.removeprefix('/')}"
        answer, status = self._request(url, own or next(iter(self.surface.containers)))
        return {"status": status, "body": answer.text} if answer.ok else self._failure(f"http-get-service {url}", answer)

    def _search_container(self, context: Context, words: Sequence[str]) -> Value:
        """nil where it does not run on this host."""
        path, container = words[:2]
        labels = (f"label=provisioner.workload={path.strip('/')}", f"label=provisioner.container={container}")
        answer = self._run(["podman", "ps", "--quiet", *(word for label in labels for word in ("--filter", label))])
        return answer.text.partition("\n")[0] or None

    def _connection_ip(self, context: Context, words: Sequence[str]) -> Value:
        """As this host's own name server answers it; nil where nothing of that name is there."""
        hostname = context.connection(words[0]).hostname
        answer = self._run(["awk", "-v", f"name={hostname}", _ADDRESS_OF, NAMES])
        return answer.text or None

    def _resolver_ip(self, context: Context, words: Sequence[str]) -> Value:
        return self._run(["sed", "-n", "s/^listen-address=//p", RESOLVER]).text or None

    def _rpc_call(self, operands: Sequence[Value]) -> Value:
        """The result of a JSON-RPC method (2.0), or its error."""
        url, method = (_word("rpc-call", operand) for operand in operands[:2])
        body = to_json({"jsonrpc": "2.0", "id": 1, "method": method, "params": list(operands[2:])})
        header = ("-H", "Content-Type: application/json", "--data-binary", "@-")
        answer, status = self._request(url, self._listener(url), *header, input=body.encode())
        if not answer.ok:
            return self._failure("rpc-call", answer)
        try:
            found = json.loads(answer.text)
        except ValueError:
            return Failure(f"rpc-call {method}: status {status}, expected JSON, found {answer.text[:80]!r}")
        if not isinstance(found, dict) or "result" not in found:
            return Failure(f"rpc-call {method}: {answer.text[:200]}")
        return cast("dict[str, Value]", found)["result"]

    def _request(self, url: str, container: str, *more: str, input: bytes = b"") -> tuple[Answer, int]:
        """Asked by the host's curl in the container's network, where `localhost` is the container. Status 0: no answer."""
        name = shlex.quote(self.surface.containers[container])
        curl = shlex.join(["curl", "-sS", "--max-time", str(self.seconds), "-w", r"\n%{http_code}", *more, "--", url])
        entered = f"pid=$(podman inspect --format '{{{{.State.Pid}}}}' {name}) && nsenter --target \"$pid\" --net {curl}"
        answer = self.shell.run(entered, input=input, seconds=self.seconds + 30)
        body, _, status = answer.output.rpartition(b"\n")
        return Answer(status=answer.status, output=body, errors=answer.errors), int(status) if status.strip().isdigit() else 0

    def _body(self, name: str, answer: Answer, status: int) -> Value:
        if not answer.ok:
            return self._failure(name, answer)
        return answer.text if status < 400 else Failure(f"{name}: status {status}")

    def _listener(self, url: str) -> str:
        """The container that listens where the URL leads; the first where no service says."""
        try:
            port = urlsplit(url).port or 80
        except ValueError:
            raise RefusedError("wrong-arguments", f'expected a URL, found "{url}"') from None
        return self.surface.ports.get(port, next(iter(self.surface.containers)))

    def _run(self, words: Sequence[str]) -> Answer:
        """Ended after its time on the host, so that it is an answer; the shell's own limit is for a host that hangs."""
        return self.shell.run(shlex.join(["timeout", str(self.seconds), *words]), seconds=self.seconds + 30)

    def _failure(self, what: str, answer: Answer) -> Failure:
        if answer.status == _TIMEOUT_STATUS:
            return Failure(f"{what}: no end within {self.seconds} seconds")
        said = answer.errors.decode(errors="replace").strip().rpartition("\n")[2] or answer.text.rpartition("\n")[2]
        return Failure(f"{what}: status {answer.status}{f', {said}' if said else ''}")


def _word(name: str, value: Value) -> str:
    text = to_text(value)
    if is_unknown(value) or not isinstance(text, str):
        raise RefusedError("not-known", f"{name} takes values that are known, found {value}")
    return text
