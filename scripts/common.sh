# Sourced by the other scripts: folders, messages and small helpers. Leaves the caller in the repository's root.
# shellcheck shell=sh disable=SC2034

cd "$(dirname "$0")/.." || exit 1
root=$PWD

# Where cargo builds. The browser bundle has its own folder in it: it may be built by another compiler, and two compilers
# that share a folder rebuild each other's work.
target=${CARGO_TARGET_DIR:-$root/target}
case $target in
/*) ;;
*) target=$root/$target ;;
esac
wasm_target=$target/wasm

# Tools built from source are kept here between runs and clones.
cache=${LATCHKEY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/latchkey}
tools=$cache/tools

# The Node.js that need.sh installed because the system's is too old (scripts/node.sh).
for node_bin in "$tools"/node/node_modules/node-linux-*/bin; do
	case $PATH in
	"$node_bin":*) ;;
	*) [ ! -x "$node_bin/node" ] || export PATH="$node_bin:$PATH" ;;
	esac
done

# The free disk space that `make run` and `make test` need where cargo builds, from nothing, in GiB (see fresh.sh).
space_for_run=4
space_for_test=8

say() {
	printf '==> %s\n' "$*"
}

die() {
	printf '\n*** %s\n' "$*" >&2
	exit 1
}

# have COMMAND...: succeeds if all of them are installed.
have() {
	for command in "$@"; do
		command -v "$command" >/dev/null 2>&1 || return 1
	done
}

# elapsed SECONDS: the time since then (a value of `date +%s`), for people.
elapsed() {
	seconds=$(($(date +%s) - $1))
	printf '%d min %02d s' $((seconds / 60)) $((seconds % 60))
}

# hash_of PATH...: one hash over every file in or at the paths.
hash_of() {
	find "$@" -name node_modules -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum |
		cut -d ' ' -f 1
}
