#!/bin/sh
# Removes what was built here. The tools in the cache stay; data/ stays.
set -eu
. "$(dirname "$0")/common.sh"

rm -rf "$target" dist frontend/node_modules end2end/node_modules end2end/output
say "Clean. (Built tools are kept in $tools.)"
