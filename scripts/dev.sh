#!/bin/sh
# Builds and serves, and does both again when a source changes. An open page learns from the server's next answer that it
# is out of date and reloads itself. Arguments go to the server.
set -eu
. "$(dirname "$0")/common.sh"

export LATCHKEY_PRINT_SETUP_LINK="${LATCHKEY_PRINT_SETUP_LINK:-1}"
server=
finish() {
	[ -z "$server" ] || kill "$server" 2>/dev/null || true
}
trap finish EXIT
trap 'exit 130' INT TERM

# The state of the sources: names and times are enough here, and quick to read.
snapshot() {
	find Cargo.toml Cargo.lock Trunk.toml domain service app frontend help server migrations style -name node_modules -prune \
		-o -type f -printf '%T@ %p\n'
}

scripts/need.sh rust node cc space=$space_for_run
while :; do
	seen=$(snapshot)
	if scripts/wasm.sh dev && cargo build -p server; then
		finish
		[ -z "$server" ] || wait "$server" || true
		"$target/debug/latchkey" serve "$@" &
		server=$!
		say "Serving. Watching for changes; Ctrl-C stops it"
	else
		say "The build failed. Watching for changes; the last version that was built is still served"
	fi
	while [ "$(snapshot)" = "$seen" ]; do
		sleep 1
	done
	say "A source changed"
done
