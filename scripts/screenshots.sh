#!/bin/sh
# Takes the pictures in docs/images again, of a demonstration (`latchkey demo`) in a temporary folder. Look at them before
# you commit them. LATCHKEY_BINARY names a binary to use; without it one is built.
set -eu
. "$(dirname "$0")/common.sh"

scripts/need.sh rust node cc crates browser pictures
scripts/npm.sh end2end
binary=${LATCHKEY_BINARY:-$(scripts/browser-test-binary.sh)}
say "Taking the pictures"
cd end2end
LATCHKEY_BINARY="$binary" npx --no-install playwright test --config pictures.config.ts
say "Compressing them without loss"
optipng -quiet -strip all -o3 ../docs/images/*.png
