"""The reference page of the codes.

python -m provisioner.cli.codes.page          writes `docs/reference/diagnostics.md`
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from provisioner.cli.codes import STAGES, Code

_HEAD: Final = """\
# Diagnostics

Every problem has a severity (error, warning, note), a code, a place (file, line, column, and the path of the key), a message
that says what was found and what was expected, and often a hint. `provisioner check --json` prints them for editors;
`provisioner explain CODE` prints one of these entries. Written from `provisioner/cli/codes` by
`python -m provisioner.cli.codes.page`; tests compare.
"""


def page() -> str:
    """Markdown."""
    return _HEAD + "".join(line for stage, codes in STAGES.items() for line in _stage(stage, codes))


def _stage(stage: str, codes: tuple[Code, ...]) -> Iterator[str]:
    yield f"\n## {stage}\n"
    for code in codes:
        yield f"\n### {code.code}\n\n{code.meaning}\n\n"
        if code.example:
            yield "```\n" + code.example + "\n```\n\n"
        yield code.remedy + "\n"


if __name__ == "__main__":
    (Path(__file__).parents[3] / "docs" / "reference" / "diagnostics.md").write_text(page(), "utf-8")
