//! Requests to the SCIM service of an application, and what their answers mean.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use domain::Timestamp;
use domain::applications::ScimKind;
use domain::ids::ApplicationId;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Client, Method, StatusCode};
use sea_orm::DbErr;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;
use uuid::Uuid;

use super::connection::Connection;
use super::resources;
use super::schema::{Fault, Identified, List, MEDIA_TYPE, Operation, ServiceProviderConfig, equals, patch};
use crate::outbox::{Answer, Outcome};
use crate::platform::http::{self, HttpClient};
use crate::{Ctx, Error};

/// The most of an answer that is read, in bytes.
const MAX_ANSWER: usize = 8 * 1024 * 1024;
/// The resources of a page. Services answer with fewer if they want to.
const PAGE: usize = 100;
/// The most pages that are looked through for one resource: a service that does not know a filter answers with all.
const MAX_PAGES_OF_SEARCH: usize = 10;
/// How long what a service can do is remembered.
const REMEMBERED: Duration = Duration::from_mins(5);
/// The longest id of a resource, in bytes.
const MAX_ID: usize = 500;

/// Why a resource was not brought in line.
#[derive(Debug)]
pub(super) enum SendError {
    /// The application did not do it, or did not answer.
    Answer(Answer),
    /// It has nothing to do with the application.
    Error(Error),
}

impl From<Answer> for SendError {
    fn from(answer: Answer) -> Self {
        Self::Answer(answer)
    }
}

impl From<Error> for SendError {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<DbErr> for SendError {
    fn from(error: DbErr) -> Self {
        Self::Error(error.into())
    }
}

/// What services can do, by application, and when that was read.
#[derive(Debug, Default)]
pub(crate) struct Abilities(Mutex<HashMap<Uuid, Known>>);

#[derive(Clone, Debug)]
struct Known {
    url: String,
    at: Timestamp,
    patch: bool,
}

/// The service of an application.
pub(super) struct Service<'a> {
    ctx: &'a Ctx,
    application: ApplicationId,
    client: &'a Client,
    base: Url,
    token: &'a str,
    now: Timestamp,
}

/// An answer that is not a failure in itself.
enum Reply {
    Done(Value),
    /// What was asked for is not there.
    Missing(Answer),
    /// Something of the same name is there.
    Taken(Answer),
}

impl Reply {
    /// The body, where nothing else makes sense.
    fn done(self) -> Result<Value, Answer> {
        match self {
            Self::Done(body) => Ok(body),
            Self::Missing(answer) => Err(answer),
            Self::Taken(answer) => Err(refused(&answer)),
        }
    }
}

impl<'a> Service<'a> {
    /// The service of an application.
    ///
    /// # Errors
    /// A failure when the address is not allowed, or nothing can be sent.
    pub(super) fn of(ctx: &'a Ctx, connection: &'a Connection) -> Result<Self, Answer> {
        let url = connection.terms.url.as_str();
        // The operator may have changed what is allowed.
        let base =
            http::check(url, ctx.webhooks_to_private_networks()).map_err(|refused| failed(refused.to_string()))?;
        let client = HttpClient::of(ctx).map_err(failed)?;
        Ok(Self { ctx, application: connection.id, client, base, token: &connection.token, now: ctx.now() })
    }

    /// Whether the service takes PATCH. If it does not say, it is not used.
    async fn takes_patch(&self) -> Result<bool, Answer> {
        let (abilities, application) = (self.ctx.state::<Abilities>(), self.application.0);
        let known = abilities.0.lock().expect("nothing panics with it").get(&application).cloned();
        let is_fresh = |known: &Known| known.url == self.base.as_str() && self.now < known.at.plus(REMEMBERED);
        if let Some(known) = known.filter(is_fresh) {
            return Ok(known.patch);
        }
        let url = self.at(&["ServiceProviderConfig"])?;
        let patch = match self.call(Method::GET, url, None).await? {
            Reply::Done(body) => {
                let config: ServiceProviderConfig = read(body)?;
                config.patch.is_some_and(|patch| patch.supported)
            }
            Reply::Missing(_) | Reply::Taken(_) => false,
        };
        let mut abilities = abilities.0.lock().expect("nothing panics with it");
        abilities.retain(|_, known| self.now < known.at.plus(REMEMBERED));
        abilities.insert(application, Known { url: self.base.to_string(), at: self.now, patch });
        Ok(patch)
    }

