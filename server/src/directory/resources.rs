//! Accounts and groups as they are sent and answered (RFC 7643, section 4).

use domain::Patch;
use domain::directory::{Comparison, Group, GroupDraft, Literal, MembersChange, Operator, User, UserDraft};
use domain::ids::AccountId;
use domain::time::Timestamp;
use serde_json::{Map, Value, json};

use super::answer::location;
use super::node::{boolean, member, object, text};
use super::patch::{Change, Op, changes, no_attribute, read_only};
use super::refusal::{Kind, Refusal};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

/// An account, as it is answered.
pub fn user(public_url: &str, user: User) -> Map<String, Value> {
    let User { account, external_id, user_name, groups } = user;
    let groups: Vec<Value> = groups
        .into_iter()
        .map(|group| {
            let reference = &location(public_url, "Groups", group.id);
            json!({ "value": group.id, "$ref": reference, "display": group.name, "type": "direct" })
        })
        .collect();
    let active = account.status == domain::accounts::AccountStatus::Active;
    let times = (account.created_at, account.updated_at);
    let mut resource = Map::new();
    put(&mut resource, "schemas", json!([USER]));
    put(&mut resource, "id", json!(account.id));
    put(&mut resource, "externalId", json!(external_id));
    put(&mut resource, "userName", user_name.into());
    put(&mut resource, "name", account.name.as_ref().map_or(Value::Null, |name| json!({ "formatted": name })));
    put(&mut resource, "displayName", json!(account.name));
    put(&mut resource, "emails", json!([{ "value": account.email, "type": "work", "primary": true }]));
    put(&mut resource, "active", active.into());
    put(&mut resource, "groups", groups.into());
    put(&mut resource, "meta", meta("User", times, &location(public_url, "Users", account.id)));
    resource
}

/// A group, as it is answered; with the names of its members if `with_names`.
pub fn group(public_url: &str, group: Group, with_names: bool) -> Map<String, Value> {
    let members = group.members.map(|members| {
        let member = |member: domain::directory::Member| {
            let reference = location(public_url, "Users", member.account);
            let mut resource = Map::new();
            put(&mut resource, "value", json!(member.account));
            put(&mut resource, "$ref", reference.into());
            put(&mut resource, "type", "User".into());
            put(&mut resource, "display", if with_names { member.name.into() } else { Value::Null });
            Value::Object(resource)
        };
        members.into_iter().map(member).collect::<Vec<Value>>()
    });
    let mut resource = Map::new();
    put(&mut resource, "schemas", json!([GROUP]));
    put(&mut resource, "id", json!(group.id));
    put(&mut resource, "externalId", json!(group.external_id));
    put(&mut resource, "displayName", json!(group.name));
    put(&mut resource, "members", json!(members));
    let times = (group.created_at, group.updated_at);
    put(&mut resource, "meta", meta("Group", times, &location(public_url, "Groups", group.id)));
    resource
}

/// The values of an attribute that can have several. One may be sent without a list.
fn values(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(values) => values.iter().collect(),
        Value::Null => Vec::new(),
        one => vec![one],
    }
}

/// Adds an attribute, unless it has no value.
fn put(resource: &mut Map<String, Value>, name: &str, value: Value) {
    if !value.is_null() {
        resource.insert(name.to_owned(), value);
    }
}

fn meta(kind: &str, (created, modified): (Timestamp, Timestamp), location: &str) -> Value {
    json!({ "resourceType": kind, "created": created, "lastModified": modified, "location": location })
}

/// A whole account, as it is sent. What is not kept here is ignored.
pub fn user_draft(body: &Map<String, Value>) -> Result<UserDraft, Refusal> {
    let mut draft = UserDraft::default();
    for (name, value) in body {
        match (name.to_ascii_lowercase().as_str(), value) {
            (_, Value::Null) => {}
            ("username", value) => draft.user_name = text(name, value)?,
            ("externalid", value) => draft.external_id = text(name, value)?,
            ("displayname", value) => draft.display_name = text(name, value)?,
            ("password", value) => draft.password = text(name, value)?.value(),
            ("active", value) => draft.active = Some(boolean(name, value)?),
            ("emails", value) => draft.email = chosen_email(value, false)?.map_or(Patch::Keep, Patch::Set),
            ("name", value) => set_name(&mut draft, object(name, value)?)?,
            _ => {}
        }
    }
    Ok(draft)
}

