"""What exists in the simulated clouds: one SQLite file that outlives runs, and a kill of either side.

One connection, one transaction at a time in this process; other processes (`provisioner sandbox list`) may read beside it.
"""

import json
import sqlite3
import threading
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from provisioner.errors import SandboxError

FORMAT = 1

_TABLES = """
CREATE TABLE IF NOT EXISTS resources (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    package TEXT NOT NULL, token TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, urn TEXT NOT NULL,
    inputs TEXT NOT NULL, outputs TEXT NOT NULL, computed TEXT NOT NULL, taken TEXT NOT NULL, config TEXT NOT NULL,
    digest TEXT NOT NULL, heard INTEGER NOT NULL, created REAL NOT NULL, changed REAL NOT NULL,
    UNIQUE (token, id));
CREATE INDEX IF NOT EXISTS resources_by_urn ON resources (urn);
CREATE TABLE IF NOT EXISTS links (
    holder INTEGER NOT NULL REFERENCES resources ON DELETE CASCADE,
    target INTEGER NOT NULL REFERENCES resources ON DELETE CASCADE,
    words TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS links_by_target ON links (target);
CREATE INDEX IF NOT EXISTS links_by_holder ON links (holder);
CREATE TABLE IF NOT EXISTS late (
    number INTEGER PRIMARY KEY REFERENCES resources ON DELETE CASCADE, until REAL NOT NULL);
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, next INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS bundles (host_id TEXT PRIMARY KEY, document TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS faults (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL, token TEXT NOT NULL, method TEXT NOT NULL, first INTEGER NOT NULL, times INTEGER NOT NULL,
    seconds REAL NOT NULL, message TEXT NOT NULL, seen INTEGER NOT NULL DEFAULT 0);
"""

_COLUMNS = "number, package, token, id, name, urn, inputs, outputs, computed, taken, config, digest, heard, created, changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One existing resource, with what is needed to read, change and delete it."""

    package: str
    token: str
    id: str
    name: str
    """The logical name."""
    urn: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    """Inputs and computed values, side effects of other resources included."""
    computed: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What the kind computed last, without side effects."""
    taken: Mapping[str, Sequence[int]] = field(default_factory=dict[str, Sequence[int]])
    """The counters' numbers that went into its outputs."""
    config: Mapping[str, str] = field(default_factory=dict[str, str])
    digest: str
    heard: bool = False
    """Whether the engine is known to have received the answer to the create."""
    created: float = 0.0
    changed: float = 0.0
    number: int = 0


