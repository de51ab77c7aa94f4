//! The texts of flows.
//!
//! Names come isolated (`domain::text::isolated`) in sentences.

use domain::flows::FieldType;
use domain::paging::Count;

use super::conditions::{ANSWERED, AT_LEAST, AT_MOST, IS_NOT, NOT_ANSWERED};
pub(super) use crate::ui::text::{GROUPS, OPTIONAL};

// The list.

/// The page that leads here.
pub(super) const SETTINGS: &str = "Settings";
pub(super) const FLOWS: &str = "Flows";
pub(super) const ABOUT: &str = "What the sign-up page asks for, in which steps, and what becomes of the answers. Each invite can use a different flow.";
pub(super) const CREATE: &str = "Create flow";
pub(super) const IMPORT: &str = "Import";
pub(super) const TERMS: &str = "Terms";
pub(super) const FLOW: &str = "Flow";
pub(super) const CONTENTS: &str = "Contents";
pub(super) const SAVED: &str = "Saved";
pub(super) const DEFAULT: &str = "Default";
/// Below a list with nothing but flows that ask for nothing.
pub(super) const NOTHING_ASKED: &str = "The sign-up page asks for e-mail address, username, name and password, and for nothing else. Add fields to the \
     default flow to ask everybody, or create a flow for some invites.";

/// What a flow consists of.
pub(super) fn contents(steps: u32, fields: u32, rules: u32) -> String {
    let some = |count: u32, one: &str, several: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {several}"),
    };
    let rules = if rules == 0 { "no rules".to_owned() } else { some(rules, "rule", "rules") };
    let fields = if fields == 0 { "no fields".to_owned() } else { some(fields, "field", "fields") };
    format!("{}, {fields}, {rules}", some(steps, "step", "steps"))
}

pub(super) fn uses(invites: Count) -> String {
    match invites.counted {
        0 => "No invites".to_owned(),
        1 if !invites.more => "1 invite".to_owned(),
        _ => format!("{invites} invites"),
    }
}

pub(super) fn version(number: u32) -> String {
    format!("Version {number}")
}

// The page of one flow.

pub(super) const ABSENT: &str = "There is no such flow";
pub(super) const ABSENT_TEXT: &str = "It may have been deleted, or the address is incomplete.";
pub(super) const ALL_FLOWS: &str = "Show all flows";
pub(super) const NEW: &str = "New flow";
pub(super) const PREVIEW: &str = "Preview";
pub(super) const EXPORT: &str = "Export";
pub(super) const MAKE_DEFAULT: &str = "Make default";
pub(super) const DELETE: &str = "Delete…";
pub(super) const STEPS_NOT_LOADED: &str = "The steps could not be loaded. Check your connection, then try again.";
pub(super) const RULES_NOT_LOADED: &str = "The rules could not be loaded. Check your connection, then try again.";
pub(super) const DRAG: &str = "Drag to move";
pub(super) const READ_ONLY: &str = "You can see this flow. To change it, you need the permission to change settings.";

pub(super) fn describes(version: u32, is_default: bool) -> String {
    if is_default {
        format!("Version {version}. The default: of invites that name no flow, and of sign-ups without an invite.")
    } else {
        format!("Version {version}")
    }
}

pub(super) fn is_earlier(number: u32, present: u32) -> String {
    format!("This is version {number}. The sign-up page uses version {present}; save this one to use it again.")
}

pub(super) const SHOW_PRESENT: &str = "Show the present version";

/// A notice; the names are those of groups.
pub(super) fn withheld(names: &[String]) -> String {
    format!(
        "People do not join {}, because the account that saved this version may no longer add people there. Their accounts are pending \
         approval instead. Save the flow to have it decided by your account.",
        names.join(", ")
    )
}

pub(super) fn made_default(name: &str) -> String {
    format!("{name} is the default flow")
}

pub(super) const USED_BY: &str = "Used by";
pub(super) const USED_AS_DEFAULT: &str =
    "All invites that name no flow, and sign-ups without an invite, use it as the default.";
pub(super) const USED_BY_NONE: &str = "No invites use this flow.";

pub(super) fn used_by_shown(shown: usize, all: Count) -> String {
    if u32::try_from(shown).is_ok_and(|shown| shown >= all.counted && !all.more) {
        format!("Used by {}", uses(all))
    } else {
        format!("The newest {shown} of {all} invites")
    }
}

