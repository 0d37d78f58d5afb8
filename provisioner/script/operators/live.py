"""Operators that read what runs. In the plan their value is known after the deploy only, and never breaks the plan."""

from typing import Final

from provisioner.script.operators.registry import Operator


def _live(name: str, signature: str, doc: str, example: str, *aliases: str) -> Operator:
    return Operator(
        name=name,
        signature=signature,
        doc=doc,
        examples=((example, f"«{name} after deploy»"),),
        aliases=aliases,
        live=True,
        sees_unknown=True,
    )


KNOWN_TO_HOSTS: Final = frozenset(
    (
        "connection-domain-name",
        "connection-ip",
        "connection-public-ip",
        "connection-public-port",
        "domain-name",
        "get-resolver-ip",
        "ip-address-public",
        "peer-ip-address",
        "runnable-peers",
        "runnable-peers-public-ips",
        "service-public-ip",
    )
)
"""Those whose value a deployment gives to containers, see `host.later`."""

OPERATORS: Final = (
    _live("exec", "| container command... -> string", "What a command in a container prints.", 'exec("db", "pg_isready")'),
    _live("http-get", "| url options? -> string", "The body at a URL; an error where it fails.", 'http-get("http://localhost/")'),
    _live(
        "http-post",
        "body | url options? -> string",
        "The answer to a body posted to a URL.",
        '"x" http-post("http://localhost/")',
    ),
    _live(
        "http-get-service",
        "| path service url -> object",
        "A service's answer; `status` is its number.",
        'http-get-service("a/b", "web", "/")',
    ),
    _live(
        "rpc-call",
        "url | method arguments... -> value",
        "The answer of a JSON-RPC method.",
        '"http://localhost/" rpc-call("count")',
    ),
    _live(
        "entity-state",
        "path? | -> object",
        "The saved state of an entity; its own without a path.",
        'entity-state("aws/bucket")',
        "get-entity-state",
    ),
    _live(
        "act",
        "| action arguments... -> value",
        "The result of an action of another definition.",
        'act("a/b/restart", "mode", "fast")',
    ),
    _live(
        "wait-for",
        "| delay attempts action arguments... -> value",
        "An action's result, tried until it works.",
        'wait-for(10, 3, "a/b/c")',
    ),
    _live(
        "ip-address-public",
        "| path? -> string",
        "Public address of the host, or of another definition's host.",
        "ip-address-public",
    ),
    _live("peer-ip-address", "| path -> string", "Public address of another definition's host.", 'peer-ip-address("a/b")'),
    _live("domain-name", "| -> string", "Public domain name of the host.", "domain-name"),
    _live("ssl-certificate", "| -> string", "Certificate of the host's domain.", "ssl-certificate"),
    _live("ssl-private-key", "| -> string", "Key of the host's certificate.", "ssl-private-key"),
    _live("get-resolver-ip", "| -> string", "Address of the name server that containers use.", "get-resolver-ip"),
    _live(
        "connection-domain-name",
        "| connection -> string",
        "Public domain name behind a connection.",
        'connection-domain-name("database")',
    ),
    _live("connection-ip", "| connection -> string", "Overlay address behind a connection.", 'connection-ip("database")'),
    _live(
        "connection-public-ip",
        "| connection -> string",
        "Public address behind a connection.",
        'connection-public-ip("database")',
    ),
    _live(
        "connection-public-port", "| connection -> int", "Public port behind a connection.", 'connection-public-port("database")'
    ),
    _live(
        "service-public-ip", "| path service -> string", "Public address of a service's host.", 'service-public-ip("a/b", "web")'
    ),
    _live("runnable-peers", "| path -> array", "Hosts that run a definition.", 'runnable-peers("a/b")'),
    _live("runnable-peers-public-ips", "| path -> array", "Their public addresses.", 'runnable-peers-public-ips("a/b")'),
    _live(
        "search-container",
        "| path container -> string",
        "The identifier of a running container.",
        'search-container("a/b", "web")',
    ),
    _live("provider", "| name -> object", "The settings of a cloud, such as its project.", 'provider("gcp")'),
)
