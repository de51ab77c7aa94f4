# Prints the cycles between the modules of a crate. A module is a file or a folder in src. It uses another one by
# `crate::other` or `super::other`, also in braces, or by an item that lib.rs exports from it. Tests are ignored.
#
#   awk -v src=server/src -f scripts/cycles.awk server/src/lib.rs FILE...

function place(file,  rest, parts, count) {
	rest = substr(file, length(src) + 2)
	sub(/\.rs$/, "", rest)
	sub(/\/mod$/, "", rest)
	count = split(rest, parts, "/")
	depth = count
	return parts[1]
}

# Records that the current module uses the module of `name`.
function record(name) {
	if (name in exported) name = exported[name]
	if (name != module && name != "") uses[module, name] = 1
}

# Reads what follows `crate::` or `super::`: a name, or names in braces.
function reads(text,  inner, level, at, c, name, start) {
	sub(/^[ \t]+/, "", text)
	if (substr(text, 1, 1) != "{") {
		if (match(text, /^[A-Za-z_][A-Za-z0-9_]*/)) record(substr(text, 1, RLENGTH))
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
			if (match(name, /^[A-Za-z_][A-Za-z0-9_]*/)) record(substr(name, 1, RLENGTH))
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
	# As many `super` as the depth of the file lead to the crate root.
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
# Only a module is skipped after the attribute.
in_tests == 1 && !/^#\[/ { in_tests = /^(pub(\(crate\))? )?mod [a-z_]+ \{/ ? 2 : 0; if (!in_tests) next }
in_tests { next }
/^[ \t]*\/\// { next }
{ line = $0; sub(/[ \t]\/\/ .*$/, "", line); code = code " " line }

END {
	finish()
	for (pair in uses) {
		split(pair, ends, SUBSEP)
		if (ends[2] in modules) reach[pair] = direct[pair] = 1
	}
	closure(reach)
	for (pair in direct) {
		split(pair, ends, SUBSEP)
		if ((ends[2], ends[1]) in reach) printf "%s uses %s\n", ends[1], ends[2]
	}
}

function closure(graph,  via, from, to) {
	for (via in modules) for (from in modules) if ((from, via) in graph)
		for (to in modules) if ((via, to) in graph) graph[from, to] = 1
}
