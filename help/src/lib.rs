//! Help on the sign-up page: says what is wrong with a field while one types, in the words in which a refused form would.
//!
//! The page is complete without it. What needs no server is judged here, by the parsers of [`domain`] that the server uses;
//! whether an invite code can be used, a username is free and a password is hard to guess, the server is asked
//! (`POST /signup/check`). [`form`] decides what is said and asked and knows no browser; `page` reads and writes the page.

pub mod form;
#[cfg(target_arch = "wasm32")]
mod page;
