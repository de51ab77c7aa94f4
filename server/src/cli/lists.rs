//! Reads lists of use cases.

use domain::paging::{Limit, Page, Paging};
use service::Error;

use super::Outcome;
use super::open::describe_error;

/// Reads every page of a list.
pub(super) async fn each<T>(
    list: impl AsyncFn(Paging) -> Result<Page<T>, Error>,
    mut show: impl FnMut(T) -> Outcome,
) -> Outcome {
    let mut paging = Paging { cursor: None, limit: Limit::MAX };
    loop {
        let page = list(paging).await.map_err(describe_error)?;
        page.items.into_iter().try_for_each(&mut show)?;
        match page.next_cursor {
            Some(next) => paging.cursor = Some(next),
            None => return Ok(()),
        }
    }
}

/// The only one in a list with this name, whatever its case. `kind` is what it is called in errors.
///
/// # Errors
/// None or several have the name, or those of `list`.
pub(super) async fn by_name<T>(
    kind: &str,
    name: &str,
    list: impl AsyncFn(Paging) -> Result<Page<T>, Error>,
    name_of: impl Fn(&T) -> &str,
) -> Result<T, String> {
    let folded = name.trim().to_lowercase();
    let mut found = Vec::new();
    each(list, |one| {
        if name_of(&one).to_lowercase() == folded {
            found.push(one);
        }
        Ok(())
    })
    .await?;
    match found.pop() {
        Some(one) if found.is_empty() => Ok(one),
        Some(_) => Err(format!("Several {kind}s have the name \u{201C}{name}\u{201D}. Give the id of one.")),
        None => Err(format!("No {kind} has the name \u{201C}{name}\u{201D}.")),
    }
}
