#!/bin/sh
# Runs every test there is. Says what it is at, how long each step took, and at the end how it went.
set -eu
. "$(dirname "$0")/common.sh"

# One build serves the tests, the lints and the browser: the debug server with the bundle in it.
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

elapsed() {
	seconds=$(($(date +%s) - $1))
	printf '%d min %02d s' $((seconds / 60)) $((seconds % 60))
}

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
		echo "    using LATCHKEY_TEST_POSTGRES as it is set"
		return
	fi
	assignments=$(scripts/postgres.sh start)
	eval "$assignments"
	export LATCHKEY_TEST_POSTGRES
}

dependencies() {
	if have cargo-deny; then
		cargo deny --log-level error check bans licenses sources
	else
		echo "    cargo-deny is not installed: skipped"
	fi
}

step "What this machine needs" scripts/need.sh rust node cc wasm wasm-lint postgres browser
step "Formatting" scripts/lint.sh format
step "Architecture" scripts/architecture.sh
step "Dependencies" dependencies
step "Scripts and specs" scripts/lint.sh scripts
step "The browser bundle" scripts/wasm.sh release
step "The size of the browser bundle" scripts/bundle-size.sh
step "The browser bundle with debug assertions" scripts/wasm.sh checked
step "Clippy for the browser" scripts/lint.sh wasm
step "Clippy for the server" scripts/lint.sh host
step "A PostgreSQL to throw away" database
step "Unit, service and HTTP tests" cargo test
step "Browser tests" scripts/browser.sh
current='the end'
printf '\n==> make test: everything passed in %s\n' "$(elapsed "$start")"
