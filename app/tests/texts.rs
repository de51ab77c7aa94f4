//! All texts of the interface stand in the `text.rs` of their feature (ARCHITECTURE.md). This finds the ones that do not.
//!
//! Every other file of `app/src` is read as tokens, without comments, attributes and tests. In a `view!`, a literal is a
//! text if it has a letter and is a child or the value of an attribute that people see or hear. Anywhere else it is a text
//! if it reads like one ([`reads_like_text`]): a single word in lower case does not, because keys, ids and paths look the
//! same.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Group, Ident, Literal, TokenStream, TokenTree};

/// Literals that read like a text and are none: file, beginning of the literal, and reason.
const ALLOWED: &[(&str, &str, &str)] = &[
    ("applications/proxies.rs", "", "directives of proxies and names of headers"),
    ("browser.rs", "{}={value}; Path=/", "a cookie"),
    ("client.rs", "server functions take", "the error of a call that nothing makes"),
    ("dashboard/document.rs", "width=device-width", "the viewport of the document"),
    ("dashboard/document.rs", "light dark", "the colour schemes of the document"),
    ("dashboard/document.rs", "const say=", "a script"),
    ("browser.rs", "AbortError", "the name of an exception"),
    ("browser.rs", "Mac", "a platform"),
    ("dashboard/shortcuts.rs", "Ctrl", "the name of a key"),
    ("dashboard/shortcuts.rs", "Enter", "the name of a key"),
    ("dashboard/shortcuts.rs", "Esc", "the name of a key"),
    ("flows/editor.rs", "Enter", "the name of a key"),
    ("markdown.rs", "<a href=", "a tag"),
    ("public/document.rs", "width=device-width", "the viewport of the document"),
    ("public/elsewhere.rs", "width=device-width", "the viewport of the document"),
    ("public/document.rs", "light dark", "the colour schemes of the document"),
    ("public/parts.rs", "{name}-error {name}-help", "ids"),
    ("search/mod.rs", "Backspace", "the name of a key"),
    ("search/results.rs", "Enter", "the name of a key"),
    ("search/results.rs", "Arrow", "the names of keys"),
    ("search/results.rs", "Home", "the name of a key"),
    ("search/results.rs", "End", "the name of a key"),
    ("ui/live_search.rs", "Enter", "the name of a key"),
    ("ui/logo.rs", "M2 3v", "a path of an SVG"),
    ("ui/menu.rs", ".menu:popover-open", "a selector"),
    ("ui/menu.rs", "Arrow", "the names of keys"),
    ("ui/menu.rs", "Home", "the name of a key"),
    ("ui/menu.rs", "End", "the name of a key"),
];

/// Attributes and properties that people see or hear.
const TEXT_ATTRIBUTES: &[&str] = &[
    "about",
    "alt",
    "aria-description",
    "aria-label",
    "aria-placeholder",
    "aria-roledescription",
    "aria-valuetext",
    "data-label",
    "done",
    "heading",
    "help",
    "label",
    "legend",
    "note",
    "placeholder",
    "text",
    "title",
    "verb",
];

/// Attributes whose words are for style sheets and programs.
const UNSEEN_ATTRIBUTES: &[&str] = &["aria-describedby", "aria-labelledby", "class", "d", "rel"];

/// Elements whose content is the same in every language.
const UNSEEN_ELEMENTS: &[&str] = &["code", "kbd"];

/// Macros whose arguments are for the log and for developers.
const UNSEEN_MACROS: &[&str] = &[
    "assert",
    "assert_eq",
    "assert_ne",
    "debug",
    "debug_assert",
    "error",
    "include_str",
    "info",
    "panic",
    "path",
    "trace",
    "unreachable",
    "warn",
];

/// Functions that take messages for developers, or CSS selectors.
const UNSEEN_FUNCTIONS: &[&str] =
    &["click", "closest", "elements", "expect", "focus", "query_selector", "query_selector_all"];

