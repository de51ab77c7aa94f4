//! The choices of a field as typed, and which types have what.

use domain::flows::FieldType;

/// Whether a field of this type has a least and a most.
pub(super) const fn has_bounds(kind: FieldType) -> bool {
    !matches!(kind, FieldType::Choice | FieldType::Checkbox | FieldType::Url)
}

/// Whether a field of this type has choices.
pub(super) const fn has_choices(kind: FieldType) -> bool {
    matches!(kind, FieldType::Choice | FieldType::Choices)
}

/// Each with its value and how it is shown, if otherwise: a value cannot have commas, so that the first one ends it.
pub(super) fn choices(text: &str) -> Vec<(String, Option<String>)> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let choice = |line: &str| match line.split_once(',') {
        Some((value, label)) => {
            let label = Some(label.trim().to_owned()).filter(|label| !label.is_empty());
            (value.trim().to_owned(), label)
        }
        None => (line.to_owned(), None),
    };
    lines.map(choice).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_a_value_and_what_follows_a_comma() {
        let choice = |value: &str, label: Option<&str>| (value.to_owned(), label.map(str::to_owned));
        assert_eq!(
            choices("solo\n\n team , For a team, or more \nlast,\n"),
            [choice("solo", None), choice("team", Some("For a team, or more")), choice("last", None)]
        );
        assert_eq!(choices(" \n"), []);
    }
}
