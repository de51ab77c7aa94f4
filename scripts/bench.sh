#!/bin/sh
# Measures the optimised binary against its limits, in one run on this machine: prints a table and writes JSON. Takes
# some twelve minutes once everything is built. Not part of `make test`: the figures mean something only while nothing
# else runs. Arguments go to the measuring program: --only reading, --runs 3, --rows 100000.
set -eu
. "$(dirname "$0")/common.sh"

postgres_folder=
finish() {
	code=$?
	trap - EXIT
	[ -z "$postgres_folder" ] || scripts/postgres.sh stop "$postgres_folder"
	exit $code
}
trap finish EXIT
trap 'exit 130' INT TERM

scripts/need.sh rust node cc crates postgres
scripts/wasm.sh release
say "Building the optimised server and the measuring program (some ten minutes)"
# In one command, so that shared dependencies are built once.
cargo build --release -p server -p bench
assignments=$(scripts/postgres.sh start durable)
eval "$assignments"
say "Measuring"
LATCHKEY_BENCH_POSTGRES=$LATCHKEY_TEST_POSTGRES "$target/release/bench" run \
	--binary "$target/release/latchkey" --json "$target/bench.json" "$@"