class State:
    """The open state file. Every method other than `transaction` is used inside one."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._lock = threading.RLock()
        try:
            self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
            self._prepare()
        except sqlite3.DatabaseError as error:
            raise SandboxError(f"{path}: cannot be used as the sandbox's state: {error}") from error

    def close(self) -> None:
        with self._lock:
            self._database.close()

    @contextmanager
    def transaction(self) -> Generator["State"]:
        """All or nothing, also when the process dies. Not to be nested."""
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def execute(self, statement: str, *values: object) -> sqlite3.Cursor:
        return self._database.execute(statement, values)

    def select(self, condition: str, *values: object) -> list[Resource]:
        """Resources in the order of their creation."""
        cursor = self.execute(f"SELECT {_COLUMNS} FROM resources WHERE {condition} ORDER BY number", *values)  # noqa: S608
        return [_from_row(row) for row in cursor]

    def get(self, token: str, id: str) -> Resource | None:
        return next(iter(self.select("token = ? AND id = ?", token, id)), None)

    def insert(self, resource: Resource) -> Resource:
        """Add a resource; the answer has its number and timestamps."""
        now = time.time()
        added = replace(resource, created=now, changed=now)
        marks = ", ".join("?" * 14)
        cursor = self.execute(f"INSERT INTO resources ({_COLUMNS[8:]}) VALUES ({marks})", *_to_row(added)[1:])  # noqa: S608
        return replace(added, number=cursor.lastrowid or 0)

    def save(self, resource: Resource) -> None:
        """Store a changed resource under its number."""
        row = _to_row(replace(resource, changed=time.time()))
        assignments = ", ".join(f"{column} = ?" for column in _COLUMNS.split(", "))
        self.execute(f"UPDATE resources SET {assignments} WHERE number = ?", *row, resource.number)  # noqa: S608

    def delete(self, resource: Resource) -> None:
        """Remove a resource, and the bundle that it holds where it is a machine."""
        self.execute("DELETE FROM resources WHERE number = ?", resource.number)
        self.execute("DELETE FROM bundles WHERE host_id = ?", resource.id)

    def hear(self, token: str, id: str) -> None:
        """Note that the engine knows of a resource: it has named it."""
        self.execute("UPDATE resources SET heard = 1 WHERE token = ? AND id = ? AND heard = 0", token, id)

    def delay(self, resource: Resource, seconds: float) -> None:
        """Let a resource be seen only when the seconds have passed."""
        self.execute("INSERT OR REPLACE INTO late VALUES (?, ?)", resource.number, time.time() + seconds)

    def is_late(self, resource: Resource) -> bool:
        """Whether a resource exists and is not to be seen yet."""
        return (
            self.execute("SELECT 1 FROM late WHERE number = ? AND until > ?", resource.number, time.time()).fetchone() is not None
        )

    def take(self, counter: str) -> int:
        """The next number of a counter, from 0."""
        statement = "INSERT INTO counters VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET next = next + 1 RETURNING next"
        return self.execute(statement, counter).fetchone()[0] - 1

    def link(self, holder: Resource, target_number: int, words: str) -> None:
        """Note that `holder` keeps a resource from being deleted; `words` is the cloud's refusal."""
        self.execute("INSERT INTO links VALUES (?, ?, ?)", holder.number, target_number, words)

    def unlink(self, holder: Resource) -> None:
        self.execute("DELETE FROM links WHERE holder = ?", holder.number)

    def first_holder(self, target: Resource) -> tuple[Resource, str] | None:
        """A resource that names this one, with the words of the refusal."""
        row = self.execute("SELECT holder, words FROM links WHERE target = ? AND holder <> target", target.number).fetchone()
        return (self.select("number = ?", row[0])[0], row[1]) if row else None

    def _prepare(self) -> None:
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")  # safe against a killed process, which is what happens here
        self._database.execute("PRAGMA foreign_keys = ON")
        found = self._database.execute("PRAGMA user_version").fetchone()[0]
        if found not in {0, FORMAT}:
            raise SandboxError(f"{self.path}: written by another version (format {found}, expected {FORMAT}); reset the sandbox")
        self._database.executescript(f"{_TABLES} PRAGMA user_version = {FORMAT};")


@contextmanager
def opened(path: Path) -> Generator[State]:
    """A state file for one transaction, beside whatever else has it open."""
    state = State(path)
    try:
        with state.transaction():
            yield state
    finally:
        state.close()


def _to_row(resource: Resource) -> tuple[Any, ...]:
    documents = (resource.inputs, resource.outputs, resource.computed, resource.taken, resource.config)
    return (
        resource.number,
        *(resource.package, resource.token, resource.id, resource.name, resource.urn),
        *(json.dumps(document, separators=(",", ":")) for document in documents),
        *(resource.digest, int(resource.heard), resource.created, resource.changed),
    )


def _from_row(row: Sequence[Any]) -> Resource:
    number, package, token, identity, name, urn, *documents, digest, heard, created, changed = row
    inputs, outputs, computed, taken, config = (json.loads(document) for document in documents)
    return Resource(
        number=number,
        package=package,
        token=token,
        id=identity,
        name=name,
        urn=urn,
        inputs=inputs,
        outputs=outputs,
        computed=computed,
        taken=taken,
        config=config,
        digest=digest,
        heard=bool(heard),
        created=created,
        changed=changed,
    )
