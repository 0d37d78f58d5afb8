"""ArrowScript: the expressions in MonkScript's values.

parser.parse(source) -> Script                   ScriptSyntaxError where it is not ArrowScript
evaluate.evaluate(script, context) -> Outcome    EvaluationError where it has no value
findings.findings(script)                        what is wrong with it without running it
values                                           what an expression can be worth
"""
