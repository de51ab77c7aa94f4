#!/bin/sh
# Runs every test. Prints each step and how long it took, and the result at the end.
set -eu
. "$(dirname "$0")/common.sh"

# The tests, the lints and the browser tests share one build: the debug server with the bundle in it.
export LATCHKEY_EMBED=1

start=$(date +%s)
postgres_folder=
current='the preparations'
finish() {
	code=$?
	trap - EXIT
	[ -z "$postgres_folder" ] || scripts/postgres.sh stop "$postgres_folder"
	[ $code = 0 ] || printf '\n*** make test FAILED at: %s (after %s)\n' "$current" "$(elapsed "$start")" >&2
	exit $code
}
trap finish EXIT
trap 'exit 130' INT TERM

step() {
	current=$1
	shift
	began=$(date +%s)
	say "$current"
	"$@"
	printf '    %s\n' "$(elapsed "$began")"
}

database() {
	if [ -n "${LATCHKEY_TEST_POSTGRES:-}" ]; then
		echo "    using the server that LATCHKEY_TEST_POSTGRES names"
		return
	fi
	assignments=$(scripts/postgres.sh start)
	eval "$assignments"
	export LATCHKEY_TEST_POSTGRES
}

dependencies() {
	if have cargo-deny; then
		cargo deny --log-level error check bans licenses sources
		# Known vulnerabilities. Not every machine can reach the RustSec database.
		if timeout 120 cargo deny --log-level error fetch db 2>/dev/null; then
			cargo deny --offline --log-level error check advisories
		else
			echo "    the RustSec database is unreachable: known vulnerabilities were not checked"
		fi
	else
		echo "    cargo-deny is not installed: skipped"
	fi
}

packages() {
	scripts/npm.sh frontend
	scripts/npm.sh end2end
}

step "Requirements" scripts/need.sh rust lint node cc wasm wasm-lint postgres browser crates space=$space_for_test
step "npm packages" packages
step "Formatting" scripts/lint.sh format
step "Architecture" scripts/architecture.sh
step "Dependencies" dependencies
step "Scripts and specs" scripts/lint.sh scripts
step "The browser bundle" scripts/wasm.sh release
step "The size of the browser bundle" scripts/bundle-size.sh
step "The browser bundle with debug assertions" scripts/wasm.sh checked
step "Clippy for the browser" scripts/lint.sh wasm
step "Clippy for the server" scripts/lint.sh host
step "A temporary PostgreSQL" database
step "Unit, service and HTTP tests" cargo test
step "Browser tests" scripts/browser.sh
current='the end'
printf '\n==> make test: everything passed in %s\n' "$(elapsed "$start")"
