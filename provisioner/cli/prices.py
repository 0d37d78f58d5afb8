"""`provisioner prices`: what is known of prices, from where, and how more of it gets here."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from provisioner.cli.output import json_option, print_json, print_problems, print_table
from provisioner.errors import Problems, UsageError

if TYPE_CHECKING:
    from provisioner.prices.importers.plain import MachineRow
    from provisioner.prices.importers.run import Imported
    from provisioner.prices.importers.stream import Progress
    from provisioner.prices.refresh.run import Refresh
    from provisioner.prices.tables import Table

name_option = click.option("--name", metavar="NAME", help="The table's name; a table of that name is replaced.")


@click.group("prices")
def command() -> None:
    """Look prices up, import price lists, and fetch the clouds' own.

    An imported table overrides the curated prices item by item; `prices list` shows what stands over what.
    """


@command.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """List the price tables, those first that override the others."""
    from provisioner.cli import prices_documents as documents

    tables = _tables()
    if as_json:
        print_json({"tables": [documents.table(one) for one in tables]})
        return
    rows = [(one.name, one.rank, one.format, f"{one.prices:,}", documents.places(one), documents.dates(one)) for one in tables]
    print_table("Price tables", ("table", "what", "format", "prices", "regions", "read"), rows, right=("prices",))


@command.command("find")
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True, help="Print this many at most.")
@json_option
def find(*, words: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Print every price whose cloud, region, kind and item hold all WORDS in that order: `prices find aws eu-west-1 disk`."""
    from provisioner.cli import prices_documents as documents
    from provisioner.deploy.prepare import open_prices
    from provisioner.prices.tariff import AmbiguousPrice, MissingPrice

    problems = Problems()
    with open_prices() as prices:
        keys = prices.keys(" ".join(words))
        found = list[documents.Tariff]()
        for key in keys[:limit]:
            try:
                found.append(prices.tariff(*key))
            except (AmbiguousPrice, MissingPrice) as error:
                problems.warning("price-table", documents.NOWHERE, str(error))
    more = max(0, len(keys) - limit)
    if as_json:
        print_json({"prices": [documents.tariff(one) for one in found], "problems": [str(one) for one in problems], "more": more})
        return
    rows = [row for one in found for row in documents.tiers(one)]
    print_table("", ("cloud", "region", "kind", "item", "from", "to", "USD", "each", "read"), rows, right=("from", "to", "USD"))
    print_problems(problems)
    click.echo(f"{len(found)} price{'s' * (len(found) != 1)}" + (f", and {more} more: raise --limit" if more else ""))


@command.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@name_option
@click.option("--cloud", metavar="CLOUD", help="The cloud that our plain CSV (own prices) speaks of.")
@click.option(
    "--machines", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="What machine types of our plain CSV hold."
)
@json_option
def import_(*, files: tuple[Path, ...], name: str | None, cloud: str | None, machines: Path | None, as_json: bool) -> None:
    """Import FILES as one table: AWS offers (JSON, CSV) and savings plans, pages of Azure Retail Prices or of Google Cloud
    SKUs, or our plain CSV. Packed with gzip or not, of any size. The format is told by the content."""
    from provisioner.prices.importers import run

    _check_cloud(cloud)
    if machines and not cloud:
        raise UsageError("expected --cloud with --machines: both belong to our plain CSV")
    inputs = [run.Input(path=path, address=f"file {path.name}", date=_modified(path)) for path in files]
    job = run.Job(inputs=inputs, folder=_folder(), name=name or _stem(files[0], cloud), now=_now(), machines=_machines())
    with _progress("reading", sum(path.stat().st_size for path in files)) as progress:
        found = run.import_plain(job, cloud, machines, progress) if cloud else run.import_public(job, progress)
    _report([found], as_json=as_json)


