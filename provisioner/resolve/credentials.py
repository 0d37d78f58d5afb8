"""Does a client know its database by the user and password that the database is made with?

Only what is certain is reported: a client whose variables name user, password and database together, of which one fits the
database behind its connection and the user or the password does not.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from provisioner.errors import Place
from provisioner.package.nodes import Node
from provisioner.resolve.model import Runnable
from provisioner.resolve.session import Session

_SERVER: Final = re.compile(r"(?:POSTGRES|POSTGRESQL|MYSQL|MARIADB)_(?:(USER|USERNAME)|(PASSWORD)|(DB|DATABASE))")
_CLIENT: Final = re.compile(r"(.*?)_?(?:(USER|USERNAME|USR)|(PASSWORD|PASS|PWD)|(DB|DBNAME|DB_NAME|DATABASE|DATABASE_NAME))")
_WORDS: Final = ("user", "password", "database")
_ADMINISTRATORS: Final = ("root", "postgres")

Credentials = Mapping[str, tuple[str, str]]
"""`user`, `password`, `database` to the environment variable and its value."""


def compare(session: Session, runnables: Mapping[str, Runnable]) -> None:
    """Warn of every client among `runnables` that differs from a database among them."""
    targets = {name: _targets(runnable) for name, runnable in runnables.items()}
    wanted = set[str]().union(*targets.values()) & runnables.keys()
    servers = {name: _server(runnables[name]) for name in wanted}
    for runnable in runnables.values():
        made = [(target, servers[target]) for target in targets[runnable.name] if servers.get(target)]
        if len(made) == 1:
            for client in _clients(runnable):
                _compare(session, runnable, client, *made[0])


def _compare(session: Session, runnable: Runnable, client: Credentials, target: str, server: Credentials) -> None:
    shared = [word for word in _WORDS if word in client and word in server]
    differing = [word for word in shared if client[word][1] != server[word][1]]
    if len(shared) < 2 or len(differing) != 1 or differing[0] == "database" or client[differing[0]][1] in _ADMINISTRATORS:
        return
    variable, value = client[differing[0]]
    made_as, expected = server[differing[0]]
    if differing[0] == "password":
        message = f"{variable} is another password than {made_as} of {target}, which it connects to"
    else:
        message = f'{variable} is "{value}", and {target}, which it connects to, is made with {made_as} "{expected}"'
    session.problems.warning("credentials-differ", _place(session, runnable, variable), message, hint="make both the same")


def _targets(runnable: Runnable) -> set[str]:
    return {connection.target for connection in runnable.connections.values()} - {runnable.name}


def _server(runnable: Runnable) -> Credentials:
    """What the database is made with."""
    found: dict[str, tuple[str, str]] = {}
    for name, value in _environment(runnable):
        match = _SERVER.fullmatch(name)
        if match:
            found[_WORDS[(match.lastindex or 1) - 1]] = name, value
    return found if "user" in found or "password" in found else {}


def _clients(runnable: Runnable) -> Iterator[Credentials]:
    """What the client knows, by the beginning that its variables share: `KONG_PG_USER`, `KONG_PG_PASSWORD`."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for name, value in _environment(runnable):
        match = _CLIENT.fullmatch(name)
        if match:
            found.setdefault(match[1], {})[_WORDS[(match.lastindex or 2) - 2]] = name, value
    yield from found.values()


def _environment(runnable: Runnable) -> Iterator[tuple[str, str]]:
    """Known values only: what holds a secret cannot be compared."""
    for container in runnable.containers:
        yield from ((name, value) for name, value in container.environment.items() if isinstance(value, str))


def _place(session: Session, runnable: Runnable, name: str) -> Place:
    """Where the variable that is bound to `name` is written, else the definition."""
    section = session.node(runnable.name).entries.get("variables", Node({}))
    for variable, entry in section.entries.items():
        if entry.entries.get("env", entry).text == name:
            return entry.key_place(f"{runnable.name}/variables/{variable}")
    return runnable.place
