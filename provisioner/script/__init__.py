"""ArrowScript: the expressions in MonkScript's values.

parse(source) -> Script                 ScriptSyntaxError where it is not ArrowScript
evaluate(script, context) -> Outcome    EvaluationError where it has no value
findings(script)                        what is wrong with it without running it
"""

from provisioner.script.context import Context, Link, Nowhere, RefusedError
from provisioner.script.evaluate import EvaluationError, Outcome, evaluate
from provisioner.script.findings import Finding, findings
from provisioner.script.lexer import ScriptSyntaxError
from provisioner.script.parser import parse
from provisioner.script.tree import Script
from provisioner.script.values import Later, Parts, SecretRef, Value

__all__ = [
    "Context",
    "EvaluationError",
    "Finding",
    "Later",
    "Link",
    "Nowhere",
    "Outcome",
    "Parts",
    "RefusedError",
    "Script",
    "ScriptSyntaxError",
    "SecretRef",
    "Value",
    "evaluate",
    "findings",
    "parse",
]
