"""A folder of many packages that look like real ones: inheritance, variables, services, connections, files, checks, a group."""

# ruff: noqa: INP001 - imported by the scripts beside it

from pathlib import Path
from typing import Final

_PACKAGE: Final = """\
namespace: app-{number}

base:
  metadata: {{name: Application {number}, description: One of many packages, tags: web, publisher: bench}}
  variables:
    image-tag: {{type: string, value: "1.{minor}.0", description: Version of the image}}
    port: {{type: int, value: {port}, env: PORT}}
    log-level: {{type: string, value: info, env: LOG_LEVEL}}
  containers:
    app:
      image: registry.example.com/team/app-{number}
      image-tag: <- $image-tag
      paths:
        - <- `${{monk-volume-path}}/app-{number}/data:/var/lib/app`
      environment:
        - <- `MODE=${{mode}}`
        - WORKERS=4
      restart: unless-stopped
      resources: {{cpu: 0.5, memory: 512MiB}}
  services:
    http: {{container: app, port: <- $port, protocol: tcp}}
  checks:
    readiness:
      code: exec("app", "curl", "-f", "http://localhost:{port}/health")
      period: 15
      initialDelay: 5

web:
  defines: runnable
  inherits: ./base
  variables:
    mode: web
    log-level: debug
    database-host: {{type: string, value: <- connection-hostname("database"), env: DATABASE_HOST}}
    database-port: {{type: int, value: <- connection-port("database"), env: DATABASE_PORT}}
  connections:
    database: {{runnable: app-{number}/database, service: sql}}
  depends:
    wait-for: {{runnables: [app-{number}/database], timeout: 120}}
  files:
    settings:
      container: app
      path: /etc/app/settings.conf
      mode: 0644
      contents: |
        level = {{{{ v "log-level" }}}}
        {{{{ if v "mode" }}}}mode = {{{{ v "mode" }}}}{{{{ end }}}}

database:
  defines: runnable
  variables:
    user: {{type: string, value: app, env: POSTGRES_USER}}
    password: {{type: string, value: <- secret("db-{number}") default("none"), env: POSTGRES_PASSWORD}}
    size: {{type: int, value: 10}}
  permitted-secrets: {{db-{number}: true}}
  containers:
    postgres:
      image: postgres
      image-tag: "16"
      paths:
        - <- `${{monk-volume-path}}/app-{number}/db:/var/lib/postgresql/data`
      resources: {{cpu: 1, memory: 1GiB}}
  services:
    sql: {{container: postgres, port: 5432, protocol: tcp}}

system:
  defines: group
  variables: {{shared: {number}}}
  members: [app-{number}/database, app-{number}/web]
"""


def generate(folder: Path, count: int) -> Path:
    """Write `count` packages under `folder`, each a folder with a MANIFEST and one file; the same bytes every time."""
    for number in range(count):
        package = folder / f"app-{number}"
        package.mkdir(parents=True)
        (package / "MANIFEST").write_text(f"REPO app-{number}\nLOAD app.yaml\nENTRY app-{number}/system\n", "utf-8")
        text = _PACKAGE.format(number=number, minor=number % 100, port=8000 + number % 1000)
        (package / "app.yaml").write_text(text, "utf-8")
    return folder
