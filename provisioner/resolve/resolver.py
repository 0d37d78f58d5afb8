"""From a name to everything it runs."""

from collections.abc import Iterable, Mapping
from typing import Final

from provisioner.errors import NOWHERE, Problems, nearest
from provisioner.package.catalog import Catalog
from provisioner.package.validate import require, validate
from provisioner.resolve import credentials
from provisioner.resolve.blueprint import blueprint
from provisioner.resolve.budget import ExhaustedError
from provisioner.resolve.depends import ordered
from provisioner.resolve.entities import entity
from provisioner.resolve.groups import group
from provisioner.resolve.kinds import BASE, GROUPS, INSTANCE, RUNNABLES, is_outside, table_kind
from provisioner.resolve.members import gather
from provisioner.resolve.model import Blueprint, Resolved
from provisioner.resolve.reference import find
from provisioner.resolve.runnable import runnable
from provisioner.resolve.session import Session, Variables
from provisioner.resolve.unplanned import unplanned


def resolve(catalog: Catalog, name: str, *, variables: Variables | None = None, problems: Problems) -> Resolved:
    """The definition `name` (or the package of that name) and all it runs.

    `variables` are values from outside: definition, variable, value. Every problem, those of loading included, goes to
    `problems`: raise with `problems.raise_errors()` before the result is used; with errors in it, the result is incomplete.
    """
    problems.extend(catalog.problems)
    found = find(catalog, name, "")
    if found is None or found[1]:
        if not problems.errors:
            close = nearest(name, [*catalog.definitions, *(package.name for package in catalog.packages)])
            hint = f"did you mean {close}?" if close else "`provisioner check` lists what is loaded"
            problems.error("missing-reference", NOWHERE, f'expected the name of a definition, found "{name}"', hint=hint)
        return Resolved(name=name, kind="", blueprint=None, runnables=())
    session = Session(catalog, named(catalog, variables or {}, problems), problems)
    try:
        resolved = resolve_root(session, found[0].name)
        validate_all(session, tuple(session.scopes))
        _unused(session)
    except ExhaustedError:
        return Resolved(name=found[0].name, kind="", blueprint=None, runnables=())
    return resolved


_NOT_RUN: Final = {
    "": "an unknown word after `defines`",
    BASE: "a base, which defines nothing",
    INSTANCE: "an entity",
    "service": "a service without containers, which runs elsewhere",
}


def resolve_root(session: Session, name: str) -> Resolved:
    """The definition `name` and all it runs, in a session of its own. Raises `ExhaustedError`."""
    session.payer = session.catalog.definitions[name].place
    session.spend(1)
    kind = session.kind(name)
    if kind not in (*GROUPS, *RUNNABLES, "blueprint") or is_outside(session.node(name), kind):
        place = session.catalog.definitions[name].place
        what = _NOT_RUN.get(kind, f"of kind {kind}")
        session.problems.error("not-runnable", place, f"expected a runnable, group or blueprint; {name} is {what}")
        return Resolved(name=name, kind=kind, blueprint=None, runnables=())
    names = (name,) if kind in RUNNABLES else gather(session, name)
    own: Blueprint | None = blueprint(session, name) if kind == "blueprint" else None
    groups = {each: group(session, each) for each in session.members if session.kind(each) in GROUPS}
    resolved = Resolved(
        name=name,
        kind=kind,
        blueprint=own,
        runnables=ordered([runnable(session, each) for each in names], session.problems),
        members=dict(session.members),
        groups=groups,
        entities=tuple(entity(session, each) for each in session.entities),
    )
    unplanned(resolved, session.problems)
    credentials.compare(session, {each.name: each for each in resolved.runnables})
    return resolved


def validate_all(session: Session, names: Iterable[str]) -> None:
    """Check definitions against the table of keys: as they were written, and what inheritance made of them."""
    for name in names:
        kind = session.kind(name)
        for each in (name, *session.inheritance.ancestors.get(name, ())):
            _validate(session, each, kind)
        if not session.is_incomplete(name):
            require(session.node(name), kind, name, session.problems)


def check_alone(session: Session, name: str, kind: str) -> None:
    """A definition that nothing runs: its keys are checked, its values cannot be."""
    definition = session.catalog.definitions[name]
    if not kind:
        word = definition.node.entries.get("defines", definition.node)
        close = nearest(word.text, ("runnable", "group", "process-group", "blueprint", "entity"))
        message = f'expected runnable, group, blueprint, entity or the name of an entity type, found "{word.text}"'
        hint = f"did you mean {close}?" if close else ""
        session.problems.error("unknown-kind", word.place(f"{name}/defines"), message, hint=hint)
    elif kind == INSTANCE:
        entity(session, name)
    elif is_outside(session.node(name), kind):
        validate(definition.node, kind, name, session.problems)
        scope = session.scope(name)
        for variable in scope.declarations:
            scope.value(variable)
    else:
        _validate(session, name, table_kind(session.node(name), kind))


def _validate(session: Session, name: str, kind: str) -> None:
    """Check a definition as it was written, once as each kind."""
    if (name, kind) not in session.inheritance.validated:
        session.inheritance.validated.add((name, kind))
        validate(session.catalog.definitions[name].node, kind, name, session.problems)


def named(catalog: Catalog, variables: Variables, problems: Problems) -> Mapping[str, Mapping[str, object]]:
    """Values from outside by full names; a definition that is not there is a problem."""
    named: dict[str, dict[str, object]] = {}
    for name, values in variables.items():
        found = find(catalog, name, "")
        if found is None:
            close = nearest(name, catalog.definitions)
            hint = f"did you mean {close}?" if close else ""
            problems.error(
                "missing-reference", NOWHERE, f'variables are set for "{name}", which nothing loaded defines', hint=hint
            )
        else:
            named.setdefault(found[0].name, {}).update(values)
    return named


def _unused(session: Session) -> None:
    """Variables set from outside that nothing declares: most likely a slip, but a definition may read one all the same."""
    for name, values in session.variables.items():
        if name not in session.scopes:
            session.problems.warning("unused-variables", NOWHERE, f"variables are set for {name}, which is not part of this")
            continue
        scope = session.scopes[name]
        for variable in values:
            if variable not in scope.declarations:
                close = nearest(variable, scope.declarations)
                message = f'{name} declares no variable "{variable}", which is set from outside'
                place = session.catalog.definitions[name].place
                session.problems.warning("undeclared-variable", place, message, hint=f"did you mean {close}?" if close else "")
