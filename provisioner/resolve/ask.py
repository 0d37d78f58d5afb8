"""One expression asked of a definition: what `provisioner eval` prints."""

from provisioner.errors import NOWHERE, Place, Problems, nearest
from provisioner.package.catalog import Catalog
from provisioner.resolve.kinds import GROUPS
from provisioner.resolve.members import gather
from provisioner.resolve.reference import find
from provisioner.resolve.session import Session, Variables
from provisioner.resolve.surroundings import Surroundings
from provisioner.script.context import REPORTED, Context, Nowhere
from provisioner.script.evaluate import EvaluationError, Outcome, evaluate
from provisioner.script.findings import examine
from provisioner.script.lexer import ScriptSyntaxError

EXPRESSION = "expression"
"""The name that stands for the file in places."""


def ask(
    source: str, problems: Problems, *, catalog: Catalog | None = None, name: str = "", variables: Variables | None = None
) -> Outcome | None:
    """The value of `source`, in the definition `name` of `catalog` and the groups that run it; without a name, nowhere.

    None after a problem, whose column counts characters of `source`.
    """
    context = _context(catalog, name, variables or {}, problems) if catalog is not None and name else Nowhere()
    if context is None:
        return None
    try:
        script, found_wrong = examine(source)
    except ScriptSyntaxError as error:
        problems.error("broken-script", spot(error.offset), f"not valid ArrowScript: {error}")
        return None
    for finding in found_wrong:
        problems.add(finding.problem(spot(finding.offset)))
    if any(problem.place.file == EXPRESSION for problem in problems.errors):
        return None
    try:
        return evaluate(script, context)
    except EvaluationError as error:
        if error.code != REPORTED:
            problems.error(error.code, spot(error.offset), str(error), hint=error.hint)
        return None


def spot(offset: int) -> Place:
    return Place(file=EXPRESSION, line=1, column=offset + 1)


def _context(catalog: Catalog, name: str, variables: Variables, problems: Problems) -> Context | None:
    found = find(catalog, name, "")
    if found is None or found[1]:
        problems.extend(catalog.problems)
        close = nearest(name, catalog.definitions)
        hint = f"did you mean {close}?" if close else "`provisioner check` lists what is loaded"
        problems.error("missing-reference", NOWHERE, f'expected the name of a definition, found "{name}"', hint=hint)
        return None
    session = Session(catalog, variables, problems)
    for group in catalog.definitions:
        if session.kind(group) in (*GROUPS, "blueprint"):
            gather(session, group)
    return Surroundings(session.scope(found[0].name).evaluation(found[0].name))
