//! What applications ask of the OpenID Connect provider: tokens for a refresh token, and user info for an access token.

use std::io;
use std::sync::{Mutex, PoisonError};

use super::{Bench, FORM, bearer, create, json, location, sign_in, text};
use crate::client::Client;
use crate::limits::Bare;
use crate::load::{self, Get, Request, expect};
use crate::report::{Goal, Measurement};

const CONNECTIONS: usize = 32;
/// A code verifier and its challenge (RFC 7636, appendix B).
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const REDIRECT: &str = "https://chat.example.org/cb";

/// Each connection has a refresh token, and gets the next one for it.
struct Refresh {
    client_id: String,
    tokens: Mutex<Vec<String>>,
}

impl Request for Refresh {
    async fn send(&self, client: &mut Client, _number: u64) -> io::Result<()> {
        let token = self.tokens.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let token = token.ok_or_else(|| io::Error::other("fewer tokens than connections"))?;
        let form = format!("grant_type=refresh_token&client_id={}&refresh_token={token}", self.client_id);
        let answer = client.post("/oidc/token", "", FORM, &form).await?;
        expect(200, &answer)?;
        let next = text(&json(&answer.body)?, "refresh_token")?.to_owned();
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).push(next);
        Ok(())
    }
}

pub(super) async fn measure(bench: &Bench) -> io::Result<Vec<Measurement>> {
    let bare = Bare::start().await?;
    let installation = bench.sqlite("tokens")?;
    let key = installation.create_owner()?;
    let server = installation.serve().await?;
    let mut client = Client::connect(&server.addr).await?;
    let session = sign_in(&mut client, &server.addr, "ines").await?;
    let algorithms = ["RS256", "EdDSA"];
    let mut applications = Vec::new();
    for algorithm in algorithms {
        let oidc = format!(r#"{{"client_type":"public","redirect_uris":["{REDIRECT}"],"signing":"{algorithm}"}}"#);
        let draft = format!(r#"{{"name":"Chat {algorithm}","oidc":{oidc}}}"#);
        let application = create(&mut client, &key, "/api/v1/admin/applications", &draft).await?;
        applications.push(text(&application, "id")?.to_owned());
    }
    let (access, _) = tokens(&mut client, &session, &applications[0]).await?;

    let what = [
        "a bare axum handler".to_owned(),
        "`GET /oidc/userinfo`".to_owned(),
        format!("`POST /oidc/token` for a refresh token, ID token by {}", algorithms[0]),
        format!("`POST /oidc/token` for a refresh token, ID token by {}", algorithms[1]),
    ];
    let names = what.each_ref().map(String::as_str);
    let mut runs = bench
        .in_turn(&names, async |index, _| {
            let load = match index {
                0 => load::run(&bare.addr, CONNECTIONS, bench.time, Get::new(&bare.addr, "/", "")).await,
                1 => {
                    let user_info = Get::new(&server.addr, "/oidc/userinfo", &bearer(&access));
                    load::run(&server.addr, CONNECTIONS, bench.time, user_info).await
                }
                _ => {
                    let client_id = applications[index - 2].clone();
                    let mut refresh = Vec::new();
                    for _ in 0..CONNECTIONS {
                        refresh.push(tokens(&mut client, &session, &client_id).await?.1);
                    }
                    let refresh = Refresh { client_id, tokens: Mutex::new(refresh) };
                    load::run(&server.addr, CONNECTIONS, bench.time, refresh).await
                }
            };
            Ok(load?.rate)
        })
        .await?;
    let [reference, user_info, rsa, eddsa] =
        what.map(|what| Measurement::new(what, "/s", CONNECTIONS, runs.next().unwrap_or_default()));
    let user_info = user_info.ratio_to(&reference, Goal::AtLeast(0.05));
    let rsa = rsa.ratio_to(&reference, Goal::AtLeast(0.005));
    let eddsa = eddsa.ratio_to(&reference, Goal::AtLeast(0.005));
    Ok(vec![reference, user_info, rsa, eddsa])
}

/// The access token and the refresh token of a new sign-in.
async fn tokens(client: &mut Client, session: &str, client_id: &str) -> io::Result<(String, String)> {
    let query = format!(
        "client_id={client_id}&redirect_uri={REDIRECT}&response_type=code&scope=openid+profile+email+offline_access\
         &code_challenge={CHALLENGE}&code_challenge_method=S256"
    );
    let answer = client.get(&format!("/oidc/authorize?{query}"), session).await?;
    let returned = location(&answer)?;
    let code = returned.split(['?', '&']).find_map(|pair| pair.strip_prefix("code="));
    let code = code.ok_or_else(|| io::Error::other(format!("no code in {returned}")))?;
    let form = format!(
        "grant_type=authorization_code&client_id={client_id}&redirect_uri={REDIRECT}&code={code}&code_verifier={VERIFIER}"
    );
    let answer = client.post("/oidc/token", "", FORM, &form).await?;
    expect(200, &answer)?;
    let tokens = json(&answer.body)?;
    Ok((text(&tokens, "access_token")?.to_owned(), text(&tokens, "refresh_token")?.to_owned()))
}
