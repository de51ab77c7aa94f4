//! The most frequent requests: looking up a code, as JSON and as the sign-up page, and asking whether somebody may enter a site.

use std::io;

use super::{Bench, cookie, create, create_invite, location, sign_in, text};
use crate::client::Client;
use crate::limits::Bare;
use crate::load::{self, Get, expect};
use crate::report::{Goal, Measurement};

const CONNECTIONS: usize = 32;
/// A site behind a proxy.
const SITE: &str = "wiki.example.org";

pub(super) async fn measure(bench: &Bench) -> io::Result<Vec<Measurement>> {
    let bare = Bare::start().await?;
    let installation = bench.sqlite("reading")?;
    let key = installation.create_owner()?;
    let server = installation.serve().await?;
    let mut client = Client::connect(&server.addr).await?;
    let code = create_invite(&mut client, &key, "{\"label\":\"Evening\",\"max_uses\":10}").await?;
    let draft = with_twelve_fields(&mut client, &key).await?;
    let twelve = create_invite(&mut client, &key, &draft).await?;
    let entered = enter(&mut client, &server.addr, &key).await?;

    let what = [
        "a bare axum handler",
        "`GET /api/v1/invites/{code}`",
        "`GET /signup?inv=…`",
        "`GET /signup?inv=…` of a flow with twelve fields",
        "forward-auth: `GET /forward-auth` with the cookie of a site",
    ];
    let targets = [
        Get::new(&bare.addr, "/", ""),
        Get::new(&server.addr, &format!("/api/v1/invites/{code}"), ""),
        Get::new(&server.addr, &format!("/signup?inv={code}"), ""),
        Get::new(&server.addr, &format!("/signup?inv={twelve}"), ""),
        Get::new(&server.addr, "/forward-auth", &entered),
    ];
    let mut runs = bench
        .in_turn(&what, async |index, _| {
            let addr = if index == 0 { &bare.addr } else { &server.addr };
            Ok(load::run(addr, CONNECTIONS, bench.time, targets[index].clone()).await?.rate)
        })
        .await?;
    drop(server);
    let [reference, lookup, page, fields, check] =
        what.map(|what| Measurement::new(what, "/s", CONNECTIONS, runs.next().unwrap_or_default()));
    // Proxies ask for every picture of a page.
    let check = check.ratio_to(&lookup, Goal::AtLeast(1.0));
    let lookup = lookup.ratio_to(&reference, Goal::AtLeast(0.20));
    let fields = fields.ratio_to(&page, Goal::AtLeast(0.67));
    let page = page.ratio_to(&reference, Goal::AtLeast(0.06));
    Ok(vec![reference, lookup, page, fields, check])
}

/// Creates a flow with twelve fields, of all types. Returns the draft of an invite that names it.
async fn with_twelve_fields(client: &mut Client, key: &str) -> io::Result<String> {
    let types = ["text", "long_text", "choice", "choices", "checkbox", "number", "date", "url"];
    let field = |(at, kind): (usize, &&str)| {
        let choices = if kind.starts_with("choice") { r#","choices":["clay","wood","glass"]"# } else { "" };
        format!(r#"{{"key":"field_{at}","label":"Field {at}","help":"What you like.","type":"{kind}"{choices}}}"#)
    };
    let fields: Vec<String> = types.iter().cycle().take(12).enumerate().map(field).collect();
    let flow = format!(r#"{{"flow":{{"name":"Twelve","steps":[{{"fields":[{}]}}]}}}}"#, fields.join(","));
    let made = create(client, key, "/api/v1/admin/flows", &flow).await?;
    let id = text(&made, "id")?;
    Ok(format!(r#"{{"label":"Twelve fields","flow_id":"{id}"}}"#))
}

/// Connects a site and enters it as a browser does. Returns the header lines of a request of its proxy.
async fn enter(client: &mut Client, addr: &str, key: &str) -> io::Result<String> {
    let draft = format!(r#"{{"name":"Wiki","forward_auth":{{"sites":["http://{SITE}"]}}}}"#);
    create(client, key, "/api/v1/admin/applications", &draft).await?;
    let session = sign_in(client, addr, "ines").await?;
    let asked = |target: &str, cookie: &str| {
        let forwarded = format!("x-forwarded-method: GET\r\nx-forwarded-host: {SITE}\r\nx-forwarded-uri: {target}\r\n");
        format!("accept: text/html\r\n{forwarded}{cookie}")
    };
    let begun = client.get("/forward-auth", &asked("/", "")).await?;
    let browser = cookie(&begun)?;
    let here = format!("http://{addr}");
    let entrance = location(&begun)?.strip_prefix(&here).ok_or_else(|| io::Error::other("a way to another site"))?;
    let left = client.get(entrance, &session).await?;
    let site = format!("http://{SITE}");
    let target = location(&left)?.strip_prefix(&site).ok_or_else(|| io::Error::other("not back to the site"))?;
    let arrived = client.get("/forward-auth", &asked(target, &browser)).await?;
    let entered = asked("/", &cookie(&arrived)?);
    expect(200, &client.get("/forward-auth", &entered).await?)?;
    Ok(entered)
}
