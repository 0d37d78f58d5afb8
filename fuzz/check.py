r"""A fuzz target for `check`: any bytes as a package's file. Nothing but a listing and problems may come of them.

Run by hand (atheris is no dependency of the project):

    uv pip install --target /tmp/atheris atheris
    mkdir -p /tmp/corpus && cp blueprints/*/*.yaml tests/cases/fuzz/* /tmp/corpus
    PYTHONPATH=/tmp/atheris uv run --no-sync python fuzz/check.py /tmp/corpus -dict=fuzz/monkscript.dict \
        -timeout=5 -rss_limit_mb=800 -max_len=4096 -max_total_time=3600 -artifact_prefix=/tmp/

`-timeout` is 5 s where the promise is 2, because instrumented code is several times slower. What it finds becomes a file in
`tests/cases/fuzz`, which `tests/package/test_no_input_breaks_check.py` runs without atheris.
"""

# ruff: noqa: INP001 - a script

import importlib
import sys
from typing import Any

atheris: Any = importlib.import_module("atheris")

with atheris.instrument_imports(include=["provisioner.package", "provisioner.script", "provisioner.resolve", "provisioner.plan"]):
    from provisioner.errors import Problems
    from provisioner.package.catalog import assemble
    from provisioner.package.discover import Found
    from provisioner.package.files import SourceFile
    from provisioner.plan.draft import draft
    from provisioner.resolve.checking import check


def one_input(data: bytes) -> None:
    """Check one file's bytes; a problem without a code or message is a failure as well."""
    problems = Problems()
    file = SourceFile("shop.yaml", "/nowhere/shop.yaml", data)
    catalog = assemble([Found(name="shop", folder="/nowhere", root="/nowhere", files=(file,))], problems)
    check(catalog, None, problems, draft)
    for problem in problems:
        if not (problem.code and problem.message and str(problem)):
            raise RuntimeError(f"a problem without words: {problem!r}")


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
