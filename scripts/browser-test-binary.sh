#!/bin/sh
# Builds the binary that the browser tests run, if it is out of date, and prints its path: the debug server with the
# optimised bundle in it. The tests copy it into empty folders often, so its symbols are stripped: the names of Leptos'
# types are nine tenths of a debug binary.
set -eu
. "$(dirname "$0")/common.sh"

scripts/wasm.sh release >&2
LATCHKEY_EMBED=1 cargo build --quiet -p server
strip -o "$target/debug/latchkey-stripped" "$target/debug/latchkey"
echo "$target/debug/latchkey-stripped"
