#!/bin/sh
# Builds the tools that make the browser bundle: trunk, wasm-bindgen at exactly the version in Cargo.lock, and what cuts
# the program into parts. Once; afterwards they are found in the cache.
set -eu
. "$(dirname "$0")/common.sh"

trunk_version=0.21.14
split_version=0.2.4
bindgen_version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/^version = "\(.*\)"$/\1/p;}' Cargo.lock)
[ -n "$bindgen_version" ] || die "Cargo.lock names no wasm-bindgen."

# is TOOL VERSION: is it there, in that version?
is() {
	[ "$("$tools/bin/$1" --version 2>/dev/null | cut -d ' ' -f 2)" = "$2" ]
}

# The splitter does not say its version; cargo's list of what it installed does.
has_split() {
	[ -x "$tools/bin/wasm-split-cli" ] &&
		grep -q "^\"wasm_split_cli_support $split_version " "$tools/.crates.toml" 2>/dev/null
}

# These tools work for seconds; compiling them optimised would take many minutes. One target folder for all, as they
# share much, and outside the project's, as they share nothing with that. No --locked for wasm-bindgen-cli: its lock
# names a release that was withdrawn.
install() {
	env -u RUSTFLAGS -u RUSTC_WRAPPER CARGO_TARGET_DIR="$tools/target" CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
		CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 \
		cargo install --force --quiet --root "$tools" "$@"
}

mkdir -p "$tools"
if ! is trunk $trunk_version; then
	say "Building trunk $trunk_version (once; some four minutes on two cores)"
	install --locked --no-default-features --features rustls --version $trunk_version trunk
fi
if ! is wasm-bindgen "$bindgen_version"; then
	say "Building wasm-bindgen $bindgen_version (once; about a minute)"
	install --version "$bindgen_version" wasm-bindgen-cli
fi
if ! has_split; then
	say "Building wasm-split-cli $split_version (once; about a minute)"
	install --locked --features build-binary --version $split_version wasm_split_cli_support
fi
rm -rf "$tools/target"
