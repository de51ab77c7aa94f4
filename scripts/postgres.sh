#!/bin/sh
# A temporary PostgreSQL for the tests, with its own folder and a free port on loopback; removed afterwards. Other clusters
# on the machine are not touched.
#
# usage: scripts/postgres.sh found          succeeds if a PostgreSQL new enough is installed
#        scripts/postgres.sh start          prints shell assignments: LATCHKEY_TEST_POSTGRES and postgres_folder
#        scripts/postgres.sh start durable  the same, with commits that reach the disk: for measurements
#        scripts/postgres.sh down FOLDER    stops it for a time, for tests of an outage; it keeps its port and its data
#        scripts/postgres.sh up FOLDER      starts it again
#        scripts/postgres.sh stop FOLDER    stops it and removes its folder
#        scripts/postgres.sh tool NAME ...  runs one of its programs, such as pg_dump
set -eu
. "$(dirname "$0")/common.sh"

oldest=15

# Prints the folder with the newest initdb, or nothing.
programs() {
	for initdb in "$(command -v initdb || true)" /usr/lib/postgresql/*/bin/initdb; do
		[ -x "$initdb" ] || continue
		version=$("$initdb" --version | sed 's/.* \([0-9]*\).*/\1/')
		[ "$version" -lt $oldest ] || printf '%s %s\n' "$version" "$(dirname "$initdb")"
	done | sort -s -n -k 1,1 | tail -n 1 | cut -d ' ' -f 2
}

# PostgreSQL refuses to run as root.
as_owner() {
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid="$owner" --regid="$(id -g "$owner")" --clear-groups "$@"
	else
		"$@"
	fi
}

free_port() {
	node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })'
}

start() {
	bin=$(programs)
	[ -n "$bin" ] || die "PostgreSQL $oldest or newer is missing."
	folder=$(mktemp -d "${TMPDIR:-/tmp}/latchkey-postgres.XXXXXX")
	trap 'stop "$folder"' EXIT
	password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
	printf '%s\n' "$password" >"$folder/password"
	[ "$(id -u)" != 0 ] || chown -R "$owner" "$folder"
	cd "$folder"
	as_owner "$bin/initdb" -D "$folder/data" -U latchkey -E UTF8 --locale=C -A scram-sha-256 \
		--pwfile="$folder/password" --no-sync >"$folder/initdb.log" 2>&1 || {
		cat "$folder/initdb.log" >&2
		die "initdb failed; its output is above."
	}
	cat >>"$folder/data/postgresql.conf" <<-CONF
		listen_addresses = '127.0.0.1'
		unix_socket_directories = '$folder'
		max_connections = 300
	CONF
	# The tests need no durability, and many of them run at once.
	[ "${1:-}" = durable ] || cat >>"$folder/data/postgresql.conf" <<-CONF
		fsync = off
		synchronous_commit = off
		full_page_writes = off
	CONF
	for _ in 1 2 3 4 5; do
		# Another program may take the port before PostgreSQL does: then the next one is tried.
		port=$(free_port)
		if as_owner "$bin/pg_ctl" -D "$folder/data" -l "$folder/server.log" -o "-p $port" -w -t 30 start \
			>>"$folder/start.log" 2>&1; then
			trap - EXIT
			echo "$port" >"$folder/port"
			echo "postgres_folder='$folder'"
			echo "LATCHKEY_TEST_POSTGRES='postgres://latchkey:$password@127.0.0.1:$port/postgres'"
			return
		fi
	done
	cat "$folder/start.log" "$folder/server.log" >&2
	die "PostgreSQL did not start; its output is above."
}

down() {
	cd "$1"
	as_owner "$(programs)/pg_ctl" -D "$1/data" -m fast -w stop >/dev/null
}

up() {
	cd "$1"
	as_owner "$(programs)/pg_ctl" -D "$1/data" -l "$1/server.log" -o "-p $(cat "$1/port")" -w -t 30 start >/dev/null
}

stop() {
	if [ -f "$1/data/postmaster.pid" ]; then
		cd "$1"
		as_owner "$(programs)/pg_ctl" -D "$1/data" -m immediate -w stop >/dev/null
	fi
	rm -rf "$1"
}

owner=$(id -un)
if [ "$owner" = root ]; then
	owner=nobody
	! id postgres >/dev/null 2>&1 || owner=postgres
fi

case ${1:-} in
found) [ -n "$(programs)" ] ;;
start) start "${2:-}" ;;
down) down "$2" ;;
up) up "$2" ;;
stop) stop "$2" ;;
tool)
	program=$(programs)/$2
	shift 2
	exec "$program" "$@"
	;;
*) die "usage: scripts/postgres.sh found | start [durable] | down FOLDER | up FOLDER | stop FOLDER | tool NAME ..." ;;
esac