/// A text in the wrong place: its line and the literal.
type Text = (usize, String);

#[test]
fn every_text_of_the_interface_stands_in_a_text_rs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut used = vec![false; ALLOWED.len()];
    let mut wrong = Vec::new();
    let mut seen = 0;
    for path in rust_files(&root).into_iter().filter(|path| !path.ends_with("text.rs")) {
        let file = path.strip_prefix(&root).unwrap().display().to_string();
        seen += 1;
        for (line, text) in texts_in(&fs::read_to_string(&path).unwrap()) {
            match ALLOWED.iter().position(|(allowed, start, _)| *allowed == file && text.starts_with(start)) {
                Some(at) => used[at] = true,
                None => wrong.push(format!("app/src/{file}:{line}: {text:?}")),
            }
        }
    }
    assert!(seen > 50, "only {seen} files were read");
    assert!(wrong.is_empty(), "texts outside of the text.rs of their feature:\n{}", wrong.join("\n"));
    let stale: Vec<_> = ALLOWED.iter().zip(used).filter(|(_, used)| !used).map(|(allowed, _)| allowed).collect();
    assert!(stale.is_empty(), "allowed, but not there: {stale:?}");
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries
        .flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    files.sort();
    files
}

fn texts_in(source: &str) -> Vec<Text> {
    let tokens: TokenStream = source.parse().expect("a Rust file");
    let mut found = Vec::new();
    code(tokens, &mut found);
    found
}

/// The texts in Rust code.
fn code(tokens: TokenStream, found: &mut Vec<Text>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += match (token, &tokens[at + 1..]) {
            (TokenTree::Punct(hash), rest) if hash.as_char() == '#' && attribute(rest).is_some() => {
                let (length, test) = attribute(rest).unwrap_or_default();
                1 + length + if test { item(&rest[length..]) } else { 0 }
            }
            (TokenTree::Ident(name), [TokenTree::Group(arguments), ..]) if is_one_of(name, UNSEEN_FUNCTIONS) => {
                1 + usize::from(arguments.delimiter() == Delimiter::Parenthesis)
            }
            (TokenTree::Ident(name), [TokenTree::Punct(mark), TokenTree::Group(group), ..])
                if mark.as_char() == '!' =>
            {
                macro_call(name, group, found);
                3
            }
            (TokenTree::Group(group), _) => {
                code(group.stream(), found);
                1
            }
            // A whole view.
            (TokenTree::Literal(literal), [TokenTree::Punct(dot), TokenTree::Ident(method), ..])
                if dot.as_char() == '.' && method == "into_any" =>
            {
                judge(literal, has_letter, found);
                1
            }
            (TokenTree::Literal(literal), _) => {
                judge(literal, reads_like_text, found);
                1
            }
            _ => 1,
        };
    }
}

/// The number of tokens of an attribute after its `#`, and whether it marks a test.
fn attribute(rest: &[TokenTree]) -> Option<(usize, bool)> {
    let inner = matches!(rest.first(), Some(TokenTree::Punct(mark)) if mark.as_char() == '!');
    match rest.get(usize::from(inner)) {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => {
            let words: String = group.stream().to_string().split_whitespace().collect();
            Some((1 + usize::from(inner), words == "cfg(test)"))
        }
        _ => None,
    }
}

/// The number of tokens of an item: it ends with a block or a semicolon.
fn item(tokens: &[TokenTree]) -> usize {
    let end = tokens.iter().position(|token| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(mark) => mark.as_char() == ';',
        _ => false,
    });
    end.map_or(tokens.len(), |end| end + 1)
}

fn macro_call(name: &Ident, arguments: &Group, found: &mut Vec<Text>) {
    if name == "view" {
        view(arguments.stream(), found);
    } else if !is_one_of(name, UNSEEN_MACROS) {
        code(arguments.stream(), found);
    }
}