pub(super) const VERSIONS: &str = "Versions";
pub(super) const VERSIONS_HELP: &str =
    "A version never changes. Those who began to sign up with an earlier one can go on with it for a day.";
pub(super) const PRESENT: &str = "Present";
/// The name of an account follows.
pub(super) const BY: &str = "by";

// The form.

pub(super) const NAME: &str = "Name";
pub(super) const NAME_HELP: &str = "Staff see it. People who sign up do not.";

pub(super) fn save(version: Option<u32>) -> String {
    match version {
        Some(version) => format!("Save as version {}", version + 1),
        None => "Create flow".to_owned(),
    }
}

pub(super) fn saved(name: &str, version: u32) -> String {
    if version == 1 { format!("{name} created") } else { format!("{name} saved as version {version}") }
}

pub(super) const START_AGAIN: &str = "Ask people in the middle of signing up to start again";
pub(super) const START_AGAIN_HELP: &str =
    "Use this to correct a mistake. Otherwise they continue with the version that they started with.";
pub(super) const CONFLICT: &str = "Somebody else has saved this flow since you opened it, so that yours was not saved. What you entered is still here. Look at \
     their version in another tab, then enter what you want to keep, or save yours after theirs.";
pub(super) const SHOW_THEIRS: &str = "Show their version";
pub(super) const SAVE_OVER: &str = "Save mine after theirs";

// Steps.

pub(super) const STEPS: &str = "Steps and fields";
pub(super) const STEPS_HELP: &str = "Each step is a page of the form. An answer becomes an attribute of the account.";
pub(super) const ADD_STEP: &str = "Add step";
pub(super) const STEP: &str = "Step";
pub(super) const STEP_TITLE: &str = "Title of the step";
pub(super) const LAST_STEP: &str = "Then e-mail address, username, name, terms and password.";
pub(super) const NO_FIELDS: &str = "No fields yet. Add one, or remove the step.";
pub(super) const NO_FIELDS_LAST: &str = "No fields of its own.";
pub(super) const MOVE_UP: &str = "Move up";
pub(super) const MOVE_DOWN: &str = "Move down";
pub(super) const REMOVE: &str = "Remove";

pub(super) fn step(number: usize, title: &str) -> String {
    if title.is_empty() { format!("Step {number}") } else { format!("Step {number}: {title}") }
}

/// The accessible name of a button; `verb` says what it does.
pub(super) fn of_step(verb: &str, number: usize, title: &str) -> String {
    format!("{verb}: {}", step(number, title))
}

/// The accessible name of a button; `verb` says what it does.
pub(super) fn of_field(verb: &str, title: &str) -> String {
    format!("{verb}: {title}")
}

/// The accessible name of a button; `verb` says what it does.
pub(super) fn of_rule(verb: &str, number: usize) -> String {
    format!("{verb}: rule {number}")
}

// For screen readers.

pub(super) const STEP_ADDED: &str = "Step added";
pub(super) const STEP_REMOVED: &str = "Step removed. Its fields are in the step beside it.";
pub(super) const FIELD_ADDED: &str = "Field added";
pub(super) const FIELD_REMOVED: &str = "Field removed";
pub(super) const RULE_ADDED: &str = "Rule added";
pub(super) const RULE_REMOVED: &str = "Rule removed";
pub(super) const CONDITION_ADDED: &str = "Condition added";
pub(super) const CONDITION_REMOVED: &str = "Condition removed";

pub(super) fn moved(place: usize, count: usize) -> String {
    format!("Moved to place {place} of {count}")
}

pub(super) fn moved_to_step(number: usize) -> String {
    format!("Moved to step {number}")
}

// Fields.

pub(super) const ADD_FIELD: &str = "Add field";
/// What a field without label and key is called.
pub(super) const NEW_FIELD: &str = "New field";
pub(super) const WRONG: &str = "Needs another look";
pub(super) const LABEL: &str = "Label";
pub(super) const KEY: &str = "Key";
pub(super) const KEY_HELP: &str = "Names the attribute. Small letters, digits and underscores.";
pub(super) const TYPE: &str = "Type";
pub(super) const HELP: &str = "Help";
pub(super) const HELP_HELP: &str = "Is shown below the field.";
pub(super) const REQUIRED: &str = "Required";
pub(super) const MUST_BE_CHECKED: &str = "Has to be checked";
pub(super) const REQUIRED_HELP: &str = "Nobody can sign up without it.";
/// After the type of a field.
pub(super) const REQUIRED_AFTER: &str = ", required";
pub(super) const DECIMALS: &str = "Digits after the point";
pub(super) const CHOICES: &str = "Choices";
pub(super) const CHOICES_HELP: &str =
    "One on each line. After a comma: how it is shown, such as \u{201C}team, For a whole team\u{201D}.";

