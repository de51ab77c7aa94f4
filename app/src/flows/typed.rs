//! A flow as it is typed, which the browser and the server send each other.
//!
//! The browser has no use for the [document](domain::flows::FlowDocument) of a flow: it shows inputs. So it gets what stands in
//! each, and the program that would read documents, which was a third of the editor, stays on the server.

use serde::{Deserialize, Serialize};

/// What stands in the inputs of the form, each with its name, from top to bottom. [`STEP`], [`FIELD`], [`RULE`] and the two of a
/// condition begin one; what follows belongs to the last that began.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Typed(pub Vec<(String, String)>);

/// The name of the flow.
pub(super) const NAME: &str = "name";
/// Whether addresses are verified, [`YES`] or missing.
pub(super) const VERIFY: &str = "verify_email";
/// Whether accounts need approval; in a rule, too.
pub(super) const APPROVAL: &str = "approval";
/// What the page says.
pub(super) const WELCOME: &str = "welcome_text";
/// Where people go; in a rule, too.
pub(super) const AFTER: &str = "after";
/// The name of terms to accept, one for each.
pub(super) const TERMS: &str = "terms";
/// Begins a step: its title.
pub(super) const STEP: &str = "step";
/// Begins a field: its key.
pub(super) const FIELD: &str = "field";
/// The label of a field.
pub(super) const LABEL: &str = "label";
/// Its help.
pub(super) const HELP: &str = "help";
/// Its type, a [`domain::flows::FieldType`].
pub(super) const TYPE: &str = "type";
/// Whether it has to be answered.
pub(super) const REQUIRED: &str = "required";
/// The least.
pub(super) const MIN: &str = "min";
/// The most.
pub(super) const MAX: &str = "max";
/// The decimals of a number.
pub(super) const DECIMALS: &str = "decimals";
/// The choices, one on each line: the value, and after a comma how it is shown.
pub(super) const CHOICES: &str = "choices";
/// Begins a rule.
pub(super) const RULE: &str = "rule";
/// Begins a condition on a field: its key.
pub(super) const WHEN_FIELD: &str = "when_field";
/// Begins a condition on an attribute of the invite: its key.
pub(super) const WHEN_ATTRIBUTE: &str = "when_attribute";
/// What is tested, one of the tests of [`super::conditions`].
pub(super) const TEST: &str = "test";
/// What is compared with, one on each line.
pub(super) const VALUE: &str = "value";
/// The name of a group that a rule gives, one for each.
pub(super) const GROUP: &str = "group";
/// With which words a rule refuses.
pub(super) const REFUSE: &str = "refuse";
/// The value of what is ticked.
pub(super) const YES: &str = "yes";

impl Typed {
    /// Adds what stands in an input, unless that is nothing.
    pub(super) fn add(&mut self, name: &str, value: String) {
        if !value.trim().is_empty() {
            self.push(name, value);
        }
    }

    /// Adds what stands in an input, or begins a part, also if that is nothing.
    pub(super) fn push(&mut self, name: &str, value: String) {
        self.0.push((name.to_owned(), value));
    }

    /// Adds a box, if it is ticked.
    pub(super) fn tick(&mut self, name: &str, is_ticked: bool) {
        if is_ticked {
            self.push(name, YES.to_owned());
        }
    }
}
