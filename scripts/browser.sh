#!/bin/sh
# Walks the product in a real browser. Arguments go to Playwright: scripts/browser.sh invites --project phone
set -eu
. "$(dirname "$0")/common.sh"

scripts/need.sh rust node cc browser
scripts/wasm.sh checked
scripts/npm.sh end2end
binary=$(scripts/lone.sh)
cd end2end
LATCHKEY_BINARY="$binary" LATCHKEY_CHECKED_DIST="$target/dist-checked" npx --no-install playwright test "$@"
