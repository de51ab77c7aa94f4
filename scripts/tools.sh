#!/bin/sh
# Builds the tools that make the browser bundle: trunk, and wasm-bindgen at exactly the version in Cargo.lock. Once;
# afterwards they are found in the cache.
set -eu
. "$(dirname "$0")/common.sh"

trunk_version=0.21.14
bindgen_version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/^version = "\(.*\)"$/\1/p;}' Cargo.lock)
[ -n "$bindgen_version" ] || die "Cargo.lock names no wasm-bindgen."

# is TOOL VERSION: is it there, in that version?
is() {
	[ "$("$tools/bin/$1" --version 2>/dev/null | cut -d ' ' -f 2)" = "$2" ]
}

# These tools work for seconds; compiling them optimised would take many minutes. One target folder for both, as they
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
rm -rf "$tools/target"
