#!/bin/sh
# Checks formatting, runs clippy for the server and for the browser, and checks scripts and browser tests. Warnings are
# errors.
#
# usage: scripts/lint.sh [format|host|wasm|scripts]...    all of them if none is named
set -eu
. "$(dirname "$0")/common.sh"
. scripts/wasm-env.sh

format() {
	cargo fmt --all --check || die "Some files are not formatted. Run: cargo fmt --all"
}

host() {
	cargo clippy --quiet --all-targets -- -D warnings
}

# With the profile of the checked bundle, so that the two share their build scripts and macros.
wasm() {
	scripts/need.sh wasm wasm-lint
	clippy=$(cargo --list | grep -q '^    clippy' && echo 'cargo clippy')
	wasm_by_rustup || clippy='/usr/bin/cargo-clippy clippy'
	# shellcheck disable=SC2086
	wasm_env CARGO="$(command -v cargo)" $clippy --quiet -p frontend -p wasm-streams -p help -p app -p domain --features app/hydrate \
		--target $wasm_triple --profile wasm-checked -- -D warnings
}

scripts() {
	for script in scripts/*.sh .ci/run; do
		sh -n "$script"
	done
	! have shellcheck || shellcheck -x scripts/*.sh .ci/run frontend/tools/wasm-bindgen frontend/tools/help.sh
	scripts/npm.sh end2end
	npm run --silent --prefix end2end check
}

[ $# -gt 0 ] || set -- format host wasm scripts
for what in "$@"; do
	"$what"
done
