"""Any file is read and checked, or refused, in two seconds and 300 MB: one file after another in a process of its own."""

import json
import subprocess
import sys

import pytest

SECONDS = 2
MEGABYTES = 300

WORST = {
    "a billion laughs": "a: &a [x]\n{bomb}",
    "deep lists": "{deep}",
    "deep mappings": "{maps}",
    "one huge scalar": 'namespace: a\nb: "{huge}"',
    "one huge plain text": "namespace: a\nb: {huge}",
    "more characters than allowed": 'a: "{huge}{huge}"',
    "many scalars": "namespace: a\nb: [{commas}]",
    "many keys": "namespace: a\nb:\n  defines: blueprint\n{keys}",
    "many definitions": "namespace: a\n{definitions}",
    "many references to nothing": "namespace: a\n{references}",
    "many documents": "{documents}",
    "a long expression": "namespace: a\nb: {{defines: runnable, variables: {{x: <- {ones}}}}}",
    "texts that double": "namespace: a\nb:\n  defines: runnable\n  containers: {{c: {{image: x}}}}\n  variables:\n{doubling}",
}

RUN = """
import json, re, sys, time
from provisioner.errors import Problems
from provisioner.package.catalog import assemble
from provisioner.package.discover import Found
from provisioner.package.files import SourceFile
from provisioner.resolve.checking import check
parts = dict(
    bomb="".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}, *{chr(97 + n)}]\\n" for n in range(20)),
    deep="[" * 1_000_000,
    maps="a: " + "{b: " * 300_000,
    huge="x" * 2_000_000,
    commas="1, " * 600_000,
    keys="".join(f"  hosst{n}: 1\\n" for n in range(9900)),
    definitions="".join(f"b{n}: {{defines: runnable, containers: {{c: {{image: 'x:1'}}}}}}\\n" for n in range(490)),
    references="".join(f"b{n}: {{inherits: ./missing{n}}}\\n" for n in range(490)),
    documents="---\\na: 1\\n" * 190_000,
    ones="1 " * 900_000,
    doubling="    v0: x\\n" + "".join(f"    v{n}: <- `${{v{n - 1}}}${{v{n - 1}}}`\\n" for n in range(1, 60)),
)
found = {}
for name, text in json.load(sys.stdin).items():
    data, problems, start = text.format(**parts).encode(), Problems(), time.process_time()
    file = SourceFile("a.yaml", "/nowhere/a.yaml", data)
    catalog = assemble([Found(name="a", folder="/nowhere", root="/nowhere", files=(file,))], problems)
    check(catalog, None, problems)
    # Not `ru_maxrss`: over an exec it keeps the high-water mark of the process that started this one.
    memory = int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]) / 1024
    found[name] = [time.process_time() - start, memory, [problem.code for problem in problems][:1]]
json.dump(found, sys.stdout)
"""


@pytest.fixture(scope="module")
def measured() -> dict[str, list[object]]:
    done = subprocess.run([sys.executable, "-c", RUN], input=json.dumps(WORST), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", WORST)
def test_the_worst_files_cost_little(name: str, measured: dict[str, list[float]]) -> None:
    seconds, megabytes, _ = measured[name]
    assert seconds < SECONDS
    assert megabytes < MEGABYTES


def test_they_are_refused_for_what_they_are(measured: dict[str, list[list[str]]]) -> None:
    codes = {name: found[2][:1] for name, found in measured.items()}
    assert codes["a billion laughs"] == ["alias"]
    assert codes["deep lists"] == codes["deep mappings"] == ["too-deep"]
    for name in ("more characters than allowed", "many scalars", "many documents"):
        assert codes[name] == ["file-too-large"]
    assert codes["texts that double"] == ["too-large"]
