#!/bin/sh
# Tries the README's two commands on a machine that has nothing: a bare Debian in a folder (debootstrap, minbase) with
# git, make, a C compiler and rustup's toolchain without the WebAssembly target. This machine's certificates and package
# sources are copied into it, and the committed tree is cloned into it. `make run` there must serve the first page, then a
# person signs up; then comes `make test`. Everything is mounted in a mount namespace of its own, so nothing stays mounted.
#
# What is finished is kept in the cache, and an interrupted run goes on where it stopped, until another commit is tested:
# then the machine is made again. Needs root, a network, and the disk space that it names.
#
# usage: scripts/fresh.sh [OPTION...]
#   --debian 12|13           the release; both if it is not given (13 is left out where the package sources lack it)
#   --target rustup|debian   the compiler for the browser: rustup's, or Debian's because rustup cannot download; both if
#                            it is not given
#   --only run|test          one of the two commands; without it the one, then the other
#   --cached                 with the compiled dependencies and tools of this machine's cache, which are not changed
#   --again                  starts from nothing
#   --quick                  as in continuous integration: only `make run`, on this machine's own release, with rustup's
#                            compiler and --cached; nothing but the base system is kept. Exits with 69 where it cannot be
#                            tried at all
set -eu
. "$(dirname "$0")/common.sh"

fresh=$cache/fresh
began=$(date +%s)
# The clone in the new machine. With --cached this project's own crates are compiled again, because their path differs.
clone=/root/latchkey

cannot() {
	printf '\n*** SKIPPED: a bare machine cannot be tried here: %s\n' "$*" >&2
	exit 69
}

usage() {
	sed -n '/^# usage/,/^set/s/^# \{0,1\}//p' "$root/scripts/fresh.sh" >&2
	exit 2
}

codename() {
	case $1 in
	12) echo bookworm ;;
	13) echo trixie ;;
	*) usage ;;
	esac
}

# The release of this machine, if it is a Debian that is known here; else 12.
own_release() {
	. /etc/os-release
	case ${ID:-}-${VERSION_ID:-} in
	debian-13) echo 13 ;;
	*) echo 12 ;;
	esac
}

requirements() {
	[ "$(id -u)" = 0 ] || cannot "it needs root."
	have unshare chroot || cannot "unshare and chroot are missing."
	unshare --mount --pid --fork --propagation private true 2>/dev/null || cannot "namespaces are not allowed."
	have rustup || cannot "it copies rustup's toolchain, and rustup is missing."
	have debootstrap && return
	have apt-get || cannot "debootstrap is missing."
	say "Installing debootstrap"
	{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends debootstrap; } \
		>/dev/null 2>&1 || cannot "debootstrap is missing, and apt-get could not install it."
}

# sources CODENAME: prints this machine's sources of Debian packages, for that release.
sources() {
	. /etc/os-release
	# shellcheck disable=SC2016
	list() {
		apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' 2>/dev/null |
			grep " ${VERSION_CODENAME:-none}[ -]" | sort -u
	}
	[ -n "$(list)" ] || apt-get update -qq >/dev/null 2>&1 || true
	list | sed "s/ $VERSION_CODENAME/ $1/; s|^|deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] |"
}

