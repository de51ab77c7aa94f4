//! The pieces pages are made of. They know how things look and nothing of what they mean.

mod banner;
pub mod browser;
mod confirm;
mod copy;
mod dialog;
mod field;
mod icon;
mod logo;
mod pager;
mod person;
mod skeleton;
mod time;
mod toast;
pub mod url;

pub use banner::{Banner, Empty, FaultBanner};
pub use confirm::{Confirm, ConfirmDialog, Question};
pub use copy::{CopyButton, copy};
pub use dialog::{Dialog, DialogFoot};
pub use field::{Choice, FormError, SelectField, TextField, Wrong, focus_first_wrong};
pub use icon::{Icon, IconName};
pub use logo::{Logo, Mark, Wordmark};
pub use pager::{Pager, SearchForm, SortLink, paging};
pub use person::{Avatar, Person};
pub use skeleton::{SkeletonList, SkeletonTable};
pub use time::{Time, TimeAs};
pub use toast::{Toast, ToastRegion, Toasts, Tone};
