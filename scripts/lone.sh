#!/bin/sh
# Builds the binary that browsers are let at, unless it is there, and prints where it is: the debug server with the
# bundle in it, as a release, to be copied into an empty folder and run there. Without its symbols, as it is copied
# often: the names of Leptos' types make up nine tenths of a debug binary.
set -eu
. "$(dirname "$0")/common.sh"

scripts/wasm.sh release >&2
LATCHKEY_EMBED=1 cargo build --quiet -p server
strip -o "$target/debug/latchkey-stripped" "$target/debug/latchkey"
echo "$target/debug/latchkey-stripped"