fn set_name(draft: &mut UserDraft, name: &Map<String, Value>) -> Result<(), Refusal> {
    if let Some(formatted) = member(name, "formatted") {
        draft.formatted = text("name.formatted", formatted)?;
    }
    for (part, key) in draft.parts_of_name.iter_mut().zip(["givenName", "familyName"]) {
        if let Some(value) = member(name, key) {
            *part = text(key, value)?.value();
        }
    }
    Ok(())
}

/// The changes of an account.
pub fn user_changes(body: &Map<String, Value>) -> Result<UserDraft, Refusal> {
    let mut draft = UserDraft::default();
    for change in changes(body)? {
        change_user(&mut draft, &change)?;
    }
    Ok(draft)
}

fn change_user(draft: &mut UserDraft, change: &Change) -> Result<(), Refusal> {
    match change.path.name.as_strs() {
        ("username", None) => draft.user_name = changed_text(change)?,
        ("externalid", None) => draft.external_id = changed_text(change)?,
        ("displayname", None) => draft.display_name = changed_text(change)?,
        ("name", Some("formatted")) => draft.formatted = changed_text(change)?,
        ("name", None) if change.op == Op::Remove => draft.formatted = Patch::Clear,
        ("name", None) => set_name(draft, object("name", &change.value)?)?,
        ("active", None) if change.op == Op::Remove => {
            return Err(Refusal::new(Kind::Value, "active can't be removed. Replace it with true or false."));
        }
        ("active", None) => draft.active = Some(boolean("active", &change.value)?),
        ("emails", None | Some("value")) => change_email(draft, change)?,
        ("password", None) => refuse_password(true)?,
        ("id" | "schemas" | "meta" | "groups", _) => read_only(change)?,
        (attribute, _) if is_not_kept(attribute) => {}
        _ => return Err(no_attribute(change)),
    }
    Ok(())
}

/// Refuses a password for an account that exists: otherwise those who manage accounts could sign in to them.
pub fn refuse_password(is_sent: bool) -> Result<(), Refusal> {
    if !is_sent {
        return Ok(());
    }
    let why = "A password is sent with a new account only. People change their own, and operators set one on the command line.";
    Err(Refusal::new(Kind::Mutability, why))
}

/// An account has one address, that of the type work.
fn change_email(draft: &mut UserDraft, change: &Change) -> Result<(), Refusal> {
    let is_ours =
        |comparison: &Comparison| match (comparison.name.part.as_deref(), comparison.operator, &comparison.value) {
            (Some("type"), Operator::Eq, Literal::Text(kind)) => kind.eq_ignore_ascii_case("work"),
            (Some("primary"), Operator::Eq, value) => *value != Literal::Boolean(false),
            _ => true,
        };
    if !change.path.chosen.iter().all(is_ours) {
        return Ok(());
    }
    let is_chosen = change.path.name.part.is_some() || !change.path.chosen.is_empty();
    match change.op {
        Op::Remove => draft.email = Patch::Clear,
        // Of several, one that is added takes the place of ours if it is meant to.
        Op::Add => {
            if let Some(email) = chosen_email(&change.value, !is_chosen)? {
                draft.email = Patch::Set(email);
            }
        }
        Op::Replace => draft.email = chosen_email(&change.value, false)?.map_or(Patch::Clear, Patch::Set),
    }
    Ok(())
}

/// The address that counts of several: the primary one, that of the type work, or, unless `only_ours`, the first.
fn chosen_email(value: &Value, only_ours: bool) -> Result<Option<String>, Refusal> {
    let emails = values(value);
    let chosen = emails
        .iter()
        .find(|email| is_primary(email))
        .or_else(|| emails.iter().find(|email| kind(email).as_deref() == Some("work")))
        .or_else(|| emails.iter().find(|email| !only_ours || kind(email).is_none()));
    let address = match chosen.copied() {
        Some(Value::Object(email)) => member(email, "value"),
        other => other,
    };
    match address {
        Some(address) => Ok(text("emails.value", address)?.value()),
        None => Ok(None),
    }
}

fn is_primary(email: &Value) -> bool {
    let primary = email.as_object().and_then(|email| member(email, "primary"));
    primary.is_some_and(|primary| boolean("primary", primary).unwrap_or(false))
}