/// What is wrong with a choice.
pub(super) fn of_choice(number: usize, why: &str) -> String {
    format!("Choice {number}: {why}")
}

pub(super) const fn field_type(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Text => "Text",
        FieldType::LongText => "Long text",
        FieldType::Choice => "One choice",
        FieldType::Choices => "Several choices",
        FieldType::Checkbox => "Checkbox",
        FieldType::Number => "Number",
        FieldType::Date => "Date",
        FieldType::Url => "Web address",
    }
}

/// The labels of the least and the most of a field, and the help below the first.
pub(super) const fn bounds(kind: FieldType) -> (&'static str, &'static str, &'static str) {
    match kind {
        FieldType::Choices => ("Least choices", "Most choices", ""),
        FieldType::Number => ("Least", "Most", ""),
        FieldType::Date => ("Earliest", "Latest", DATE_HELP),
        _ => ("Least characters", "Most characters", ""),
    }
}

pub(super) const DATE_HELP: &str = "A date such as 2027-01-31, \u{201C}today\u{201D}, or \u{201C}18 years ago\u{201D}.";

// Rules.

pub(super) const RULES: &str = "Rules";
pub(super) const RULES_HELP: &str =
    "What happens to a sign-up, depending on the answers. All rules are checked, in order.";
pub(super) const NO_RULES: &str = "No rules. Everybody gets the same.";
pub(super) const ADD_RULE: &str = "Add rule";
pub(super) const WHEN_ALL: &str = "When all of these hold";
pub(super) const ADD_CONDITION: &str = "Add condition";
pub(super) const FIELD: &str = "Field";
pub(super) const AN_ATTRIBUTE: &str = "An attribute of the invite";
pub(super) const CHOOSE_FIELD: &str = "Choose a field";
pub(super) const NO_FIELD: &str = "(no field)";
pub(super) const ATTRIBUTE_KEY: &str = "Key of the attribute";
pub(super) const TEST: &str = "Test";
pub(super) const VALUE: &str = "Value";
pub(super) const VALUES_HELP: &str = "Of several, one on each line.";
pub(super) const ONE_OF: &str = "One of these";
pub(super) const THEN: &str = "Then";
pub(super) const GIVES: &str = "the account gets something";
pub(super) const REFUSES: &str = "the sign-up is refused";
pub(super) const REFUSAL: &str = "Message";
pub(super) const REFUSAL_HELP: &str =
    "People can go back and change their answers. Use approval for what has to be checked.";
pub(super) const NEEDS_APPROVAL: &str = "needs approval";
pub(super) const NEEDS_APPROVAL_TICK: &str = "Needs approval";
pub(super) const NEEDS_APPROVAL_HELP: &str = "The account is pending approval.";
pub(super) const GROUPS_HELP: &str = "All who answer so join these groups, without being asked about.";
pub(super) const SEARCH_GROUPS: &str = "Search groups";
pub(super) const SEARCH_EXAMPLE: &str = "Group name";
pub(super) const NO_GROUPS: &str = "There is no group that you can add people to.";
pub(super) const RULE_AFTER_HELP: &str = "The first rule that says so counts, before the flow.";

pub(super) fn of_condition(number: usize) -> String {
    format!("Condition {number}")
}

pub(super) fn remove_condition(number: usize) -> String {
    format!("Remove condition {number}")
}

pub(super) fn of_attribute(key: &str) -> String {
    format!("the invite\u{2019}s {key}")
}

/// A test, as it is chosen and as it stands in sentences; of a box, it is checked or not.
pub(super) fn test(test: &str, is_box: bool) -> &'static str {
    match test {
        IS_NOT => "is not",
        AT_LEAST => "is at least",
        AT_MOST => "is at most",
        ANSWERED if is_box => "is checked",
        NOT_ANSWERED if is_box => "is not checked",
        ANSWERED => "was answered",
        NOT_ANSWERED => "was not answered",
        _ => "is",
    }
}

