"""`provisioner explain CODE`: what a problem means and what to do about it."""

import json

import click

from provisioner.cli.output import json_option
from provisioner.errors import InputError, Problem, nearest


@click.command("explain")
@click.argument("code", required=False)
@json_option
def command(*, code: str | None, as_json: bool) -> None:
    """Print what CODE means, an example of the mistake, and the remedy. Without CODE: every code, a line each.

    The codes of problems are in what `provisioner check --json` prints.
    """
    from provisioner.cli.codes import CODES, STAGES

    if code is None:
        listed = [{"code": one.code, "stage": stage, "meaning": one.meaning} for stage, codes in STAGES.items() for one in codes]
        if as_json:
            click.echo(json.dumps(listed, indent=2, ensure_ascii=False))
            return
        for stage, codes in STAGES.items():
            click.echo(click.style(stage, bold=True))
            click.echo("".join(f"  {one.code:<22} {one.meaning.split('. ')[0].rstrip('.')}\n" for one in codes))
        return
    found = CODES.get(code)
    if found is None:
        close = nearest(code, CODES)
        hint = f"did you mean {close}?" if close else "`provisioner explain` lists them"
        raise InputError([Problem(severity="error", code="unknown-code", message=f'no problem has the code "{code}"', hint=hint)])
    if as_json:
        document = {"code": found.code, "meaning": found.meaning, "example": found.example, "remedy": found.remedy}
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
        return
    click.echo(f"{click.style(found.code, bold=True)}\n\n{found.meaning}\n")
    if found.example:
        click.echo("Such as\n\n" + "".join(f"    {line}\n" for line in found.example.splitlines()))
    click.echo(f"Remedy: {found.remedy}")
