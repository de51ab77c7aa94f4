//! Brings an account in an application in line with what is true here.

use domain::applications::{ScimKind, ScimRemoval};
use serde_json::{Value, json};

use super::client::{SendError, Service, read, refused_with};
use super::connection::{Attributes, Connection, Wanted};
use super::schema::{Identified, Operation, USER, User};

const KIND: ScimKind = ScimKind::Account;

/// An account or a group in the application, after it was brought in line. The last text tells staff what was done.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Remote {
    /// It exists with this id, as it should be.
    Exists(String, String),
    /// It does not exist, and need not.
    Absent(String),
}

/// Brings an account in line, by its id there, if that is known, and its identifier.
pub(super) async fn bring_in_line(
    service: &Service<'_>,
    connection: &Connection,
    ids: (Option<&str>, &str),
    wanted: &Wanted,
) -> Result<Remote, SendError> {
    match (wanted, service.locate::<User>(KIND, ids).await?) {
        (Wanted::Active(attributes), Some((user, body))) => change(service, &user, body, attributes).await,
        (Wanted::Active(_), None) if !connection.terms.create => {
            Ok(Remote::Absent("Nothing to do: it is not there yet.".to_owned()))
        }
        (Wanted::Active(attributes), None) => create(service, connection, attributes).await,
        (Wanted::Inactive, None) => Ok(Remote::Absent("Nothing to do: it is not there.".to_owned())),
        (Wanted::Inactive, Some((user, _))) if connection.terms.on_removal == ScimRemoval::Delete => {
            service.delete(KIND, &user.id).await?;
            Ok(Remote::Absent("Deleted.".to_owned()))
        }
        (Wanted::Inactive, Some((user, body))) => {
            if user.is_active() {
                let change = [Operation::replace("active", false)];
                send(service, &user, body, &change).await?;
            }
            Ok(Remote::Exists(user.id, "Deactivated.".to_owned()))
        }
    }
}

async fn create(service: &Service<'_>, connection: &Connection, attributes: &Attributes) -> Result<Remote, SendError> {
    let Attributes { external_id, user_name, display_name, email } = attributes;
    let body = json!({
        "schemas": [USER],
        "externalId": external_id,
        "userName": user_name,
        "name": { "formatted": display_name },
        "displayName": display_name,
        "emails": [{ "value": email, "type": "work", "primary": true }],
        "active": true,
    });
    match service.create(KIND, &body).await? {
        Ok(created) => Ok(Remote::Exists(read::<User>(created)?.id, "Created.".to_owned())),
        Err(said) => adopt(service, connection, attributes, &said).await,
    }
}

/// Takes an account that has the same name or address to be this one, if staff chose that.
async fn adopt(
    service: &Service<'_>,
    connection: &Connection,
    attributes: &Attributes,
    said: &str,
) -> Result<Remote, SendError> {
    let is_it = |user: &User| has_name_of(user, attributes);
    let mut found = service.find(KIND, ("userName", attributes.user_name.as_str()), is_it).await?;
    if found.is_none() && attributes.user_name != attributes.email {
        found = service.find(KIND, ("userName", attributes.email.as_str()), is_it).await?;
    }
    let Some((user, body)) = found else {
        return Err(refused_with(format!(
            "The application says that the account exists, and does not find it: {said}"
        ))
        .into());
    };
    match user.external_id() {
        Some(other) if other != attributes.external_id => {
            let why = "An account with this name or address is there, and belongs to another member or system.";
            Err(refused_with(why).into())
        }
        None if !connection.terms.adopt => Err(refused_with(
            "An account with this name or address is there already, and is not connected. Choose to adopt existing \
             accounts, or give it the externalId of this member there.",
        )
        .into()),
        Some(_) => change(service, &user, body, attributes).await,
        None => {
            service.check_free(KIND, &user.id).await?;
            change(service, &user, body, attributes).await
        }
    }
}

