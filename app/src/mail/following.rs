//! A message that was just queued: what becomes of it is looked up until it is known, or for a while.

use std::time::Duration;

use domain::Timestamp;
use domain::ids::DeliveryId;
use domain::mail::{Mail, MailStatus};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{api, text};
use crate::ui::{Acting, Toast, Tone};

/// The time between two looks.
const INTERVAL: Duration = Duration::from_secs(1);
/// The maximum number of looks.
const LOOKS: u32 = 20;

/// A message that is followed.
#[derive(Clone, Copy)]
struct Followed {
    id: DeliveryId,
    /// When it was tried before it was followed.
    attempted_at: Option<Timestamp>,
    /// How often it was looked up.
    looks: u32,
}

impl Followed {
    /// Whether it is known what became of it.
    fn is_settled(self, mail: &Mail) -> bool {
        mail.status != MailStatus::Queued || mail.attempted_at != self.attempted_at
    }
}

/// Follows one message at a time.
#[derive(Clone, Copy)]
pub(super) struct Following {
    acting: Acting,
    followed: RwSignal<Option<Followed>>,
}

impl Following {
    /// For the page that acts by `acting`, and reads its data again once something is known.
    pub(super) fn new(acting: Acting) -> Self {
        Self { acting, followed: RwSignal::new(None) }
    }

    /// What is said while nothing is known.
    pub(super) fn words(self) -> Option<&'static str> {
        self.followed.get().map(|followed| if followed.looks < LOOKS { text::WAITING } else { text::STILL_WAITING })
    }

    /// Follows a message from now on, and no other.
    pub(super) fn start(self, mail: &Mail) {
        self.go_on(Followed { id: mail.id, attempted_at: mail.attempted_at, looks: 0 });
    }

    /// Says nothing more of a message that is not looked up any longer: the list, which is read again, says it.
    pub(super) fn leave_to_list(self) {
        self.followed.update(|followed| *followed = followed.filter(|followed| followed.looks < LOOKS));
    }

    fn go_on(self, followed: Followed) {
        // The page may have been left by now.
        let is_left = self.followed.try_set(Some(followed)).is_some();
        if !is_left && followed.looks < LOOKS {
            set_timeout(move || self.look(followed), INTERVAL);
        }
    }

    fn look(self, followed: Followed) {
        spawn_local(async move {
            if !self.is_followed(followed.id) {
                return;
            }
            let answer = api::get(followed.id).await;
            // Another may be followed by now.
            if !self.is_followed(followed.id) {
                return;
            }
            match answer {
                Ok(mail) if followed.is_settled(&mail) => self.finish(&mail),
                Ok(_) => self.go_on(Followed { looks: followed.looks + 1, ..followed }),
                Err(fault) => {
                    self.followed.try_set(None);
                    self.acting.toasts.fault(&fault);
                }
            }
        });
    }

    fn is_followed(self, id: DeliveryId) -> bool {
        self.followed.try_get_untracked().flatten().is_some_and(|followed| followed.id == id)
    }

    /// Says what became of the message, and shows it in the list.
    fn finish(self, mail: &Mail) {
        self.followed.try_set(None);
        let recipient = mail.recipient.to_string();
        if mail.status == MailStatus::Sent {
            self.acting.toasts.done(text::sent_to(&recipient));
        } else {
            let title = text::not_sent_to(&recipient);
            self.acting.toasts.show(Toast { tone: Tone::Danger, title, ..Toast::default() });
        }
        self.acting.changed.try_run(());
    }
}
