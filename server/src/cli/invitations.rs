//! `latchkey invite send`.

use domain::invitations::{InvitationsDraft, MAX_TEXT, MailingMode, Preview};
use domain::invites::InviteDraft;
use domain::{Code, Failure};
use service::operations::operator;
use service::{Ctx, Error, invitations};

use super::args::SendInvites;
use super::open::describe_error;
use super::{Outcome, invite, print};

pub(super) async fn send(ctx: &Ctx, send: SendInvites) -> Outcome {
    let actor = operator::act_as(ctx, send.account.as_deref()).await.map_err(describe_error)?;
    let text = read(&send.file).map_err(|error| format!("{}: {error}", send.file))?;
    let found = match &send.invite {
        Some(of) => Some(invite::find(ctx, of).await?),
        None => None,
    };
    let mode = if found.is_some() && !send.own_links { MailingMode::OneLink } else { MailingMode::OwnLinks };
    let terms = invite::draft(ctx, &actor, send.terms).await?;
    let has_terms = found.is_none() || terms != InviteDraft::default();
    let draft = InvitationsDraft {
        invite: found,
        terms: has_terms.then_some(terms),
        text,
        message: send.message.unwrap_or_default(),
        locked: send.locked,
        reminder: send.reminder,
        skip_errors: send.skip_errors,
        ..InvitationsDraft::new(invitations::new_mailing_id(ctx), mode)
    };
    let preview = invitations::preview(ctx, &actor, &draft).await.map_err(describe_error)?;
    explain(&preview);
    let mailing = match invitations::send(ctx, &actor, draft).await {
        Err(Error::Failure(failure)) if failure.field_error("terms").is_some() => {
            let why = "An invite is sent to all as it is. To change its terms, add --own-links.";
            return Err(describe_error(Failure::new(Code::Invalid, why).into()));
        }
        outcome => outcome.map_err(describe_error)?,
    };
    match mailing.total {
        1 => eprintln!("1 invitation is queued. A running server sends it."),
        total => eprintln!("{total} invitations are queued. A running server sends them."),
    }
    print::result(mailing.id)
}

/// What is left out, and why.
fn explain(preview: &Preview) {
    for error in &preview.errors {
        eprintln!("Line {}: {} ({})", error.line, error.message, error.text);
    }
    for (count, of_one, of_many) in [
        (preview.duplicates, "is there more than once", "are there more than once"),
        (preview.have_account, "has an account already", "have an account already"),
        (preview.unsubscribed, "wants no more invitations", "want no more invitations"),
    ] {
        match count {
            0 => {}
            1 => eprintln!("1 address {of_one}."),
            count => eprintln!("{count} addresses {of_many}."),
        }
    }
}

/// The text of a file, or of the standard input; no more of it than can be sent.
fn read(file: &str) -> std::io::Result<String> {
    use std::io::Read;
    let most = MAX_TEXT as u64 + 1;
    let mut text = String::new();
    if file == "-" {
        std::io::stdin().take(most).read_to_string(&mut text)?;
    } else {
        std::fs::File::open(file)?.take(most).read_to_string(&mut text)?;
    }
    Ok(text)
}
