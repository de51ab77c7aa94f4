# Sourced after common.sh: which compiler builds for wasm32-unknown-unknown.
#
# rustup's own target if it is there or can be downloaded. Where it cannot, Debian's rustc-web, rust-web-src and
# lld-22 do the same: cargo then builds the standard library together with the bundle.
# shellcheck shell=sh disable=SC2154

wasm_triple=wasm32-unknown-unknown

# Does rustup's toolchain have the target?
wasm_by_rustup() {
	[ -d "$(rustc --print sysroot)/lib/rustlib/$wasm_triple/lib" ]
}

# Does Debian's?
wasm_by_debian() {
	have wasm-ld-22 && [ -x /usr/bin/rustc ] &&
		[ -d "$(/usr/bin/rustc --print sysroot)/lib/rustlib/src/rust/library/std" ]
}

wasm_ready() {
	wasm_by_rustup || wasm_by_debian
}

# Asks rustup for the target. Bounded: a mirror that does not answer must not hang the build.
wasm_add_target() {
	have rustup && say "Adding the $wasm_triple target" &&
		timeout 120 rustup target add $wasm_triple >/dev/null 2>&1 && wasm_by_rustup
}

# wasm_env COMMAND...: runs the command so that cargo can build for the target.
wasm_env() {
	if wasm_by_rustup; then
		env CARGO_TARGET_DIR="$wasm_target" "$@"
	else
		env CARGO_TARGET_DIR="$wasm_target" RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 \
			CARGO_UNSTABLE_BUILD_STD=std,panic_abort CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-22 "$@"
	fi
}
