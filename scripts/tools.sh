#!/bin/sh
# Builds the tools that make the browser bundle, unless they are in the cache: trunk, wasm-bindgen in exactly the version
# that Cargo.lock names, and wasm-split, which divides the program into parts.
set -eu
. "$(dirname "$0")/common.sh"

trunk_version=0.21.14
split_version=0.2.4
bindgen_version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/^version = "\(.*\)"$/\1/p;}' Cargo.lock)
[ -n "$bindgen_version" ] || die "Cargo.lock names no wasm-bindgen."

# is TOOL VERSION: succeeds if the tool is in the cache in that version.
is() {
	[ "$("$tools/bin/$1" --version 2>/dev/null | cut -d ' ' -f 2)" = "$2" ]
}

# wasm-split does not print its version; cargo's list of installed crates has it.
has_split() {
	[ -x "$tools/bin/wasm-split-cli" ] &&
		grep -q "^\"wasm_split_cli_support $split_version " "$tools/.crates.toml" 2>/dev/null
}

# The tools run for seconds; an optimised build of them would take many minutes. They share one target folder, as they
# share many dependencies; it is not the project's, as they share none with that. wasm-bindgen-cli without --locked: its
# lock file names a release that was withdrawn.
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
