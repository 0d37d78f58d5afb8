"""Write the checks per type into the page that is named, `docs/reference/sandbox.md`."""

import sys
from pathlib import Path

from provisioner.sandbox.reference.page import MARK, section

page = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/reference/sandbox.md")
page.write_text(page.read_text().partition(MARK)[0] + section())
