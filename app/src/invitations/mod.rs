//! Invitations: mails that bring invites to addresses. The list of mailings, one with its recipients, and the page that sends.

pub mod api;
mod form;
mod list;
mod mailing;
mod new;
mod preview;
mod rows;
mod text;
mod watch;

pub use list::InvitationsPage;
pub use mailing::MailingPage;
pub use new::NewInvitationsPage;
