//! The browser entry: takes the dashboard over.

fn main() {
    app::hydrate();
}
