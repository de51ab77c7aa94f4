//! Flows as YAML. Errors of the form of the text have the line that the parser names; those of what it says have that of the
//! longest part of their path that is in the text.

use std::fmt;

use domain::access::Permission;
use domain::flows::{FlowChange, FlowDocument, ImportError, ImportOutcome, Imported};
use domain::ids::FlowId;
use domain::{Code, Failure, Timestamp};
use sea_orm::ConnectionTrait;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use super::{details, insert, known, not_found, replace};
use crate::flow_versions::store;
use crate::platform::tx;
use crate::{Actor, Ctx, Error, terms};

/// The most bytes of a text.
const MAX_BYTES: usize = 256 * 1024;

/// The present version of a flow as YAML.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn export(ctx: &Ctx, actor: &Actor, id: FlowId) -> Result<String, Error> {
    actor.require(Permission::SettingsView)?;
    let db = &ctx.db().read;
    let row = store::find(db, id).await?.ok_or_else(not_found)?;
    let found = store::present(db, row).await?;
    let mut document = found.flow.document(&known(db).await?);
    // With their texts, so that another site can create them.
    let current = terms::store::current(db, &found.flow.terms).await?;
    for terms in &mut document.terms {
        let text = current.iter().find(|one| one.terms.name.as_str() == terms.name);
        terms.text = text.map(|one| one.text.as_str().to_owned());
    }
    serde_saphyr::to_string(&document).map_err(|error| Error::internal(error.to_string()))
}

/// Creates the flow of a YAML text, or saves a version of the one that has its name. Terms that it has the text of are created if
/// there are none of their name, and never changed. A dry run changes nothing and says what would be done.
///
/// # Errors
/// Those of [`super::create`] that are no wrong fields; these are an [`ImportOutcome`].
pub async fn import(ctx: &Ctx, actor: &Actor, text: &str, dry_run: bool) -> Result<ImportOutcome, Error> {
    actor.require(Permission::SettingsChange)?;
    if text.len() > MAX_BYTES {
        let message = "This text is too long. A flow has at most 256 KiB.".to_owned();
        return Ok(ImportOutcome::Wrong(vec![ImportError { field: None, line: None, message }]));
    }
    let document = match serde_saphyr::from_str::<FlowDocument>(text) {
        Ok(document) => document,
        Err(error) => return Ok(ImportOutcome::Wrong(vec![unreadable(&error)])),
    };
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let imported = match write(&tx, ctx, actor, document, now).await {
        Ok(imported) => imported,
        Err(Error::Failure(failure)) if !failure.fields.is_empty() => {
            return Ok(ImportOutcome::Wrong(with_lines(text, failure)));
        }
        Err(error) => return Err(error),
    };
    if dry_run {
        tx.rollback().await?;
    } else {
        tx.commit().await?;
    }
    Ok(ImportOutcome::Imported(Box::new(imported)))
}

async fn write(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    actor: &Actor,
    document: FlowDocument,
    now: Timestamp,
) -> Result<Imported, Error> {
    let mut references = known(db).await?;
    let new_terms = document.new_terms(&references)?;
    for new in &new_terms {
        let row = terms::insert(db, ctx, actor, new, now).await?;
        references.terms.push(terms::store::reference(&row));
    }
    let flow = document.parse(&references)?;
    let folded = flow.name.as_str().to_lowercase();
    let named = store::all(db).await?.into_iter().find(|row| row.name_folded == folded);
    let is_new = named.is_none();
    let locked = match named {
        Some(row) => store::lock(db, FlowId(row.id)).await?,
        None => None,
    };
    let found = match locked {
        Some(row) => {
            let change = FlowChange { flow, edited_version: None, start_again: false };
            replace(db, ctx, actor, row, &change, now).await?
        }
        None => insert(db, ctx, actor, &flow, now).await?,
    };
    let new_terms = new_terms.into_iter().map(|new| new.name).collect();
    Ok(Imported { flow: details(ctx, db, actor, found, now).await?, is_new, new_terms })
}

fn unreadable(error: &serde_saphyr::Error) -> ImportError {
    let line = error.location().and_then(|location| u32::try_from(location.line()).ok()).filter(|line| *line > 0);
    // The text of the file is not repeated in the message.
    let message = error.without_snippet().to_string();
    let message = message.lines().next().unwrap_or("This is no YAML.").to_owned();
    ImportError { field: None, line, message }
}

