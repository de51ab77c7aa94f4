#!/bin/sh
# Takes the pictures in docs/images anew: of a demonstration (`latchkey demo`), in a folder that is thrown away. Look at
# them before they are committed. With LATCHKEY_BINARY set nothing is built.
set -eu
. "$(dirname "$0")/common.sh"

scripts/need.sh rust node cc browser pictures
scripts/npm.sh end2end
binary=${LATCHKEY_BINARY:-$(scripts/lone.sh)}
say "Taking the pictures"
cd end2end
LATCHKEY_BINARY="$binary" npx --no-install playwright test --config pictures.config.ts
say "Packing them, without a loss"
optipng -quiet -strip all -o3 ../docs/images/*.png
