//! Flows as staff see them, and their changes.

use serde::{Deserialize, Serialize};

use super::document::FlowDocument;
use super::draft::References;
use super::flow::Flow;
use crate::accounts::AccountRef;
use crate::attributes::AttributeKey;
use crate::failure::Failure;
use crate::groups::GroupRef;
use crate::ids::FlowId;
use crate::paging::Count;
use crate::text::{FlowName, TermsName};
use crate::time::Timestamp;

/// A reference to a flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowRef {
    /// The flow's id.
    pub id: FlowId,
    /// The name.
    pub name: FlowName,
}

/// A version of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionRef {
    /// The flow.
    pub flow: FlowId,
    /// The number of the version, counted from 1.
    pub number: u32,
}

/// An answer as those see it who decide about an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownAnswer {
    /// The key of the attribute.
    pub key: AttributeKey,
    /// The label of the field.
    pub label: String,
    /// The answer, with the labels of choices.
    pub value: String,
}

/// What an account got by the flow that it signed up with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountFlow {
    /// The flow.
    pub flow: FlowRef,
    /// The number of the version.
    pub version: u32,
    /// The answers, in the order of the form. Attributes that were changed since have their present values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<ShownAnswer>,
    /// The groups of the flow that were withheld, because nobody may give them who saved the flow or created the invite.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<GroupRef>,
}

/// A flow in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowSummary {
    /// The flow's id.
    pub id: FlowId,
    /// The name.
    pub name: FlowName,
    /// Whether it is the default: of invites that name none, and of those who sign up without an invite.
    pub is_default: bool,
    /// The present version, counted from 1.
    pub version: u32,
    /// The number of steps.
    pub steps: u32,
    /// The number of fields.
    pub fields: u32,
    /// The number of rules.
    pub rules: u32,
    /// The invites that name it and are not deleted.
    pub used_by: Count,
    /// When the present version was saved.
    pub changed_at: Timestamp,
    /// The account that saved the present version; `None` for the flow of a new installation.
    pub changed_by: Option<AccountRef>,
}

/// A flow with all that it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowDetails {
    /// What the list says of it.
    #[serde(flatten)]
    pub summary: FlowSummary,
    /// The flow of the present version.
    pub flow: FlowDocument,
    /// Groups that its rules name and that the account that saved it may no longer give: they are withheld, and the accounts are
    /// pending approval.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<GroupRef>,
    /// Whether the caller may change and delete it.
    pub can_change: bool,
}

/// A version of a flow in its history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowVersion {
    /// Its number, counted from 1.
    pub number: u32,
    /// When it was saved.
    pub saved_at: Timestamp,
    /// The account that saved it.
    pub saved_by: Option<AccountRef>,
}

/// What is wrong with a text that is imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportError {
    /// The path in the [`FlowDocument`]; `None` where the text cannot be read.
    pub field: Option<String>,
    /// The line, counted from 1.
    pub line: Option<u32>,
    /// What is wrong.
    pub message: String,
}

/// A flow that was imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// The flow as it is now.
    pub flow: FlowDetails,
    /// Whether it was created; otherwise there was a flow with this name, and a version was saved.
    pub is_new: bool,
    /// The terms that were created with it.
    pub new_terms: Vec<TermsName>,
}

/// The outcome of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportOutcome {
    /// The flow was imported.
    Imported(Box<Imported>),
    /// Nothing was changed, because of these.
    Wrong(Vec<ImportError>),
}

/// A new or changed flow as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlowDraft {
    /// The flow.
    pub flow: FlowDocument,
    /// The version that was edited; if another was saved meanwhile, the change is refused. Nothing is checked if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_version: Option<u32>,
    /// Whether those who have begun with an earlier version start again; otherwise they go on with theirs.
    #[serde(default)]
    pub start_again: bool,
}

/// A new or changed flow, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowChange {
    /// The flow.
    pub flow: Flow,
    /// The version that was edited.
    pub edited_version: Option<u32>,
    /// Whether those who have begun with an earlier version start again.
    pub start_again: bool,
}

impl FlowDraft {
    /// Parses the flow; `known` has what it may refer to.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong field, by its path in the [`FlowDocument`], such as `steps.0.fields.2.key`.
    pub fn parse(self, known: &References) -> Result<FlowChange, Failure> {
        let Self { flow, edited_version, start_again } = self;
        Ok(FlowChange { flow: flow.parse(known)?, edited_version, start_again })
    }
}
