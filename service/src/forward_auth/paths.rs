//! The paths of forward-auth: what proxies ask, and where browsers are sent.

/// The path that Caddy and Traefik ask, and others that hand redirects on.
pub const ASK: &str = "/forward-auth";
/// The path that nginx asks (`auth_request`), which understands no redirect: its configuration makes one of `Location`.
pub const ASK_NGINX: &str = "/forward-auth/nginx";
/// The path on each site at which a browser brings its code. The application never sees it: the answer is never "enter".
pub const ARRIVE: &str = "/.latchkey/enter";
/// The path here to which a browser is sent that is not signed in on a site.
pub const ENTER: &str = "/forward-auth/enter";

/// The path here of the page that says that a sign-in on a site was not completed.
pub const LOST: &str = "/forward-auth/lost";
