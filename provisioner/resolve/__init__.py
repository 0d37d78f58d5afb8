"""Documents to definitions with no inheritance and no expressions left.

    resolve(catalog, name, variables={…}, problems=…) -> Resolved    one definition and all it runs
    check(catalog, names, problems) -> listing                        everything that is wrong, all at once

The resolver is loaded when it is first asked for: every later stage imports `resolve.model`, which must stay cheap.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provisioner.resolve.checking import Checking, Listed, check
    from provisioner.resolve.resolver import resolve

__all__ = ["Checking", "Listed", "check", "resolve"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from provisioner.resolve import checking, resolver

    return getattr(resolver if name == "resolve" else checking, name)
