//! The pieces pages are made of. They know how things look and nothing of what they mean.

mod acting;
mod banner;
pub mod browser;
mod confirm;
mod copy;
mod dialog;
mod field;
mod form;
mod icon;
mod load;
mod logo;
mod pager;
mod person;
mod skeleton;
mod table;
mod time;
mod toast;
pub mod url;

pub use acting::Acting;
pub use banner::{Banner, Empty, ErrorBanner};
pub use confirm::{Confirm, ConfirmDialog, Question};
pub use copy::{CopyButton, copy};
pub use dialog::{Dialog, DialogFoot};
pub use field::{Choice, FormError, SelectField, TextField};
pub use form::{Sending, Wrong};
pub use icon::{Icon, IconName};
pub use load::{Await, Load};
pub use logo::{Logo, Mark, Wordmark};
pub use pager::{Pager, SearchForm, paging};
pub use person::{Avatar, Person};
pub use skeleton::Skeleton;
pub use table::{Filters, Head, Table};
pub use time::{Time, TimeAs, day_and_month, full};
pub use toast::{Toast, ToastRegion, Toasts, Tone};
