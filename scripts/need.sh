#!/bin/sh
# Makes sure that this machine has what was named: as root on Debian by installing it, otherwise by saying in words
# what to install. Quick when everything is there.
#
# usage: scripts/need.sh rust|node|cc|wasm|postgres|browser|pictures...
set -eu
. "$(dirname "$0")/common.sh"
. scripts/wasm-env.sh

packages=
want() {
	packages="$packages $*"
}

for need in "$@"; do
	case $need in
	rust)
		have cargo rustc || die "Rust is missing. Install the stable toolchain with rustup (https://rustup.rs), then run this again."
		wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
		found=$(rustc --version | cut -d ' ' -f 2)
		if [ "$(printf '%s\n%s\n' "$wanted" "${found%%-*}" | sort -V | head -n 1)" != "$wanted" ]; then
			die "Rust $found is too old: Latchkey needs $wanted or newer. Run: rustup update stable"
		fi
		;;
	node)
		have node npm || want nodejs npm
		;;
	cc)
		have cc strip || want gcc libc6-dev binutils
		;;
	wasm)
		wasm_ready || wasm_add_target || want rustc-web rust-web-src lld-22
		;;
	wasm-lint)
		# Only beside Debian's compiler: rustup's clippy lints for rustup's own targets.
		wasm_by_rustup || [ -x /usr/bin/clippy-driver ] || want rust-web-clippy
		;;
	postgres)
		scripts/postgres.sh found || want postgresql
		;;
	browser)
		have chromium || want chromium fonts-noto-core
		;;
	pictures)
		# The people of the demonstration have names in many scripts.
		[ -n "$(fc-list :lang=zh 2>/dev/null)" ] || want fonts-noto-core fonts-noto-cjk
		have optipng || want optipng
		;;
	*) die "need.sh: what is '$need'?" ;;
	esac
done

[ -n "$packages" ] || exit 0

if ! have apt-get; then
	die "This machine lacks what Debian calls:$packages. Install their like, then run this again."
elif [ "$(id -u)" != 0 ]; then
	die "Some packages are missing. Run this as an administrator, then try again:  apt-get install$packages"
fi

say "Installing$packages"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq || say "apt-get update failed; trying with the package lists that are here"
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $packages >"${TMPDIR:-/tmp}/latchkey-apt.log" 2>&1 || {
	tail -n 20 "${TMPDIR:-/tmp}/latchkey-apt.log" >&2
	die "apt-get could not install$packages; the end of its log is above."
}
