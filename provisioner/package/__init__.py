"""Text to documents: YAML with positions, manifests, the table of keys, the catalog of definitions.

load(sources) -> Catalog        every definition in files and folders, and what is wrong with them
"""

from provisioner.package.catalog import Catalog, Definition, Package, load
from provisioner.package.nodes import Node

__all__ = ["Catalog", "Definition", "Node", "Package", "load"]
