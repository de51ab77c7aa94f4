//! A SCIM service in the process of the test, with faults.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Map, Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// The token that it accepts.
pub(super) const TOKEN: &str = "the-token-of-the-application";

/// An answer in place of the right one.
pub(super) type Fault = (u16, &'static str, &'static str);

/// A request that arrived.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Request {
    /// Method and path, without the base and the query.
    pub(super) line: String,
    pub(super) query: HashMap<String, String>,
    pub(super) body: Value,
}

#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fault of its own")]
pub(super) struct Inside {
    pub(super) users: Vec<Value>,
    pub(super) groups: Vec<Value>,
    pub(super) seen: Vec<Request>,
    /// What the next requests are answered with, apart from those for the configuration.
    pub(super) faults: VecDeque<Fault>,
    /// What every request to change something whose body has this text is answered with.
    pub(super) broken_for: Option<(String, u16)>,
    pub(super) takes_put_only: bool,
    /// Filters are not understood: it answers with everything.
    pub(super) ignores_filters: bool,
    pub(super) ignores_paging: bool,
    /// Users by an identifier that is not shown, with which they signed in.
    pub(super) signed_in: HashMap<String, String>,
    /// Groups keep no identifiers of others.
    pub(super) drops_group_ids: bool,
    pub(super) max_page: Option<usize>,
    created: usize,
}

#[derive(Clone)]
pub(super) struct Receiver {
    pub(super) address: SocketAddr,
    inside: Arc<Mutex<Inside>>,
}

impl Receiver {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self { address: listener.local_addr().unwrap(), inside: Arc::default() };
        let inside = receiver.inside.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, inside.clone()));
            }
        });
        receiver
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/scim/v2", self.address)
    }

    pub(super) fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap()
    }

    /// Answers the next requests like this.
    pub(super) fn answer(&self, faults: impl IntoIterator<Item = Fault>) {
        self.inside().faults.extend(faults);
    }

    /// Method and path of the requests since the last call.
    pub(super) fn take(&self) -> Vec<String> {
        self.take_requests().into_iter().map(|request| request.line).collect()
    }

    pub(super) fn take_requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.inside().seen)
    }

    pub(super) fn user(&self, name: &str) -> Value {
        let inside = self.inside();
        let found = inside.users.iter().find(|user| user["userName"] == name);
        found.cloned().unwrap_or_else(|| panic!("{name} is not among {:?}", inside.users))
    }

    pub(super) fn group(&self, name: &str) -> Value {
        let inside = self.inside();
        let found = inside.groups.iter().find(|group| group["displayName"] == name);
        found.cloned().unwrap_or_else(|| panic!("{name} is not among {:?}", inside.groups))
    }

    /// The names of the members of a group, sorted.
    pub(super) fn members(&self, group: &str) -> Vec<String> {
        let group = self.group(group);
        let inside = self.inside();
        let name = |id: &Value| inside.users.iter().find(|user| &user["id"] == id).map(|user| user["userName"].clone());
        let members = group["members"].as_array().cloned().unwrap_or_default();
        let mut names: Vec<String> =
            members.iter().filter_map(|one| Some(name(&one["value"])?.as_str()?.to_owned())).collect();
        names.sort();
        names
    }
}

impl Inside {
    fn reply(&mut self, request: Request, authorized: bool) -> (u16, String, Value) {
        let plain = |status, body| (status, String::new(), body);
        let is_config = request.line == "GET /ServiceProviderConfig";
        self.seen.push(request.clone());
        if !authorized {
            return plain(401, json!({ "detail": format!("{TOKEN} was expected") }));
        }
        if is_config {
            return plain(200, json!({ "patch": { "supported": !self.takes_put_only } }));
        }
        if let Some((status, headers, body)) = self.faults.pop_front() {
            return (status, headers.to_owned(), serde_json::from_str(body).unwrap_or_else(|_| body.into()));
        }
        let is_broken = |(text, _): &&(String, u16)| request.body.to_string().contains(text.as_str());
        if let Some((_, status)) = self.broken_for.as_ref().filter(is_broken) {
            return plain(*status, json!({ "detail": "broken" }));
        }
        let (method, path) = request.line.split_once(" /").unwrap();
        let (folder, id) = path.split_once('/').map_or((path, None), |(folder, id)| (folder, Some(id)));
        let is_user = folder == "Users";
        let takes_put_only = self.takes_put_only;
        let all = if is_user { &mut self.users } else { &mut self.groups };
        let at = id.and_then(|id| all.iter().position(|one| one["id"] == id));
        match (method, id, at) {
            ("GET", None, _) => plain(200, self.list(is_user, &request.query)),
            ("POST", None, _) => {
                let is_taken = |one: &Value| is_user && same(&one["userName"], &request.body["userName"]);
                if all.iter().any(is_taken) {
                    return plain(409, json!({ "scimType": "uniqueness", "detail": "userName is taken" }));
                }
                self.created += 1;
                let mut body = request.body;
                body["id"] = format!("r{}", self.created).into();
                if !is_user && self.drops_group_ids {
                    body.as_object_mut().unwrap().remove("externalId");
                }
                all.push(body.clone());
                plain(201, body)
            }
            (_, _, None) => plain(404, json!({ "detail": "not found" })),
            ("GET", _, Some(at)) => plain(200, all[at].clone()),
            ("PUT", _, Some(at)) => {
                all[at] = request.body;
                plain(200, all[at].clone())
            }
            ("PATCH", _, Some(at)) => {
                assert!(!takes_put_only, "it said that it takes no PATCH");
                for operation in request.body["Operations"].as_array().unwrap() {
                    apply(all[at].as_object_mut().unwrap(), operation);
                }
                plain(200, all[at].clone())
            }
            ("DELETE", _, Some(at)) => {
                all.remove(at);
                plain(204, Value::Null)
            }
            other => panic!("{other:?}"),
        }
    }

