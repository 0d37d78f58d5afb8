"""Actions: what people can ask of a definition, with typed arguments."""

from collections.abc import Mapping

from provisioner.errors import nearest
from provisioner.package.nodes import Node
from provisioner.resolve.entries import named
from provisioner.resolve.evaluation import Evaluation
from provisioner.resolve.model import Action, Argument
from provisioner.resolve.variables import convert
from provisioner.script.findings import examine
from provisioner.script.lexer import ScriptSyntaxError
from provisioner.script.tree import Literal, Script, Variable, walk
from provisioner.script.values import Value

TYPES = ("string", "int", "float", "bool", "bigint")


def actions(node: Node | None, evaluation: Evaluation) -> dict[str, Action]:
    """Every action with code. Code that cannot be read is a warning: nothing runs it before somebody asks for it."""
    found: dict[str, Action] = {}
    for name, entry in named(node):
        here = evaluation.at(name)
        code = here.at("code").known_text(entry.entries.get("code"))
        if code is None:
            here.problems.warning("no-code", entry.key_place(here.path), f'the action "{name}" has no `code`: it does nothing')
            continue
        arguments = _arguments(entry.entries.get("arguments"), here.at("arguments"))
        _check(code, entry.entries["code"], arguments, here.at("code"))
        found[name] = Action(
            name=name,
            code=code.strip(),
            description=entry.entries["description"].text if "description" in entry.entries else "",
            arguments=arguments,
            place=entry.key_place(here.path),
        )
    return found


def _arguments(node: Node | None, evaluation: Evaluation) -> dict[str, Argument]:
    found: dict[str, Argument] = {}
    for name, entry in named(node):
        here = evaluation.at(name)
        type_ = here.text_at(entry, "type") or ""
        default = entry.entries.get("default")
        found[name] = Argument(
            name=name,
            type=type_,
            description=entry.entries["description"].text if "description" in entry.entries else "",
            default=None if default is None else _default(default, type_, here.at("default")),
            required=default is None,
        )
    return found


def _default(node: Node, type_: str, evaluation: Evaluation) -> Value:
    value = evaluation.value(node, typed=type_ or "any")
    if not type_ or type_ not in TYPES or value is None:
        return value
    try:
        return convert(value, type_)
    except ValueError as error:
        evaluation.problems.error("type-mismatch", node.place(evaluation.path), f"the argument is of type {type_}: {error}")
        return None


def given(action: Action, values: Mapping[str, object]) -> dict[str, Value]:
    """The arguments of one call in their types: what is given, else the default. `ValueError` for what is missing or wrong."""
    for name in values:
        if name not in action.arguments:
            close = nearest(name, action.arguments)
            hint = f"; did you mean {close}?" if close else ""
            raise ValueError(f'{action.name} takes no argument "{name}" (it takes {", ".join(action.arguments) or "none"}){hint}')
    missing = [name for name, argument in action.arguments.items() if argument.required and name not in values]
    if missing:
        raise ValueError(f"{action.name} needs {', '.join(f'{name}=…' for name in missing)}")
    found: dict[str, Value] = {}
    for name, argument in action.arguments.items():
        value = values.get(name, argument.default)
        plain = value if value is None or isinstance(value, bool | int | float | str) else str(value)
        found[name] = _converted(name, plain, argument.type)
    return found


def _converted(name: str, value: Value, type_: str) -> Value:
    if type_ not in TYPES or not isinstance(value, bool | int | float | str):
        return value
    try:
        return convert(value, type_)
    except ValueError as error:
        raise ValueError(f"the argument {name} is of type {type_}: {error}") from None


def _check(code: str, node: Node, arguments: Mapping[str, Argument], evaluation: Evaluation) -> None:
    """What is certainly wrong with an action's code: it does not parse, or it reads an argument that is not declared."""
    place = node.place(evaluation.path)
    try:
        script, found = examine(code)
    except ScriptSyntaxError as error:
        evaluation.problems.warning("broken-action", place, f"not valid ArrowScript, so this action never works: {error}")
        return
    for finding in found:
        evaluation.problems.add(finding.problem(place, is_spared=True))
    for name in _read(script):
        if name not in arguments:
            close = nearest(name, arguments)
            message = f'the code reads the argument "{name}", which `arguments` does not declare'
            hint = f"did you mean {close}?" if close else f"declare arguments: {{{name}: {{type: string}}}}"
            evaluation.problems.warning("undeclared-argument", place, message, hint=hint)


def _read(script: Script) -> dict[str, None]:
    """The names in `$args["name"]`, in any order."""
    members = [item.member for item in walk(script) if isinstance(item, Variable) and item.name == "args" and item.member]
    literals = (member.items[0] for member in members if len(member.items) == 1)
    return {item.value: None for item in literals if isinstance(item, Literal) and isinstance(item.value, str)}
