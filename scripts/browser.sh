#!/bin/sh
# Walks the product in a real browser. Arguments go to Playwright: scripts/browser.sh invites --project phone
set -eu
. "$(dirname "$0")/common.sh"

scripts/need.sh rust node cc browser
scripts/wasm.sh release
scripts/wasm.sh checked
scripts/npm.sh end2end
# With the bundle in it, as a release: the tests copy this one file into an empty folder and run it there. Without its
# symbols, as it is copied often: the names of Leptos' types make up nine tenths of a debug binary.
LATCHKEY_EMBED=1 cargo build --quiet -p server
strip -o "$target/debug/latchkey-stripped" "$target/debug/latchkey"
cd end2end
LATCHKEY_BINARY="$target/debug/latchkey-stripped" LATCHKEY_CHECKED_DIST="$target/dist-checked" \
	npx --no-install playwright test "$@"
