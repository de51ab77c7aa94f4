#!/bin/sh
# Runs the browser tests. Arguments go to Playwright: scripts/browser.sh invites --project phone
set -eu
. "$(dirname "$0")/common.sh"

scripts/need.sh rust node cc crates browser
scripts/npm.sh end2end
scripts/wasm.sh checked
binary=$(scripts/browser-test-binary.sh)
cd end2end
LATCHKEY_BINARY="$binary" LATCHKEY_CHECKED_DIST="$target/dist-checked" npx --no-install playwright test "$@"
