//! What the viewer may create, for the forms of the dialogs: what is beyond it is not offered.

use domain::groups::GroupRef;
use domain::invites::Allowance;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api;

/// What the viewer may create, once it is known. Provided by the pages of the viewer's own invites.
#[derive(Clone, Copy)]
pub(super) struct Bounds(RwSignal<Option<Allowance>>);

impl Bounds {
    /// Creates it and provides it to everything below.
    pub(super) fn provide() -> Self {
        let bounds = Self(RwSignal::new(None));
        provide_context(bounds);
        bounds
    }

    /// The same for a page that does not read it otherwise.
    pub(super) fn load() {
        let bounds = Self::provide();
        // In the browser alone: dialogs open there.
        Effect::new(move || {
            spawn_local(async move {
                if let Ok(allowance) = api::own_allowance().await {
                    bounds.set(allowance);
                }
            });
        });
    }

    /// Tells the dialogs that open from now on.
    pub(super) fn set(self, allowance: Allowance) {
        // Who creates invites for groups alone has no limits. The page may be gone.
        let _ = self.0.try_set(Some(allowance).filter(|allowance| allowance.may_create));
    }

    /// What binds an invite for these groups, where the page knows it. What is offered beyond it is refused anyway.
    pub(super) fn of(bounds: Option<Self>, groups: &[GroupRef]) -> Option<Allowance> {
        // For those that they manage, members have no limits.
        bounds.filter(|_| groups.is_empty()).and_then(|Self(bounds)| bounds.get_untracked())
    }
}

/// Those of the offered lifetimes in hours that are not beyond it. What is no number is no lifetime, except for `never`.
pub(super) fn lifetimes(
    bounds: Option<Allowance>,
    offered: &[(&'static str, &'static str)],
    never: &str,
) -> Vec<(&'static str, &'static str)> {
    let max_hours = bounds.and_then(|bounds| bounds.max_days).map(|days| days.saturating_mul(24));
    let fits = |value: &str| {
        max_hours.is_none_or(|max| value != never && value.parse::<u32>().map_or(true, |hours| hours <= max))
    };
    offered.iter().copied().filter(|(value, _)| fits(value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_beyond_the_longest_are_not_offered() {
        let offered = [("", "Never"), ("24", "1 day"), ("168", "7 days"), ("hours", "Hours"), ("date", "Date")];
        let values = |max_days| {
            let bounds = Some(Allowance { max_days, ..Allowance::default() });
            lifetimes(bounds, &offered, "").into_iter().map(|(value, _)| value).collect::<Vec<_>>()
        };
        assert_eq!(values(Some(6)), ["24", "hours", "date"]);
        assert_eq!(values(Some(7)), ["24", "168", "hours", "date"]);
        assert_eq!(values(None).len(), offered.len());
        assert_eq!(lifetimes(None, &offered, "").len(), offered.len());
    }
}