    /// The resource with this id, if it is there.
    async fn get(&self, kind: ScimKind, id: &str) -> Result<Option<Value>, Answer> {
        match self.call(Method::GET, self.at(&[folder(kind), id])?, None).await? {
            Reply::Missing(_) => Ok(None),
            reply => reply.done().map(Some),
        }
    }

    /// The resource that is known there by `remote_id`, or is the one of the account or group with our identifier.
    pub(super) async fn locate<T: Identified>(
        &self,
        kind: ScimKind,
        (remote_id, ours): (Option<&str>, &str),
    ) -> Result<Option<(T, Value)>, Answer> {
        let known = match remote_id {
            Some(id) => self.get(kind, id).await?,
            None => None,
        };
        match known {
            Some(body) => Ok(Some((read(body.clone())?, body))),
            None => self.find_ours(kind, ours).await,
        }
    }

    /// Creates a resource; `None` if one of the same name is there, with what the service says.
    pub(super) async fn create(&self, kind: ScimKind, body: &Value) -> Result<Result<Value, String>, Answer> {
        match self.call(Method::POST, self.at(&[folder(kind)])?, Some(body)).await? {
            Reply::Taken(answer) => Ok(Err(answer.text)),
            reply => reply.done().map(Ok),
        }
    }

    /// Changes a resource: by PATCH where the service takes it, otherwise by a PUT of the whole resource as it should be.
    pub(super) async fn update(
        &self,
        kind: ScimKind,
        id: &str,
        changes: &[Operation],
        whole: impl FnOnce() -> Value,
    ) -> Result<(), Answer> {
        let url = self.at(&[folder(kind), id])?;
        let (method, body) =
            if self.takes_patch().await? { (Method::PATCH, patch(changes)) } else { (Method::PUT, whole()) };
        self.call(method, url, Some(&body)).await?.done().map(|_| ())
    }

    /// Deletes a resource, if it is there.
    pub(super) async fn delete(&self, kind: ScimKind, id: &str) -> Result<(), Answer> {
        match self.call(Method::DELETE, self.at(&[folder(kind), id])?, None).await? {
            Reply::Missing(_) => Ok(()),
            reply => reply.done().map(|_| ()),
        }
    }

    /// The first resource whose attribute has this value and that `is_it`. What a filter finds is looked at: some services do not
    /// know it, and answer with everything, or with what contains the value.
    pub(super) async fn find<T: DeserializeOwned>(
        &self,
        kind: ScimKind,
        (attribute, value): (&str, &str),
        is_it: impl Fn(&T) -> bool,
    ) -> Result<Option<(T, Value)>, Answer> {
        let is_it = |resource: &T, _: &Value| is_it(resource);
        Ok(self.search(kind, (attribute, value), is_it).await?.0)
    }

    /// The first of the resources that a filter finds and that `is_it`, and the number of those that were looked at.
    async fn search<T: DeserializeOwned>(
        &self,
        kind: ScimKind,
        (attribute, value): (&str, &str),
        mut is_it: impl FnMut(&T, &Value) -> bool,
    ) -> Result<(Option<(T, Value)>, usize), Answer> {
        let filter = equals(attribute, value);
        let mut pages = Pages::new(kind, Some(&filter));
        let mut count = 0;
        for _ in 0..MAX_PAGES_OF_SEARCH {
            let page = match self.next(&mut pages).await {
                Ok(Some(page)) => page,
                Ok(None) => break,
                // Filters are optional.
                Err(answer) if matches!(answer.status, Some(400 | 501)) => break,
                Err(answer) => return Err(answer),
            };
            for body in page {
                let resource: T = read(body.clone())?;
                count += 1;
                if is_it(&resource, &body) {
                    return Ok((Some((resource, body)), count));
                }
            }
        }
        Ok((None, count))
    }

