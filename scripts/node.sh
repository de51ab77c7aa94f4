#!/bin/sh
# Installs Node.js 22 from the npm registry among the tools in the cache, for a machine whose own Node.js is too old.
# The version and its hash are in scripts/node/package-lock.json; common.sh puts it on the PATH.
#
# usage: scripts/node.sh
set -eu
. "$(dirname "$0")/common.sh"

advice='Install Node.js 22 or newer with npm (https://nodejs.org), then run this again.'
case $(uname -s)-$(uname -m) in
Linux-x86_64 | Linux-aarch64) ;;
*) die "The npm registry has no Node.js for this kind of machine. $advice" ;;
esac
have node npm || die "Node.js or npm is missing. $advice"

rm -rf "$tools/node.new"
mkdir -p "$tools/node.new"
cp scripts/node/package.json scripts/node/package-lock.json "$tools/node.new/"
npm ci --prefix "$tools/node.new" --ignore-scripts --no-audit --no-fund --loglevel=error --fetch-retries=1 ||
	die "npm could not install Node.js; the reason is above."
# The packages are optional, each for one kind of machine; so npm does not fail if it cannot download one.
set -- "$tools/node.new"/node_modules/node-linux-*/bin/node
[ -x "$1" ] || die "npm could not download Node.js. Check the network connection (and the proxy), then run this again."
# A binary for another C library does not start: then common.sh must not find it.
"$1" --version >/dev/null || {
	rm -rf "$tools/node.new"
	die "The Node.js of the npm registry does not start on this machine. $advice"
}
rm -rf "$tools/node"
mv "$tools/node.new" "$tools/node"
