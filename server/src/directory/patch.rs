//! The body of a PATCH (RFC 7644, section 3.5.2), in the dialects of Okta and Microsoft Entra as well: operations whose
//! names have capitals, `"True"` and `"False"` as texts, paths as the names of members of a value.

use domain::directory::PatchPath;
use serde_json::{Map, Value};

use super::node::{member, object};
use super::refusal::{Kind, Refusal};

/// The most operations of a request.
const MAX_OPERATIONS: usize = 1_000;

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Adds values, or sets the only one.
    Add,
    /// Sets values.
    Replace,
    /// Removes values.
    Remove,
}

/// One change of one attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What it does.
    pub op: Op,
    /// What it is about.
    pub path: PatchPath,
    /// The value; null if there is none.
    pub value: Value,
    /// Whether the operation has a path, and not an object with the attributes. A resource may be sent back whole in an
    /// object, with what nobody can change.
    pub is_explicit: bool,
}

/// The changes of a PATCH, in its order. An object without a path is one change for each of its members.
pub fn changes(body: &Map<String, Value>) -> Result<Vec<Change>, Refusal> {
    let operations = member(body, "Operations").and_then(Value::as_array);
    let operations = operations.filter(|operations| !operations.is_empty());
    let operations = operations.ok_or_else(|| Refusal::new(Kind::Syntax, "Operations is a list of operations."))?;
    if operations.len() > MAX_OPERATIONS {
        let why = format!("These are {} operations; one request has at most {MAX_OPERATIONS}.", operations.len());
        return Err(Refusal::new(Kind::Syntax, why));
    }
    let mut changes = Vec::new();
    for operation in operations {
        add_changes(operation, &mut changes)?;
    }
    Ok(changes)
}

fn add_changes(operation: &Value, changes: &mut Vec<Change>) -> Result<(), Refusal> {
    let operation = operation.as_object().ok_or_else(|| Refusal::new(Kind::Syntax, "An operation is an object."))?;
    let op = member(operation, "op").and_then(Value::as_str).unwrap_or_default();
    let op = match op.to_ascii_lowercase().as_str() {
        "add" => Op::Add,
        "replace" => Op::Replace,
        "remove" => Op::Remove,
        _ => return Err(Refusal::new(Kind::Syntax, "op is add, replace or remove.")),
    };
    let value = member(operation, "value").cloned().unwrap_or_default();
    let path = match member(operation, "path") {
        None | Some(Value::Null) => None,
        Some(Value::String(path)) => Some(path.as_str()).filter(|path| !path.trim().is_empty()),
        Some(_) => return Err(Refusal::new(Kind::Path, "path is a text.")),
    };
    match path {
        Some(path) => changes.push(Change { op, path: parse(path)?, value, is_explicit: true }),
        None if op == Op::Remove => {
            return Err(Refusal::new(Kind::NoTarget, "Say with path what is removed."));
        }
        None => {
            for (name, value) in object("value", &value)? {
                changes.push(Change { op, path: parse(name)?, value: value.clone(), is_explicit: false });
            }
        }
    }
    Ok(())
}

fn parse(path: &str) -> Result<PatchPath, Refusal> {
    PatchPath::parse(path).map_err(Refusal::unparsed(Kind::Path))
}

/// The refusal of a path that is no attribute.
pub fn no_attribute(change: &Change) -> Refusal {
    Refusal::new(Kind::Path, format!("There is no attribute {}. See /Schemas.", change.path.name.attribute))
}

/// The refusal of a change of what nobody can change, unless it was sent with a whole resource.
pub fn read_only(change: &Change) -> Result<(), Refusal> {
    if !change.is_explicit {
        return Ok(());
    }
    Err(Refusal::new(Kind::Mutability, format!("{} can't be changed here.", change.path.name.attribute)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(operations: &Value) -> Result<Vec<Change>, Refusal> {
        let Value::Object(body) = json!({ "operations": operations }) else { unreachable!() };
        changes(&body)
    }

    #[test]
    fn an_object_without_a_path_is_a_change_for_each_member() {
        let changes = read(&json!([
            { "op": "Replace", "value": { "active": "False", "name.givenName": "Ada" } },
            { "OP": "add", "Path": "displayName", "value": "Ada" },
        ]));
        let changes = changes.unwrap();
        let paths: Vec<_> = changes.iter().map(|change| (change.path.name.as_strs(), change.op)).collect();
        assert_eq!(
            paths,
            [
                (("active", None), Op::Replace),
                (("name", Some("givenname")), Op::Replace),
                (("displayname", None), Op::Add),
            ]
        );
    }

    #[test]
    fn what_is_no_change_is_refused() {
        for operations in [
            json!([]),
            json!("x"),
            json!([1]),
            json!([{ "op": "move", "path": "a" }]),
            json!([{ "op": "remove" }]),
            json!([{ "op": "add", "value": "x" }]),
            json!([{ "op": "add", "path": 1 }]),
            json!([{ "op": "add", "path": "a b" }]),
            json!(vec![json!({ "op": "add", "path": "active", "value": true }); MAX_OPERATIONS + 1]),
        ] {
            assert!(read(&operations).is_err(), "{operations}");
        }
    }
}
