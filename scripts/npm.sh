#!/bin/sh
# Installs the npm packages that a folder's lock file names, unless that is done already.
#
# usage: scripts/npm.sh FOLDER
set -eu
. "$(dirname "$0")/common.sh"

folder=$1
stamp=$folder/node_modules/.latchkey-stamp
hash=$(hash_of "$folder/package.json" "$folder/package-lock.json")
[ "$(cat "$stamp" 2>/dev/null)" != "$hash" ] || exit 0

say "Installing the npm packages of $folder/"
# The browser is the system's; Playwright must not download one.
PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error --fetch-retries=1 ||
	die "npm could not install the packages of $folder/; the reason is above. If it could not download them, check the network connection (and the proxy), then run this again."
echo "$hash" >"$stamp"
