//! The member area: what one can do now, and one's own account.

mod account;
pub mod api;
mod home;
mod password;
mod profile;

pub use account::AccountPage;
pub use home::HomePage;
