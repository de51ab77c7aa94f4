#!/bin/sh
# Installs a folder's npm packages as its lock file names them, if that was not done already.
#
# usage: scripts/npm.sh FOLDER
set -eu
. "$(dirname "$0")/common.sh"

folder=$1
stamp=$folder/node_modules/.latchkey-stamp
hash=$(hash_of "$folder/package.json" "$folder/package-lock.json")
[ "$(cat "$stamp" 2>/dev/null)" != "$hash" ] || exit 0

say "Installing the npm packages of $folder/"
# The browser is the system's; nothing may be downloaded behind npm's back.
PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error
echo "$hash" >"$stamp"