    /// The resource that is the one of an account or a group with this identifier. Some services know an account by the identifier
    /// with which it signed in, and do not show that: then they find it alone, and nothing by an identifier that nobody has.
    async fn find_ours<T: Identified>(&self, kind: ScimKind, ours: &str) -> Result<Option<(T, Value)>, Answer> {
        let mut only = None;
        let find = |resource: &T, body: &Value| {
            only = (only.is_none() && resource.external_id().is_none()).then(|| body.clone());
            resource.external_id() == Some(ours)
        };
        let (found, count) = self.search(kind, ("externalId", ours), find).await?;
        match (found, only) {
            (None, Some(body)) if count == 1 => {
                let none = format!("not-{ours}");
                let (_, others) = self.search(kind, ("externalId", &none), |_: &T, _: &Value| true).await?;
                if others == 0 { Ok(Some((read(body.clone())?, body))) } else { Ok(None) }
            }
            (found, _) => Ok(found),
        }
    }

    /// The next page (RFC 7644, section 3.4.2.4); `None` after the last.
    pub(super) async fn next(&self, pages: &mut Pages<'_>) -> Result<Option<Vec<Value>>, Answer> {
        if pages.is_over {
            return Ok(None);
        }
        let mut url = self.at(&[folder(pages.kind)])?;
        let (start, count) = (pages.seen + 1, PAGE);
        {
            let mut query = url.query_pairs_mut();
            query.append_pair("startIndex", &start.to_string()).append_pair("count", &count.to_string());
            if let Some(filter) = pages.filter {
                query.append_pair("filter", filter);
            }
        }
        // A wrong address is no sign that nobody is there.
        let list: List = read(self.call(Method::GET, url, None).await?.done()?)?;
        let page = list.resources.unwrap_or_default();
        let first = page.first().and_then(|resource| resource.get("id")).cloned();
        // A service that does not page answers with the same again.
        let is_again = first.is_some() && first == pages.first;
        pages.first = first;
        pages.seen += page.len();
        pages.is_over = page.is_empty() || pages.seen as u64 >= list.total_results;
        if page.is_empty() || is_again {
            pages.is_over = true;
            return Ok(None);
        }
        Ok(Some(page))
    }

    /// Refuses to adopt what is known to be another account or group of ours.
    ///
    /// # Errors
    /// [`Outcome::Failed`]: it is tried again, because the other one may be told of later.
    pub(super) async fn check_free(&self, kind: ScimKind, id: &str) -> Result<(), SendError> {
        if resources::is_known(&self.ctx.db().read, self.application, kind, id).await? {
            let why =
                "What has this name there belongs to another member or group of this site. It is tried again later.";
            return Err(failed(why.to_owned()).into());
        }
        Ok(())
    }

    /// The address of what has this path.
    fn at(&self, path: &[&str]) -> Result<Url, Answer> {
        path.iter().try_for_each(|part| check_id(part))?;
        let mut url = self.base.clone();
        match url.path_segments_mut() {
            Ok(mut segments) => segments.pop_if_empty().extend(path),
            Err(()) => return Err(failed("The address can't have a path.".to_owned())),
        };
        Ok(url)
    }

