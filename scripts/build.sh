#!/bin/sh
# Builds the optimised binary, which holds the browser bundle and needs no other file.
set -eu
. "$(dirname "$0")/common.sh"

scripts/need.sh rust node cc
scripts/wasm.sh release
say "Building the optimised server (some minutes)"
cargo build --release -p server
say "There it is: $target/release/latchkey"
