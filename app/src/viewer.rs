//! The signed-in account, as every page of the dashboard sees it.

use domain::viewer::Viewer;
use leptos::prelude::Resource;

use crate::server_fn_error::ServerFnError;

/// The signed-in account and its surroundings. Read once by the shell and shared by everything in it.
#[derive(Clone, Copy)]
pub struct CurrentViewer(pub Resource<Result<Viewer, ServerFnError>>);