    /// Sends a request.
    ///
    /// # Errors
    /// [`Outcome::Refused`] if the answer would be the same again, and otherwise [`Outcome::Failed`].
    async fn call(&self, method: Method, url: Url, body: Option<&Value>) -> Result<Reply, Answer> {
        let mut request = self.client.request(method.clone(), url).bearer_auth(self.token).header(ACCEPT, MEDIA_TYPE);
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, MEDIA_TYPE).body(body.to_string());
        }
        let response = request.send().await.map_err(|error| failed(http::reason(&error)))?;
        let status = response.status();
        if status.is_success() {
            let bytes = http::whole(response, MAX_ANSWER).await.map_err(failed)?;
            let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap_or_default() };
            return Ok(Reply::Done(body));
        }
        let retry_after = http::retry_after(&response, self.now);
        let said = self.said(http::beginning(response).await);
        let answer = |outcome, text| Answer { outcome, status: Some(status.as_u16()), text };
        let again = Outcome::Failed { retry_after };
        Ok(match status {
            StatusCode::NOT_FOUND | StatusCode::GONE => Reply::Missing(answer(again, said)),
            StatusCode::CONFLICT => Reply::Taken(answer(again, said)),
            // Who may do the rest may not do this.
            StatusCode::FORBIDDEN if method == Method::DELETE => {
                return Err(answer(Outcome::Refused, sentences("The application doesn't allow this.", &said)));
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                let text = sentences("The application refused the token. Enter the one that it accepts.", &said);
                return Err(answer(again, text));
            }
            _ if status.is_redirection() => {
                let text = "The application has another address: it answers with a redirect, which is not followed.";
                return Err(answer(again, text.to_owned()));
            }
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS => {
                return Err(answer(again, said));
            }
            StatusCode::NOT_IMPLEMENTED => return Err(answer(Outcome::Refused, said)),
            _ if status.is_server_error() => return Err(answer(again, said)),
            _ => return Err(answer(Outcome::Refused, said)),
        })
    }

    /// What an answer says, without the token: some services repeat what they were sent.
    fn said(&self, text: String) -> String {
        let detail = serde_json::from_str::<Fault>(&text).ok().and_then(|fault| fault.detail);
        let said = detail.map_or(text, |detail| http::readable(detail.as_bytes())).replace(self.token, "…");
        // What was cut off in the middle of it.
        let begun = (4..self.token.len()).rev().filter_map(|length| self.token.get(..length));
        match begun.into_iter().find_map(|begun| said.strip_suffix(begun)) {
            Some(before) => format!("{before}…"),
            None => said,
        }
    }
}

/// Where a list is read.
pub(super) struct Pages<'a> {
    kind: ScimKind,
    filter: Option<&'a str>,
    seen: usize,
    first: Option<Value>,
    is_over: bool,
}

impl<'a> Pages<'a> {
    pub(super) fn new(kind: ScimKind, filter: Option<&'a str>) -> Self {
        Self { kind, filter, seen: 0, first: None, is_over: false }
    }
}

const fn folder(kind: ScimKind) -> &'static str {
    match kind {
        ScimKind::Account => "Users",
        ScimKind::Group => "Groups",
    }
}

/// What a body says.
///
/// # Errors
/// When it is something else.
pub(super) fn read<T: DeserializeOwned>(body: Value) -> Result<T, Answer> {
    // What the error says may repeat what was sent.
    serde_json::from_value(body).map_err(|_| failed("The answer is not that of a SCIM service.".to_owned()))
}

/// Checks that an id can be stored, and be part of an address.
///
/// # Errors
/// [`Outcome::Refused`].
pub(super) fn check_id(id: &str) -> Result<(), Answer> {
    // The parser of addresses leaves out what only moves in the tree.
    if id.is_empty() || id.len() > MAX_ID || matches!(id, "." | "..") || id.contains(char::is_control) {
        return Err(refused_with("The application gave an id that can't be part of an address."));
    }
    Ok(())
}

/// A sentence, and what an application said, if it said something.
pub(super) fn sentences(ours: &str, said: &str) -> String {
    match said.trim() {
        "" => ours.to_owned(),
        said if said.ends_with(['.', '!', '?', '…']) => format!("{ours} {said}"),
        said => format!("{ours} {said}."),
    }
}

/// A failure that may pass.
pub(super) fn failed(text: String) -> Answer {
    Answer { outcome: Outcome::Failed { retry_after: None }, status: None, text }
}

/// A failure that will not.
pub(super) fn refused_with(text: impl Into<String>) -> Answer {
    Answer { outcome: Outcome::Refused, status: None, text: text.into() }
}

fn refused(answer: &Answer) -> Answer {
    Answer { outcome: Outcome::Refused, ..answer.clone() }
}
