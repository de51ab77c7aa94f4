//! `latchkey application`.

use std::fs::File;
use std::io::{Read, stdin};
use std::path::Path;

use domain::applications::{
    Application, ApplicationDraft, ApplicationQuery, ApplicationWithSecret, ForwardAuthDraft, JwkSetDraft, OidcDraft,
    ScimDraft, TypedToken,
};
use domain::ids::ApplicationId;
use domain::pictures::{MAX_BYTES, refused};
use domain::{Code, Patch};
use service::pictures::{self, Of};
use service::{Actor, Ctx, applications};

use super::account::read_secret;
use super::args::{ApplicationCommand, CreateApplication};
use super::open::{describe, describe_error, with_ctx};
use super::{Outcome, group, lists, print};
use crate::config::Config;

pub(super) async fn run(config: &Config, command: ApplicationCommand) -> Outcome {
    with_ctx(config, async |ctx| {
        let actor = service::operations::operator::act_as(ctx, None).await.map_err(describe_error)?;
        match command {
            ApplicationCommand::Create(create) => {
                let draft = draft(ctx, &actor, *create).await?;
                let terms = draft.parse().map_err(|failure| describe(&failure))?;
                show(ctx, applications::create(ctx, &actor, terms).await.map_err(describe_error)?)
            }
            ApplicationCommand::List => {
                let list = async |paging| applications::list(ctx, &actor, &ApplicationQuery { q: None, paging }).await;
                lists::each(list, |application: Application| {
                    let url = application.terms.url.as_ref().map_or("", |url| url.as_str());
                    print::result(format!("{}\t{}\t{url}", application.id, application.terms.name))
                })
                .await
            }
            ApplicationCommand::Secret { application } => {
                let id = find(ctx, &actor, &application).await?;
                show(ctx, applications::rotate_secret(ctx, &actor, id).await.map_err(describe_error)?)
            }
            ApplicationCommand::Picture { application, file, remove: _ } => {
                set_picture(ctx, &actor, &application, file.as_deref()).await
            }
            ApplicationCommand::Delete { application } => {
                let id = find(ctx, &actor, &application).await?;
                applications::delete(ctx, &actor, id).await.map_err(describe_error)?;
                eprintln!("{application} is deleted.");
                Ok(())
            }
        }
    })
    .await
}

async fn draft(ctx: &Ctx, actor: &Actor, create: CreateApplication) -> Result<ApplicationDraft, String> {
    let groups = group::find_all(ctx, actor, &create.groups).await?;
    let is_connected = create.device_flow || !create.redirect_uris.is_empty();
    let scim = if create.scim_url.is_some() {
        Patch::Set(scim(&create, read_secret("token", stdin())?))
    } else {
        Patch::Clear
    };
    let oidc = OidcDraft {
        client_type: create.public.then(|| "public".to_owned()),
        redirect_uris: Some(create.redirect_uris.clone()),
        consent: Some(create.consent),
        require_pushed_authorization_requests: Some(create.require_pushed_requests),
        backchannel_logout_uri: create.logout_uri.into(),
        device_flow: Some(create.device_flow),
        jwks: create.jwks.as_deref().map(keys).transpose()?.into(),
        claims: Some(create.claims.into_iter().collect()),
        ..OidcDraft::default()
    };
    let forward_auth = ForwardAuthDraft { sites: Some(create.sites.clone()), headers: None };
    Ok(ApplicationDraft {
        name: Patch::Set(create.name),
        description: create.description.into(),
        url: create.url.into(),
        sign_in_url: create.sign_in_url.into(),
        groups: if groups.is_empty() { Patch::Clear } else { Patch::Set(groups) },
        oidc: if is_connected { Patch::Set(oidc) } else { Patch::Clear },
        forward_auth: if create.sites.is_empty() { Patch::Clear } else { Patch::Set(forward_auth) },
        scim,
    })
}

/// Gives the application the picture of a file, or removes the one that it has.
async fn set_picture(ctx: &Ctx, actor: &Actor, application: &str, file: Option<&Path>) -> Outcome {
    let of = Of::Application(find(ctx, actor, application).await?);
    let Some(file) = file else {
        pictures::remove(ctx, actor, of).await.map_err(describe_error)?;
        eprintln!("{application} has no picture.");
        return Ok(());
    };
    let upload = pictures::admit(ctx, actor, of).map_err(describe_error)?;
    pictures::set(ctx, actor, of, picture(file)?, upload).await.map_err(describe_error)?;
    eprintln!("{application} has the picture.");
    Ok(())
}

/// The picture of a file, which is decoded later.
fn picture(path: &Path) -> Result<Vec<u8>, String> {
    let unreadable = |error| format!("{} can't be read: {error}", path.display());
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > MAX_BYTES { Err(describe(&refused(Code::PayloadTooLarge))) } else { Ok(bytes) }
}

/// The public keys of a file.
fn keys(file: &Path) -> Result<JwkSetDraft, String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{} can't be read: {error}", file.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{} is not a JWK Set: {error}", file.display()))
}

fn scim(create: &CreateApplication, token: String) -> ScimDraft {
    ScimDraft {
        url: create.scim_url.clone(),
        token: Some(TypedToken(token)),
        user_name: create.scim_user_name.clone(),
        create: Some(!create.scim_no_create),
        groups: Some(create.scim_groups),
        on_removal: create.scim_delete.then(|| "delete".to_owned()),
        adopt: Some(create.scim_adopt),
    }
}

/// Prints what the application needs to know.
fn show(ctx: &Ctx, created: ApplicationWithSecret) -> Outcome {
    let ApplicationWithSecret { application, secret } = created;
    if application.terms.oidc.is_none() {
        return print::result(application.id);
    }
    print::result(format!("issuer\t{}", ctx.public_url()))?;
    print::result(format!("client_id\t{}", application.id))?;
    secret.map_or(Ok(()), |secret| print::result(format!("client_secret\t{secret}")))
}

/// The application with this id or name.
pub(super) async fn find(ctx: &Ctx, actor: &Actor, application: &str) -> Result<ApplicationId, String> {
    if let Ok(id) = application.parse() {
        return Ok(id);
    }
    let q = Some(application.to_owned());
    let list = async |paging| applications::list(ctx, actor, &ApplicationQuery { q: q.clone(), paging }).await;
    let found = lists::by_name("application", application, list, |one: &Application| one.terms.name.as_str()).await?;
    Ok(found.id)
}
