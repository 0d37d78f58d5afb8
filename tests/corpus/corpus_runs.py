"""What runs: is its scope closed, and is it planned or refused for a reason?"""

from collections.abc import Sequence

from corpus_scopes import roots
from corpus_table import Table

from provisioner.errors import InputError, Problems
from provisioner.package import Catalog
from provisioner.plan.build import build
from provisioner.plan.model import Target
from provisioner.resolve import resolve
from provisioner.resolve.kinds import BASE, INSTANCE, RUNNABLES
from provisioner.resolve.session import Session

TARGET = Target(cloud="aws", region="eu-west-1", zones=("eu-west-1a", "eu-west-1b", "eu-west-1c"))


def plans(catalog: Catalog, names: Sequence[str], table: Table) -> None:
    """Each group with what it runs, then each runnable that is in no group."""
    session = Session(catalog, {}, Problems())
    for root, members in roots(session, names):
        if session.kind(root) in (BASE, INSTANCE, ""):
            continue
        problems = Problems()
        resolved = resolve(catalog, root, problems=problems)
        files = {catalog.definitions[name].place.file for name in members}
        own = [one for one in problems.errors if one not in catalog.problems or one.place.file in files]
        for name in members:
            if session.kind(name) in RUNNABLES:
                open_ = [str(one) for one in own if one.code == "undefined-variable" and one.place.path.startswith(f"{name}/")]
                table.count("scope of runnables", "open" if open_ else "closed", "; ".join(open_) or name)
        words = [str(problem) for problem in own]
        codes = {problem.code for problem in own}
        if not own:
            try:
                build(resolved, TARGET, problems=Problems())
            except InputError as error:
                codes = {f"plan {problem.code}" for problem in error.problems}
                words = [str(problem) for problem in error.problems]
        outcome = f"refused ({', '.join(sorted(codes))})" if codes else "planned"
        table.count("runs planned", outcome, f"{root}: " + "; ".join(words))
        for name in members:
            if session.kind(name) in RUNNABLES:
                table.count("runnables planned", "refused" if codes else "planned", f"{name}, with {root}" if codes else name)
