#!/bin/sh
# Builds the help on the sign-up page (help/), help.js and help_bg.wasm, into Trunk's staging folder. Trunk calls it, and
# builds one program only.
#
# usage: frontend/tools/help.sh STAGING_FOLDER [--release]
set -eu

staging=$1 kind=${2:-}
case $kind in
--release) profile=wasm-release ;;
*) profile=wasm-checked ;;
esac
# The wasm-bindgen beside this file is for the dashboard's program.
here=$(cd "$(dirname "$0")" && pwd)
PATH=$(printf '%s' "$PATH" | tr : '\n' | grep -vxF "$here" | paste -sd : -)
export PATH

cargo build --quiet -p help --target wasm32-unknown-unknown --profile $profile
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
wasm-bindgen --target web --no-typescript --out-dir "$made" --out-name help \
	"${CARGO_TARGET_DIR:-target}/wasm32-unknown-unknown/$profile/help.wasm"
# shellcheck disable=SC2086
node "$here/help.mjs" "$made" "$staging" $kind