    fn list(&self, is_user: bool, query: &HashMap<String, String>) -> Value {
        let all = if is_user { &self.users } else { &self.groups };
        let filter = query.get("filter").filter(|_| !self.ignores_filters);
        let matches = |one: &&Value| {
            filter.is_none_or(|filter| {
                let (attribute, value) = filter.split_once(" eq ").unwrap();
                let value: Value = serde_json::from_str(value).unwrap();
                let hidden = self.signed_in.get(value.as_str().unwrap()).filter(|_| attribute == "externalId");
                same(&one[attribute], &value) || hidden.is_some_and(|id| one["id"] == id.as_str())
            })
        };
        let found: Vec<&Value> = all.iter().filter(matches).collect();
        let number = |name: &str| query[name].parse::<usize>().unwrap();
        let (start, count) = (number("startIndex"), number("count").min(self.max_page.unwrap_or(usize::MAX)));
        let skipped = if self.ignores_paging { 0 } else { start - 1 };
        let page: Vec<&Value> = found.iter().skip(skipped).take(count).copied().collect();
        json!({ "totalResults": found.len(), "startIndex": start, "itemsPerPage": page.len(), "Resources": page })
    }
}

fn same(one: &Value, other: &Value) -> bool {
    match (one.as_str(), other.as_str()) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        _ => false,
    }
}

fn apply(resource: &mut Map<String, Value>, operation: &Value) {
    let (op, path) = (operation["op"].as_str().unwrap(), operation["path"].as_str().unwrap());
    let value = operation.get("value").cloned().unwrap_or_default();
    match (op, path) {
        ("replace", "name.formatted") => {
            let name = resource.entry("name").or_insert_with(|| json!({}));
            name["formatted"] = value;
        }
        ("replace", "emails[primary eq true].value") => {
            let emails = resource["emails"].as_array_mut().unwrap();
            emails.iter_mut().find(|email| email["primary"] == true).unwrap()["value"] = value;
        }
        ("add", "members") => {
            let members = resource.entry("members").or_insert_with(|| json!([])).as_array_mut().unwrap();
            members.extend(value.as_array().unwrap().clone());
        }
        ("remove", path) => {
            let id = path.strip_prefix("members[value eq \"").unwrap().strip_suffix("\"]").unwrap();
            resource["members"].as_array_mut().unwrap().retain(|member| member["value"] != id);
        }
        ("replace", path) => {
            let known = ["externalId", "userName", "displayName", "emails", "active", "members"];
            assert!(known.contains(&path), "{path}");
            resource.insert(path.to_owned(), value);
        }
        other => panic!("{other:?}"),
    }
}

async fn serve(stream: TcpStream, inside: Arc<Mutex<Inside>>) {
    let mut stream = BufReader::new(stream);
    loop {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                return;
            }
            if line.trim().is_empty() {
                break;
            }
            lines.push(line.trim().to_owned());
        }
        let header = |name: &str| {
            let found = lines[1..].iter().filter_map(|line| line.split_once(": "));
            found.into_iter().find(|(one, _)| one.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
        };
        let mut body = vec![0; header("content-length").map_or(0, |length| length.parse().unwrap())];
        stream.read_exact(&mut body).await.unwrap();
        let (method, target) = lines[0].split_once(' ').unwrap();
        let url = Url::parse(&format!("http://x{}", target.split(' ').next().unwrap())).unwrap();
        let request = Request {
            line: format!("{method} {}", url.path().strip_prefix("/scim/v2").unwrap_or("/elsewhere")),
            query: url.query_pairs().into_owned().collect(),
            body: serde_json::from_slice(&body).unwrap_or_default(),
        };
        let authorized = header("authorization") == Some(format!("Bearer {TOKEN}"));
        assert_eq!(header("accept").as_deref(), Some("application/scim+json"));
        let (status, headers, body) = inside.lock().unwrap().reply(request, authorized);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len());
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}
