#!/bin/sh
# Checks the invariants of ARCHITECTURE.md that a program can check. Prints each one that is broken, then fails.
set -eu
. "$(dirname "$0")/common.sh"

broken=0
wrong() {
	printf '*** %s\n' "$*" >&2
	broken=1
}

# ours CRATE [OPTION...]: prints the crates of this workspace that CRATE depends on, on one line.
ours() {
	crate=$1
	shift
	cargo tree --quiet --offline -p "$crate" -e normal,build --depth 1 --prefix none --format '{p}' "$@" |
		sed -n "s|^\([a-z_-]*\) v[^ ]* ($root/.*|\1|p" | grep -vx "$crate" | sort -u | tr '\n' ' ' | sed 's/ $//'
}

# arrows CRATE "ALLOWED..." [OPTION...]: checks that CRATE depends on these crates of the workspace, and no others.
arrows() {
	crate=$1 allowed=$2
	shift 2
	found=$(ours "$crate" "$@")
	for one in $found; do
		case " $allowed " in
		*" $one "*) ;;
		*) wrong "$crate depends on $one; it may depend on: ${allowed:-no crate of this workspace}." ;;
		esac
	done
}

# Downloads them on a new machine; what follows then works offline.
scripts/need.sh rust crates

# 1. The arrows between the crates.
arrows domain ''
arrows migrations ''
arrows service 'domain migrations'
arrows app 'domain'
arrows app 'domain' --features hydrate
arrows app 'domain service' --features ssr
arrows frontend 'app'
arrows help 'domain'
arrows server 'app domain service migrations'
arrows bench ''
arrows test-databases ''

# 2. The server's crates are not part of the bundle.
for program in frontend help; do
	browser=$(cargo tree --quiet --offline -p $program --target wasm32-unknown-unknown -e normal,no-proc-macro --prefix none --format '{p}')
	for crate in service migrations server sea-orm sqlx tokio axum hyper argon2 getrandom rand; do
		! printf '%s\n' "$browser" | grep -q "^$crate v" || wrong "$crate is part of what the browser loads, by $program."
	done
done
! printf '%s\n' "$browser" | grep -q '^leptos v' || wrong "The help on the sign-up page is small because it has no Leptos."

# 3. A build is for the server or for the browser, never both.
features() {
	cargo tree --quiet --offline -p "$1" -e normal,features -i app 2>/dev/null | grep -o 'app feature "[a-z]*"' | sort -u
}
! features server | grep -q hydrate || wrong "The server turns on app's feature hydrate."
! features frontend | grep -q ssr || wrong "The frontend turns on app's feature ssr."
case $(sed -n '/^default-members/p' Cargo.toml) in
'' | *frontend*) wrong "frontend is a default member: its hydrate would meet the server's ssr." ;;
esac

# found PATTERN PATH...: prints the lines of code, without comments, that match the pattern.
found() {
	pattern=$1
	shift
	grep -rnE --include='*.rs' "$pattern" "$@" | grep -vE '^[^:]*:[0-9]+:[[:space:]]*//'
}

# 4. Transactions begin in one place.
hits=$(found '\.begin(_with_(config|options))?\(|\.transaction(_with_config)?(::<|\()' app domain frontend help server service |
	grep -v '^service/src/platform/tx\.rs:' || true)
[ -z "$hits" ] || wrong "Transactions may begin only in service/src/platform/tx.rs, not here:
$hits"

# 5. Entities belong to the service. A migration must not change its meaning when they change.
hits=$(found '\b(entity|entities)::|sea_orm::' app domain frontend help server || true)
[ -z "$hits" ] || wrong "Only the service may use entities and the database layer, not this:
$hits"
hits=$(found '\b(entity|entities)::|\bservice::' migrations || true)
[ -z "$hits" ] || wrong "Migrations may not use entities or the service:
$hits"

# 6. The titles of dashboard pages are formed in one place, because leptos_meta does not escape them.
hits=$(found '<Title[^>]*formatter|leptos_meta::.*\b(HashedStylesheet|Body|Html|Link|Meta|Script|Style|Stylesheet)\b' app frontend |
	grep -v '^app/src/dashboard/mod\.rs:' || true)
[ -z "$hits" ] || wrong "Only dashboard/document.rs and dashboard/mod.rs may write into the head of a dashboard page, not this:
$hits"

# 7. The modules of a crate use each other in one direction.
for crate in domain migrations service app help server; do
	hits=$(find "$crate/src" -name '*.rs' ! -name lib.rs ! -name main.rs ! -name tests.rs ! -path '*/tests/*' | sort |
		xargs awk -v src="$crate/src" -f scripts/cycles.awk "$crate/src/lib.rs" | sort | sed 's/^/    /')
	[ -z "$hits" ] || wrong "Modules of $crate use each other in a cycle:
$hits"
done

# 8. The tests in docs/security.md exist.
# shellcheck disable=SC2016
missing=$(grep -oE '`[a-z_/]+\.rs::[a-z0-9_]+`' docs/security.md | tr -d '`' | sort -u | while IFS= read -r test; do
	grep -qE "fn ${test##*::}\(" "${test%%::*}" 2>/dev/null || echo "    $test"
done)
[ -z "$missing" ] || wrong "docs/security.md names tests that do not exist:
$missing"

# 9. Files stay small enough to be read whole.
git ls-files --cached --others --exclude-standard -- '*.rs' '*.ts' '*.css' '*.sh' | while read -r file; do
	[ -f "$file" ] || continue
	lines=$(wc -l <"$file")
	[ "$lines" -le 600 ] || echo "    $file has $lines lines: consider splitting it."
done

[ $broken = 0 ] || die "The code does not follow ARCHITECTURE.md; the reasons are above."