@command.command("refresh")
@click.argument("cloud", metavar="CLOUD")
@click.option("--region", "regions", multiple=True, metavar="REGION", help="A region to fetch (aws, azure); may be repeated.")
@click.option("--key-file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A file with the API key (gcp).")
@click.option("--address", metavar="URL", help="Where to begin instead of the cloud's own address: a mirror.")
@json_option
def refresh(*, cloud: str, regions: tuple[str, ...], key_file: Path | None, address: str | None, as_json: bool) -> None:
    """Fetch the price lists of CLOUD (aws, azure or gcp) over HTTPS, and import them. Nothing else of this program does that.

    A list that broke off goes on where it stopped when the command is repeated on the same day; the old table stays in
    place until the new one is whole.
    """
    from provisioner.prices.refresh import run

    _check_cloud(cloud)
    found = list["Imported"]()
    with _progress("fetching", None) as progress:
        wanted = run.Refresh(
            cloud=cloud,
            address=address or run.ADDRESSES[cloud],
            cache=_folder().parent,
            now=_now(),
            machines=_machines(),
            key=key_file.read_text().strip() if key_file else "",
            progress=progress,
        )
        found += [_refreshed(wanted, region) for region in _places(cloud, regions)]
    _report(found, as_json=as_json)


@command.command("remove")
@click.argument("name")
def remove(*, name: str) -> None:
    """Forget the imported table NAME: what stood below it counts again."""
    from provisioner.prices.tables import remove_table

    remove_table(_folder(), name)
    click.echo(f"removed the table {name}")


def _refreshed(wanted: "Refresh", region: str) -> "Imported":
    from provisioner.prices.refresh.run import refresh as fetch_and_import

    return fetch_and_import(wanted, region)


def _places(cloud: str, regions: tuple[str, ...]) -> tuple[str, ...]:
    if cloud == "gcp":
        if regions:
            raise UsageError("Google Cloud lists all regions at once: leave --region out")
        return ("",)
    if not regions:
        raise UsageError(f"expected --region REGION: {cloud} has a list for each region")
    return tuple(dict.fromkeys(regions))


def _report(found: "list[Imported]", *, as_json: bool) -> None:
    from provisioner.cli import prices_documents as documents

    if as_json:
        print_json({"tables": [documents.imported(one) for one in found]})
        return
    for one in found:
        click.echo(f"imported {one.prices:,} prices of {len(one.regions)} regions as {one.name} ({one.format})")
        rows = [(f"{left.count:,}", left.reason, left.example) for left in one.left_out]
        print_table("Left out", ("rows", "reason", "for example"), rows, right=("rows",))


def _tables() -> "tuple[Table, ...]":
    from dataclasses import replace

    from provisioner.clouds.discovery import clouds
    from provisioner.prices.cache import ensure_database
    from provisioner.prices.tables import list_tables, read_table

    problems = Problems()
    path = ensure_database({name: cloud.data for name, cloud in clouds().items()}, _folder().parent)
    snapshot = read_table(path, problems)
    problems.raise_errors()
    return (*list_tables(_folder()), *([replace(snapshot, name="curated")] if snapshot else []))


def _folder() -> Path:
    from provisioner.deploy.engine import cache_folder
    from provisioner.prices.store import TABLES

    return cache_folder() / "prices" / TABLES


def _machines() -> "dict[str, dict[str, MachineRow]]":
    """What the curated machine types hold, by cloud and name."""
    from provisioner.clouds.discovery import clouds
    from provisioner.prices.importers.plain import read_machines

    problems = Problems()
    found = {
        name: {row.machine: row for row in read_machines(cloud.data / "machines.csv", problems)}
        for name, cloud in clouds().items()
    }
    problems.raise_errors()
    return found


def _check_cloud(cloud: str | None) -> None:
    from provisioner.clouds.discovery import clouds

    if cloud is not None and cloud not in clouds():
        raise UsageError(f'expected one of {", ".join(clouds())}, found "{cloud}"')


def _stem(path: Path, cloud: str | None) -> str:
    """`own-aws-prices` of our plain `prices.csv`; the file's name without its endings for a cloud's."""
    name = path.name
    for ending in (".gz", ".csv", ".json"):
        name = name.removesuffix(ending)
    return f"own-{cloud}-{name}" if cloud else name


def _modified(path: Path) -> str:
    """A saved page or offer was read where it came from when it was saved."""
    import datetime as dt

    return dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).date().isoformat()


def _now() -> str:
    import datetime as dt

    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


@contextmanager
def _progress(what: str, total: int | None) -> "Generator[Progress]":
    """A bar on a terminal, bytes against `total`; silence elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn, TransferSpeedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda count: bar.update(task, advance=count)