/// The type of an address, in lower case.
fn kind(email: &Value) -> Option<String> {
    email.as_object().and_then(|email| member(email, "type")).and_then(Value::as_str).map(str::to_ascii_lowercase)
}

/// Attributes of accounts that are not kept here (RFC 7643, sections 4.1 and 4.3), and those of extensions.
fn is_not_kept(attribute: &str) -> bool {
    const ATTRIBUTES: [&str; 15] = [
        "name",
        "nickname",
        "profileurl",
        "title",
        "usertype",
        "preferredlanguage",
        "locale",
        "timezone",
        "phonenumbers",
        "ims",
        "photos",
        "addresses",
        "entitlements",
        "roles",
        "x509certificates",
    ];
    ATTRIBUTES.contains(&attribute) || attribute == "emails" || attribute.starts_with("urn:")
}

fn changed_text(change: &Change) -> Result<Patch<String>, Refusal> {
    if change.op == Op::Remove { Ok(Patch::Clear) } else { text(&change.path.name.attribute, &change.value) }
}

/// A whole group, as it is sent. What is not kept here is ignored.
pub fn group_draft(body: &Map<String, Value>) -> Result<GroupDraft, Refusal> {
    let mut draft = GroupDraft::default();
    for (name, value) in body {
        match (name.to_ascii_lowercase().as_str(), value) {
            (_, Value::Null) => {}
            ("displayname", value) => draft.name = text(name, value)?,
            ("externalid", value) => draft.external_id = text(name, value)?,
            ("members", value) => draft.members = vec![MembersChange::Replace(members(value)?)],
            _ => {}
        }
    }
    Ok(draft)
}

/// The changes of a group.
pub fn group_changes(body: &Map<String, Value>) -> Result<GroupDraft, Refusal> {
    let mut draft = GroupDraft::default();
    for change in changes(body)? {
        match change.path.name.as_strs() {
            ("displayname", None) => draft.name = changed_text(&change)?,
            ("externalid", None) => draft.external_id = changed_text(&change)?,
            ("members", None | Some("value")) => draft.members.push(changed_members(&change)?),
            ("id" | "schemas" | "meta", _) => read_only(&change)?,
            (attribute, _) if attribute.starts_with("urn:") => {}
            _ => return Err(no_attribute(&change)),
        }
    }
    Ok(draft)
}

