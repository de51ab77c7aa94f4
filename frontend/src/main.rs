//! The entry point in the browser: hydrates the dashboard.

fn main() {
    app::hydrate();
}
