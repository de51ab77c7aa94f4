#!/bin/sh
# Builds the browser bundle if one of its inputs has changed.
#
# usage: scripts/wasm.sh [release|checked|dev]
#   release  optimised, into dist/: the one that the server serves
#   checked  with debug assertions, into the target folder's dist-checked/: Leptos then reports hydration mismatches
#   dev      the same, into dist/: quick to build
set -eu
. "$(dirname "$0")/common.sh"
. scripts/wasm-env.sh

kind=${1:-release}
case $kind in
release) dist=$root/dist options=--release words='the browser bundle' ;;
checked) dist=$target/dist-checked options='--cargo-profile wasm-checked' words='the browser bundle with debug assertions' ;;
dev) dist=$root/dist options='--cargo-profile wasm-checked' words='the browser bundle for development' ;;
*) die "wasm.sh: release, checked or dev, not '$kind'" ;;
esac

# Before anything else: the hash below contains the compiler's version, and need.sh may have to install the compiler.
scripts/need.sh rust node cc crates wasm

# Trunk builds every time it is called; a hash of all inputs and of the compiler's version avoids that.
inputs='Cargo.toml Cargo.lock Trunk.toml app domain frontend help style scripts/wasm.sh scripts/wasm-env.sh scripts/tools.sh'
# shellcheck disable=SC2016,SC2086
hash="$kind $(hash_of $inputs) $(wasm_env sh -c '${RUSTC:-rustc} --version')"
stamp=$wasm_target/$(basename "$dist").stamp
fresh() {
	[ -f "$dist/latchkey_bg.wasm" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$hash" ]
}
! fresh || exit 0

# One build at a time, and not in the folder that is served: Trunk empties its output folder.
mkdir -p "$wasm_target"
if have flock; then
	exec 9>"$wasm_target/lock"
	flock 9
	! fresh || exit 0
fi

scripts/npm.sh frontend
scripts/tools.sh
say "Building $words"
made=$wasm_target/dist-$kind
rm -f "$stamp"
# shellcheck disable=SC2086
wasm_env PATH="$root/frontend/tools:$root/frontend/node_modules/.bin:$tools/bin:$PATH" TRUNK_SKIP_VERSION_CHECK=true \
	RUST_BACKTRACE=0 LATCHKEY_PARTS="$wasm_target/parts" trunk build $options --dist "$made"
rm -rf "$dist"
mv "$made" "$dist"
echo "$hash" >"$stamp"
