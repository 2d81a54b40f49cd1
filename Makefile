# make run and make test are all a newcomer needs; both do the set-up themselves.
UV := .uv/bin/uv
PY := .venv/bin

.PHONY: run up down setup test test-e2e test-kafka test-wall test-acceptance test-outside test-abuse test-ops \
	test-torture test-images chaos check scan format docs clean bench bench-replay bench-commands bench-path \
	bench-wallboards bench-page bench-growth bench-lookback bench-capacity

run: setup
	$(PY)/baton up --demo

# The same on real servers, with Docker; COMPOSE_PROFILES=demo lets the simulated company work in it.
up:
	docker compose up --build --wait
	@echo "Wallboard  http://127.0.0.1:8080    Desk        http://127.0.0.1:8080/desk/"
	@echo "Grafana    http://127.0.0.1:3000    Prometheus  http://127.0.0.1:9090"
	@echo "A token:   docker compose exec performance baton token --role manager"

down:
	docker compose --profile demo down

test: setup check tests/contract/asyncapi/node_modules
	cd wallboard && npm test
	$(PY)/pytest

# Baton as people and other systems meet it: whole, started, in a browser, killed and searched.
test-e2e: setup
	$(PY)/pytest tests/e2e

# What touches a broker, once more on Apache Kafka itself: Java 17 and Maven, else Docker (TEST_BROKER=container: Docker
# in any case; REQUIRE_KAFKA=1: one of them must be there).
test-kafka: setup
	TEST_BROKER=$${TEST_BROKER:-apache} $(PY)/pytest tests/integration tests/e2e/test_story.py tests/e2e/test_cluster.py

# Processes killed, brokers lost, wires cut, disks full, clocks set: nothing lost, nothing doubled (docs/reliability.md).
chaos: setup
	$(PY)/pytest -q -s tests/chaos

# Eight hours of a wall in some minutes: nothing it keeps in memory grows.
test-wall: setup
	WALL_HOURS=8 $(PY)/pytest tests/e2e/test_boards.py -k grow

# A real export of a CRM, imported: every number is what pandas works out from its files.
test-acceptance: setup
	$(PY)/pytest tests/acceptance

# The embedded store loses power, is killed and damaged (strace); TORTURE_ROUNDS=10000 for a night of it.
test-torture: setup
	$(PY)/pytest tests/torture

# The images, built and run where a Docker engine answers (REQUIRE_DOCKER=1: there must be one).
test-images: setup
	$(PY)/pytest tests/images

# As other systems see Baton: whatever they ask is answered as the contract says; consumers in several languages;
# people and systems who sign in at a provider (Keycloak: Java 17 and Maven, REQUIRE_KEYCLOAK=1: it must be there).
test-outside: setup
	$(PY)/pytest tests/outside

# Floods, bombs, forged addresses: bounded, refused, counted; every parameter of every operation is taken for a text.
test-abuse: setup
	$(PY)/pytest tests/abuse

# Rules, alerts, dashboards and runbooks, asked of a Prometheus that scrapes a running Baton (Debian's prometheus).
test-ops: setup
	$(PY)/pytest tests/ops

setup: .venv/.ready wallboard/dist/index.html

check: .venv/.ready scan
	$(PY)/ruff check .
	$(PY)/ruff format --check .
	$(PY)/mypy
	$(PY)/lint-imports
	$(PY)/hadolint Dockerfile

# Secrets in the tree, and known flaws of dependencies where their databases answer.
scan: .venv/.ready
	.ci/scan

format: .venv/.ready
	$(PY)/ruff check --fix .
	$(PY)/ruff format .

docs: .venv/.ready
	$(PY)/python -m services.performance.kpis
	$(PY)/python -m services.openapi
	$(PY)/python -m services.event_pages
	$(PY)/baton ops build
	$(PY)/python -m services.metric_pages
	$(PY)/python -m services.permission_pages

# Baton's stream processing beside its peers', about half an hour; what only the peers need is installed first.
bench: setup .venv/.peers
	$(PY)/python -m bench.stream

bench-replay: setup
	$(PY)/python -m bench.replay

bench-commands: setup
	$(PY)/python -m bench.commands

bench-path: setup
	$(PY)/python -m bench.live.path

bench-wallboards: setup
	$(PY)/python -m bench.live.wallboards

bench-capacity: setup
	$(PY)/python -m bench.live.capacity

bench-page: setup
	$(PY)/python -m bench.live.page

bench-growth: setup
	$(PY)/python -m bench.growth

bench-lookback: setup
	$(PY)/python -m bench.lookback

tests/contract/asyncapi/node_modules: tests/contract/asyncapi/package-lock.json
	cd tests/contract/asyncapi && npm ci --no-audit --no-fund --loglevel=error
	touch $@

clean:
	rm -rf .venv .uv tests/contract/asyncapi/node_modules bench/stream/peers/.venv build wallboard/dist wallboard/node_modules

$(UV):
	python3 -m venv .uv
	.uv/bin/pip install --quiet --disable-pip-version-check uv

# Compiled here, once: where Python may not keep what it compiled, every start would take seconds more.
.venv/.ready: $(UV) pyproject.toml uv.lock
	$(UV) sync --quiet --frozen --all-extras --compile-bytecode
	touch $@

.venv/.peers: .venv/.ready bench/stream/peers/uv.lock
	$(UV) sync --quiet --frozen --all-extras --group bench
	$(UV) sync --quiet --frozen --project bench/stream/peers
	touch $@

WALLBOARD := $(shell find wallboard/src wallboard/public wallboard/desk wallboard/*.json wallboard/*.ts wallboard/*.yaml \
	wallboard/index.html docs/http docs/events/words.json -type f -not -path "wallboard/src/contract/*")

wallboard/dist/index.html: $(WALLBOARD)
	cd wallboard && npm ci --no-audit --no-fund --loglevel=error && npm run build
