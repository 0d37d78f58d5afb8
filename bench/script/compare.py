"""ArrowScript against the same expressions in Jinja2's compiled native environment, start-up included.

    uv run --no-sync --with jinja2 python bench/script/compare.py

Each engine is started as a process of its own, compiles every distinct expression once and evaluates all of them many times,
as one `check` of a folder of packages does. Printed is the shortest of several turns, and the ratio.
"""

# ruff: noqa: INP001 - run by hand

import subprocess
import sys
import time
from typing import Final

ROUNDS: Final = (1, 20, 200, 2000)
"""How often each expression is evaluated: once is a small package, 2,000 times a folder of thousands."""
TURNS: Final = 7

PAIRS: Final = [
    ("`${image}:${tag}`", "{{ image ~ ':' ~ tag }}"),
    ('$missing default("latest")', "{{ missing if missing is not none else 'latest' }}"),
    ("$port", "{{ port }}"),
    ("`${volumes}/shop/data:/var/lib/data`", "{{ volumes ~ '/shop/data:/var/lib/data' }}"),
    ('$host ":" $port concat-all', "{{ host ~ ':' ~ port }}"),
    ('$mode not-eq?("") then("A") or("B")', "{{ 'A' if mode != '' else 'B' }}"),
    ("`postgres://${user}:${password}@${host}:${port}/${name}?sslmode=disable`",
     "{{ 'postgres://' ~ user ~ ':' ~ password ~ '@' ~ host ~ ':' ~ port ~ '/' ~ name ~ '?sslmode=disable' }}"),
    ('$host split(".dns") join("")', "{{ host.split('.dns') | join('') }}"),
    ("$port add(1)", "{{ port + 1 }}"),
    ('{"a": 1, "b": [1, 2, 3]} get-member("b")', "{{ {'a': 1, 'b': [1, 2, 3]}['b'] }}"),
    ('["a", "b"] first to-json', "{{ ['a', 'b'] | first | tojson }}"),
]  # fmt: skip

ARROW: Final = """
from provisioner.script.context import Nowhere
from provisioner.script.evaluate import evaluate
from provisioner.script.parser import parse

class Here(Nowhere):
    def variable(self, name, *, guarded):
        return VALUES.get(name)

context = Here()
for _ in range(ROUNDS):
    for source in SOURCES:
        evaluate(parse(source), context)
"""

JINJA: Final = """
from jinja2.nativetypes import NativeEnvironment

environment = NativeEnvironment()
compiled = {}
for _ in range(ROUNDS):
    for source in SOURCES:
        template = compiled.get(source)
        if template is None:
            template = compiled[source] = environment.from_string(source)
        template.render(VALUES)
"""

VALUES: Final = {
    "image": "nginx", "tag": "1.27", "missing": None, "port": 5432, "volumes": "/var/lib/monkd/volumes", "mode": "fast",
    "host": "db.shop.internal.dns", "user": "app", "password": "secret", "name": "shop",
}  # fmt: skip


def main() -> None:
    arrow, jinja = [pair[0] for pair in PAIRS], [pair[1] for pair in PAIRS]
    start = seconds("pass", [], 1)
    print(f"{len(arrow)} expressions; an empty Python process takes {start * 1000:.0f} ms")
    for rounds in ROUNDS:
        ours, theirs = seconds(ARROW, arrow, rounds), seconds(JINJA, jinja, rounds)
        times = f"ArrowScript {ours * 1000:.0f} ms, Jinja2 native {theirs * 1000:.0f} ms"
        print(f"{rounds:4} times each: {times}, ratio {ours / theirs:.2f}")


def seconds(program: str, sources: list[str], rounds: int) -> float:
    """The shortest of several turns of the whole process."""
    head = f"SOURCES = {sources!r}\nVALUES = {VALUES!r}\nROUNDS = {rounds}\n"
    return min(_turn(head + program) for _ in range(TURNS))


def _turn(program: str) -> float:
    before = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True)
    return time.perf_counter() - before


if __name__ == "__main__":
    main()