/// Whether an account has the name or the address of a member, in any case.
fn has_name_of(user: &User, attributes: &Attributes) -> bool {
    let emails = user.emails.iter().flatten().map(|email| email.value.as_str());
    let is_email = |name: &str| same(name, &attributes.email);
    same(&user.login, &attributes.user_name) || is_email(&user.login) || emails.into_iter().any(is_email)
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

async fn change(service: &Service<'_>, user: &User, body: Value, attributes: &Attributes) -> Result<Remote, SendError> {
    let changes = differences(user, attributes);
    let id = user.id.clone();
    if changes.is_empty() {
        return Ok(Remote::Exists(id, "Nothing to do.".to_owned()));
    }
    send(service, user, body, &changes).await?;
    Ok(Remote::Exists(id, format!("Changed: {}.", names(&changes).join(", "))))
}

/// The attributes that changes are of.
pub(super) fn names(changes: &[Operation]) -> Vec<&str> {
    changes.iter().map(|change| change.path.split('[').next().unwrap_or_default()).collect()
}

/// What has to be changed of an account there.
pub(super) fn differences(user: &User, wanted: &Attributes) -> Vec<Operation> {
    let mut changes = Vec::new();
    if user.external_id.as_deref() != Some(wanted.external_id.as_str()) {
        changes.push(Operation::replace("externalId", wanted.external_id.as_str()));
    }
    // Without regard to case: some services fold it.
    if !same(&user.login, &wanted.user_name) {
        changes.push(Operation::replace("userName", wanted.user_name.as_str()));
    }
    let name = Some(wanted.display_name.as_str());
    if user.display_name.as_deref() != name {
        changes.push(Operation::replace("displayName", wanted.display_name.as_str()));
    }
    if user.name.as_ref().and_then(|name| name.formatted.as_deref()) != name {
        changes.push(Operation::replace("name.formatted", wanted.display_name.as_str()));
    }
    match user.email() {
        Some(email) if same(&email.value, &wanted.email) => {}
        Some(email) if email.primary == Some(true) => {
            changes.push(Operation::replace("emails[primary eq true].value", wanted.email.as_str()));
        }
        Some(_) | None => {
            changes.push(Operation::replace("emails", emails(&wanted.email)));
        }
    }
    if !user.is_active() {
        changes.push(Operation::replace("active", true));
    }
    changes
}

fn emails(email: &str) -> Value {
    json!([{ "value": email, "type": "work", "primary": true }])
}

async fn send(service: &Service<'_>, user: &User, body: Value, changes: &[Operation]) -> Result<(), SendError> {
    Ok(service.update(KIND, &user.id, changes, || with_changes(body, changes)).await?)
}

/// The whole account with some changes; what is not ours stays as it is.
fn with_changes(mut body: Value, changes: &[Operation]) -> Value {
    for change in changes {
        let value = change.value.clone().unwrap_or_default();
        match change.path.as_str() {
            "name.formatted" => match body.get_mut("name").and_then(Value::as_object_mut) {
                Some(name) => drop(name.insert("formatted".to_owned(), value)),
                None => body["name"] = json!({ "formatted": value }),
            },
            "emails[primary eq true].value" => {
                let emails = body.get_mut("emails").and_then(Value::as_array_mut);
                for email in emails.into_iter().flatten().filter(|email| email["primary"] == true) {
                    email["value"] = value.clone();
                }
            }
            path => body[path] = value,
        }
    }
    // What only the service changes.
    if let Some(body) = body.as_object_mut() {
        body.remove("meta");
        body.remove("groups");
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted() -> Attributes {
        Attributes {
            external_id: "e1".to_owned(),
            user_name: "mateo".to_owned(),
            display_name: "Mateo Quispe".to_owned(),
            email: "mateo@x.example".to_owned(),
        }
    }

    fn user(json: &str) -> User {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn only_what_differs_is_changed() {
        let same = user(
            r#"{"id":"1","externalId":"e1","userName":"MATEO","displayName":"Mateo Quispe","active":true,
                "name":{"formatted":"Mateo Quispe"},"emails":[{"value":"Mateo@X.example"}]}"#,
        );
        assert!(differences(&same, &wanted()).is_empty());
        let other = user(r#"{"id":"1","userName":"m","active":false,"emails":[{"value":"old@x","primary":true}]}"#);
        let changes = differences(&other, &wanted());
        assert_eq!(names(&changes), ["externalId", "userName", "displayName", "name.formatted", "emails", "active"]);
        assert_eq!(changes[4].path, "emails[primary eq true].value");
    }

    #[test]
    fn what_is_replaced_keeps_what_is_not_ours() {
        let body = json!({
            "id": "1", "title": "Potter", "meta": {}, "groups": [], "name": { "givenName": "M" },
            "emails": [{ "value": "home@x", "type": "home" }, { "value": "old@x", "primary": true }],
        });
        let user: User = serde_json::from_value(body.clone()).unwrap();
        let changed = with_changes(body, &differences(&user, &wanted()));
        assert_eq!(
            changed,
            json!({
                "id": "1", "title": "Potter", "externalId": "e1", "userName": "mateo", "displayName": "Mateo Quispe",
                "name": { "givenName": "M", "formatted": "Mateo Quispe" },
                "emails": [{ "value": "home@x", "type": "home" }, { "value": "mateo@x.example", "primary": true }],
            })
        );
    }
}
