"""The policies: a mandatory budget, and advice on what the estimate cannot see.

Configuration, in the file of `--policy-pack-config`:

    {"cost-budget": {"monthly": "400 USD", "usage": "usage.yaml", "account": "account.yaml"}}
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    PolicyPack,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from provisioner.cost import account, account_file, usage, usage_file
from provisioner.cost.preview.price import Priced, price
from provisioner.deploy.policy.resources import plain, resources
from provisioner.deploy.prepare import open_prices
from provisioner.errors import ProvisionerError
from provisioner.units import Money

Report = Callable[..., None]

FILES = {
    "usage": {"type": "string", "description": "A file with the monthly usage"},
    "account": {"type": "string", "description": "A file with the account's own prices and discounts"},
}


_inputs: dict[str, Mapping[str, Any]] = {}
"""What the program states for each resource, by URN: the engine shows it once, before the stack is validated."""


def pack() -> PolicyPack:
    return PolicyPack(
        name="provisioner-cost",
        enforcement_level=EnforcementLevel.MANDATORY,
        policies=[
            ResourceValidationPolicy(
                name="cost-inputs",
                description="Notes what each resource is made of; it finds nothing.",
                enforcement_level=EnforcementLevel.ADVISORY,
                validate=note_inputs,
            ),
            StackValidationPolicy(
                name="cost-budget",
                description="A typical month costs no more than the budget.",
                validate=check_budget,
                config_schema=PolicyConfigSchema(
                    properties={"monthly": {"type": "string", "description": "The most a month may cost, `400 USD`"}, **FILES}
                ),
            ),
            StackValidationPolicy(
                name="cost-coverage",
                description="Everything that the program makes has a price here.",
                enforcement_level=EnforcementLevel.ADVISORY,
                validate=check_coverage,
                config_schema=PolicyConfigSchema(properties=dict(FILES)),
            ),
        ],
    )


def note_inputs(args: ResourceValidationArgs, _: Report) -> None:
    _inputs[args.urn] = plain(args.props)


def check_budget(args: StackValidationArgs, report: Report) -> None:
    """Without a budget nothing could be stopped, so its absence is a violation too."""
    config = args.get_config()
    try:
        budget = Money.parse(str(config["monthly"]))
        typical = _priced(args).estimate.monthly.typical
    except KeyError:
        report('no budget: expected {"cost-budget": {"monthly": "400 USD"}} in the file of --policy-pack-config')
    except (ValueError, ProvisionerError) as error:
        report(f"the cost cannot be checked: {error}")
    else:
        if typical > budget:
            report(f"this stack costs {typical} in a typical month, expected at most {budget}")


def check_coverage(args: StackValidationArgs, report: Report) -> None:
    try:
        missing = _priced(args).estimate.missing
    except ProvisionerError as error:
        report(f"the cost cannot be checked: {error}")
        return
    for one in missing:
        report(f"not in the estimate: {one.name}: {one.reason}")


def _priced(args: StackValidationArgs) -> Priced:
    config: Mapping[str, Any] = args.get_config()
    terms = account_file.load(Path(config["account"])) if config.get("account") else account.LIST
    profile = usage_file.load(Path(config["usage"])) if config.get("usage") else usage.DEFAULT
    with open_prices() as prices:
        return price(resources(args.resources, _inputs), profile, account.AccountTariffs(terms, prices))
