//! `latchkey settings`.

use domain::settings::SettingsMerge;
use serde::Serialize;
use serde_json::{Map, Value};
use service::operations::operator;
use service::{Actor, Ctx, settings};

use super::args::SettingsCommand;
use super::open::{describe, describe_error, with_ctx};
use super::{Outcome, print};
use crate::api;
use crate::config::Config;

/// How a setting is written.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Text,
    Number,
    Switch,
    List,
}

/// The settings that can be changed.
const SETTINGS: [(&str, Kind); 18] = [
    ("site_name", Kind::Text),
    ("registration_mode", Kind::Text),
    ("default_role", Kind::Text),
    ("code_length", Kind::Number),
    ("invite_link_max_redemptions_limit", Kind::Number),
    ("welcome_text", Kind::Text),
    ("welcome_url", Kind::Text),
    ("welcome_label", Kind::Text),
    ("user_permissions", Kind::List),
    ("moderator_permissions", Kind::List),
    ("allowed_origins", Kind::List),
    ("member_invite_quota", Kind::Number),
    ("member_invite_quota_period", Kind::Text),
    ("member_invite_max_uses", Kind::Number),
    ("member_invite_max_days", Kind::Number),
    ("member_invite_min_account_age", Kind::Number),
    ("sign_in_alerts", Kind::Switch),
    ("verify_email", Kind::Switch),
];

pub(super) async fn run(config: &Config, command: SettingsCommand) -> Outcome {
    with_ctx(config, async |ctx| {
        let actor = operator::act_as(ctx, None).await.map_err(describe_error)?;
        match command {
            SettingsCommand::Show { name } => show(ctx, &actor, name).await,
            SettingsCommand::Set { changes } => {
                let patch = merge(changes)?.parse().map_err(|failure| describe(&failure))?;
                settings::update(ctx, &actor, patch).await.map_err(describe_error)?;
                eprintln!("The settings are changed.");
                Ok(())
            }
        }
    })
    .await
}

async fn show(ctx: &Ctx, actor: &Actor, name: Option<String>) -> Outcome {
    let view = api::Settings::from(settings::get(ctx, actor).await.map_err(describe_error)?);
    let view = written(&view)?;
    if let Some(name) = name {
        return print::result(text(view.get(&name).ok_or_else(|| unknown(&name))?));
    }
    print_each(&view)
}

/// Prints the name and the value of each setting, separated by a tab; a line break in a value is printed as a space.
pub(super) fn print_each(view: &Value) -> Outcome {
    for (name, value) in view.as_object().into_iter().flatten() {
        print::result(format!("{name}\t{}", text(value).replace('\n', " ")))?;
    }
    Ok(())
}

/// Settings as the REST API has them.
pub(super) fn written(view: &impl Serialize) -> Result<Value, String> {
    serde_json::to_value(view).map_err(|error| format!("Cannot write the settings: {error}."))
}

/// A value as it is typed.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(entries) => entries.iter().map(text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// The change that the REST API would be sent.
fn merge(changes: Vec<(String, String)>) -> Result<SettingsMerge, String> {
    let mut body = Map::new();
    for (name, text) in changes {
        let (_, kind) = SETTINGS.iter().find(|(known, _)| *known == name).ok_or_else(|| unknown(&name))?;
        if body.insert(name.clone(), value(*kind, &name, &text)?).is_some() {
            return Err(format!("{name}: Give this setting only once."));
        }
    }
    serde_path_to_error::deserialize(Value::Object(body))
        .map_err(|error| format!("{}: {}", error.path(), error.inner()))
}

fn value(kind: Kind, name: &str, text: &str) -> Result<Value, String> {
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    match kind {
        Kind::Text => Ok(text.into()),
        Kind::Number => text.trim().parse::<i64>().map(Value::from).map_err(|_| format!("{name}: Enter an integer.")),
        Kind::Switch => {
            text.trim().parse::<bool>().map(Value::from).map_err(|_| format!("{name}: Enter true or false."))
        }
        Kind::List => Ok(text.split(',').map(str::trim).filter(|entry| !entry.is_empty()).collect()),
    }
}

fn unknown(name: &str) -> String {
    let known = SETTINGS.map(|(name, _)| name).join(", ");
    format!("There is no setting \u{201C}{name}\u{201D}. The settings are {known}.")
}

#[cfg(test)]
mod tests {
    use domain::Patch;

    use super::*;

    fn change(pairs: &[(&str, &str)]) -> Result<SettingsMerge, String> {
        merge(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn every_setting_can_be_cleared_as_far_as_the_change_knows_it() {
        for (name, _) in SETTINGS {
            let change = serde_json::to_value(change(&[(name, " ")]).unwrap()).unwrap();
            assert_eq!(change, serde_json::json!({ name: null }));
        }
    }

    #[test]
    fn values_are_typed_as_they_are_shown() {
        let change = change(&[
            ("site_name", "Bramble = Yard"),
            ("code_length", "20"),
            ("user_permissions", "invites.create, invites.create_multi"),
            ("allowed_origins", "https://a.example,https://b.example"),
            ("sign_in_alerts", "false"),
        ]);
        let change = change.unwrap();
        assert_eq!(change.site_name, Patch::Set("Bramble = Yard".to_owned()));
        assert_eq!((&change.code_length, &change.sign_in_alerts), (&Patch::Set(20), &Patch::Set(false)));
        let written = serde_json::to_value(&change).unwrap();
        assert_eq!(text(&written["user_permissions"]), "invites.create,invites.create_multi");
        assert_eq!(text(&written["allowed_origins"]), "https://a.example,https://b.example");
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (pairs, named) in [
            (&[("colour", "red")][..], "colour"),
            (&[("code_length", "long")], "code_length: "),
            (&[("sign_in_alerts", "on")], "sign_in_alerts: Enter true or false."),
            (&[("code_length", "12"), ("code_length", "13")], "code_length: "),
            (&[("user_permissions", "invites.create,secrets.read")], "user_permissions[1]: "),
        ] {
            let message = change(pairs).unwrap_err();
            assert!(message.contains(named), "{message}");
        }
    }
}