# bare RELEASE: makes the bare Debian that the machines of this release are copies of. Kept.
bare() {
	base=$fresh/debian-$1
	[ ! -d "$base" ] || return 0
	say "Debian $1: installing the base system (once; one to two minutes)"
	name=$(codename "$1")
	mirror=$(sources "$name" | awk -v name="$name" '$4 == name { print $3; exit }')
	eval "$(apt-config shell proxy Acquire::http::Proxy)"
	[ -z "${proxy:-}" ] || export http_proxy="$proxy"
	rm -rf "$base.new"
	# shellcheck disable=SC2086
	debootstrap --variant=minbase --include=git,make,gcc,libc6-dev "$name" "$base.new" $mirror >"$base.log" 2>&1 || {
		tail -n 20 "$base.log" >&2
		rm -rf "$base.new"
		return 1
	}
	# Packages must not start services in it; and it need not survive a power failure, so dpkg need not wait for the disk.
	printf '#!/bin/sh\nexit 101\n' >"$base.new/usr/sbin/policy-rc.d"
	chmod +x "$base.new/usr/sbin/policy-rc.d"
	echo force-unsafe-io >"$base.new/etc/dpkg/dpkg.cfg.d/unsafe-io"
	rm -rf "$base.new"/var/cache/apt/archives/*.deb
	mv "$base.new" "$base"
}

# bring FILE: copies a file of this machine to the same path of the new one.
bring() {
	mkdir -p "$machine/root$(dirname "$1")"
	cp -L "$1" "$machine/root$1"
}

# Copies what this machine needs for the network: names, certificates, package sources. No mounts: packages rewrite them.
network() {
	into=$machine/root
	bring /etc/hosts
	bring /etc/resolv.conf
	rm -f "$into/etc/apt/sources.list"
	sources "$(codename "$release")" >"$into/etc/apt/sources.list.d/machine.list"
	[ -s "$into/etc/apt/sources.list.d/machine.list" ] || rm "$into/etc/apt/sources.list.d/machine.list"
	apt-config dump Acquire | grep -v IndexTargets >"$into/etc/apt/apt.conf.d/50machine"
	for file in /etc/apt/auth.conf /etc/apt/auth.conf.d/*; do
		[ ! -f "$file" ] || bring "$file"
	done
	# The package ca-certificates writes the first file, out of its own certificates and the second.
	bundle=/etc/ssl/certs/ca-certificates.crt
	if [ -f $bundle ]; then
		bring $bundle
		mkdir -p "$into/usr/local/share/ca-certificates"
		cp -L $bundle "$into/usr/local/share/ca-certificates/machine.crt"
	fi
	# cargo's sources and network settings, not its other configuration.
	for file in "$cargo_home/config.toml" "$cargo_home/config"; do
		[ ! -f "$file" ] ||
			awk '/^\[/ { keep = /^\[(source|registries|registry|http|net)[].]/ } keep' "$file" >"$into$file"
	done
	# npm's, with its log-ins.
	{
		! have npm || npm config get registry cafile proxy https-proxy noproxy strict-ssl 2>/dev/null |
			grep -vE '=(null|undefined)?$' || true
		[ ! -f "$HOME/.npmrc" ] || grep '^//' "$HOME/.npmrc" || true
	} >"$into/root/.npmrc"
	cafile=$(sed -n 's/^cafile=//p' "$into/root/.npmrc" | tr -d '"')
	[ ! -f "$cafile" ] || bring "$cafile"
}

# Prints the environment of the new machine: the network settings of this machine, and nothing else of its environment.
environment() {
	echo "export HOME=/root PATH=$cargo_home/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
	echo "export LANG=C.UTF-8 CARGO_HOME=$cargo_home RUSTUP_HOME=$rustup_home CARGO_TERM_COLOR=never"
	# Any free port: this machine may use 3000 itself.
	echo "export LATCHKEY_ADDR=127.0.0.1:0"
	env | grep -E '^(SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|CURL_CA_BUNDLE|GIT_SSL_CAINFO|https?_proxy|HTTPS?_PROXY|no_proxy|NO_PROXY|all_proxy|ALL_PROXY|CARGO_(HTTP|NET|REGISTRIES|SOURCE)_[A-Z_]*|npm_config_(registry|cafile)|NPM_CONFIG_(REGISTRY|CAFILE)|RUSTUP_(DIST_SERVER|UPDATE_ROOT))=' |
		grep -v TOKEN | while IFS='=' read -r name value; do
		[ ! -f "$value" ] || bring "$value"
		printf "export %s='%s'\n" "$name" "$(printf '%s' "$value" | sed "s/'/'\\\\''/g")"
	done
	# A port that nobody listens on.
	[ "$compiler" != debian ] || echo "export RUSTUP_DIST_SERVER=http://127.0.0.1:9"
}

# Copies rustup's toolchain, without its documentation.
toolchain() {
	sysroot=$(rustc --print sysroot)
	name=$(basename "$sysroot")
	mkdir -p "$machine/root$cargo_home/bin" "$machine/root$rustup_home/toolchains/$name"
	for program in rustup cargo rustc rustdoc rustfmt cargo-fmt clippy-driver cargo-clippy; do
		cp -a "$cargo_home/bin/$program" "$machine/root$cargo_home/bin/"
	done
	tar -C "$sysroot" --exclude=./share/doc --exclude=./share/man -cf - . |
		tar -C "$machine/root$rustup_home/toolchains/$name" -xf -
	cp "$rustup_home/settings.toml" "$machine/root$rustup_home/"
}

# inside COMMAND...: runs it in the new machine, in its clone if that is there.
inside() {
	chroot "$machine/root" /usr/bin/env -i /bin/sh -c \
		". /etc/machine.env; cd $clone 2>/dev/null || cd /root; exec \"\$@\"" sh "$@"
}

# copy_of FOLDER NAME PLACE: shows a folder of this machine at a place of the new one; what is written there is thrown away.
copy_of() {
	[ -d "$1" ] || return 0
	mkdir -p "$machine/$2/upper" "$machine/$2/work" "$machine/root$3"
	mount -t overlay overlay -o "lowerdir=$1,upperdir=$machine/$2/upper,workdir=$machine/$2/work" "$machine/root$3" \
		2>/dev/null || cp -a --reflink=auto "$1/." "$machine/root$3/"
}

# From here to `attempt` everything runs in the namespace.
mounts() {
	mount -t proc proc "$machine/root/proc"
	mount --rbind /dev "$machine/root/dev"
	mount --rbind /sys "$machine/root/sys"
	[ "$cached" = 1 ] || return 0
	copy_of "$cargo_home/registry" registry "$cargo_home/registry"
	copy_of "$target" target "$clone/target"
	copy_of "$tools" tools /root/.cache/latchkey/tools
}

# follow PID LOG [PATTERN]: prints the steps that a command writes to its log, and every minute that it is still at work.
# Ends with the command, with its exit code; or when the log has a line that matches; or fails after three hours (half an
# hour with --quick).
follow() {
	limit=10800
	[ "$quick" = 0 ] || limit=1800
	shown=0
	said=$(date +%s)
	while :; do
		alive=1
		kill -0 "$1" 2>/dev/null || alive=0
		lines=$(wc -l <"$2")
		if [ "$lines" -gt "$shown" ]; then
			sed -n "$((shown + 1)),${lines}p" "$2" | grep -aE '^(==>|\*\*\*|    [0-9]+ min |test result: F|  [0-9]+ (passed|failed))' |
				while IFS= read -r line; do
					printf '    %s  %s\n' "$(elapsed "$began")" "$line"
				done
			shown=$lines
		fi
		if [ -n "${3:-}" ] && grep -qaE "$3" "$2"; then
			return 0
		fi
		[ $alive = 1 ] || break
		if [ $(($(date +%s) - began)) -gt $limit ]; then
			echo "*** This took too long." >>"$2"
			return 1
		fi
		if [ $(($(date +%s) - said)) -ge 60 ]; then
			said=$(date +%s)
			printf '    %s  … %s\n' "$(elapsed "$began")" "$(tail -n 1 "$2" | cut -c 1-100)"
		fi
		sleep 1
	done
	wait "$1"
}

ends_here() {
	tail -n 40 "$log" >&2
	die "Debian $release, $compiler's compiler: $1 (after $(elapsed "$began"); the end of $log is above)"
}

# Removes the WebAssembly target from the copy; in the namespace, because rustup needs /proc.
try_prepare() {
	inside rustup default "$(basename "$(ls -d "$machine/root$rustup_home"/toolchains/*)")" >"$log" 2>&1
	inside rustup target remove wasm32-unknown-unknown >>"$log" 2>&1 || true
	[ ! -d "$(echo "$machine/root$rustup_home"/toolchains/*/lib/rustlib)/wasm32-unknown-unknown" ] ||
		die "The WebAssembly target could not be removed; see $log"
}

