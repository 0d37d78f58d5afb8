"""Files made to cost as much as they can, each within every limit on what is written. `hostile_measure.py` checks them."""

# One line each, however long it is.
# ruff: noqa: E501

from collections.abc import Callable


def many(count: int, line: str, sep: str = "") -> str:
    """`count` lines; `{n}` is the number, `{m}` the one before it."""
    return sep.join(line.replace("{n}", str(n)).replace("{m}", str(n - 1)) for n in range(count))


def package(*definitions: str) -> str:
    return "namespace: a\n" + "".join(definitions)


def runnable(name: str = "b", **sections: str) -> str:
    """A runnable with these sections; with one container `c` where they name none."""
    has_own = "containers" in sections or "inherits" in sections
    given = sections if has_own else {"containers": "{c: {image: x:1}}", **sections}
    body = "".join(f", {key}: {value}" for key, value in given.items())
    return f"{name}: {{defines: runnable{body}}}\n"


def expression(source: str, count: int = 1) -> str:
    return package(runnable(variables="{" + many(count, "v{n}: {value: '<- " + source.replace("'", "''") + "'}, ") + "}"))


def heirs(base: str, count: int = 490) -> str:
    return package(base, many(count, "h{n}: {inherits: ./b}\n"))


# fmt: off
BIG = "x" * 1_900_000
HOSTILE: dict[str, Callable[[], str]] = {
    "a fan over many variables": lambda: heirs(runnable(variables="{" + many(4000, "v{n}: 1, ") + "}")),
    "a fan over many bound variables": lambda: heirs(runnable(variables="{" + many(2000, "v{n}: {value: 1, env: V{n}}, ") + "}")),
    "a fan over many containers": lambda: heirs(runnable(containers="{" + many(2000, "c{n}: {image: x:1}, ") + "}")),
    "a fan over a long list": lambda: heirs(runnable(containers="{c: {image: x:1, environment: [" + many(8000, "A{n}=1, ") + "]}}")),
    "a fan over a long text": lambda: heirs(runnable(containers="{c: {image: x:1, bash: '" + BIG + "'}}")),
    "a fan over a long command": lambda: heirs(runnable(containers="{c: {image: x:1, command: '" + "x " * 900_000 + "'}}")),
    "a fan over a wrong long image": lambda: heirs(runnable(containers="{c: {image: '" + BIG + "'}}")),
    "a fan over a long template": lambda: heirs(runnable(variables="{x: y}", files='{f: {container: c, path: /f, contents: "' + "{{ v `x` }}" * 150_000 + '"}}')),
    "a fan over a long wrong template": lambda: heirs(runnable(files='{f: {container: c, path: /f, contents: "' + "{{ if true }}" * 140_000 + '"}}')),
    "a fan over many services": lambda: heirs(runnable(services="{" + many(1500, "s{n}: {container: c, port: 80}, ") + "}")),
    "a fan over many connections": lambda: heirs(runnable(services="{s: {container: c, port: 80}}", connections="{" + many(2500, "c{n}: {runnable: a/b, service: s}, ") + "}")),
    "a fan over many actions": lambda: heirs(runnable(actions="{" + many(2500, "a{n}: {code: '1 2 add'}, ") + "}")),
    "a fan over many mistakes": lambda: heirs(runnable(containers="{c: {image: x:1, paths: [" + many(8000, "x{n}, ") + "]}}")),
    "a fan over many broken expressions": lambda: heirs(runnable(variables="{" + many(2500, "v{n}: '<- $nothing{n}', ") + "}")),
    "a fan over a costly expression": lambda: heirs(runnable(variables="{x: '<- " + "1 " * 9000 + "'}")),
    "a chain of heirs": lambda: package(runnable(variables="{" + many(4000, "v{n}: 1, ") + "}"), "h0: {inherits: ./b}\n", many(48, "h{n}1: {inherits: ./h{m}1}\n").replace("./h-11", "./h0"), many(300, "t{n}: {inherits: ./h471}\n")),
    "heirs that inherit within": lambda: package("b: {" + many(4000, "v{n}: 1, ") + "}\n", many(400, "h{n}: {defines: runnable, containers: {c: {image: x:1}}, variables: {inherits: ./b}, metadata: {inherits: ./b}}\n")),
    "a chain without end": lambda: package(runnable("h0"), many(490, "h{n}: {inherits: ./h{m}}\n").replace("h0: {inherits: ./h-1}\n", "")),
    "a circle of heirs": lambda: package(many(490, "h{n}: {inherits: ./h{m}}\n").replace("h-1", "h489")),
    "containers times environment": lambda: package(runnable(containers="{" + many(1500, "c{n}: {image: x:1}, ") + "}", variables="{" + many(2000, "v{n}: {value: 1, env: V{n}}, ") + "}")),
    "numbered elements": lambda: package(runnable(containers="{c: {image: x:1, " + many(9000, "environment!{n}: A=1, ") + "}}")),
    "numbered elements without place": lambda: package(runnable(containers="{c: {image: x:1, " + many(9000, "environment!{n}7: A=1, ") + "}}")),
    "variables in a row": lambda: package(runnable(variables="{v0: 1, " + many(4000, "v{n}: '<- $v{m}', ").replace("v0: '<- $v-1', ", "") + "}")),
    "variables in a row, backwards": lambda: package(runnable(variables="{" + many(4000, "v{m}: '<- $v{n}', ") + "v3999: 1}")),
    "mutual variables": lambda: package(runnable(variables="{" + many(2000, "a{n}: '<- $b{n}', b{n}: '<- $a{n}', ") + "}")),
    "variables that read all others": lambda: package(runnable(variables="{" + many(60, "v{n}: '<- " + many(60, "$v{n} ").replace("{n}", "§") + "', ").replace("§", "{n}") + "}")),
    "lists that double": lambda: expression('[1] set("x") ' + '[$x, $x] set("x") ' * 60),
    "lists that double by variables": lambda: package(runnable(variables="{v0: '<- [1]', " + many(35, "v{n}: '<- [$v{m}, $v{m}]', ").replace("v0: '<- [$v-1, $v-1]', ", "") + "}")),
    "objects that double": lambda: expression('{"a": 1} set("x") ' + '{"a": $x, "b": $x} set("x") ' * 60),
    "doubled lists compared": lambda: expression('[1] set("x") [1] set("y") ' + '[$x, $x] set("x") [$y, $y] set("y") ' * 30 + "$x $y eq?"),
    "a list that grows": lambda: expression('"' + "x" * 9000 + '" split("") set("x") ' + "$x append($x) first " * 3000),
    "long lists again and again": lambda: expression('"' + "x" * 90_000 + '" split("") ' + "dup first " * 900),
    "many long lists": lambda: expression(('"' + "x" * 50_000 + '" split("") ') + "dup map(<-{ dup }) ", 30),
    "many long texts": lambda: expression('"' + "x" * 4000 + '" set("x") ' + "$x $x $x $x $x $x $x $x " * 20 + " concat-all " * 1 + "dup concat " * 9 + 'dup replace("x", "y") ' * 300, 10),
    "steps": lambda: expression("1 " * 9900, 90),
    "steps in every variable": lambda: expression("1 add(1) " * 300, 600),
    "functions in functions": lambda: expression('[1,2,3,4,5,6,7,8,9,10] set("x") $x map(<-{ drop $x map(<-{ $x map(<-{ $x map(<-{ 1 }) }) }) })', 300),
    "a function that calls itself": lambda: expression('<-{ $f callf } set("f") $f callf', 900),
    "numbers that double": lambda: expression("3n " + "dup mult " * 3000, 30),
    "huge numbers": lambda: expression("9" * 900 + " " + "1 add " * 3000, 20),
    "deep JSON": lambda: expression('"' + "[" * 45_000 + "]" * 45_000 + '" parse-json to-json'),
    "deep lists of an expression": lambda: expression("[" * 39 + "]" * 39 + " [] " + "append([]) " * 5000),
    "nested deeper and deeper": lambda: expression('[] set("x") ' + '[$x] set("x") ' * 3000 + " $x to-json"),
    "brackets": lambda: expression("(" * 90_000),
    "quotes": lambda: expression('\\"' * 45_000),
    "backticks": lambda: expression("`" * 90_001),
    "holes": lambda: expression("`" + "${" * 45_000 + "`"),
    "dollars": lambda: expression("`" + "$\\" * 45_000 + "`"),
    "unknown words": lambda: expression("wordx " * 9000, 8),
    "open templates": lambda: package(runnable(files='{f: {container: c, path: /f, contents: "' + "{{" * 900_000 + '"}}')),
    "open templates with space": lambda: package(runnable(files='{f: {container: c, path: /f, contents: "' + "{{ " * 600_000 + '"}}')),
    "open quotes in templates": lambda: package(runnable(files="{f: {container: c, path: /f, contents: '" + '{{ "' * 450_000 + "'}}")),
    "templates with many words": lambda: package(runnable(files="{f: {container: c, path: /f, contents: '{{ " + "not " * 450_000 + "}}'}}")),
    "templates with many brackets": lambda: package(runnable(files="{f: {container: c, path: /f, contents: '{{ " + "( " * 450_000 + "}}'}}")),
    "conditions in conditions": lambda: package(runnable(files="{f: {container: c, path: /f, contents: '" + "{{ if true }}" * 30 + "{{ else if true }}" * 60_000 + "'}}")),
    "groups in groups": lambda: package(runnable(), many(489, "g{n}: {defines: group, members: [a/g{m}]}\n").replace("a/g-1", "a/b")),
    "groups that meet again": lambda: package(runnable(variables="{x: '<- $nothing'}"), "g0: {defines: group, members: [a/b]}\nk0: {defines: group, members: [a/b]}\n", many(200, "g{n}: {defines: group, members: [a/g{m}, a/k{m}]}\nk{n}: {defines: group, members: [a/g{m}, a/k{m}]}\n").split("k0:", 1)[1].split("\n", 1)[1]),
    "many groups of all": lambda: package(many(85, "b{n}: {defines: runnable, containers: {c: {image: x:1}}, variables: {x: '<- $y default(1)'}}\n"), many(85, "g{n}: {defines: group, members: [" + ", ".join(f"a/b{k}" for k in range(85)) + "]}\n")),
    "groups in a circle": lambda: package(many(400, "g{n}: {defines: group, members: [a/g{m}, a/g0]}\n").replace("a/g-1", "a/g399")),
    "everybody waits for the group": lambda: package("g: {defines: group, members: [" + many(480, "a/b{n}, ") + "]}\n", many(480, "b{n}: {defines: runnable, containers: {c: {image: x:1}}, depends: {wait-for: {runnables: [a/g]}}}\n")),
    "a row of waiting": lambda: package("g: {defines: group, members: [" + many(480, "a/b{n}, ") + "]}\n", many(480, "b{n}: {defines: runnable, containers: {c: {image: x:1}}, depends: {wait-for: {runnables: [a/b{m}]}}}\n").replace("a/b-1", "a/b0")),
    "everybody connects to everybody": lambda: package(many(60, "b{n}: {defines: runnable, containers: {c: {image: x:1}}, services: {s: {container: c, port: 80}}, connections: {" + many(45, "c§: {runnable: a/b§, service: s}, ").replace("{n}", "") + "}}\n").replace("§", "1")),
    "connections in a circle by ports": lambda: package(many(300, "b{n}: {defines: runnable, containers: {c: {image: x:1}}, services: {s: {container: c, port: '<- connection-port(\"n\")'}}, connections: {n: {runnable: a/b{m}, service: s}}}\n").replace("a/b-1", "a/b299")),
    "a costly port that all ask for": lambda: package(runnable("hub", services="{s: {container: c, port: '<- " + "1 " * 9000 + "'}}"), many(480, "b{n}: {defines: runnable, containers: {c: {image: x:1}}, connections: {n: {runnable: a/hub, service: s}}}\n")),
    "whole definitions read": lambda: package(runnable("big", metadata="{" + many(4000, "k{n}: v, ") + "}"), runnable(variables="{" + many(2000, "v{n}: '<- \"a/big\" entity get-member(\"x\")', ") + "}")),
    "definitions that read each other": lambda: package(many(300, "b{n}: {defines: runnable, containers: {c: {image: x:1}}, variables: {x: '<- \"a/b{m}\" entity'}}\n").replace("a/b-1", "a/b299")),
    "a name as long as a file": lambda: 'namespace: a\n? "' + "k" * 1_800_000 + '"\n: {defines: runnable, variables: {' + many(4000, "v{n}: {type: 1}, ") + "}, containers: {" + many(1000, "c{n}: {imagee: 1}, ") + "}}\n",
    "a namespace as long as a file": lambda: "namespace: " + "k" * 1_500_000 + "\n" + many(400, "b{n}: {defines: runnable, containers: {c: {image: x}}}\n"),
    "a long reference": lambda: package("b: {inherits: " + "a/" * 900_000 + "b}\n"),
    "long references": lambda: package(many(400, "b{n}: {inherits: " + "a/" * 2000 + "b}\n")),
    "bare references": lambda: package(many(490, "b{n}: {defines: group, members: [" + "zz, " * 15 + "]}\n")),
    "wrong names": lambda: package(runnable(connections="{" + many(2000, "c{n}: {runnable: a/bb{n}, service: s}, ") + "}"), many(480, "bb{n}x: {}\n")),
    "long digits": lambda: package(runnable(services="{s: {container: c, port: " + "9" * 1_900_000 + "}}")),
    "long digits of everything": lambda: package("b: {defines: blueprint, network: {zones: N}, hosts: {a: {needs: {cpu: N, memory: N, gpu: N}, disk: N}}, budget: {monthly: N}, records: {r: {ttl: N}}}\n".replace("N", "9" * 200_000)),
    "long text of everything": lambda: package("b: {defines: blueprint, network: {cidr: N, zones: N}, hosts: {a: {count: N, needs: {cpu: N, memory: N}, disk: N}}, budget: {monthly: N}, volumes: {v: {backup: {start-time: N}}}}\n".replace("N", "1." * 100_000)),
    "spaces": lambda: package(runnable(services="{s: {container: c, port: '" + " " * 1_900_000 + "1'}}", files="{f: {container: c, path: /f, mode: '" + " " * 9000 + "x'}}")),
    "huge counts": lambda: package("b: {defines: blueprint, network: {zones: 8}, hosts: {a: {count: 999999999, needs: {cpu: 1}}}}\n"),
    "many hosts": lambda: package("b: {defines: blueprint, hosts: {" + many(3000, "h{n}: {count: 3}, ") + "}}\n"),
    "many volumes and balancers": lambda: package("b: {defines: blueprint, runs: [a/w], hosts: {h: {count: 1}}, volumes: {" + many(1000, "v{n}: {size: 1, hosts: h}, ") + "}, balancers: {" + many(1000, "l{n}: {service: a/w/s}, ") + "}}\n", runnable("w", services="{s: {container: c, port: 80, host-port: 80, publish: true}}")),
    "an entity with a large schema": lambda: package("t: {defines: entity, schema: {" + many(1500, "p{n}: {type: string, enum: [a, b]}, ") + "required: []}}\n", many(400, "i{n}: {defines: a/t, p1: 3, q: 1}\n")),
    "environment that clashes": lambda: package(runnable(variables="{" + many(3000, "v{n}: {value: 1, env: SAME}, ") + "}")),
    "long environment names": lambda: package(runnable(variables="{v: {value: 1, env: " + "A_" * 900_000 + "}}", containers="{c: {image: x:1, environment: ['" + "_" * 900 + "USER=1']}}")),
    "secrets": lambda: package(runnable(**{"permitted-secrets": "{" + many(4000, "s{n}: true, ") + "}"}, variables="{" + many(2000, "v{n}: '<- secret(\"s{n}\")', ") + "}")),
    "keys written twice": lambda: package("b: {" + "a: 1, " * 9000 + "}\n"),
    "a check of many parts": lambda: package(runnable(checks="{readiness: {code: '" + 'exec("c", "x") contains?("y") ' * 2000 + "'}}")),
    "a check that nests": lambda: package(runnable(checks="{readiness: {code: '" + 'exec("c", "x") contains?("y") ' + "not " * 9000 + "'}}")),
    "checks that join": lambda: package(runnable(checks="{readiness: {code: '" + 'exec("c", "x") eq?("y") ' + "dup and " * 40 + "'}}")),
    "doubling lists as text": lambda: package(runnable(variables="{" + "x: {type: string, env: X, value: '<- [1] set(\"x\") " + '[$x, $x] set("x") ' * 60 + "'}}")),
    "doubling lists by variables as text": lambda: package(runnable(variables="{v0: '<- [1]', " + many(35, "v{n}: '<- [$v{m}, $v{m}]', ").replace("v0: '<- [$v-1, $v-1]', ", "") + "w: {type: string, env: X, value: '<- $v34'}}")),
    "undefined variables": lambda: package(runnable(variables="{" + many(4000, "variable{n}: '<- $variableX{n}', ") + "}")),
    "one long expression": lambda: expression("1 " * 49_000),
    "many containers with environment": lambda: package(runnable(containers="{" + many(2400, "c{n}: {image: x:1}, ") + "}", variables="{" + many(1600, "v{n}: {value: 1, env: V{n}}, ") + "}")),
    "a fan over a broken long expression": lambda: heirs(runnable(variables="{x: '<- " + "(" * 90_000 + "'}")),
    "entities of large lists": lambda: package("t: {defines: entity, schema: {p: {type: array, items: {type: string, enum: [" + many(3000, "e{n}, ") + "]}}}}\n", "i: {defines: a/t, p: [" + many(5000, "f{n}, ") + "]}\n"),
    "a member in many groups": lambda: package(runnable(), many(480, "g{n}: {defines: group, members: [a/b], variables: {x{n}: 1}}\n"), "top: {defines: group, members: [" + many(480, "a/g{n}, ") + "]}\n"),
    "waiting in a wide web": lambda: package("g: {defines: group, members: [" + many(95, "a/b{n}, ") + "]}\n", "".join(f"b{n}: {{defines: runnable, containers: {{c: {{image: x:1}}}}, depends: {{wait-for: {{runnables: [" + ", ".join(f"a/b{k}" for k in range(n)) + "]}}}\n" for n in range(95))),
    "hooks and routes": lambda: package(runnable(containers="{c: {image: x:1, hooks: {" + many(4000, "h{n}: none, ") + "}}}", services="{s: {container: c, port: 80, ingress-routes: {" + many(3000, "r{n}: {path-prefix: x}, ") + "}}}")),
    "long backslashes": lambda: expression('"' + "\\\\" * 45_000 + '"'),
    "escaped quotes without end": lambda: expression('"' + '\\"' * 40_000),
    "escaped holes": lambda: expression("`" + "\\${" * 30_000 + "`"),
    "holes with quotes": lambda: expression("`" + '${"a' * 20_000 + "`"),
    "documents within documents": lambda: "".join(f"---\nnamespace: a{n}\nb: {{defines: runnable, containers: {{c: {{image: x:1}}}}}}\n" for n in range(900)),
}
# fmt: on

QUICK = (
    "a fan over many variables",
    "a fan over many containers",
    "a fan over a long command",
    "a fan over a wrong long image",
    "a fan over a long wrong template",
    "a fan over many mistakes",
    "a chain of heirs",
    "doubled lists compared",
    "doubling lists as text",
    "a list that grows",
    "open templates",
    "open quotes in templates",
    "templates with many words",
    "groups in groups",
    "groups that meet again",
    "a namespace as long as a file",
    "a long reference",
    "long references",
    "bare references",
    "containers times environment",
    "entities of large lists",
    "long digits of everything",
    "deep JSON",
    "mutual variables",
)
"""Each was too much once."""
