"""Documents to definitions with no inheritance and no expressions left.

resolve(catalog, name, variables={…}, problems=…) -> Resolved    one definition and all it runs
check(catalog, names, problems) -> listing                        everything that is wrong, all at once
"""

from provisioner.resolve.resolver import Listed, check, resolve

__all__ = ["Listed", "check", "resolve"]
