//! The applications of the demo data.

use domain::Timestamp;
use domain::applications::{ApplicationTerms, ForwardAuthTerms, OidcTerms, RedirectUri};
use domain::ids::{ApplicationId, GroupId};
use domain::text::{ApplicationDescription, ApplicationName};
use domain::web::{WebOrigin, WebUrl};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::broken;
use super::content::{APPLICATIONS, GROUPS};
use crate::applications::{secrets, store};
use crate::{Ctx, Error};

/// Inserts the applications, which admit everyone or some of the groups with these ids.
pub(super) async fn insert_applications(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    groups: &[Uuid],
    at: Timestamp,
) -> Result<(), Error> {
    for template in APPLICATIONS {
        let admitted = GROUPS.iter().zip(groups).filter(|(group, _)| template.groups.contains(&group.name));
        let admitted: Vec<GroupId> = admitted.map(|(_, id)| GroupId(*id)).collect();
        let uri = |path: &str| RedirectUri::parse(&format!("{}{path}", template.url)).map_err(broken);
        let oidc = template.returns_to.map(uri).transpose()?;
        let terms = ApplicationTerms {
            name: ApplicationName::parse(template.name).map_err(broken)?,
            description: Some(ApplicationDescription::parse(template.description).map_err(broken)?),
            url: Some(WebUrl::parse(template.url).map_err(broken)?),
            sign_in_url: None,
            groups: (!template.groups.is_empty()).then_some(admitted.clone()),
            oidc: oidc.map(|uri| OidcTerms {
                redirect_uris: vec![uri],
                consent: template.consent,
                ..OidcTerms::default()
            }),
            forward_auth: template.forward_auth.then(|| forward_auth(template.url)).transpose()?,
            scim: None,
        };
        let is_connected = terms.oidc.is_some();
        let id = ApplicationId(ctx.randomness().uuid(at));
        store::insert(db, store::new_row(ctx, id, terms.clone(), at)?).await?;
        store::set_groups(db, id, &admitted).await?;
        store::set_sites(db, id, terms.forward_auth.as_ref()).await?;
        if is_connected {
            secrets::create(db, ctx, id, at).await?;
        }
    }
    Ok(())
}

fn forward_auth(url: &str) -> Result<ForwardAuthTerms, Error> {
    let site = WebOrigin::parse(url).map_err(broken)?;
    Ok(ForwardAuthTerms { sites: vec![site], headers: ForwardAuthTerms::default_headers() })
}
