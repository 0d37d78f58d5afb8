# The two commands of the README are `make up` and `make test`; the rest are a developer's habits.
export UV_PYTHON_PREFERENCE ?= only-system
UV := $(shell command -v uv 2>/dev/null || echo python3 -m uv)
RUN := $(UV) run --no-sync

.PHONY: up down test matrix lint types format bench fuzz golden clean tools uv everything

up: uv ## create the demo stack in the sandbox, with the real engine
	@$(UV) sync --quiet --inexact --no-default-groups --all-extras
	@$(RUN) provisioner engine install
	@$(RUN) provisioner sandbox run -- pulumi up --yes --skip-preview --stack demo
	@$(RUN) provisioner sandbox run -- provisioner status --stack demo

down: ## destroy the demo stack
	@$(RUN) provisioner sandbox run -- pulumi destroy --yes --stack demo

test: everything tools ## everything needed to run the tests, then the tests
	$(RUN) pytest -n 2 --dist loadfile

matrix: everything ## every blueprint's life on every cloud, and a kill at every create (half an hour)
	$(RUN) pytest -n 2 tests/engine/test_lives.py tests/engine/test_killed_engine.py -m "matrix or not matrix"

lint: everything
	$(RUN) ruff check .
	$(RUN) ruff format --check .

types: everything
	$(RUN) pyright

format: everything
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

bench: everything ## every figure that the documentation states, in one go (half an hour)
	$(RUN) python bench/language/load.py 5000 3
	$(RUN) --with jinja2 python bench/script/compare.py
	$(RUN) python -m bench.prices.bench
	$(RUN) python -m bench.cost
	$(RUN) python -m bench.placement
	$(RUN) python -m bench.fleet

fuzz: everything ## check the files that are made to cost too much, then throw bytes at the reader for ten minutes
	$(RUN) python tests/package/hostile_measure.py
	$(RUN) --with atheris python fuzz/check.py tests/cases/fuzz -dict=fuzz/monkscript.dict -timeout=5 -rss_limit_mb=800 -max_len=4096 -max_total_time=600 -artifact_prefix=/tmp/

golden: everything ## rewrite the golden resource trees after a wanted change
	UPDATE_GOLDEN=1 $(RUN) pytest tests/clouds

everything: uv
	@$(UV) sync --quiet --all-extras
	@$(RUN) provisioner engine install

TOOLS := cloud-init docker-registry iproute2 mmdebstrap nftables openssh-client skopeo systemd-container wireguard-go wireguard-tools

tools: ## what tests on real hosts need, where this is Debian and we are root; elsewhere they are skipped, with the reason
	@dpkg-query --show $(TOOLS) >/dev/null 2>&1 || [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null \
		|| { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(TOOLS) >/dev/null; } \
		|| echo "the tools for real hosts could not be installed: their tests will be skipped"

uv:
	@command -v uv >/dev/null 2>&1 || python3 -m uv --version >/dev/null 2>&1 \
		|| python3 -m pip install --quiet uv 2>/dev/null || python3 -m pip install --quiet --user --break-system-packages uv

clean:
	rm -rf .venv .provisioner dist
