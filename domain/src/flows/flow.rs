//! A flow, parsed.

use serde::{Deserialize, Serialize};

use super::field::Field;
use super::rules::{Outcome, Rule};
use crate::attributes::AttributeKey;
use crate::ids::{GroupId, TermsId};
use crate::invites::Terms;
use crate::text::{FlowName, StepTitle, WelcomeText};
use crate::web::{Destination, HttpsOrigin};

/// The most fields of a flow.
pub const MAX_FIELDS: usize = 40;
/// The most steps of a flow.
pub const MAX_STEPS: usize = 10;
/// The most choices of a field.
pub const MAX_CHOICES: usize = 100;
/// The most rules of a flow.
pub const MAX_RULES: usize = 50;
/// The most conditions of a rule.
pub const MAX_CONDITIONS: usize = 5;
/// The most values that a condition compares with.
pub const MAX_VALUES: usize = 20;
/// The most terms of a flow.
pub const MAX_TERMS: usize = 5;

/// A flow. Keys of fields are unique, and rules refer to what there is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// Its name among staff, unique ignoring case.
    pub name: FlowName,
    /// Whether accounts have to verify their e-mail address, where e-mail is sent.
    pub verify_email: bool,
    /// Whether accounts are pending approval.
    pub approval: bool,
    /// What the sign-up page says, as Markdown without HTML, where the invite says nothing.
    pub welcome_text: Option<WelcomeText>,
    /// Where people go after they sign up, where neither the invite nor a rule says so.
    pub after: Option<Destination>,
    /// The terms to accept, at most [`MAX_TERMS`], each once.
    pub terms: Vec<TermsId>,
    /// The steps, 1 to [`MAX_STEPS`]. The last also asks for the e-mail address, the username, the name and the password, and
    /// has the terms. Every other has a field.
    pub steps: Vec<Step>,
    /// The rules, at most [`MAX_RULES`], in their order.
    pub rules: Vec<Rule>,
}

/// A step of a flow: a page of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its title.
    pub title: Option<StepTitle>,
    /// Its fields, in their order; those of all steps are at most [`MAX_FIELDS`].
    pub fields: Vec<Field>,
}

impl Flow {
    /// The flow of a new installation, which asks for nothing besides the account.
    #[must_use]
    pub fn empty(name: FlowName) -> Self {
        Self {
            name,
            verify_email: false,
            approval: false,
            welcome_text: None,
            after: None,
            terms: Vec::new(),
            steps: vec![Step::default()],
            rules: Vec::new(),
        }
    }

    /// The fields of all steps, in their order.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.steps.iter().flat_map(|step| &step.fields)
    }

    /// The field with this key.
    #[must_use]
    pub fn field(&self, key: &AttributeKey) -> Option<&Field> {
        self.fields().find(|field| field.key == *key)
    }

    /// The step, counted from 0, that has the field with this key.
    #[must_use]
    pub fn step_of(&self, key: &AttributeKey) -> Option<usize> {
        self.steps.iter().position(|step| step.fields.iter().any(|field| field.key == *key))
    }

    /// The last step, counted from 0.
    #[must_use]
    pub fn last_step(&self) -> usize {
        self.steps.len().saturating_sub(1)
    }

    /// The groups that its rules give, each once. Who saves it has to be allowed to give all of them.
    #[must_use]
    pub fn groups(&self) -> Vec<GroupId> {
        let mut groups = Vec::new();
        for group in self.rules.iter().flat_map(|rule| rule.outcome.groups()) {
            if !groups.contains(group) {
                groups.push(*group);
            }
        }
        groups
    }

    /// Whether somebody decides about some of those who sign up: the flow or a rule says that they are pending approval, or a rule
    /// refuses. A member who has an account already then cannot join the groups of an invite without being asked about.
    #[must_use]
    pub fn is_selective(&self) -> bool {
        let selects = |rule: &Rule| matches!(rule.outcome, Outcome::Refuse(_) | Outcome::Give { approval: true, .. });
        self.approval || self.rules.iter().any(selects)
    }

    /// The places that people may go to, of the flow and of its rules.
    pub fn destinations(&self) -> impl Iterator<Item = &Destination> {
        self.rules.iter().filter_map(|rule| rule.outcome.after()).chain(&self.after)
    }

    /// Whether it leads only to places that the settings allow.
    #[must_use]
    pub fn is_allowed(&self, origins: &[HttpsOrigin]) -> bool {
        self.destinations().all(|after| after.is_allowed(origins))
    }

    /// Whether an account that signs up with it by an invite with these terms has to verify its e-mail address, where e-mail is
    /// sent: because everybody has to (`site_wide`), the invite or the flow says so.
    #[must_use]
    pub const fn verifies(&self, invite: &Terms, site_wide: bool) -> bool {
        invite.verifies(site_wide || self.verify_email)
    }

    /// What the sign-up page says: the text of the invite, or else of the flow.
    #[must_use]
    pub fn welcome_text<'a>(&'a self, invite: &'a Terms) -> Option<&'a WelcomeText> {
        invite.welcome_text.as_ref().or(self.welcome_text.as_ref())
    }
}
