//! Flows: what the sign-up page asks for, in which steps, and what becomes of the answers (N2, N3).
//!
//! A [`FlowDocument`] is a flow as typed, in the editor, in the REST API and as YAML. It is parsed into a [`Flow`], which is
//! stored as a version that never changes. Those who sign up answer a version, and its rules [decide](Flow::decide).

mod answers;
mod date;
mod document;
mod draft;
mod export;
mod field;
mod flow;
mod number;
mod rules;
mod state;
mod terms;
#[cfg(test)]
mod tests;
mod views;

pub use answers::{Answered, Answers, FormField, Typed};
pub use date::{Date, DateBound};
pub use document::{
    ChoiceDocument, ConditionDocument, Conditions, FieldDocument, FlowDocument, OutcomeDocument, RuleDocument, Scalar,
    Scalars, StepDocument, TermsDocument,
};
pub use draft::References;
pub use field::{CHECKED, Choice, ChoiceValue, Field, FieldKind, FieldType, UNCHECKED};
pub use flow::{Flow, MAX_CHOICES, MAX_CONDITIONS, MAX_FIELDS, MAX_RULES, MAX_STEPS, MAX_TERMS, MAX_VALUES, Step};
pub use number::Number;
pub use rules::{Admitted, Bound, Condition, Decision, Outcome, Rule, Subject, Test};
pub use state::{MAX_TYPED_BYTES, STEPS_LAST, SignUpState};
pub use terms::{
    Acceptance, AcceptedTerms, AskedMembers, AskingVersions, CurrentTerms, NewTerms, NewTermsVersion, TermsChange,
    TermsDetails, TermsDraft, TermsRef, TermsSummary, TermsText, TermsVersion, TypedTerms, accept, is_due,
};
pub use views::{
    AccountFlow, FlowChange, FlowDetails, FlowDraft, FlowRef, FlowSummary, FlowVersion, ImportError, ImportOutcome,
    Imported, ShownAnswer, VersionRef,
};
