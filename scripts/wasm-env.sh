# Sourced after common.sh: the compiler that builds for wasm32-unknown-unknown.
#
# It is rustup's if the target is installed or can be downloaded. Otherwise Debian's rustc-web, rust-web-src and lld-22
# do the same: cargo then builds the standard library together with the bundle.
# shellcheck shell=sh disable=SC2154

wasm_triple=wasm32-unknown-unknown

# Succeeds if rustup's toolchain has the target.
wasm_by_rustup() {
	[ -d "$(rustc --print sysroot)/lib/rustlib/$wasm_triple/lib" ]
}

# Succeeds if Debian's compiler has it.
wasm_by_debian() {
	have wasm-ld-22 && [ -x /usr/bin/rustc ] &&
		[ -d "$(/usr/bin/rustc --print sysroot)/lib/rustlib/src/rust/library/std" ]
}

wasm_ready() {
	wasm_by_rustup || wasm_by_debian
}

# Downloads the target with rustup. Bounded in time: a mirror that does not answer must not stop the build.
wasm_add_target() {
	have rustup && say "Adding the $wasm_triple target" &&
		timeout 120 rustup target add $wasm_triple >/dev/null 2>&1 && wasm_by_rustup
}

# The flags of .cargo/config.toml, which those of a target replace; and the folders of dependencies without the beginning of
# their paths, which messages of panics contain: what is sent does not depend on the machine it was built on, and is smaller.
wasm_flags() {
	printf '%s' '--cfg erase_components'
	for folder in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*; do
		[ ! -d "$folder" ] || printf ' --remap-path-prefix=%s/=' "$folder"
	done
}

# wasm_env COMMAND...: runs the command so that cargo can build for the target.
wasm_env() {
	set -- CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="$(wasm_flags)" "$@"
	if wasm_by_rustup; then
		env CARGO_TARGET_DIR="$wasm_target" "$@"
	else
		env CARGO_TARGET_DIR="$wasm_target" RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 \
			CARGO_UNSTABLE_BUILD_STD=std,panic_abort CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-22 "$@"
	fi
}
