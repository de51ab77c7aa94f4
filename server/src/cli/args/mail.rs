//! The options of `latchkey mail`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};
use domain::ids::DeliveryId;
use domain::mail::MailStatus;

use super::parsed;

#[derive(Debug, Subcommand)]
pub enum MailCommand {
    /// Prints the settings of mail: name and value, separated by a tab. The password is never shown
    ///
    /// Names and values are those of the REST API; `on` says whether mail is sent.
    Show,
    /// Sets the mail server and the sender, and turns mail on; what waits is sent by it
    Set(SetMail),
    /// Turns mail off and deletes its settings; what waits is kept until mail is on again
    Off,
    /// Sends a test mail to the first owner
    Test,
    /// Prints mails, newest first: id, time, kind, recipient, status, attempts, answer
    ///
    /// The status is queued, sent, deferred if it is tried again, or failed if it was given up. The answer is the reply
    /// of the mail server with its code, or why there was none; a line break in it is printed as a space.
    List {
        /// Only mails with this status: queued, sent, deferred or failed
        #[arg(long, value_name = "STATUS", value_parser = parsed::<MailStatus>)]
        status: Option<MailStatus>,
    },
    /// Sends a mail again that is deferred or failed, or another like one that was sent
    Resend {
        /// Id of the mail
        #[arg(value_name = "MAIL")]
        mail: DeliveryId,
    },
}

#[derive(Debug, ClapArgs)]
pub struct SetMail {
    /// URL of the mail server, without the password, such as `smtp://USER@smtp.example.org:587`
    ///
    /// `smtp://` demands encryption by STARTTLS, or has none with `?encryption=none` at the end; `smtps://` is
    /// encrypted from the start. Special characters of the user name are percent-encoded.
    #[arg(long, value_name = "URL")]
    pub url: String,
    /// Sender, such as `join@example.org` or `Bramble Yard <join@example.org>` [default name: the site name]
    #[arg(long, value_name = "SENDER")]
    pub from: String,
    /// File with the password (its first line) [default: the password until now, for the same host and user name]
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// Read the password from standard input (its first line)
    #[arg(long, conflicts_with = "password_file")]
    pub password_stdin: bool,
}
