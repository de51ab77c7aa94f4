#!/bin/sh
# Builds the optimised binary. It contains the browser bundle and needs no other file.
set -eu
. "$(dirname "$0")/common.sh"

scripts/need.sh rust node cc crates
scripts/wasm.sh release
say "Building the optimised server (some minutes)"
cargo build --release -p server
say "Built $target/release/latchkey"
