//! The words of a text, and what a search asks of them.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

/// The length to which a word is cut, in characters, so that it fits into an index entry of PostgreSQL (2,704 bytes).
const MAX_WORD_LENGTH: usize = 64;
/// The length to which a sort key is cut, in characters, so that it fits into an index entry of PostgreSQL.
const MAX_SORT_KEY_LENGTH: usize = 100;
/// The number of words of a search that are looked for; further ones are ignored.
const MAX_SEARCH_WORDS: usize = 32;

/// The version of the rules by which [`text`] and [`sort_key`] are computed. Rows of another version are computed again at the start.
pub(super) fn version() -> String {
    let (tables, letters) = (unicode_normalization::UNICODE_VERSION, char::UNICODE_VERSION);
    format!("2 (Unicode {}.{}.{}, {}.{}.{})", tables.0, tables.1, tables.2, letters.0, letters.1, letters.2)
}

/// The words of `parts`, in order, each after a space. A word of a text begins where a space precedes it.
pub(super) fn text<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    parts.into_iter().flat_map(words).fold(String::new(), |text, word| text + " " + &word)
}

/// The words of a text: sequences of letters, digits and the marks that belong to them, in lower case and without accents.
/// Ideographs, kana and Hangul syllables are words by themselves, because there are no spaces between such words.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::<String>::new();
    // Whether the next letter, and the next mark, belongs to the last word.
    let (mut letters, mut marks) = (false, false);
    for c in folded(text).nfc() {
        let mark = is_combining_mark(c);
        if !mark && !c.is_alphanumeric() {
            (letters, marks) = (false, false);
            continue;
        }
        let alone = !mark && stands_alone(c);
        match words.last_mut() {
            Some(word) if (if mark { marks } else { letters && !alone }) => word.push(c),
            _ => words.push(c.to_string()),
        }
        (letters, marks) = (if mark { letters || !marks } else { !alone }, true);
    }
    for word in &mut words {
        if let Some((end, _)) = word.char_indices().nth(MAX_WORD_LENGTH) {
            word.truncate(end);
        }
    }
    words
}

/// A name as it is sorted: without case and accents, with single spaces, at most [`MAX_SORT_KEY_LENGTH`] characters.
pub(super) fn sort_key(name: &str) -> String {
    let folded: String = folded(name).nfc().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_SORT_KEY_LENGTH).collect()
}

/// The text in lower case, without accents (Unicode NFKD less its accents), and without characters that only affect how
/// others are drawn. Letters with a stroke and ligatures become the letters that people type instead.
fn folded(text: &str) -> impl Iterator<Item = char> {
    let plain = text.nfkd().filter(|c| !is_accent(*c) && !is_invisible(*c)).flat_map(char::to_lowercase);
    plain.flat_map(|c| {
        let (first, second) = match c {
            'ß' => ('s', Some('s')),
            'æ' => ('a', Some('e')),
            'œ' => ('o', Some('e')),
            'þ' => ('t', Some('h')),
            'đ' | 'ð' => ('d', None),
            'ø' => ('o', None),
            'ł' => ('l', None),
            'ħ' => ('h', None),
            'ŧ' => ('t', None),
            'ı' => ('i', None),
            'ς' => ('σ', None),
            c => (c, None),
        };
        std::iter::once(first).chain(second)
    })
}

/// Accents, vowel points and tone marks. Not the marks that make another letter: nukta (combining class 7), voicing of kana
/// (8) and virama (9); and not vowel signs, whose class is 0.
fn is_accent(c: char) -> bool {
    !matches!(canonical_combining_class(c), 0 | 7..=9)
}

/// Joiners, variation selectors and the soft hyphen.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{200C}' | '\u{200D}' | '\u{180B}'..='\u{180F}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{E0100}'..='\u{E01EF}')
}

/// Ideographs, kana, Bopomofo and Hangul syllables.
const fn stands_alone(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{312F}' | '\u{31A0}'..='\u{31BF}' | '\u{31F0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}'
        | '\u{1AFF0}'..='\u{1B16F}' | '\u{20000}'..='\u{3FFFF}')
}