/// The texts in the HTML of a `view!`.
fn view(tokens: TokenStream, found: &mut Vec<Text>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let mut element = String::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += match (token, &tokens[at + 1..]) {
            (TokenTree::Punct(open), [TokenTree::Ident(name), ..]) if open.as_char() == '<' => {
                element = name.to_string();
                2
            }
            (TokenTree::Ident(name), [TokenTree::Punct(mark), TokenTree::Group(group), ..])
                if mark.as_char() == '!' =>
            {
                macro_call(name, group, found);
                3
            }
            (TokenTree::Group(group), _) => {
                code(group.stream(), found);
                1
            }
            (TokenTree::Literal(literal), _) => {
                match (last_mark(&tokens[..at]), attribute_before(&tokens[..at])) {
                    (_, Some(name)) if UNSEEN_ATTRIBUTES.contains(&name.as_str()) => {}
                    (_, Some(name)) if TEXT_ATTRIBUTES.contains(&name.as_str()) => judge(literal, has_letter, found),
                    // The value of another attribute, or compared with something.
                    (Some('='), _) => judge(literal, reads_like_text, found),
                    (Some('>'), _) if UNSEEN_ELEMENTS.contains(&element.as_str()) => {}
                    _ => judge(literal, has_letter, found),
                }
                1
            }
            _ => 1,
        };
    }
}

fn last_mark(before: &[TokenTree]) -> Option<char> {
    match before.last() {
        Some(TokenTree::Punct(mark)) => Some(mark.as_char()),
        _ => None,
    }
}

/// The name of the attribute that ends with these tokens and a `=`, such as `aria-label`.
fn attribute_before(before: &[TokenTree]) -> Option<String> {
    let (TokenTree::Punct(equals), before) = before.split_last()? else { return None };
    let name: Vec<_> = before.iter().rev().scan(true, part_of_name).collect();
    (equals.as_char() == '=' && !name.is_empty()).then(|| name.into_iter().rev().collect())
}

/// One part of a name that is read backwards: an identifier where `identifier` is expected, else what joins two.
fn part_of_name(identifier: &mut bool, token: &TokenTree) -> Option<String> {
    let expected = match token {
        TokenTree::Ident(_) => *identifier,
        TokenTree::Punct(mark) => !*identifier && matches!(mark.as_char(), '-' | ':'),
        _ => false,
    };
    *identifier = !*identifier;
    expected.then(|| token.to_string())
}

fn is_one_of(name: &Ident, names: &[&str]) -> bool {
    names.iter().any(|other| name == other)
}

fn judge(literal: &Literal, is_text: fn(&str) -> bool, found: &mut Vec<Text>) {
    if let Some(text) = string(literal).filter(|text| is_text(text)) {
        found.push((literal.span().start().line, text));
    }
}

/// The value of a string literal, without escapes.
fn string(literal: &Literal) -> Option<String> {
    let source = literal.to_string();
    let raw = source.starts_with('r');
    let inside = source.trim_start_matches('r').trim_matches('#').strip_prefix('"')?.strip_suffix('"')?;
    if raw {
        return Some(inside.to_owned());
    }
    let (mut text, mut rest) = (String::new(), inside.chars().peekable());
    while let Some(c) = rest.next() {
        match (c, rest.peek().copied()) {
            ('\\', Some('u')) => while rest.next().is_some_and(|c| c != '}') {},
            ('\\', Some('\n')) => while rest.next_if(|c| c.is_whitespace()).is_some() {},
            ('\\', _) => text.extend(rest.next()),
            _ => text.push(c),
        }
    }
    Some(text)
}