try_run() {
	rm -rf "$machine/root$clone/data"
	: >"$log"
	inside make run >"$log" 2>&1 &
	link='https?://[^ ]*/setup\?token=[^ ]*'
	follow $! "$log" "$link" || ends_here "make run failed"
	grep -qaE "$link" "$log" || ends_here "make run ended without a page"
	served=$(elapsed "$began")
	link=$(grep -aoE "$link" "$log" | head -n 1)
	inside node scripts/sign-up.mjs "$link" target/debug/latchkey >>"$log" 2>&1 ||
		ends_here "the first person could not sign up"
	say "Debian $release, $compiler's compiler: make run served the first page after $served, and a person signed up"
}

try_test() {
	: >"$log"
	inside make test >"$log" 2>&1 &
	follow $! "$log" || ends_here "make test failed"
	say "Debian $release, $compiler's compiler: make test passed after $(elapsed "$began")"
}

# Runs in the namespace, as its first process: when it ends, every process in the namespace is ended.
attempt() {
	trap 'exit 130' INT TERM
	machine=$1 release=$2 compiler=$3 cached=$5 quick=$6
	log=$machine/$4.log
	mounts
	"try_$4"
}

in_namespace() {
	unshare --mount --pid --fork --kill-child --propagation private \
		"$root/scripts/fresh.sh" --inside "$machine" "$release" "$compiler" "$1" "$cached" "$quick"
}

