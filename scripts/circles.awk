# Draws which modules of a crate use which, and prints the circles. A module is a file or a folder of src; it uses another by
# `crate::other` or, at the top, `super::other`, also in braces, and by what lib.rs exports of it. Tests do not count.
#
#   awk -v src=server/src -v known="a>b c>d" -f scripts/circles.awk server/src/lib.rs FILE...
#
# `known` are arrows that are left out, because they are known and are to go. Known arrows that no circle needs are
# printed, too: they can be forbidden from now on.

function place(file,  rest, parts, count) {
	rest = substr(file, length(src) + 2)
	sub(/\.rs$/, "", rest)
	sub(/\/mod$/, "", rest)
	count = split(rest, parts, "/")
	depth = count
	return parts[1]
}

# Adds an arrow from the module at hand to what `name` belongs to.
function arrow(name) {
	if (name in exported) name = exported[name]
	if (name != module && name != "") uses[module, name] = 1
}

# What stands behind `crate::` or `super::`: a name, or names in braces.
function reads(text,  inner, level, at, c, name, start) {
	sub(/^[ \t]+/, "", text)
	if (substr(text, 1, 1) != "{") {
		if (match(text, /^[A-Za-z_][A-Za-z0-9_]*/)) arrow(substr(text, 1, RLENGTH))
		return
	}
	level = 0
	start = 1
	for (at = 1; at <= length(text); at++) {
		c = substr(text, at, 1)
		if (c == "{") { level++; if (level == 1) start = at + 1 }
		if ((c == "," && level == 1) || (c == "}" && level == 1)) {
			name = substr(text, start, at - start)
			sub(/^[ \t]+/, "", name)
			if (match(name, /^[A-Za-z_][A-Za-z0-9_]*/)) arrow(substr(name, 1, RLENGTH))
			start = at + 1
		}
		if (c == "}") { level--; if (level == 0) return }
	}
}

function finish(  rest, supers, i) {
	if (file == "") return
	if (file == src "/lib.rs") { exports(); return }
	module = place(file)
	modules[module] = 1
	rest = code
	while (match(rest, /(^|[^A-Za-z0-9_])crate::/)) {
		rest = substr(rest, RSTART + RLENGTH)
		reads(rest)
	}
	# As many `super` as the file is deep lead to the top.
	supers = ""
	for (i = 0; i < depth; i++) supers = supers "super::"
	rest = code
	while (match(rest, "(^|[^A-Za-z0-9_:])" supers)) {
		rest = substr(rest, RSTART + RLENGTH)
		if (rest !~ /^super::/) reads(rest)
	}
}

# `pub use module::a::{B, C as D};` of lib.rs.
function exports(  rest, statement, from, names, count, i, name) {
	rest = code
	while (match(rest, /(pub|pub\(crate\)) use [^;]*;/)) {
		statement = substr(rest, RSTART, RLENGTH)
		rest = substr(rest, RSTART + RLENGTH)
		sub(/^pub(\(crate\))? use /, "", statement)
		sub(/^crate::/, "", statement)
		from = statement
		sub(/::.*/, "", from)
		gsub(/[{};]/, " ", statement)
		gsub(/::/, " ", statement)
		count = split(statement, names, /[ \t,]+/)
		for (i = 1; i <= count; i++) {
			name = names[i]
			if (name != "" && name != "as" && name != from) exported[name] = from
		}
	}
}

FNR == 1 { finish(); file = FILENAME; code = ""; in_tests = 0 }
/^#\[cfg\(test\)\]/ { in_tests = 1 }
# A line behind the attribute that is no module takes it back: only what follows `mod tests` is left out.
in_tests == 1 && !/^#\[/ { in_tests = /^(pub(\(crate\))? )?mod [a-z_]+ \{/ ? 2 : 0; if (!in_tests) next }
in_tests { next }
/^[ \t]*\/\// { next }
{ line = $0; sub(/[ \t]\/\/ .*$/, "", line); code = code " " line }

END {
	finish()
	count = split(known, list, /[ \t\n]+/)
	for (i = 1; i <= count; i++) if (split(list[i], ends, ">") == 2) is_known[ends[1], ends[2]] = 1
	for (pair in uses) {
		split(pair, ends, SUBSEP)
		if (!(ends[2] in modules)) continue
		all[pair] = 1
		if (!(pair in is_known)) { reach[pair] = 1; kept[pair] = 1 }
	}
	closure(reach)
	for (pair in all) whole[pair] = 1
	closure(whole)
	for (pair in kept) {
		split(pair, ends, SUBSEP)
		if ((ends[2], ends[1]) in reach) printf "circle: %s uses %s\n", ends[1], ends[2]
	}
	for (pair in is_known) {
		split(pair, ends, SUBSEP)
		if (!(pair in all)) printf "gone: %s no longer uses %s\n", ends[1], ends[2]
		else if (!((ends[2], ends[1]) in whole)) printf "gone: %s uses %s in no circle\n", ends[1], ends[2]
	}
}

function closure(graph,  via, from, to) {
	for (via in modules) for (from in modules) if ((from, via) in graph)
		for (to in modules) if ((via, to) in graph) graph[from, to] = 1
}
