//! The member area: home, and the viewer's own account.

mod account;
mod answers;
pub mod api;
mod dialogs;
mod home;
mod login;
mod near_ends;
mod password;
mod profile;
mod text;

pub use account::AccountPage;
pub use home::HomePage;
