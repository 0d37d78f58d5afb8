"""The actions of all that a stack runs, each with the context in which its code is evaluated."""

from dataclasses import dataclass

from provisioner.errors import Problems, UsageError, nearest
from provisioner.package.catalog import Catalog
from provisioner.resolve.model import Action, Runnable
from provisioner.resolve.resolver import named, resolve_root
from provisioner.resolve.session import Session, Variables
from provisioner.resolve.surroundings import Surroundings
from provisioner.script.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One action of one runnable."""

    runnable: Runnable
    action: Action
    context: Context


class Actors:
    """Raises `InputError` where the definition has errors."""

    def __init__(self, catalog: Catalog, root: str, variables: Variables) -> None:
        problems = Problems()
        problems.extend(catalog.problems)
        problems.raise_errors()
        self.session = Session(catalog, named(catalog, variables, problems), problems)
        resolved = resolve_root(self.session, root)
        problems.raise_errors()
        self.runnables = {one.name: one for one in resolved.runnables}

    def defines(self, path: str) -> bool:
        """Whether a definition has this action."""
        name, _, action = path.strip("/").rpartition("/")
        return name in self.runnables and action in self.runnables[name].actions

    def find(self, path: str) -> Act:
        """`shop/db/backup` is the action `backup` of the runnable `shop/db`. Raises `UsageError` where there is none."""
        name, _, action = path.strip("/").rpartition("/")
        runnable = self.runnables.get(name)
        if runnable is None or action not in runnable.actions:
            known = [f"{one.name}/{each}" for one in self.runnables.values() for each in one.actions]
            close = nearest(path, known)
            hint = f'; did you mean "{close}"?' if close else f"; there are {', '.join(known) or 'none'}"
            raise UsageError(f'no action "{path}"{hint}')
        evaluation = self.session.scope(name).evaluation(f"{name}/actions/{action}/code")
        return Act(runnable=runnable, action=runnable.actions[action], context=Surroundings(evaluation))
