#!/bin/sh
# Weighs the browser bundle that ships, and fails if the first download, a page's own part or the help on the sign-up page is
# larger than it may be.
set -eu
. "$(dirname "$0")/common.sh"

scripts/need.sh node
scripts/wasm.sh release
node frontend/tools/size.mjs dist || die "The browser bundle is too large."
