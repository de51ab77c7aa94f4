//! Brings a group in an application in line with what is true here.

use std::collections::HashSet;

use domain::applications::{ScimKind, ScimRemoval};
use serde_json::{Value, json};

use super::client::{SendError, Service, read, refused_with};
use super::connection::{Connection, digest};
use super::schema::{GROUP, Group, Identified, Operation, equals};
use super::users::Remote;

const KIND: ScimKind = ScimKind::Group;
/// The most members that are taken out one by one.
const MAX_REMOVED: usize = 100;

/// What is to be true of a group there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WantedGroup {
    pub(super) name: String,
    /// The ids of its members there, in their order.
    pub(super) members: Vec<String>,
}

impl WantedGroup {
    /// What two states have in common only if they are the same.
    pub(super) fn digest_of(wanted: Option<&Self>) -> Vec<u8> {
        match wanted {
            Some(Self { name, members }) => {
                digest(["group", name].into_iter().chain(members.iter().map(String::as_str)))
            }
            None => digest(["nobody"]),
        }
    }
}

/// Brings a group in line, by its id there, if that is known, and its identifier. One that is not wanted has no members, or is deleted.
pub(super) async fn bring_in_line(
    service: &Service<'_>,
    connection: &Connection,
    (remote_id, ours): (Option<&str>, &str),
    wanted: Option<&WantedGroup>,
) -> Result<Remote, SendError> {
    match (wanted, service.locate::<Group>(KIND, (remote_id, ours)).await?) {
        (Some(wanted), Some((group, body))) => change(service, &group, body, wanted).await,
        (Some(wanted), None) => create(service, connection, ours, wanted).await,
        (None, None) => Ok(Remote::Absent("Nothing to do: it is not there.".to_owned())),
        (None, Some((group, _))) if connection.terms.on_removal == ScimRemoval::Delete => {
            service.delete(KIND, &group.id).await?;
            Ok(Remote::Absent("Deleted.".to_owned()))
        }
        (None, Some((group, body))) => {
            let nobody = WantedGroup { name: group.display_name.clone(), members: Vec::new() };
            change(service, &group, body, &nobody).await?;
            Ok(Remote::Exists(group.id, "Its members were removed.".to_owned()))
        }
    }
}

async fn create(
    service: &Service<'_>,
    connection: &Connection,
    ours: &str,
    wanted: &WantedGroup,
) -> Result<Remote, SendError> {
    // Names of groups need not be unique there, and some services keep no identifiers of others.
    let name = wanted.name.as_str();
    let has_name = |group: &Group| group.display_name == name;
    if let Some((group, body)) = service.find(KIND, ("displayName", name), has_name).await? {
        return match group.external_id() {
            Some(_) => Err(refused_with("A group with this name is there, and belongs to another system.").into()),
            None if !connection.terms.adopt => Err(refused_with(
                "A group with this name is there already, and is not connected. Choose to adopt existing groups, or \
                 rename one of the two.",
            )
            .into()),
            None => {
                service.check_free(KIND, &group.id).await?;
                change(service, &group, body, wanted).await
            }
        };
    }
    let body = json!({
        "schemas": [GROUP],
        "externalId": ours,
        "displayName": name,
        "members": values(&wanted.members),
    });
    match service.create(KIND, &body).await? {
        Ok(created) => Ok(Remote::Exists(read::<Group>(created)?.id, "Created.".to_owned())),
        Err(said) => {
            Err(refused_with(format!("The application has such a group, and does not find it: {said}")).into())
        }
    }
}

fn values(members: &[String]) -> Value {
    members.iter().map(|id| json!({ "value": id })).collect()
}

async fn change(
    service: &Service<'_>,
    group: &Group,
    mut body: Value,
    wanted: &WantedGroup,
) -> Result<Remote, SendError> {
    let changes = differences(group, wanted);
    let id = group.id.clone();
    if changes.is_empty() {
        return Ok(Remote::Exists(id, "Nothing to do.".to_owned()));
    }
    let whole = || {
        body["displayName"] = wanted.name.as_str().into();
        body["members"] = values(&wanted.members);
        if let Some(body) = body.as_object_mut() {
            body.remove("meta");
        }
        body
    };
    service.update(KIND, &id, &changes, whole).await?;
    Ok(Remote::Exists(id, format!("Changed: {}.", names(group, wanted).join(", "))))
}

/// The attributes that differ.
pub(super) fn names(group: &Group, wanted: &WantedGroup) -> Vec<&'static str> {
    let has_name = group.display_name == wanted.name;
    let is_of_members = |change: &Operation| change.path.starts_with("members");
    let members = differences(group, wanted).iter().any(is_of_members);
    [(!has_name).then_some("displayName"), members.then_some("members")].into_iter().flatten().collect()
}

/// What has to be changed of a group there. Its identifier is not: some services keep none for groups.
fn differences(group: &Group, wanted: &WantedGroup) -> Vec<Operation> {
    let mut changes = Vec::new();
    if group.display_name != wanted.name {
        changes.push(Operation::replace("displayName", wanted.name.as_str()));
    }
    let there: HashSet<&str> = group.members.iter().flatten().map(|member| member.value.as_str()).collect();
    let here: HashSet<&str> = wanted.members.iter().map(String::as_str).collect();
    let mut gone: Vec<&str> = there.difference(&here).copied().collect();
    if gone.len() > MAX_REMOVED {
        changes.push(Operation::replace("members", values(&wanted.members)));
        return changes;
    }
    gone.sort_unstable();
    changes.extend(gone.into_iter().map(|id| Operation::remove(format!("members[{}]", equals("value", id)))));
    let new: Vec<String> = wanted.members.iter().filter(|id| !there.contains(id.as_str())).cloned().collect();
    if !new.is_empty() {
        changes.push(Operation::add("members", values(&new)));
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_added_and_removed_one_by_one_or_all_replaced() {
        let wanted = WantedGroup { name: "Potters".to_owned(), members: vec!["b".to_owned(), "c".to_owned()] };
        let group = |members: &[String]| Group {
            id: "1".to_owned(),
            external_id: None,
            display_name: "Potters".to_owned(),
            members: serde_json::from_value(values(members)).unwrap(),
        };
        let changes = differences(&group(&["a".to_owned(), "b".to_owned()]), &wanted);
        assert_eq!(changes[0], Operation::remove(r#"members[value eq "a"]"#.to_owned()));
        assert_eq!(changes[1], Operation::add("members", json!([{ "value": "c" }])));
        assert!(differences(&group(&wanted.members), &wanted).is_empty());
        let many: Vec<String> = (0..150).map(|number| number.to_string()).collect();
        assert_eq!(differences(&group(&many), &wanted), [Operation::replace("members", values(&wanted.members))]);
        let renamed = WantedGroup { name: "Kiln".to_owned(), members: Vec::new() };
        assert_eq!(names(&group(&[]), &renamed), ["displayName"]);
    }
}
