//! The redemptions as CSV (RFC 4180), streamed because they may not fit into memory.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use domain::paging::{Limit, Page, Paging};
use domain::redemptions::{Redemption, RedemptionQuery};
use domain::{Code, Failure, Timestamp};
use futures::stream::{self, StreamExt};
use service::{Actor, Ctx};

use super::request::Visit;
use crate::state::AppState;

const HEAD: [&str; 8] = ["redeemed_at", "invite", "code", "username", "name", "kind", "account_id", "invite_id"];

/// `/admin/redemptions.csv?invite=ID&q=TEXT`
pub async fn download(State(state): State<AppState>, visit: Visit) -> Response {
    let Some(signed) = visit.signed.clone() else {
        return visit.audience.refuse(Failure::new(Code::Unauthenticated, "Sign in to download this."));
    };
    let invite = match visit.parameter("invite") {
        None => None,
        Some(id) => match id.parse() {
            Ok(id) => Some(id),
            Err(_) => return visit.audience.refuse(Failure::not_found("invite")),
        },
    };
    let paging = Paging { cursor: None, limit: Limit::MAX };
    let query = RedemptionQuery { q: visit.parameter("q"), invite, account: None, paging };
    let ctx = state.ctx().clone();
    // The first page is read before the response begins, so that an error has a status.
    match service::redemptions::list(&ctx, &signed.actor, &query).await {
        Ok(first) => respond(ctx, signed.actor, query, first),
        Err(error) => visit.audience.fail(error),
    }
}

fn respond(ctx: Ctx, actor: Actor, query: RedemptionQuery, first: Page<Redemption>) -> Response {
    let disposition = format!("attachment; filename=\"{}\"", file_name(ctx.now()));
    let rest = stream::try_unfold(first.next_cursor, move |cursor| {
        let (ctx, actor, mut query) = (ctx.clone(), actor.clone(), query.clone());
        async move {
            let Some(cursor) = cursor else { return Ok(None) };
            query.paging.cursor = Some(cursor);
            // The response has begun. It is aborted, so that an incomplete file is recognised as such.
            let page = service::redemptions::list(&ctx, &actor, &query).await.map_err(|error| {
                tracing::error!(%error, "a download was aborted");
                std::io::Error::other("the redemptions could not be read completely")
            })?;
            Ok(Some((rows(&page.items, false)?, page.next_cursor)))
        }
    });
    let first = stream::once(async move { rows(&first.items, true) });
    let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, disposition)];
    (headers, Body::from_stream(first.chain(rest))).into_response()
}

fn file_name(now: Timestamp) -> String {
    let stamp: String = now.to_rfc3339().chars().take(19).map(|c| if c == ':' { '-' } else { c }).collect();
    format!("latchkey-redemptions-{stamp}Z.csv")
}

fn rows(items: &[Redemption], with_head: bool) -> std::io::Result<Vec<u8>> {
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    if with_head {
        table.write_record(HEAD)?;
    }
    for row in items {
        table.write_record([
            &row.created_at.to_rfc3339(),
            &safe(row.invite.title()),
            &safe(row.invite.code.as_ref().map_or("", |code| code.as_str())),
            &safe(row.account.username.as_str()),
            &safe(row.account.name.as_ref().map_or("", |name| name.as_str())),
            row.kind.as_str(),
            &row.account.id.to_string(),
            &row.invite.id.to_string(),
        ])?;
    }
    table.into_inner().map_err(|error| std::io::Error::other(error.to_string()))
}

/// First characters of formulas in spreadsheets. Japanese and Chinese versions also accept full-width signs.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A cell that begins like a formula, with an apostrophe: spreadsheets would run it otherwise.
fn safe(cell: &str) -> String {
    if cell.starts_with(FORMULA) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use domain::accounts::{AccountRef, Username};
    use domain::ids::{AccountId, InviteId, RedemptionId};
    use domain::invites::InviteRef;
    use domain::redemptions::RedemptionKind;
    use domain::text::{DisplayName, Label};

    use super::*;

    #[test]
    fn a_cell_is_text_whatever_it_begins_with() {
        for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1＋1", "＋1", "－1", "＠SUM(A1)"] {
            assert_eq!(safe(bad), format!("'{bad}"));
        }
        assert_eq!(safe("Ngozi =)"), "Ngozi =)");
    }

    #[test]
    fn rows_are_quoted_and_terminated_as_in_rfc_4180() {
        let row = Redemption {
            id: RedemptionId(uuid::Uuid::nil()),
            invite: InviteRef {
                id: InviteId(uuid::Uuid::nil()),
                label: Some(Label::parse("Roof day, \"volunteers\"").unwrap()),
                code: None,
            },
            account: AccountRef {
                id: AccountId(uuid::Uuid::nil()),
                username: Username::parse("mateo").unwrap(),
                name: Some(DisplayName::parse("=HYPERLINK(\"x\")").unwrap()),
                picture: None,
            },
            kind: RedemptionKind::New,
            created_at: Timestamp::from_micros(0),
        };
        let text = String::from_utf8(rows(&[row], true).unwrap()).unwrap();
        let nil = uuid::Uuid::nil();
        assert_eq!(
            text,
            format!(
                "redeemed_at,invite,code,username,name,kind,account_id,invite_id\r\n\
                 1970-01-01T00:00:00Z,\"Roof day, \"\"volunteers\"\"\",,mateo,\"'=HYPERLINK(\"\"x\"\")\",new,{nil},{nil}\r\n"
            )
        );
    }

    #[test]
    fn the_file_name_has_the_time() {
        let at = Timestamp::parse("2026-11-21T10:30:59.123Z").unwrap();
        assert_eq!(file_name(at), "latchkey-redemptions-2026-11-21T10-30-59Z.csv");
    }
}
