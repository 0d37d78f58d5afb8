"""Text to documents: YAML with positions, manifests, the table of keys, the catalog of definitions.

load(sources) -> Catalog        every definition in files and folders, and what is wrong with them

Each is loaded when it is first asked for, so that an answer that is known already needs no YAML library.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provisioner.package.catalog import Catalog, Definition, Package, load
    from provisioner.package.nodes import Node

__all__ = ["Catalog", "Definition", "Node", "Package", "load"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from provisioner.package import catalog

    return getattr(catalog, name)
