# The commands of this project. Each does all its set-up and is quick when there is nothing to do.
# ARGS goes to the program that is run: make run ARGS='--addr 127.0.0.1:4000'

.PHONY: help run test fresh fuzz interop bench build bundle dev lint screenshots clean

help: ## Lists the commands (this)
	@sed -n 's/^\([a-z]*\): ## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

run: ## Builds and serves Latchkey on http://127.0.0.1:3000, with its data in ./data
	@scripts/run.sh $(ARGS)

test: ## Runs every test: lints, unit, service on SQLite and PostgreSQL, HTTP, browser
	@scripts/test.sh

fresh: ## Tries make run and make test on bare installations of Debian (CONTRIBUTING.md); needs root
	@scripts/fresh.sh $(ARGS)

fuzz: ## Sends generated requests to a server for two minutes (downloads schemathesis from PyPI once)
	@scripts/fuzz.sh $(ARGS)

interop: ## Tries Latchkey with Open WebUI, Apache, nginx, Caddy, Traefik (downloads them once); ARGS=nginx for one
	@scripts/interop.sh $(ARGS)

bench: ## Measures the optimised binary against its limits; some twelve minutes (docs/performance.md)
	@scripts/bench.sh $(ARGS)

build: ## Builds the optimised binary, target/release/latchkey
	@scripts/build.sh

bundle: ## Builds only the browser bundle, into dist/
	@scripts/wasm.sh release

dev: ## Builds and serves, and does both again when a source changes
	@scripts/dev.sh $(ARGS)

lint: ## Checks formatting, lints and architecture
	@scripts/lint.sh
	@scripts/architecture.sh

screenshots: ## Takes the pictures in docs/images again, of a demonstration
	@scripts/screenshots.sh

clean: ## Removes what was built; keeps the data and the tools
	@scripts/clean.sh