fn has_letter(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

/// Whether a literal has a word, and a space, a capitalised beginning or a character that only texts have.
fn reads_like_text(literal: &str) -> bool {
    let text = without_placeholders(literal);
    let has_word = text.split(|c: char| !c.is_alphabetic()).any(|word| word.chars().count() > 1);
    let mut from_first_letter = text.chars().skip_while(|c| !c.is_alphabetic());
    let capitalised = from_first_letter.next().is_some_and(char::is_uppercase)
        && from_first_letter.next().is_some_and(char::is_lowercase);
    let spaced = text.contains(char::is_whitespace) && !is_class_list(&text);
    has_word && (capitalised || spaced || !text.is_ascii())
}

/// `{count} uses` without `{count}`.
fn without_placeholders(literal: &str) -> String {
    let mut text = String::new();
    for part in literal.split('{') {
        text.push_str(part.split_once('}').map_or(part, |(_, after)| after));
    }
    text
}

/// Whether these are classes: one is another one with a suffix, as in `btn btn-danger`.
fn is_class_list(text: &str) -> bool {
    let classes: Vec<_> = text.split_whitespace().collect();
    let is_variant =
        |class: &str| classes.iter().any(|base| class.strip_prefix(base).is_some_and(|suffix| suffix.starts_with('-')));
    text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || " -".contains(c))
        && classes.iter().any(|class| is_variant(class))
}

#[test]
fn texts_are_found_wherever_they_stand() {
    for (source, texts) in [
        // In a view: children, attributes, nested views.
        (r#"view! { <p>"x"</p> }"#, &["x"][..]),
        (r#"view! { <p>{value} " uses"</p> }"#, &[" uses"]),
        (r#"view! { <b>{if done { "Done" } else { "" }}</b> }"#, &["Done"]),
        (r#"view! { <a title="back" aria-label="next">{icon}</a> }"#, &["back", "next"]),
        (r#"view! { <Field name="email" label="e-mail" help="Your address." /> }"#, &["e-mail", "Your address."]),
        (r#"view! { <p>{open.then(|| view! { <b>"now"</b> })}</p> }"#, &["now"]),
        (r#"view! { <Page foot=|| view! { "here" } /> }"#, &["here"]),
        (r#"view! { <meta content="All about it" /> }"#, &["All about it"]),
        // In code: sentences, capitalised words, formats, whole views.
        (r#"let verb = "Delete";"#, &["Delete"]),
        (r#"const NOTE: &str = "in two days";"#, &["in two days"]),
        (r#"format!("{count} uses left")"#, &["{count} uses left"]),
        (r#"match x { None => "never".into_any() }"#, &["never"]),
        ("toasts.done(\"two \\\n    lines\")", &["two lines"]),
        ("f(r#\"He said \"no\"\"#)", &["He said \"no\""]),
        (r#"let more = "more…";"#, &["more…"]),
        // Not what is for programs.
        (r#"view! { <a class="btn btn-sm" href="/admin" rel="external noreferrer" id="copy">{text::COPY}</a> }"#, &[]),
        (r#"view! { <code>"latchkey setup-link"</code> " · " <path d="M8 6v50ZM10 194" /> }"#, &[]),
        (r#"view! { <p aria-current=(state == "now").then_some("step") hidden=state == "now">{text}</p> }"#, &[]),
        (r#"let class = if danger { "btn btn-danger" } else { "btn" };"#, &[]),
        (r#"format!("/admin/invites/{id}")"#, &[]),
        (r#"tracing::error!("a request failed"); it.expect("an address"); browser::focus("main [open]")"#, &[]),
        (r#"#[expect(lint, reason = "It is so")] fn f() {}"#, &[]),
        ("/// A text.\n#[cfg(test)]\nmod tests { const NAME: &str = \"Ngozi Adeyemi\"; }", &[]),
        // Only the tests are left out, not what follows them.
        (r#"#[cfg(test)] use x; const A: &str = "A text";"#, &["A text"]),
    ] {
        let found: Vec<_> = texts_in(source).into_iter().map(|(_, text)| text).collect();
        assert_eq!(found, texts, "{source}");
    }
    assert_eq!(texts_in("\n\nlet a = \"A text\";"), [(3, "A text".to_owned())]);
}
