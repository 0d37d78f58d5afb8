"""Folders to packages and definitions."""

import os
from pathlib import Path

import pytest

from provisioner.errors import Problems
from provisioner.package import load
from provisioner.package.limits import MAXIMUM_EMBEDDED
from provisioner.package.manifest import Image, read_manifest

WEB = "namespace: shop\nweb:\n  defines: runnable\n  files:\n    a: {contents: <<< etc/a.conf}\n"


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def codes(root: Path) -> list[str]:
    return [problem.code for problem in load([root]).problems]


def test_a_package_is_what_its_manifest_says(tmp_path: Path) -> None:
    root = write(
        tmp_path, {"shop/MANIFEST": "repo Shop \nLOAD web.yaml\nENTRY shop/web", "shop/web.yaml": WEB, "shop/other.yaml": WEB}
    )
    write(root, {"shop/etc/a.conf": "text\n"})
    catalog = load([root])
    assert list(catalog.definitions) == ["shop/web"]
    assert catalog.definitions["shop/web"].node.entries["files"].entries["a"].entries["contents"].text == "text\n"
    package = catalog.package("monk-shop")
    assert package is not None
    assert (package.name, package.repo, catalog.entry(package)) == ("shop", "Shop", "shop/web")
    assert not catalog.problems


def test_folders_of_a_package(tmp_path: Path) -> None:
    write(tmp_path, {"MANIFEST": "DIR one two", "one/MANIFEST": "LOAD a.yaml", "one/a.yaml": "namespace: one\na: {}\n"})
    catalog = load([tmp_path])
    assert list(catalog.definitions) == ["one/a"]
    assert [problem.code for problem in catalog.problems] == ["missing-folder"]


@pytest.mark.parametrize("path", ["../secret.txt", "/etc/hostname", "link.txt", "etc/../../secret.txt"])
def test_an_embed_never_leaves_the_package(tmp_path: Path, path: str) -> None:
    write(
        tmp_path,
        {
            "secret.txt": "hidden",
            "shop/MANIFEST": "LOAD a.yaml",
            "shop/etc/x": "",
            "shop/a.yaml": f"namespace: a\nb:\n  c: <<< {path}\n",
        },
    )
    (tmp_path / "shop/link.txt").symlink_to(tmp_path / "secret.txt")
    catalog = load([tmp_path])
    assert [(problem.code, problem.place.line, problem.place.path) for problem in catalog.problems] == [
        ("embed-outside", 3, "b/c")
    ]
    assert catalog.definitions["a/b"].node.entries["c"].text == ""


def test_problems_of_loading(tmp_path: Path) -> None:
    assert codes(write(tmp_path / "a", {"MANIFEST": "LOAD x.yaml gone.yaml", "x.yaml": "web: {}\n"})) == [
        "missing-file",
        "no-namespace",
    ]
    assert codes(write(tmp_path / "b", {"x.yaml": "namespace: a\nb: {c: <<< gone}\n"})) == ["embed-missing"]
    assert codes(write(tmp_path / "c", {"x.yaml": "namespace: ENC[x]\nsops: {mac: x}\n"})) == ["encrypted"]
    assert codes(write(tmp_path / "d", {"x.yaml": "namespace: a\nb: text\n"})) == ["not-a-definition"]
    assert codes(tmp_path / "nowhere") == ["missing-source"]
    (tmp_path / "e").mkdir()
    (tmp_path / "e/x.yaml").write_bytes(b"namespace: a\nb: \xff\n")
    assert codes(tmp_path / "e") == ["unreadable"]


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("services: &x {web: *x}\n", "note"),
        ("namespaces: {web: 1}\n", "note"),
        ("web: {defines: runnable}\n", "warning"),
        ("namspace: shop\nweb:\n  inherits: shop/base\n", "warning"),
    ],
)
def test_yaml_without_a_namespace_is_left_out_with_a_word(text: str, severity: str, tmp_path: Path) -> None:
    catalog = load([write(tmp_path, {"other.yml": text, "shop.yaml": "namespace: shop\nweb: {}\n"})])
    assert list(catalog.definitions) == ["shop/web"]
    assert [(problem.severity, problem.code, problem.place.file) for problem in catalog.problems] == [
        (severity, "no-namespace", str(tmp_path / "other.yml"))
    ]


