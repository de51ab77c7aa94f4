//! Components without a feature: they know how things look, not what they mean.

mod acting;
mod banner;
mod clock;
mod confirm;
mod copy;
mod deferred;
mod dialog;
mod field;
mod form;
mod icon;
mod load;
mod logo;
mod pager;
mod person;
mod question;
mod skeleton;
mod sort;
mod table;
pub(crate) mod text;
mod time;
mod toast;
mod unsaved;

pub use acting::{Acting, Changes};
pub use banner::{Banner, Empty, ErrorBanner};
pub use clock::Clock;
pub use confirm::ConfirmDialog;
pub use copy::{CopyButton, copy};
pub use deferred::{Deferred, Download, Draw, Drawn};
pub use dialog::{Dialog, DialogFoot};
pub use field::{Choice, FormError, SelectField, TextArea, TextField};
pub use form::{Sending, Wrong};
pub use icon::{Icon, IconName};
pub use load::{Await, Load};
pub use logo::{Logo, Mark, Wordmark};
pub use pager::{Pager, SearchForm, paging};
pub use person::{Avatar, Person};
pub use question::{Confirm, Question};
pub use skeleton::Skeleton;
pub use sort::SortMenu;
pub use table::{FiltersNote, Head, Table, status_filters};
pub use time::{Time, TimeAs, day_and_month, full};
pub use toast::{Toast, ToastAction, ToastRegion, Toasts, Tone};
pub use unsaved::Unsaved;

pub use crate::{browser, url};
