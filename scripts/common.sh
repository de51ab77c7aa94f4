# Sourced by the other scripts: where things are, and how to speak. Leaves the caller in the repository's root.
# shellcheck shell=sh disable=SC2034

cd "$(dirname "$0")/.." || exit 1
root=$PWD

# Where cargo builds. The browser bundle has a folder of its own in it: it may be built by another compiler, and two
# compilers in one folder throw out each other's work.
target=${CARGO_TARGET_DIR:-$root/target}
case $target in
/*) ;;
*) target=$root/$target ;;
esac
wasm_target=$target/wasm

# Tools built from source are kept here between runs and clones.
cache=${LATCHKEY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/latchkey}
tools=$cache/tools

say() {
	printf '==> %s\n' "$*"
}

die() {
	printf '\n*** %s\n' "$*" >&2
	exit 1
}

# have COMMAND...: are they all there?
have() {
	for command in "$@"; do
		command -v "$command" >/dev/null 2>&1 || return 1
	done
}

# hash_of PATH...: one hash over every file in or at the paths.
hash_of() {
	find "$@" -name node_modules -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum |
		cut -d ' ' -f 1
}
