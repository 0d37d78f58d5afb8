"""How large what people write may be. Real packages stay far below; beyond, reading stops at once with a problem.

Among 819 YAML files of the open corpus the largest that is MonkScript has fewer than 800 values. `tests/package/test_limits.py`
holds reading to a time and a memory bound at these limits.
"""

from typing import Final

MAXIMUM_BYTES: Final = 2 * 2**20
"""Of one YAML file, and of one MANIFEST."""
MAXIMUM_NODES: Final = 10_000
"""Scalars, lists and mappings in one file."""
MAXIMUM_WORDS: Final = 2_000
"""Words of one MANIFEST."""
MAXIMUM_DEFINITIONS: Final = 500
"""Definitions in one file."""
MAXIMUM_NAME: Final = 500
"""Characters of a key, and of a namespace."""
MAXIMUM_DEPTH: Final = 64
"""Mappings and lists within each other."""
MAXIMUM_EMBEDDED: Final = 2**20
"""Bytes of one file that `<<<` embeds."""
MAXIMUM_EMBEDDED_TOTAL: Final = 16 * 2**20
"""Bytes of all that one file embeds."""
MAXIMUM_FOLDERS: Final = 16
"""Folders within each other that are searched for packages."""