fn changed_members(change: &Change) -> Result<MembersChange, Refusal> {
    let chosen = change.path.chosen.iter().map(|comparison| match (&comparison.operator, &comparison.value) {
        (Operator::Eq, Literal::Text(id)) if comparison.name.part.as_deref() == Some("value") => Ok(id.as_str()),
        _ => Err(Refusal::new(Kind::Filter, r#"Members are chosen by members[value eq "ID"]."#)),
    });
    let chosen = chosen.collect::<Result<Vec<&str>, Refusal>>()?;
    match change.op {
        // Whom nobody can be is no member.
        Op::Remove if !chosen.is_empty() => {
            Ok(MembersChange::Remove(chosen.iter().filter_map(|id| id.parse().ok()).collect()))
        }
        Op::Remove if change.value.is_null() => Ok(MembersChange::Replace(Vec::new())),
        _ if !chosen.is_empty() => Err(Refusal::new(Kind::Path, "Chosen members can be removed, and not changed.")),
        // As Microsoft Entra sends it.
        Op::Remove => Ok(MembersChange::Remove(members(&change.value)?)),
        Op::Add => Ok(MembersChange::Add(members(&change.value)?)),
        Op::Replace => Ok(MembersChange::Replace(members(&change.value)?)),
    }
}

/// The accounts that a list names, each by its id.
fn members(value: &Value) -> Result<Vec<AccountId>, Refusal> {
    let id = |value: &Value| {
        let id = value.as_object().map_or(Some(value), |object| member(object, "value")).and_then(Value::as_str);
        id.and_then(|id| id.parse().ok())
    };
    values(value)
        .into_iter()
        .map(|value| {
            id(value).ok_or_else(|| Refusal::new(Kind::Value, "members: the value of each is the id of an account."))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(body: Value) -> UserDraft {
        let Value::Object(body) = body else { unreachable!() };
        user_draft(&body).unwrap()
    }

    fn patch(operations: &Value) -> Result<UserDraft, Refusal> {
        let Value::Object(body) = json!({ "Operations": operations }) else { unreachable!() };
        user_changes(&body)
    }

    fn set(text: &str) -> Patch<String> {
        Patch::Set(text.to_owned())
    }

    #[test]
    fn of_several_addresses_the_primary_one_counts() {
        let email = |emails: Value| draft(json!({ "emails": emails })).email;
        let home = json!({ "type": "home", "value": "home@b.example" });
        let work = json!({ "type": "Work", "value": "work@b.example" });
        let primary = json!({ "value": "first@b.example", "primary": "True" });
        assert_eq!(email(json!([home, work, primary])), set("first@b.example"));
        assert_eq!(email(json!([home, work])), set("work@b.example"));
        assert_eq!(email(json!([home])), set("home@b.example"));
        assert_eq!(email(json!([])), Patch::Keep);
        // What is added beside ours leaves it.
        let added = |emails: Value| patch(&json!([{ "op": "add", "path": "emails", "value": emails }])).unwrap().email;
        assert_eq!(added(json!([home])), Patch::Keep);
        assert_eq!(added(json!([work])), set("work@b.example"));
    }

    #[test]
    fn changes_of_accounts_are_read_as_directories_write_them() {
        let entra = patch(&json!([
            { "op": "Replace", "path": "active", "value": "False" },
            { "op": "Add", "path": "emails[type eq \"work\"].value", "value": "a@b.example" },
            { "op": "Add", "path": "emails[type eq \"other\"].value", "value": "x@b.example" },
            { "op": "Replace", "value": { "displayName": "Ada", "name.familyName": "L",
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department": "Clay" } },
            { "op": "Remove", "path": "externalId" },
        ]))
        .unwrap();
        assert_eq!((entra.active, entra.email.clone()), (Some(false), set("a@b.example")));
        assert_eq!((entra.display_name.clone(), entra.external_id.clone()), (set("Ada"), Patch::Clear));
        for wrong in [
            json!([{ "op": "replace", "path": "colour", "value": "x" }]),
            json!([{ "op": "replace", "path": "password", "value": "x" }]),
            json!([{ "op": "replace", "path": "id", "value": "x" }]),
            json!([{ "op": "replace", "path": "active", "value": "maybe" }]),
            json!([{ "op": "remove", "path": "active" }]),
            json!([{ "op": "replace", "path": "userName", "value": 1 }]),
        ] {
            assert!(patch(&wrong).is_err(), "{wrong}");
        }
        // Okta sends the resource back with its id.
        assert!(patch(&json!([{ "op": "replace", "value": { "id": "1", "active": true } }])).is_ok());
        assert!(patch(&json!([{ "op": "remove", "path": "emails" }])).unwrap().change().is_err());
    }

    #[test]
    fn members_are_named_by_their_ids() {
        let id = "0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77";
        let ids = vec![id.parse().unwrap()];
        let change = |operation: Value| {
            let Value::Object(body) = json!({ "Operations": [operation] }) else { unreachable!() };
            group_changes(&body).map(|draft| draft.members)
        };
        for (operation, expected) in [
            (json!({ "op": "Add", "path": "members", "value": [{ "value": id }] }), MembersChange::Add(ids.clone())),
            (
                json!({ "op": "Remove", "path": "members", "value": [{ "value": id }] }),
                MembersChange::Remove(ids.clone()),
            ),
            (
                json!({ "op": "remove", "path": format!("members[value eq \"{id}\"]") }),
                MembersChange::Remove(ids.clone()),
            ),
            (json!({ "op": "remove", "path": "members" }), MembersChange::Replace(vec![])),
            (
                json!({ "op": "replace", "value": { "members": [{ "value": id, "display": "Ada" }] } }),
                MembersChange::Replace(ids.clone()),
            ),
        ] {
            assert_eq!(change(operation).unwrap(), [expected]);
        }
        for wrong in [
            json!({ "op": "add", "path": "members", "value": [{ "value": "x" }] }),
            json!({ "op": "add", "path": "members", "value": [1] }),
            json!({ "op": "remove", "path": "members[display eq \"x\"]" }),
            json!({ "op": "replace", "path": format!("members[value eq \"{id}\"]"), "value": { "value": id } }),
            json!({ "op": "add", "path": "colour", "value": "x" }),
        ] {
            assert!(change(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
