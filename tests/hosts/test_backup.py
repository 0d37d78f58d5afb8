"""`provisioner do NAME/backup` and `…/restore` of a Redis on a real host, over SSH, with all that can go wrong on the way."""

import hashlib
import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Hosts
from host_bundles import Site, bundle, unit
from test_operate import Stack

from provisioner.deploy import engine
from provisioner.deploy.hosts.progress import Progress
from provisioner.host.model import Unit

pytestmark = pytest.mark.hosts

PACKAGE = """
namespace: shop
db:
  defines: runnable
  containers: {app: {image: redis}}
own:
  defines: runnable
  containers: {app: {image: busybox}}
  actions: {backup: {code: 'exec("app", "echo", "of its own")'}}
all: {defines: group, members: [db, own]}
"""
KEPT = "/var/lib/monkd/volumes/kept"


def redis() -> Unit:
    script = "exec setpriv --reuid=redis --regid=redis --init-groups redis-server --dir /data --save 60 1 --protected-mode no"
    health = "redis-cli ping | grep -q PONG"
    prepare = f"RunInit=false\nVolume={KEPT}:/data\n"
    made = unit("db", script, image="docker.io/library/redis:latest", health=health, more=prepare)
    return replace(
        made,
        text=made.text.replace("RunInit=true\n", "").replace(
            "[Service]\n", f"[Service]\nExecStartPre=/bin/sh -c 'mkdir -p {KEPT} && chmod 777 {KEPT}'\n"
        ),
    )


def user() -> Unit:
    made = unit("own", "sleep 600")
    return replace(made, text=f"[Unit]\nRequires=shop-db-app.service\nAfter=shop-db-app.service\n{made.text}")


@pytest.fixture(scope="module")
def deployed(hosts: Hosts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    if engine.find() is None:
        pytest.skip("no Pulumi engine in the cache or on PATH: run `provisioner engine install`")
    host = hosts(1)[0]
    site = Site(host, host.ssh)
    site.contact()
    site.apply(bundle(redis(), user()))
    stack = Stack(tmp_path_factory.mktemp("kept"), {"app-1": site})
    stack.define(PACKAGE, "shop/all")
    yield stack
    site.resource.delete(host.name, site.outputs, Progress())
    site.run(f"rm -rf {KEPT}")


def ask(stack: Stack, *words: str) -> str:
    return stack.sites["app-1"].run(f"podman exec shop-db-app redis-cli {' '.join(words)}")


def runs(stack: Stack) -> list[str]:
    wait = "for n in $(seq 150); do [ $(podman ps -q | wc -l) = 2 ] && break; sleep 0.2; done; podman ps --format '{{.Names}}'"
    return sorted(stack.sites["app-1"].run(wait).split())


def archive(stack: Stack, name: str) -> Path:
    """A backup, after which everything runs again."""
    stack.call("do", "shop/db/backup", f"to={name}")
    assert len(runs(stack)) == 2
    return stack.folder / name


def test_data_comes_back_after_it_was_lost(deployed: Stack) -> None:
    ask(deployed, "set", "greeting", "hello")
    said = json.loads(deployed.call("do", "shop/db/backup", "to=first.tar", "--json").stdout)
    file = deployed.folder / "first.tar"
    assert said["value"]["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert said["value"]["volume"] == "kept"
    assert runs(deployed) == ["shop-db-app", "shop-own-app"]

    ask(deployed, "set", "greeting", "changed")
    refused = deployed.call("do", "shop/db/restore", "from=first.tar", status=2)
    assert "holds data: overwrite=yes" in refused.stderr
    assert ask(deployed, "get", "greeting") == "changed"
    deployed.call("do", "shop/db/restore", "from=first.tar", "overwrite=yes")
    assert ask(deployed, "get", "greeting") == "hello"
    assert runs(deployed) == ["shop-db-app", "shop-own-app"]

    deployed.sites["app-1"].run(f"systemctl stop shop-db-app; rm -rf {KEPT}/*")
    deployed.call("do", "shop/db/restore", "from=first.tar")
    assert ask(deployed, "get", "greeting") == "hello"
    deployed.sites["app-1"].run("systemctl start shop-own-app")


def test_a_backup_goes_to_a_folder_or_to_standard_output_too(deployed: Stack) -> None:
    (deployed.folder / "many").mkdir()
    deployed.call("do", "shop/db/backup", "to=many", "stop=no")
    (made,) = (deployed.folder / "many").glob("kept-*.tar")
    words = deployed.words("do", "shop/db/backup", "to=-")
    done = subprocess.run(words, cwd=deployed.folder, env=deployed.environment, capture_output=True, check=True)
    assert hashlib.sha256(done.stdout).hexdigest() in done.stderr.decode()
    assert made.stat().st_size > 0
    assert runs(deployed) == ["shop-db-app", "shop-own-app"]


def test_an_action_of_the_package_comes_first(deployed: Stack) -> None:
    runs(deployed)
    assert deployed.call("do", "shop/own/backup").stdout == "of its own\n"


def test_a_damaged_archive_changes_nothing(deployed: Stack) -> None:
    ask(deployed, "set", "greeting", "standing")
    file = archive(deployed, "damaged.tar")
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + b"x")
    said = deployed.call("do", "shop/db/restore", "from=damaged.tar", "overwrite=yes", status=2).stderr
    assert "is damaged: expected the sha256" in said
    assert ask(deployed, "get", "greeting") == "standing"


def test_what_lay_there_comes_back_where_the_containers_refuse_the_archive(deployed: Stack, tmp_path: Path) -> None:
    ask(deployed, "set", "greeting", "before")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "dump.rdb").write_text("this is no dump")
    subprocess.run(["tar", "-cf", deployed.folder / "wrong.tar", "-C", tmp_path / "data", "."], check=True)
    digest = hashlib.sha256((deployed.folder / "wrong.tar").read_bytes()).hexdigest()
    (deployed.folder / "wrong.tar.sha256").write_text(f"{digest}  wrong.tar\n")
    said = deployed.call("do", "shop/db/restore", "from=wrong.tar", "overwrite=yes", status=1).stderr
    assert "what lay there before is back, and serves" in said
    assert ask(deployed, "get", "greeting") == "before"
    assert deployed.sites["app-1"].drift() == []