def test_a_later_definition_shadows_an_earlier_one(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": "namespace: a\nb: {x: 1}\n", "b.yaml": "namespace: a\nb: {x: 2}\n"})
    catalog = load([tmp_path])
    assert catalog.definitions["a/b"].node.entries["x"].text == "2"
    assert [(problem.severity, problem.code) for problem in catalog.problems] == [("note", "shadowed")]


def test_loading_a_folder_twice_is_loading_it_once(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": "namespace: a\nb: {}\n"})
    assert load([tmp_path, tmp_path, tmp_path / "a.yaml"]) == load([tmp_path])


def test_names_in_some_files(tmp_path: Path) -> None:
    write(tmp_path, {"a/x.yaml": "namespace: a\nb: {}\n", "c/x.yaml": "namespace: c\nd: {}\n"})
    assert load([tmp_path]).names_in([tmp_path / "c"]) == ("c/d",)


def test_manifest_directives() -> None:
    problems = Problems()
    lines = [
        "# made by hand",
        "REPO one",
        "load\ta.yaml  b.yaml ",
        "LOAD c.yaml",
        "DIRS x",
        "DIR y",
        "ENTRY dev:a/b",
        "ENTRY a/c",
    ]
    more = [
        "SECRET k",
        "BLOBS s:src",
        "  code: |",
        "TAGS a, b",
        "IMAGE web:1 a/web,a/job web docker/Dockerfile",
        "IMAGE job:1 a/job",
    ]
    last = ["RESOURCES d e", "FILES f", "BLOBSIGNORE *.log", "ENV dev prod", "PROVIDER aws", "VERSION 1.2", "LAOD x.yaml", "DIR"]
    manifest = read_manifest("\ufeff" + "\r\n".join([*lines, *more, *last]), "MANIFEST", problems)
    assert (manifest.repo, manifest.load, set(manifest.folders)) == ("one", ("a.yaml", "b.yaml", "c.yaml"), {"x", "y"})
    assert (manifest.entries, manifest.entry, manifest.secrets) == ({"dev": "a/b", "": "a/c"}, "a/c", ("k",))
    assert manifest.images == (
        Image(tag="web:1", runnables=("a/web", "a/job"), context="web", dockerfile="docker/Dockerfile"),
        Image(tag="job:1", runnables=("a/job",)),
    )
    assert (manifest.resources, manifest.blobs, manifest.blobs_ignored) == (("d", "e", "f"), {"s": "src"}, ("*.log",))
    assert (manifest.environments, manifest.provider, manifest.texts["TAGS"]) == (("dev", "prod"), "aws", "a, b")
    found = [(problem.severity, problem.code, problem.place.line, problem.hint) for problem in problems]
    assert found == [
        ("note", "unknown-directive", 11, ""),
        ("note", "unknown-directive", 21, "did you mean LOAD?"),
        ("note", "empty-directive", 22, ""),
    ]


def test_what_a_manifest_names_is_looked_up(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"MANIFEST": "LOAD a.yaml\nLOAD b.yml ../c.yaml\nRESOURCES d.conf\nENTRY dev:a/wbe", "b.yaml": "x", "../c.yaml": "x"},
    )
    write(tmp_path, {"a.yaml": "namespace: a\nweb: {}\n"})
    found = [
        (problem.severity, problem.code, problem.place.line, problem.place.column, problem.hint)
        for problem in load([tmp_path]).problems
    ]
    assert found == [
        ("error", "missing-file", 2, 6, "did you mean b.yaml?"),
        ("error", "missing-file", 2, 12, "did you mean b.yaml?"),
        ("note", "missing-resource", 3, 11, ""),
        ("warning", "missing-entry", 4, 11, "did you mean a/web?"),
    ]


def test_folders_in_a_circle_end(tmp_path: Path) -> None:
    write(
        tmp_path, {"a/x.yaml": "namespace: a\nb: {}\n", "m/MANIFEST": "DIR . sub ../m\n", "m/sub/MANIFEST": "DIR ..\nLOAD x.yaml"}
    )
    write(tmp_path, {"m/sub/x.yaml": "namespace: m\nb: {}\n"})
    (tmp_path / "a/loop").symlink_to(tmp_path)
    (tmp_path / "a/again").symlink_to(tmp_path / "a")
    assert list(load([tmp_path]).definitions) == ["a/b", "m/b"]


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    os.mkfifo(tmp_path / "pipe.conf")
    (tmp_path / "zero.yaml").symlink_to("/dev/zero")
    write(tmp_path, {"x.yaml": "namespace: a\nb: {c: <<< pipe.conf, d: <<<, e: <<< ., f: '<<< quoted'}\n"})
    catalog = load([tmp_path])
    assert [(problem.code, problem.place.path) for problem in catalog.problems] == [
        ("embed-missing", "b/c"),
        ("embed-missing", "b/d"),
        ("embed-missing", "b/e"),
    ]
    assert catalog.definitions["a/b"].node.entries["f"].text == "<<< quoted"


def test_embeds_are_bounded(tmp_path: Path) -> None:
    write(tmp_path, {"x.yaml": "namespace: a\nb: {c: <<< big.txt, d: <<< bin}\n", "big.txt": "x" * (MAXIMUM_EMBEDDED + 1)})
    (tmp_path / "bin").write_bytes(b"\xff\xfe")
    assert codes(tmp_path) == ["embed-too-large", "embed-not-text"]
    many = "".join(f"  k{number}: <<< large.txt\n" for number in range(20))
    write(tmp_path / "y", {"x.yaml": f"namespace: a\nb:\n{many}", "large.txt": "x" * MAXIMUM_EMBEDDED})
    assert codes(tmp_path / "y") == ["embed-too-large"] * 4


def test_several_documents_windows_line_ends_and_a_byte_order_mark(tmp_path: Path) -> None:
    text = "\ufeffnamespace: a\r\nb: {x: 1}\r\n---\r\n---\r\nnamespace: /c\r\nd:\r\n  text: |\r\n    one\r\n    two\r\n"
    (tmp_path / "x.yaml").write_bytes(text.encode())
    catalog = load([tmp_path])
    assert (list(catalog.definitions), catalog.problems) == (["a/b", "c/d"], ())
    assert catalog.definitions["c/d"].node.entries["text"].text == "one\ntwo\n"
    assert catalog.definitions["c/d"].place.line == 6
