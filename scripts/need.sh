#!/bin/sh
# Makes sure that this machine has what is named, before anything long begins: as root on Debian by installing it,
# otherwise by saying what to install. Quick when everything is there.
#
# usage: scripts/need.sh NEED...
#   rust           the toolchain, at least the version in Cargo.toml
#   lint           its rustfmt and clippy
#   cc             a C compiler that builds a program, and strip
#   node           Node.js and npm for the browser bundle
#   wasm           a compiler for the browser
#   wasm-lint      clippy for the browser
#   crates         the crates of Cargo.lock, downloaded
#   postgres       a PostgreSQL for the tests
#   browser        Chromium, and a Node.js new enough for Playwright
#   pictures       what the pictures of the docs need
#   space=GIB      free disk space where cargo builds, less what earlier builds already take there
set -eu
. "$(dirname "$0")/common.sh"
. scripts/wasm-env.sh

# Major versions of Node.js: the oldest for the packages of frontend/, for those of end2end/ (the "engines" in their
# lock files).
node_for_bundle=18
node_for_tests=20
oldest_node=0

packages=
want() {
	packages="$packages $*"
}

can_install() {
	have apt-get && [ "$(id -u)" = 0 ]
}

want_node() {
	have node npm || want nodejs npm
	[ "$oldest_node" -ge "$1" ] || oldest_node=$1
}

node_version() {
	node --version 2>/dev/null | sed 's/^v//'
}

# Builds a program: a compiler without the C library's headers is there, and no use.
cc_works() {
	have cc strip || return 1
	program=$(mktemp "${TMPDIR:-/tmp}/latchkey-cc.XXXXXX")
	printf '#include <stdio.h>\nint main(void) { return puts("") < 0; }\n' | cc -x c - -o "$program" 2>/dev/null
	works=$?
	rm -f "$program"
	return $works
}

# Free and used space in MiB: of the file system that has the folder or will have it, and of the folder itself.
free_space() {
	folder=$1
	while [ ! -d "$folder" ]; do
		folder=$(dirname "$folder")
	done
	df -Pk "$folder" | awk 'NR == 2 { print int($4 / 1024) }'
}

used_space() {
	if [ -d "$1" ]; then du -sk "$1" | awk '{ print int($1 / 1024) }'; else echo 0; fi
}

# space GIB: dies if the build would fill the disk.
space() {
	free=$(free_space "$target")
	wanted=$(($1 * 1024))
	[ "$free" -lt "$wanted" ] || return 0
	# Earlier builds took some of it. What changes is built beside what was there, so a gibibyte is always needed.
	wanted=$((wanted - $(used_space "$target")))
	[ $wanted -ge 1024 ] || wanted=1024
	[ "$free" -ge $wanted ] ||
		die "The disk is too full: $free MiB are free at $target, and this needs $wanted MiB. Free some space, or set CARGO_TARGET_DIR to a folder on another disk."
}

for need in "$@"; do
	case $need in
	rust)
		have cargo rustc || die "Rust is missing. Install the stable toolchain with rustup (https://rustup.rs), then run this again."
		found=$(rustc --version 2>/dev/null | cut -d ' ' -f 2)
		[ -n "$found" ] || die "rustc is installed but does not start. If it is rustup's, run: rustup default stable"
		wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
		if [ "$(printf '%s\n%s\n' "$wanted" "${found%%-*}" | sort -V | head -n 1)" != "$wanted" ]; then
			die "Rust $found is too old: Latchkey needs $wanted or newer. Run: rustup update stable"
		fi
		;;
	lint)
		if ! cargo fmt --version >/dev/null 2>&1 || ! cargo clippy --version >/dev/null 2>&1; then
			say "Adding rustfmt and clippy"
			{ have rustup && timeout 300 rustup component add rustfmt clippy >/dev/null 2>&1; } ||
				die "rustfmt or clippy is missing. Run: rustup component add rustfmt clippy"
		fi
		;;
	cc)
		cc_works || want gcc libc6-dev binutils
		;;
	node)
		want_node $node_for_bundle
		;;
	wasm)
		wasm_ready || wasm_add_target || want rustc-web rust-web-src lld-22
		;;
	wasm-lint)
		# Only beside Debian's compiler: rustup's clippy checks for rustup's own targets.
		wasm_by_rustup || [ -x /usr/bin/clippy-driver ] || want rust-web-clippy
		;;
	postgres)
		scripts/postgres.sh found || want postgresql
		;;
	browser)
		want_node $node_for_tests
		# Debian's other Chromium, and the one that LATCHKEY_CHROMIUM names, do as well, in twice the time.
		if [ -z "${LATCHKEY_CHROMIUM:-}" ] && ! have chromium-headless-shell && { ! have chromium || can_install; }; then
			want chromium-headless-shell fonts-noto-core
		fi
		;;
	pictures)
		# The people of the demonstration have names in many scripts.
		[ -n "$(fc-list :lang=zh 2>/dev/null)" ] || want fonts-noto-core fonts-noto-cjk
		have optipng || want optipng
		;;
	space=*)
		space "${need#space=}"
		;;
	crates) ;;
	*) die "need.sh: unknown need '$need'" ;;
	esac
done

install() {
	if ! have apt-get; then
		die "This machine lacks what Debian calls:$packages. Install the equivalent packages, then run this again."
	elif [ "$(id -u)" != 0 ]; then
		die "Some packages are missing. Run this as an administrator, then try again:  apt-get install$packages"
	fi
	say "Installing$packages"
	export DEBIAN_FRONTEND=noninteractive
	log=${TMPDIR:-/tmp}/latchkey-apt.log
	bounds='-o Acquire::Retries=1 -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30'
	# shellcheck disable=SC2086
	apt-get $bounds update -qq || say "apt-get update failed; trying with the package lists that are here"
	# shellcheck disable=SC2086
	apt-get $bounds install -y -qq --no-install-recommends $packages >"$log" 2>&1 || {
		tail -n 20 "$log" >&2
		die "apt-get could not install$packages; the end of its log is above. If it could not download them, check the network connection (and the proxy), then run this again."
	}
}
[ -z "$packages" ] || install

# What a package brought may still be too old.
if [ "$oldest_node" != 0 ]; then
	found=$(node_version)
	[ -n "$found" ] || die "node is installed but does not start. Install Node.js 22 or newer with npm, then run this again."
	if [ "${found%%.*}" -lt "$oldest_node" ]; then
		say "Node.js $found is too old, $oldest_node or newer is needed: installing Node.js 22 from the npm registry (once, 190 MB)"
		scripts/node.sh
	fi
fi

for need in "$@"; do
	case $need in
	cc)
		cc_works || die "The C compiler (cc) does not build a program, or strip is missing. Install a C compiler with the C library's headers, and binutils. On Debian: apt-get install gcc libc6-dev binutils"
		;;
	wasm)
		wasm_ready || die "No compiler for $wasm_triple is here. Run: rustup target add $wasm_triple"
		;;
	crates)
		# The first download: without a network this ends within a minute, and nothing long has begun.
		if ! cargo fetch --quiet --locked --offline >/dev/null 2>&1; then
			say "Downloading the crates"
			CARGO_NET_RETRY=1 CARGO_HTTP_TIMEOUT=20 cargo fetch --quiet --locked ||
				die "cargo could not download the crates; the reason is above. Without a network: check the connection (and the proxy), then run this again. If Cargo.lock does not fit the Cargo.toml files: run cargo check and commit Cargo.lock."
		fi
		;;
	esac
done