/// What a search asks for. A row matches if it matches every term.
///
/// A term is what was typed without a space. Its words follow each other in the text of a row, and the last of them may be
/// continued there: `ada.l` matches `ada.lovelace@…`, and `龍` matches `李小龍`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Terms(Vec<Vec<String>>);

/// A word in an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Word<'a> {
    /// This word.
    Exactly(&'a str),
    /// All words that begin with this.
    Beginning(&'a str),
}

impl<'a> Word<'a> {
    /// The word, or its beginning.
    pub(super) fn as_str(self) -> &'a str {
        match self {
            Self::Exactly(word) | Self::Beginning(word) => word,
        }
    }
}

impl Terms {
    /// The terms of a search. There are none if it contains no letter or digit.
    pub(crate) fn parse(q: &str) -> Self {
        let mut terms = Vec::<Vec<String>>::new();
        let mut left = MAX_SEARCH_WORDS;
        for term in q.split_whitespace() {
            let mut term = words(term);
            term.truncate(left);
            if !term.is_empty() && !terms.contains(&term) {
                left -= term.len();
                terms.push(term);
            }
        }
        Self(terms)
    }

    /// Whether there is no term.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Patterns for `LIKE`, one per term, which the text of a row has to match. Words contain no wildcards.
    pub(crate) fn patterns(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|term| format!("% {}%", term.join(" ")))
    }

    /// The words of all terms.
    pub(super) fn words(&self) -> Vec<Word<'_>> {
        let mut words: Vec<Word<'_>> = Vec::new();
        for term in &self.0 {
            if let Some((last, before)) = term.split_last() {
                words.extend(before.iter().map(|word| Word::Exactly(word)));
                words.push(Word::Beginning(last));
            }
        }
        words.sort_unstable();
        words.dedup();
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(q: &str, text: &str) -> bool {
        let text = super::text([text]);
        Terms::parse(q).patterns().all(|pattern| text.contains(pattern.trim_matches('%')))
    }

    #[test]
    fn words_are_in_lower_case_without_accents() {
        for (typed, expected) in [
            ("Zoë", " zoe"),
            ("ZOE\u{308}", " zoe"),
            ("Mateo Quispe-Huamán", " mateo quispe huaman"),
            ("Straßenfest 2027", " strassenfest 2027"),
            ("STRASSENFEST", " strassenfest"),
            ("Łukasz Brzęczyszczykiewicz", " lukasz brzeczyszczykiewicz"),
            ("Søren Ångström Kjærgaard", " soren angstrom kjaergaard"),
            ("Karadağlı İSTANBUL", " karadagli istanbul"),
            ("João d’Ávila", " joao d avila"),
            ("ΓΙΏΡΓΟΣ Γιώργος", " γιωργοσ γιωργοσ"),
            ("Коваленко ЙОГ", " коваленко иог"),
            ("שָׁלוֹם", " שלום"),
            ("أميرة حدّاد", " اميرة حداد"),
            ("می\u{200C}خواهم", " میخواهم"),
            ("ada.l+x@Postbox.Example", " ada l x postbox example"),
            ("snake_case%20-\"x\"*:\0y", " snake case 20 x y"),
            ("ＦＵＬＬ ﬁn ①", " full fin 1"),
            ("🎉 Party ❤\u{FE0F}", " party"),
            (" \t", ""),
            ("%_*\"", ""),
        ] {
            assert_eq!(text([typed]), expected, "{typed}");
        }
    }

    #[test]
    fn marks_that_make_another_letter_are_kept() {
        assert_eq!(text(["नमस्ते शर्मा"]), " नमस्ते शर्मा");
        assert_ne!(text(["कि"]), text(["का"]));
        assert_eq!(text(["ใจดี ม้า"]), " ใจดี มา", "tone marks of Thai are accents, its vowels are not");
        assert_ne!(text(["が"]), text(["か"]));
        assert_eq!(text(["か\u{3099}"]), text(["が"]));
        assert_eq!(text(["ｶﾞ"]), text(["ガ"]));
    }

    #[test]
    fn characters_without_spaces_between_them_are_words_by_themselves() {
        assert_eq!(text(["李小龍"]), " 李 小 龍");
        assert_eq!(text(["김서연님"]), " 김 서 연 님");
        assert_eq!(text(["小林 ちあきCafé3号"]), " 小 林 ち あ き cafe3 号");
        assert_eq!(text(["か\u{309A}く"]), " か\u{309A} く", "a mark stays with its letter");
    }

    #[test]
    fn words_are_cut_to_what_an_index_can_hold() {
        assert_eq!(text(["x".repeat(200).as_str()]).len(), 1 + MAX_WORD_LENGTH);
        let longest = text(["\u{FDFA}".repeat(200).as_str()]);
        assert!(longest.split(' ').all(|word| word.len() <= 4 * MAX_WORD_LENGTH));
        assert!(found(&"x".repeat(200), &"x".repeat(300)));
    }

    #[test]
    fn every_term_has_to_match_at_the_beginning_of_a_word() {
        let name = "Inés Etxeberria Zubizarreta";
        for q in ["ines", "zubi", "ZUBI inés", "etx zub ine", "etxeberria", "ines ines", "Ines, Zubi", " zubizarreta\n"]
        {
            assert!(found(q, name), "{q}");
        }
        for q in ["berria", "ines zzz", "inesx", "zubizarreta-ines"] {
            assert!(!found(q, name), "{q}");
        }
    }

    #[test]
    fn the_words_of_one_term_follow_each_other() {
        assert!(found("小龍", "李小龍") && found("龍", "李小龍") && !found("龍小", "李小龍"));
        assert!(found("ada.l", "ada.lovelace@postbox.example") && !found("ada.l", "ada.king@lovelace.example"));
        assert!(found("@postbox.ex", "ada.lovelace@postbox.example"));
    }

    #[test]
    fn a_search_without_words_asks_for_nothing_and_a_long_one_for_its_first_words() {
        for q in ["", " ", "%", "\"*\" -", "\0", "🎉"] {
            assert!(Terms::parse(q).is_empty(), "{q:?}");
        }
        let numbers = |count: u32| (0..count).map(|number| number.to_string()).collect::<Vec<_>>().join(" ");
        assert_eq!(Terms::parse(&numbers(10_000)).words().len(), MAX_SEARCH_WORDS);
        assert_eq!(Terms::parse(&numbers(10_000).replace(' ', "-")).words().len(), MAX_SEARCH_WORDS);
        assert!(found(&numbers(100), &numbers(32)));
    }

    #[test]
    fn the_words_that_are_looked_up_are_whole_or_the_beginning_of_one() {
        use Word::{Beginning, Exactly};
        assert_eq!(
            Terms::parse("open ada.l open 小龍").words(),
            [Exactly("ada"), Exactly("小"), Beginning("l"), Beginning("open"), Beginning("龍")]
        );
    }

    proptest::proptest! {
        #[test]
        fn the_words_of_words_are_the_same_words(typed in proptest::prelude::any::<String>()) {
            let text = text([typed.as_str()]);
            proptest::prop_assert_eq!(super::text([text.as_str()]), text.clone());
            let fits = |word: &str| !word.is_empty() && word.chars().count() <= MAX_WORD_LENGTH;
            proptest::prop_assert!(text.is_empty() || text[1..].split(' ').all(fits));
            proptest::prop_assert!(text.chars().all(|c| c == ' ' || c.is_alphanumeric() || is_combining_mark(c)));
        }

        #[test]
        fn a_text_is_found_by_itself_in_any_case_and_form(typed in proptest::prelude::any::<String>()) {
            let upper = typed.nfkd().collect::<String>();
            proptest::prop_assert!(Terms::parse(&typed).is_empty() || found(&typed, &upper));
        }
    }
}