# used FOLDER...: the disk space that they take in the new machine, in GiB.
used() {
	for folder in "$@"; do
		[ ! -d "$machine/root$folder" ] || printf ' %s %s' \
			"$(du -sk "$machine/root$folder" | awk '{ printf "%.1f GiB", $1 / 1048576 }')" "$folder;"
	done
}

# trial RELEASE COMPILER: makes the machine and tries what was asked for.
trial() {
	release=$1 compiler=$2
	machine=$fresh/$release-$compiler
	[ $cached = 0 ] || machine=$machine-cached
	[ $quick = 0 ] || machine=$fresh/quick
	if [ $again = 1 ] || [ $quick = 1 ] || [ "$(cat "$machine/commit" 2>/dev/null)" != "$commit" ]; then
		rm -rf "$machine"
	fi
	if [ ! -f "$machine/commit" ]; then
		say "Debian $release, $compiler's compiler: making the machine"
		rm -rf "$machine"
		mkdir -p "$machine"
		chmod 700 "$machine"
		cp -a --reflink=auto "$base" "$machine/root"
		network
		environment >"$machine/root/etc/machine.env"
		toolchain
		git clone --quiet --no-hardlinks "$root" "$machine/root$clone"
		git -C "$machine/root$clone" checkout --quiet --detach "$commit"
		in_namespace prepare
		echo "$commit" >"$machine/commit"
	fi
	for what in ${commands:-run test}; do
		if [ -f "$machine/$what.passed" ]; then
			say "Debian $release, $compiler's compiler: make $what passed already ($(cat "$machine/$what.passed"))"
			continue
		fi
		say "Debian $release, $compiler's compiler: make $what, in $machine/root"
		began=$(date +%s)
		in_namespace "$what"
		elapsed "$began" >"$machine/$what.passed"
		[ $cached = 1 ] || say "Disk space used:$(used $clone/target $clone/frontend $clone/end2end /root/.cache "$cargo_home/registry")"
	done
	# A machine on which both passed is not needed any more.
	[ ! -f "$machine/run.passed" ] || [ ! -f "$machine/test.passed" ] || rm -rf "$machine/root"
	[ $quick = 0 ] || rm -rf "$machine"
	[ ! -d "$machine/root" ] || say "The machine is kept in $machine/root"
}

cargo_home=${CARGO_HOME:-$HOME/.cargo}
rustup_home=${RUSTUP_HOME:-$HOME/.rustup}

if [ "${1:-}" = --inside ]; then
	shift
	attempt "$@"
	exit
fi

releases=
compilers=
commands=
again=0
cached=0
quick=0
while [ $# -gt 0 ]; do
	case $1 in
	--debian) releases="$releases ${2:?}" && codename "$2" >/dev/null && shift ;;
	--target) case ${2:-} in rustup | debian) compilers="$compilers $2" && shift ;; *) usage ;; esac ;;
	--only) case ${2:-} in run | test) commands="$commands $2" && shift ;; *) usage ;; esac ;;
	--cached) cached=1 ;;
	--again) again=1 ;;
	--quick) quick=1 ;;
	*) usage ;;
	esac
	shift
done
if [ $quick = 1 ]; then
	releases=$(own_release) compilers=rustup commands=run cached=1
fi

requirements
mkdir -p "$fresh"
commit=$(git rev-parse HEAD)
[ -z "$(git status --porcelain)" ] || say "Changes that are not committed are not part of it: $(git log -1 --format='%h %s') is tried"

for release in ${releases:-12 13}; do
	if ! bare "$release"; then
		if [ "$release" != 13 ] || [ -n "$releases" ]; then
			die "Debian $release could not be installed; the end of $fresh/debian-$release.log is above."
		fi
		say "Debian 13 cannot be had from this machine's package sources: left out"
		continue
	fi
	for compiler in ${compilers:-rustup debian}; do
		trial "$release" "$compiler"
	done
done