fn with_lines(text: &str, failure: Failure) -> Vec<ImportError> {
    let tree = serde_saphyr::from_str::<Node>(text).ok();
    let wrong = |error: domain::FieldError| ImportError {
        line: tree.as_ref().and_then(|tree| tree.line_of(&error.field)),
        field: Some(error.field),
        message: error.message,
    };
    let mut wrong: Vec<_> = failure.fields.into_iter().map(wrong).collect();
    if failure.code == Code::Invalid {
        wrong.sort_by_key(|error| error.line);
    }
    wrong
}

/// A YAML text with the lines of its parts.
enum Node {
    Map(Vec<(Spanned<String>, Node)>),
    List(Vec<Spanned<Node>>),
    Scalar,
}

impl Node {
    /// The line of the longest part of a path such as `steps.0.fields.2.key` that is in the text.
    fn line_of(&self, path: &str) -> Option<u32> {
        let (mut node, mut line) = (self, None);
        for part in path.split('.') {
            let (inner, at) = match node {
                Self::Map(entries) => match entries.iter().find(|(key, _)| key.value == part) {
                    Some((key, inner)) => (inner, key.referenced.line()),
                    None => break,
                },
                Self::List(items) => match part.parse::<usize>().ok().and_then(|at| items.get(at)) {
                    Some(item) => (&item.value, item.referenced.line()),
                    None => break,
                },
                Self::Scalar => break,
            };
            node = inner;
            line = u32::try_from(at).ok().filter(|line| *line > 0).or(line);
        }
        line
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyNode;

        impl<'de> Visitor<'de> for AnyNode {
            type Value = Node;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Node::Map(entries))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    items.push(item);
                }
                Ok(Node::List(items))
            }

            fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
                Ok(Node::Scalar)
            }

            fn visit_i64<E>(self, _: i64) -> Result<Node, E> {
                Ok(Node::Scalar)
            }

            fn visit_u64<E>(self, _: u64) -> Result<Node, E> {
                Ok(Node::Scalar)
            }

            fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
                Ok(Node::Scalar)
            }

            fn visit_str<E>(self, _: &str) -> Result<Node, E> {
                Ok(Node::Scalar)
            }

            fn visit_unit<E>(self) -> Result<Node, E> {
                Ok(Node::Scalar)
            }

            fn visit_none<E>(self) -> Result<Node, E> {
                Ok(Node::Scalar)
            }

            fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Node, D::Error> {
                inner.deserialize_any(Self)
            }
        }

        deserializer.deserialize_any(AnyNode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_the_line_of_its_longest_part_that_is_there() {
        let text = "name: Workshop\nsteps:\n  - title: About you\n    fields:\n      - key: plan\n        type: choice\n\n      - {key: size}\nrules:\n  - when: {field: plan, is: x}\n    then:\n      groups: Clay\n";
        let tree: Node = serde_saphyr::from_str(text).unwrap();
        for (path, line) in [
            ("name", Some(1)),
            ("steps.0.title", Some(3)),
            ("steps.0.fields.0.type", Some(6)),
            ("steps.0.fields.0.choices", Some(5)),
            ("steps.0.fields.1.key", Some(8)),
            ("rules.0.when.is", Some(10)),
            ("rules.0.then.groups", Some(12)),
            ("rules.0.then.after", Some(11)),
            ("terms", None),
        ] {
            assert_eq!(tree.line_of(path), line, "{path}");
        }
    }

    use domain::flows::{
        ChoiceDocument, ConditionDocument, Conditions, FieldDocument, OutcomeDocument, RuleDocument, Scalar, Scalars,
        StepDocument, TermsDocument,
    };
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;

    /// Texts that YAML could take for something else.
    fn text() -> impl Strategy<Value = String> {
        let odd = [
            "yes",
            "No",
            "on",
            "~",
            "null",
            "true",
            "1e3",
            "0x1F",
            "0o17",
            "1_000",
            ".5",
            "5.",
            "1.0",
            "-0",
            "+1",
            "12:30:45",
            "2026-01-31",
            ".inf",
            ".nan",
            "- a",
            "a: b",
            "a #b",
            "# a",
            "[a",
            "{a",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
            "%a",
            "@a",
            "`a",
            "'a",
            "\"a",
            "\\a",
            "---",
            "...",
            " a ",
            "a\n",
            "\na\n\nb",
            "a\n  b\n c",
            "a\tb",
            "\u{a0}",
            "\u{2028}",
            "=",
            "<<",
            "",
        ];
        prop_oneof![
            proptest::sample::select(odd.to_vec()).prop_map(str::to_owned),
            "\\PC{0,20}",
            "[ -~\n\t]{0,40}",
            any::<i64>().prop_map(|number| number.to_string()),
            any::<f32>().prop_map(|number| number.to_string()),
        ]
    }

    fn scalars() -> impl Strategy<Value = Scalars> {
        vec(text().prop_map(Scalar), 0..3).prop_map(Scalars)
    }

    fn field() -> impl Strategy<Value = FieldDocument> {
        let choice = (text(), option::of(text())).prop_map(|(value, label)| ChoiceDocument { value, label });
        let bound = || option::of(text().prop_map(Scalar));
        let words = (text(), option::of(text()), option::of(text()), option::of(text()));
        (words, any::<bool>(), bound(), bound(), bound(), vec(choice, 0..4)).prop_map(
            |((key, label, help, kind), required, min, max, decimals, choices)| FieldDocument {
                key,
                label,
                help,
                kind,
                required,
                min,
                max,
                decimals,
                choices,
            },
        )
    }

    fn rule() -> impl Strategy<Value = RuleDocument> {
        let bound = || option::of(text().prop_map(Scalar));
        let subject = (option::of(text()), option::of(text()));
        let values = (option::of(scalars()), option::of(scalars()));
        let condition = (subject, values, bound(), bound(), option::of(any::<bool>())).prop_map(
            |((field, attribute), (is, is_not), at_least, at_most, answered)| ConditionDocument {
                field,
                attribute,
                is,
                is_not,
                at_least,
                at_most,
                answered,
            },
        );
        let then = (any::<bool>(), scalars(), option::of(text()), option::of(text()))
            .prop_map(|(approval, groups, after, refuse)| OutcomeDocument { approval, groups, after, refuse });
        (vec(condition, 0..3).prop_map(Conditions), then).prop_map(|(when, then)| RuleDocument { when, then })
    }

    fn document() -> impl Strategy<Value = FlowDocument> {
        let terms = (text(), option::of(text())).prop_map(|(name, text)| TermsDocument { name, text });
        let step = (option::of(text()), vec(field(), 0..3)).prop_map(|(title, fields)| StepDocument { title, fields });
        let words = (text(), option::of(text()), option::of(text()));
        (words, any::<bool>(), any::<bool>(), vec(terms, 0..3), vec(step, 0..3), vec(rule(), 0..3)).prop_map(
            |((name, welcome_text, after), verify_email, approval, terms, steps, rules)| FlowDocument {
                version: FlowDocument::FORMAT,
                name,
                verify_email,
                approval,
                welcome_text,
                after,
                terms,
                steps,
                rules,
            },
        )
    }

    proptest! {
        /// What is exported is imported as it was, whatever YAML takes its texts for.
        #[test]
        fn a_document_survives_yaml(document in document()) {
            let yaml = serde_saphyr::to_string(&document).unwrap();
            let read = serde_saphyr::from_str::<FlowDocument>(&yaml);
            prop_assert!(read.is_ok(), "{yaml}\n{read:?}");
            prop_assert_eq!(read.unwrap(), document, "{}", yaml);
            prop_assert!(serde_saphyr::from_str::<Node>(&yaml).is_ok(), "{yaml}");
        }

        /// A text that is no flow has errors, and their lines are in it.
        #[test]
        fn any_text_is_read_or_refused(text in vec(text(), 0..12).prop_map(|parts| parts.join("\n"))) {
            if let Err(error) = serde_saphyr::from_str::<FlowDocument>(&text) {
                let ImportError { line, message, .. } = unreadable(&error);
                prop_assert!(!message.is_empty());
                prop_assert!(line.is_none_or(|line| line as usize <= text.lines().count() + 1), "{line:?} of {text:?}");
            }
        }
    }
}
