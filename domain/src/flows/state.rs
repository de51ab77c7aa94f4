//! What a form of several steps carries from one to the next.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::answers::{Answers, Typed};
use super::flow::Flow;
use crate::attributes::{Attribute, InviteAttribute};
use crate::failure::{Code, Failure};
use crate::ids::FlowId;
use crate::time::Timestamp;

/// How long a form can be filled in since its first step was opened.
pub const STEPS_LAST: Duration = Duration::from_hours(24);

/// The most bytes of the answers of all steps. With it, the sealed state and the form of the last step are shorter than the
/// 64 KiB of a body, also where each byte is written as three characters.
pub const MAX_TYPED_BYTES: usize = 12_000;

/// What a form of several steps carries from one to the next, sealed by the service: nothing is stored before the last. It has no
/// password, which only the last step asks for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignUpState {
    /// The invite code, as typed; empty where sign-up is open.
    pub code: String,
    /// The flow.
    pub flow: FlowId,
    /// The version of the flow, which stays the same until the last step.
    pub version: u32,
    /// The step that is shown, counted from 0.
    pub step: usize,
    /// What was typed so far, right or wrong.
    pub typed: Typed,
    /// When the first step was opened.
    pub opened_at: Timestamp,
}

impl fmt::Debug for SignUpState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignUpState(…)")
    }
}

impl SignUpState {
    /// The state of a form that is opened at `now` with the invite code `code`.
    #[must_use]
    pub fn open(code: String, flow: FlowId, version: u32, now: Timestamp) -> Self {
        Self { code, flow, version, step: 0, typed: Typed::new(), opened_at: now }
    }

    /// Whether it was opened too long ago.
    #[must_use]
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.opened_at.plus(STEPS_LAST) <= now
    }

    /// The same with what was typed in the fields of the present step. Other keys are left out, but where it is the last step:
    /// there, attributes of the invite that are no fields are shown, too.
    ///
    /// # Errors
    /// [`Code::Invalid`] if all of it is longer than [`MAX_TYPED_BYTES`].
    pub fn with(mut self, flow: &Flow, typed: Typed) -> Result<Self, Failure> {
        let (step, last) = (self.step, flow.last_step());
        let is_here = |key: &_| flow.step_of(key).map_or(step == last, |of| of == step);
        self.typed.extend(typed.into_iter().filter(|(key, _)| is_here(key)));
        let bytes: usize = self.typed.iter().map(|(key, text)| key.as_str().len() + text.len()).sum();
        if bytes > MAX_TYPED_BYTES {
            return Err(Failure::new(Code::Invalid, "Your answers are too long altogether. Shorten one of them."));
        }
        Ok(self)
    }

    /// The same at the step before.
    #[must_use]
    pub fn back(mut self) -> Self {
        self.step = self.step.saturating_sub(1);
        self
    }

    /// The same at the next step, if the answers to this one fit and no rule refuses by the answers so far.
    ///
    /// # Errors
    /// [`Code::Invalid`] under `attributes.KEY` for answers that do not fit; [`Code::SignUpRefused`] with the words of a rule.
    pub fn next(mut self, flow: &Flow, attributes: &[InviteAttribute], now: Timestamp) -> Result<Self, Failure> {
        let mut answers = Answers::new();
        for step in 0..=self.step {
            answers.extend(flow.answer_step(step, &self.typed, attributes, now)?);
        }
        let given = |given: &InviteAttribute| Attribute { key: given.key.clone(), value: given.value.clone() };
        let given: Vec<_> = attributes.iter().map(given).collect();
        if let Some(words) = flow.refusal(self.step, &answers, &given, now) {
            return Err(Failure::new(Code::SignUpRefused, words.as_str()));
        }
        self.step = flow.last_step().min(self.step + 1);
        Ok(self)
    }
}
