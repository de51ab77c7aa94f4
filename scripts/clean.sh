#!/bin/sh
# Removes what was built here. Keeps data/ and the tools in the cache.
set -eu
. "$(dirname "$0")/common.sh"

rm -rf "$target" dist frontend/node_modules end2end/node_modules end2end/output
say "Removed what was built. The tools are kept in $tools."