pub(super) fn condition(subject: &str, test: &str, values: Option<Vec<String>>) -> String {
    match values {
        None => format!("{subject} {test}"),
        Some(values) if values.is_empty() => format!("{subject} {test} …"),
        Some(values) => format!("{subject} {test} {}", values.join(" or ")),
    }
}

/// A rule as a sentence.
pub(super) fn rule(conditions: Vec<String>, outcomes: Vec<String>) -> String {
    let or_nothing = |parts: Vec<String>| if parts.is_empty() { "…".to_owned() } else { parts.join(" and ") };
    format!("When {} then {}", or_nothing(conditions), or_nothing(outcomes))
}

pub(super) fn joins(names: Vec<String>) -> String {
    format!("joins {}", names.join(", "))
}

pub(super) fn goes_to(place: &str) -> String {
    format!("goes to {place}")
}

pub(super) fn refuses(words: &str) -> String {
    if words.is_empty() { "refuse".to_owned() } else { format!("refuse: \u{201C}{words}\u{201D}") }
}

// What becomes of all.

pub(super) const ACCOUNTS: &str = "For everybody";
pub(super) const VERIFY: &str = "Verify the e-mail address";
pub(super) const VERIFY_HELP: &str = "They get a link by e-mail, where e-mail is set up.";
pub(super) const APPROVAL: &str = "Needs approval";
pub(super) const APPROVAL_HELP: &str = "Their accounts are pending approval, whatever the rules say.";
pub(super) const WELCOME: &str = "Welcome";
pub(super) const WELCOME_HELP: &str =
    "Shown above the form when the invite has no welcome text. Markdown: **bold**, _italic_, lists and links.";
pub(super) const AFTER: &str = "Where people go after they sign up";
pub(super) const AFTER_HELP: &str =
    "A path on this site such as /me, or the address of a site that the settings allow. The invite comes first.";
/// A link follows.
pub(super) const TERMS_HELP_BEFORE: &str = "They have to accept the present version of each. ";
/// A link follows.
pub(super) const NO_TERMS_BEFORE: &str = "There are no terms yet. ";
pub(super) const MANAGE_TERMS: &str = "Manage terms";

// Deleting.

pub(super) fn delete_title(name: &str) -> String {
    format!("Delete {name}?")
}

pub(super) fn delete_text(is_used: bool, invites: Count) -> String {
    if is_used {
        format!(
            "{} and whatever uses it as the default get another flow at once. Accounts keep what they answered.",
            uses(invites)
        )
    } else {
        "Nothing uses it. Accounts keep what they answered.".to_owned()
    }
}

pub(super) const REPLACE_WITH: &str = "Replacement flow";
pub(super) const DELETE_FLOW: &str = "Delete flow";

pub(super) fn deleted(name: &str) -> String {
    format!("{name} deleted")
}

// The import.

pub(super) const IMPORT_TITLE: &str = "Import a flow";
pub(super) const IMPORT_ABOUT: &str = "Creates the flow, or saves a new version of the one with its name. You can review the changes before they are saved.";
pub(super) const IMPORT_TEXT: &str = "YAML or JSON";
pub(super) const IMPORT_HELP: &str = "As a flow is exported.";
pub(super) const CHOOSE_FILE: &str = "Choose a file";
/// The names of files that are offered.
pub(super) const FILE_TYPES: &str = ".yaml,.yml,.json,application/yaml,application/json,text/plain";
pub(super) const FILE_TOO_LARGE: &str = "This file is larger than 256 KiB. A flow has at most that.";
pub(super) const CHECK: &str = "Check";
pub(super) const IMPORT_NOW: &str = "Import flow";
pub(super) const NOTHING_WRONG: &str = "Nothing is wrong";

pub(super) fn line(number: u32) -> String {
    format!("Line {number}:")
}

pub(super) fn wrong(count: usize) -> String {
    if count == 1 { "1 problem to fix".to_owned() } else { format!("{count} problems to fix") }
}

/// `version` is that of an existing flow that would be saved.
pub(super) fn would_import(name: &str, version: Option<u32>) -> String {
    match version {
        Some(version) => format!("{name} would be saved as version {version}."),
        None => format!("{name} would be created."),
    }
}

pub(super) fn creates_terms(names: &[String]) -> String {
    format!("These terms would be created: {}.", names.join(", "))
}

pub(super) fn imported(name: &str, version: u32) -> String {
    saved(name, version)
}
