"""Codes of loading: folders, manifests, YAML, embedded files."""

from typing import Final

from provisioner.cli.codes.model import Code

CODES: Final = (
    Code(
        "alias",
        "YAML aliases (`*name`) and merge keys (`<<`) are refused: they let a small text grow without bound.",
        "web: &web {image: nginx}\nproxy: *web",
        "Say it with `inherits: ./web`.",
    ),
    Code(
        "broken-yaml",
        "The file is not valid YAML, so nothing in it is loaded. The place is where the parser stopped.",
        "description: web: the front",
        'Quote a value that holds ": ", indent with spaces, close brackets and quotes.',
    ),
    Code(
        "duplicate-key",
        "A key stands twice in one mapping. The last one counts, which is seldom what was meant.",
        "variables: {port: 80}\nvariables: {size: 2}",
        "Join the two, or rename one.",
    ),
    Code(
        "embed-missing",
        "`<<< path` names a file that is not there or cannot be read. The path is relative to the YAML file.",
        "contents: <<< nginx.conff",
        "Correct the path, or add the file to the package.",
    ),
    Code(
        "embed-not-text",
        "An embedded file is not UTF-8 text.",
        "contents: <<< logo.png",
        "Embed text only; mount other files with `blobs://`.",
    ),
    Code(
        "embed-outside",
        "`<<< path` leads out of the package: by `..`, an absolute path, or a symbolic link. Nothing there is ever read.",
        "contents: <<< ../../secrets.txt",
        "Copy the file into the package's folder.",
    ),
    Code(
        "embed-too-large",
        "An embedded file, or all that one file embeds, is larger than the limit.",
        "contents: <<< database-dump.sql",
        "Bring large files with a volume, a bucket or the image.",
    ),
    Code(
        "empty-directive",
        "A MANIFEST directive stands alone; it does nothing.",
        "LOAD",
        "Name what it is about, or remove the line.",
    ),
    Code(
        "encrypted",
        "The file is encrypted with SOPS; it has to be decrypted before it is loaded.",
        "namespace: ENC[AES256_GCM,data:…]",
        "Decrypt it: `sops -d shop.enc.yaml > shop.yaml`.",
    ),
    Code(
        "file-too-large",
        "A YAML file or MANIFEST has more bytes, or more values, than any package needs. It is not loaded.",
        "",
        "Split it; bring bulk text with `<<<`.",
    ),
    Code(
        "missing-entry",
        "The MANIFEST's ENTRY names a definition that nothing loaded defines, so the package has no way in.",
        "ENTRY shop/webb",
        "Correct the name, or load the package that defines it.",
    ),
    Code(
        "missing-file",
        "The MANIFEST's LOAD names a file that is not in the package.",
        "LOAD web.yml",
        "Correct the name. Paths are relative to the MANIFEST and stay inside the package.",
    ),
    Code(
        "missing-folder",
        "The MANIFEST's DIR names a folder that is not there, has no MANIFEST of its own, or lies outside the package.",
        "DIR web",
        "Add a MANIFEST to the folder, or correct the name.",
    ),
    Code(
        "missing-resource",
        "The MANIFEST's RESOURCES or FILES names a file that is not there. Nothing needs it unless a `<<<` does.",
        "RESOURCES nginx.conf",
        "Remove the name, or add the file.",
    ),
    Code(
        "missing-source",
        "A path given to the command, or to `provisioner:sources`, is neither a file nor a folder.",
        "provisioner check bluprints",
        "Correct the path.",
    ),
    Code(
        "name-too-long",
        "A key or a namespace is longer than any name in a package.",
        "",
        "Shorten it; a long text belongs into a value.",
    ),
    Code(
        "no-namespace",
        "The file does not say in which namespace its definitions are.",
        "web: {defines: runnable}",
        "Begin the file with `namespace: NAME`.",
    ),
    Code(
        "not-a-definition",
        "A key at the top of a file is not a mapping, so it defines nothing. It is ignored, with a note.",
        "namespace: shop\nauthor: Ada",
        "Move it into a definition's `metadata`.",
    ),
    Code(
        "not-a-mapping",
        "The file is a list or a single text; a package's file is a mapping of definitions.",
        "- web\n- database",
        "Write `namespace: NAME`, then one key for each definition.",
    ),
    Code(
        "nothing-found",
        "A path that is to be checked holds no package: no MANIFEST, and no YAML file that begins with a namespace.",
        "provisioner check docs",
        "Name the folder of a package, or begin its files with `namespace: NAME`.",
    ),
    Code(
        "shadowed",
        "Two files define the same name; the one loaded later counts.",
        "",
        "Nothing, where that is meant (an override of the catalogue). Otherwise rename one, or its namespace.",
    ),
    Code(
        "too-deep",
        "Mappings, lists, or an expression are nested deeper than any package needs.",
        "[[[[[[[[…",
        "Flatten it; use `inherits` or variables.",
    ),
    Code(
        "too-much-work",
        "Inheritance, groups or expressions make far more of a file than is written in it. The rest of it is not resolved.",
        "",
        "Split the file; inherit only what is used, and compute less.",
    ),
    Code(
        "unknown-directive",
        "A line of the MANIFEST begins with a word that is no directive; the line is ignored, with a note.",
        "LAOD web.yaml",
        "Correct the word; `docs/reference/keys.md` lists the directives. `#` starts a comment.",
    ),
    Code(
        "unreadable",
        "A file or folder cannot be read, or is not UTF-8 text.",
        "",
        "Check permissions; save the file as UTF-8.",
    ),
)
