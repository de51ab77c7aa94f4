#!/bin/sh
# Generates valid and invalid requests from the OpenAPI document and sends them to a server with new data. Fails if one is
# answered with a 5xx, or with a status, media type or shape that the document does not name. Bounded in time.
# Not part of `make test`: it downloads schemathesis from PyPI once, and its requests differ from run to run.
#
# FUZZ_SECONDS is the duration (120); FUZZ_SEED repeats a run; arguments go to schemathesis.
set -eu
. "$(dirname "$0")/common.sh"

schemathesis_version=4.32.5
seconds=${FUZZ_SECONDS:-120}
venv=$cache/schemathesis-$schemathesis_version
data=
server=
finish() {
	code=$?
	trap - EXIT
	[ -z "$server" ] || kill "$server" 2>/dev/null || true
	[ -z "$server" ] || wait "$server" || true
	if [ $code != 0 ] && [ -n "$data" ] && [ -s "$data/server.log" ]; then
		printf '\nThe end of the log of the server:\n' >&2
		tail -n 20 "$data/server.log" >&2
	fi
	[ -z "$data" ] || rm -rf "$data"
	exit $code
}
trap finish EXIT
trap 'exit 130' INT TERM

scripts/need.sh rust cc crates
if [ ! -x "$venv/bin/schemathesis" ]; then
	have python3 || die "Python 3.10 or newer is missing; schemathesis, which generates the requests, needs it. On Debian: apt-get install python3 python3-venv"
	say "Downloading schemathesis $schemathesis_version (once)"
	rm -rf "$venv"
	python3 -m venv "$venv" || die "python3 -m venv failed. On Debian: apt-get install python3-venv"
	"$venv/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$schemathesis_version"
fi

say "Building the server"
cargo build --quiet -p server
latchkey=$target/debug/latchkey

# Settings in the environment must not change what is tested.
for name in $(env | sed -n 's/^\(LATCHKEY_[A-Z_]*\)=.*/\1/p'); do
	[ "$name" = LATCHKEY_CACHE ] || unset "$name"
done
data=$(mktemp -d "${TMPDIR:-/tmp}/latchkey-fuzz.XXXXXX")
export LATCHKEY_DATA_DIR="$data" LATCHKEY_RATE_LIMITS=off LATCHKEY_LOG=warn
echo "seven wet umbrellas in Porto" |
	"$latchkey" account create --email ines@example.org --username ines --role owner --password-stdin >/dev/null
key=$("$latchkey" key create --account ines)
"$latchkey" invite create --label "Fuzzed" >/dev/null

"$latchkey" serve --addr 127.0.0.1:0 >"$data/server.out" 2>"$data/server.log" &
server=$!
origin=
for _ in $(seq 300); do
	origin=$(sed -n 's/^Latchkey .* is at //p' "$data/server.out")
	[ -z "$origin" ] || break
	kill -0 "$server" 2>/dev/null || die "The server ended: $(cat "$data/server.log")"
	sleep 0.1
done
[ -n "$origin" ] || die "The server did not start in 30 seconds: $(cat "$data/server.log")"

say "Sending generated requests for $seconds seconds, from $origin/api/v1/openapi.json"
cd "$data"
"$venv/bin/schemathesis" --no-color run "$origin/api/v1/openapi.json" \
	--header "Authorization: Bearer $key" \
	--checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance,allow_header_conformance,ignored_auth \
	--phases examples,coverage,fuzzing --mode all --max-time "$seconds" --request-timeout 30 --warnings off \
	--continue-on-failure --generation-database none ${FUZZ_SEED:+--seed "$FUZZ_SEED"} "$@"
kill -0 "$server" 2>/dev/null || die "The server ended."
