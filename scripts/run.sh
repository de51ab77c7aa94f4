#!/bin/sh
# Builds what is out of date and serves it. Arguments go to the server: scripts/run.sh --addr 127.0.0.1:4000
set -eu
. "$(dirname "$0")/common.sh"

scripts/need.sh rust node cc space=$space_for_run
scripts/wasm.sh release
say "Building the server"
LATCHKEY_EMBED=1 cargo build -p server
# The person who runs this reads its output, even through a pipe.
export LATCHKEY_PRINT_SETUP_LINK="${LATCHKEY_PRINT_SETUP_LINK:-1}"
say "Starting Latchkey; Ctrl-C stops it"
exec "$target/debug/latchkey" serve "$@"
