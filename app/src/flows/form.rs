//! A flow as it is edited: a signal for everything that is typed. [`super::draft`] reads and writes it as a whole.

use domain::FieldError;
use leptos::prelude::*;

use crate::server_fn_error::ServerFnError;
use crate::ui::{Sending, browser};

/// What is wrong with a part of the flow, by the rest of the path.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Errors(RwSignal<Vec<FieldError>>);

impl Errors {
    fn none() -> Self {
        Self(RwSignal::new(Vec::new()))
    }

    /// What is wrong with an input of it.
    pub(super) fn of(self, name: &'static str) -> Signal<Option<String>> {
        let Self(errors) = self;
        Signal::derive(move || {
            errors.with(|all| all.iter().find(|error| error.field == name).map(|error| error.message.clone()))
        })
    }

    /// Everything that is wrong with it.
    pub(super) fn all(self) -> Vec<FieldError> {
        self.0.get()
    }

    /// Whether something is wrong with it.
    pub(super) fn any(self) -> bool {
        self.0.with(|all| !all.is_empty())
    }

    /// Whether something is wrong whose path begins with this.
    pub(super) fn within(self, start: &str) -> bool {
        self.0.with(|all| all.iter().any(|error| error.field.starts_with(start)))
    }

    fn clear(self) {
        if self.0.with_untracked(|all| !all.is_empty()) {
            self.0.set(Vec::new());
        }
    }

    fn add(self, field: &str, message: &str) {
        self.0.update(|all| all.push(FieldError { field: field.to_owned(), message: message.to_owned() }));
    }
}

/// A field as typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct FieldForm {
    /// Names it on the page, wherever it is moved.
    pub(super) id: u32,
    pub(super) key: RwSignal<String>,
    pub(super) label: RwSignal<String>,
    pub(super) help: RwSignal<String>,
    /// A [`domain::flows::FieldType`].
    pub(super) kind: RwSignal<String>,
    pub(super) required: RwSignal<bool>,
    pub(super) min: RwSignal<String>,
    pub(super) max: RwSignal<String>,
    pub(super) decimals: RwSignal<String>,
    /// One on each line: the value, and after a comma how it is shown.
    pub(super) choices: RwSignal<String>,
    pub(super) open: RwSignal<bool>,
    pub(super) errors: Errors,
}

/// A step as typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct StepForm {
    pub(super) id: u32,
    pub(super) title: RwSignal<String>,
    pub(super) fields: RwSignal<Vec<FieldForm>>,
    pub(super) errors: Errors,
}

/// A condition as typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct ConditionForm {
    pub(super) id: u32,
    /// The id of a field of the flow, or [`ATTRIBUTE`].
    pub(super) subject: RwSignal<String>,
    /// The key of an attribute.
    pub(super) attribute: RwSignal<String>,
    /// One of the tests of [`super::conditions`].
    pub(super) test: RwSignal<String>,
    /// What is compared with, one on each line.
    pub(super) value: RwSignal<String>,
}

/// A rule as typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct RuleForm {
    pub(super) id: u32,
    pub(super) conditions: RwSignal<Vec<ConditionForm>>,
    /// [`GIVE`] or [`REFUSE`].
    pub(super) outcome: RwSignal<String>,
    pub(super) approval: RwSignal<bool>,
    /// The names of groups.
    pub(super) groups: RwSignal<Vec<String>>,
    pub(super) after: RwSignal<String>,
    pub(super) refuse: RwSignal<String>,
    pub(super) open: RwSignal<bool>,
    pub(super) errors: Errors,
}

/// The subject of a condition on an attribute of the invite.
pub(super) const ATTRIBUTE: &str = "attribute";
/// The outcome of a rule that gives something.
pub(super) const GIVE: &str = "give";
/// The outcome of a rule that refuses.
pub(super) const REFUSE: &str = "refuse";

/// The flow as typed.
#[derive(Clone, Copy)]
pub(super) struct FlowForm {
    pub(super) name: RwSignal<String>,
    pub(super) verify_email: RwSignal<bool>,
    pub(super) approval: RwSignal<bool>,
    pub(super) welcome_text: RwSignal<String>,
    pub(super) after: RwSignal<String>,
    /// The names of terms, in their order.
    pub(super) terms: RwSignal<Vec<String>>,
    pub(super) steps: RwSignal<Vec<StepForm>>,
    pub(super) rules: RwSignal<Vec<RuleForm>>,
    pub(super) errors: Errors,
    /// The field that is dragged.
    pub(super) dragged: RwSignal<Option<FieldForm>>,
    /// What was done last, for screen readers.
    pub(super) said: RwSignal<String>,
    pub(super) sending: Sending,
    /// The ids that were given.
    made: StoredValue<u32>,
    /// What is added belongs to the form, and not to the button that added it.
    owner: StoredValue<Option<Owner>>,
}

