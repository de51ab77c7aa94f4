//! `latchkey mail`.

use std::fs::File;
use std::io::stdin;

use domain::Patch;
use domain::mail::{Mail, MailDraft, MailQuery, MailStatus, parse_url};
use service::operations::operator;
use service::{Actor, Ctx, mail};

use super::account::read_secret;
use super::args::{MailCommand, SetMail};
use super::open::{describe_error, with_ctx};
use super::{Outcome, lists, print, settings};
use crate::api;
use crate::config::Config;

pub(super) async fn run(config: &Config, command: MailCommand) -> Outcome {
    with_ctx(config, async |ctx| {
        let actor = operator::act_as(ctx, None).await.map_err(describe_error)?;
        Box::pin(manage(ctx, &actor, command)).await
    })
    .await
}

/// What the first owner can do in the dashboard, too.
async fn manage(ctx: &Ctx, actor: &Actor, command: MailCommand) -> Outcome {
    match command {
        MailCommand::Show => {
            let view = mail::view(ctx, actor).await.map_err(describe_error)?;
            return settings::print_each(&settings::written(&api::MailSettings::from(view))?);
        }
        MailCommand::Set(set) => {
            mail::configure(ctx, actor, draft(&set)?).await.map_err(describe_error)?;
            eprintln!("Mail is on. `latchkey mail test` sends a test mail.");
        }
        MailCommand::Off => {
            mail::turn_off(ctx, actor).await.map_err(describe_error)?;
            eprintln!("Mail is off.");
        }
        MailCommand::Test => {
            let sent = mail::send_test(ctx, actor).await.map_err(describe_error)?;
            eprintln!(
                "A test mail to {} waits. The server sends it; `latchkey mail list` shows the answer.",
                sent.recipient
            );
        }
        MailCommand::List { status } => return list(ctx, actor, status).await,
        MailCommand::Resend { mail: id } => {
            let waiting = mail::resend(ctx, actor, id).await.map_err(describe_error)?;
            eprintln!("The mail to {} waits to be sent. The server sends it.", waiting.recipient);
        }
    }
    Ok(())
}

/// The settings that are asked for. Without a user name there is no password to keep.
fn draft(set: &SetMail) -> Result<MailDraft, String> {
    let (terms, in_url) = parse_url(&set.url, &set.from).map_err(|wrong| wrong.0)?;
    if in_url.is_some() {
        return Err(
            "Leave the password out of the URL, because other users of this machine see it there. Give it with \
                    --password-file or --password-stdin."
                .to_owned(),
        );
    }
    let password = password(set)?.map_or(Patch::Keep, Patch::Set);
    Ok(MailDraft { password, ..MailDraft::from(terms) })
}

fn password(set: &SetMail) -> Result<Option<String>, String> {
    let Some(path) = &set.password_file else {
        return set.password_stdin.then(|| read_secret("password", stdin())).transpose();
    };
    let file = File::open(path).map_err(|error| format!("Cannot read the file {}: {error}.", path.display()))?;
    read_secret("password", file).map(Some)
}

async fn list(ctx: &Ctx, actor: &Actor, status: Option<MailStatus>) -> Outcome {
    let page = async |paging| mail::list(ctx, actor, &MailQuery { status, paging }).await;
    lists::each(page, |mail| print::result(line(mail))).await
}

fn line(mail: Mail) -> String {
    let Mail { id, kind, recipient, status, attempts, created_at, last_answer, .. } = mail;
    let answer = last_answer.unwrap_or_default().replace('\n', " ");
    format!("{id}\t{created_at}\t{kind}\t{recipient}\t{status}\t{attempts}\t{answer}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(url: &str) -> SetMail {
        let from = "Bramble Yard <join@example.org>".to_owned();
        SetMail { url: url.to_owned(), from, password_file: None, password_stdin: false }
    }

    #[test]
    fn a_password_in_the_url_is_refused_and_not_repeated() {
        let refused = draft(&set("smtp://ada:umbrellas@smtp.example.org")).unwrap_err();
        assert!(refused.contains("--password-file") && !refused.contains("umbrellas"), "{refused}");
    }

    #[test]
    fn the_password_is_the_first_line_of_a_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "seven wet umbrellas\nmore\n").unwrap();
        let given = SetMail { password_file: Some(file.path().to_owned()), ..set("smtps://ada@smtp.example.org") };
        let draft = draft(&given).unwrap();
        assert_eq!(draft.password, Patch::Set("seven wet umbrellas".to_owned()));
        let written = (draft.host.as_str(), draft.port, draft.encryption.as_str(), draft.username.as_str());
        assert_eq!(written, ("smtp.example.org", Some(465), "tls", "ada"));
        assert_eq!((draft.from.as_str(), draft.from_name.as_str()), ("join@example.org", "Bramble Yard"));
    }

    #[test]
    fn a_password_that_is_not_given_stays() {
        assert_eq!(draft(&set("smtp://ada@smtp.example.org")).unwrap().password, Patch::Keep);
        assert!(draft(&set("smtp.example.org")).is_err());
    }
}
