//! The public pages: rendered once, without any script.