impl FlowForm {
    /// A form with nothing in it.
    pub(super) fn empty() -> Self {
        Self {
            name: RwSignal::default(),
            verify_email: RwSignal::default(),
            approval: RwSignal::default(),
            welcome_text: RwSignal::default(),
            after: RwSignal::default(),
            terms: RwSignal::default(),
            steps: RwSignal::default(),
            rules: RwSignal::default(),
            errors: Errors::none(),
            dragged: RwSignal::default(),
            said: RwSignal::default(),
            sending: Sending::new(super::editor::FORM),
            made: StoredValue::new(0),
            owner: StoredValue::new(Owner::current()),
        }
    }

    fn make<T>(self, of: impl FnOnce(u32) -> T) -> T {
        let id = self.made.try_update_value(|made| {
            *made += 1;
            *made
        });
        let id = id.unwrap_or_default();
        match self.owner.get_value() {
            Some(owner) => owner.with(|| of(id)),
            None => of(id),
        }
    }

    /// A field that is not part of the flow yet.
    pub(super) fn make_field(self) -> FieldForm {
        self.make(|id| FieldForm {
            id,
            key: RwSignal::default(),
            label: RwSignal::default(),
            help: RwSignal::default(),
            kind: RwSignal::new(domain::flows::FieldType::Text.to_string()),
            required: RwSignal::default(),
            min: RwSignal::default(),
            max: RwSignal::default(),
            decimals: RwSignal::default(),
            choices: RwSignal::default(),
            open: RwSignal::default(),
            errors: Errors::none(),
        })
    }

    /// A step that is not part of the flow yet.
    pub(super) fn make_step(self) -> StepForm {
        self.make(|id| StepForm { id, title: RwSignal::default(), fields: RwSignal::default(), errors: Errors::none() })
    }

    /// A condition that is not part of a rule yet.
    pub(super) fn make_condition(self) -> ConditionForm {
        self.make(|id| ConditionForm {
            id,
            subject: RwSignal::default(),
            attribute: RwSignal::default(),
            test: RwSignal::new(super::conditions::IS.to_owned()),
            value: RwSignal::default(),
        })
    }

    /// A rule that is not part of the flow yet.
    pub(super) fn make_rule(self) -> RuleForm {
        self.make(|id| RuleForm {
            id,
            conditions: RwSignal::default(),
            outcome: RwSignal::new(GIVE.to_owned()),
            approval: RwSignal::default(),
            groups: RwSignal::default(),
            after: RwSignal::default(),
            refuse: RwSignal::default(),
            open: RwSignal::default(),
            errors: Errors::none(),
        })
    }

    /// The fields of all steps, in their order.
    pub(super) fn fields(self) -> Vec<FieldForm> {
        self.steps.with(|steps| steps.iter().flat_map(|step| step.fields.get()).collect())
    }

    /// The field with this id.
    pub(super) fn field(self, id: &str) -> Option<FieldForm> {
        self.fields().into_iter().find(|field| field.id.to_string() == id)
    }

    /// Records that something was changed, says it to screen readers, and focuses the first of these that is there and can be
    /// used.
    pub(super) fn changed(self, said: String, focus: &'static [&'static str], id: u32) {
        self.sending.typed();
        self.said.set(said);
        request_animation_frame(move || {
            for name in focus {
                if browser::focus(&format!("#{name}-{id}:not(:disabled)")) {
                    break;
                }
            }
        });
    }

    /// Shows at each part what is wrong with it, and opens those parts.
    pub(super) fn show_errors(self, fault: Option<&ServerFnError>) {
        self.errors.clear();
        let (steps, rules) = (self.steps.get_untracked(), self.rules.get_untracked());
        for step in &steps {
            step.errors.clear();
            for field in step.fields.get_untracked() {
                field.errors.clear();
            }
        }
        for rule in &rules {
            rule.errors.clear();
        }
        for FieldError { field: path, message } in fault.map(|fault| fault.0.fields.as_slice()).unwrap_or_default() {
            let parts: Vec<&str> = path.split('.').collect();
            let number = |at: usize| parts.get(at).and_then(|part| part.parse::<usize>().ok());
            let rest = |from: usize| parts.get(from..).unwrap_or_default().join(".");
            let step = (parts[0] == "steps").then(|| number(1).and_then(|at| steps.get(at))).flatten();
            let rule = (parts[0] == "rules").then(|| number(1).and_then(|at| rules.get(at))).flatten();
            match (step, rule) {
                (Some(step), _) => {
                    let field = number(3).and_then(|at| step.fields.with_untracked(|fields| fields.get(at).copied()));
                    match field {
                        Some(field) => {
                            field.errors.add(&rest(4), message);
                            field.open.set(true);
                        }
                        None => step.errors.add(&rest(2), message),
                    }
                }
                (None, Some(rule)) => {
                    rule.errors.add(&rest(2), message);
                    rule.open.set(true);
                }
                (None, None) => self.errors.add(if parts[0] == "terms" { "terms" } else { path.as_str() }, message),
            }
        }
    }
}