def test_a_restore_that_was_cut_off_between_is_ended_by_the_next(deployed: Stack) -> None:
    """As it lies after a power failure: some entries of the former are away, and nobody may start."""
    ask(deployed, "set", "greeting", "former")
    archive(deployed, "whole.tar")
    site, work = deployed.sites["app-1"], f"{KEPT}/.provisioner-restore"
    site.run("systemctl stop shop-db-app")
    site.run(f"mkdir -p {work}/old {work}/new; cp -a {KEPT}/dump.rdb {work}/new/; mv {KEPT}/dump.rdb {work}/old/")
    site.run(f"echo in >{work}/phase")
    site.run("ln -s /dev/null /etc/systemd/system/shop-db-app.service; systemctl daemon-reload")
    deployed.call("do", "shop/db/restore", "from=whole.tar", status=2)
    assert runs(deployed)
    deployed.call("do", "shop/db/restore", "from=whole.tar", "overwrite=yes")
    assert ask(deployed, "get", "greeting") == "former"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("shop/db/backup",), "backup takes to=…, volume=…, stop=… and needs the first, found no to=…"),
        (("shop/db/backup", "to=first.tar"), "first.tar is there already"),
        (("shop/db/backup", "to=x.tar", "volume=kep"), "did you mean kept?"),
        (("shop/own/restore", "from=first.tar"), "keeps nothing on its host"),
        (("shop/db/restore", "from=none.tar"), "expected the digest of none.tar"),
    ],
    ids=["no file", "a file that is there", "no such volume", "nothing kept", "no archive"],
)
def test_what_cannot_be_done_is_said(deployed: Stack, words: tuple[str, ...], why: str) -> None:
    assert why in deployed.call("do", *words, status=2).stderr
