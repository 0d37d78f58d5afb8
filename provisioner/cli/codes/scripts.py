"""Codes of ArrowScript and of templates."""

from typing import Final

from provisioner.cli.codes.model import Code

CODES: Final = (
    Code(
        "bare-word",
        "A word stands where a value is expected and is no operator; it is taken as text, with a warning.",
        "value: <- secret(db-password)",
        'Write it in quotes: `secret("db-password")`.',
    ),
    Code(
        "broken-action",
        "An action's code is not ArrowScript, so the action never works.",
        'code: exec("db", "dump"',
        "Close brackets and quotes.",
    ),
    Code(
        "broken-check",
        "A check's code is not ArrowScript, so the check never holds and whatever waits for it gives up.",
        'code: exec("db", "sh -c "ls"")',
        "Use the other kind of quotes inside, or escape them.",
    ),
    Code(
        "broken-script",
        "An expression is not ArrowScript.",
        "value: <- $port default(80",
        "Close brackets, quotes and templates; the place is where reading stopped.",
    ),
    Code(
        "broken-template",
        "A file's contents hold `{{ … }}` that is no template understood here.",
        "contents: '{{ range .Items }}'",
        "Use `v`, `var`, `if`, `else`, `end`; `raw: true` takes the contents as they are.",
    ),
    Code(
        "no-health-command",
        "Neither a command in a container nor what can be asked on a host decides a readiness check.",
        'code: ip-address-public "10." contains?',
        'Use `exec("container", "command", …)` or `http-get("http://localhost/…")`, without secrets.',
    ),
    Code(
        "no-hook-command",
        "A hook's action does something else than run commands in containers of its runnable, with arguments known before "
        "the deploy; the hook is left out.",
        'greet: {code: exec("app", "login", secret("token"))}',
        "Use `exec` and requests; read a secret inside the container, where it is a variable or a file.",
    ),
    Code(
        "not-known",
        "A value is needed before the deploy, and the expression gives a secret or something known only afterwards.",
        "image-tag: <- ip-address-public",
        "Use a value that the package or the stack states.",
    ),
    Code(
        "template-expression",
        "More than a variable's name stands in `${…}`. It works here; the language documents names only.",
        'value: <- `http://${connection-target("db")}`',
        "Give the expression a variable of its own and name that.",
    ),
    Code(
        "too-large",
        "An expression's value grows beyond the limit.",
        "",
        "Compute less; bring bulk text with `<<<`.",
    ),
    Code(
        "too-many-steps",
        "An expression does not end within the limit of steps.",
        "",
        "Compute less in the package.",
    ),
    Code(
        "unknown-operator",
        "An expression uses an operator that does not exist.",
        'value: <- $host concta(":80")',
        "Correct the name.",
    ),
    Code(
        "wrong-arguments",
        "An operator gets too few or too many values.",
        'value: <- "a,b" split',
        "The message shows the operator's signature.",
    ),
)
