//! What features keep in memory for as long as the process runs, such as a queue or a counter. It is kept here by type,
//! so that the platform need not know the features.

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::fmt;

/// One value of each type. Values change only through interior mutability.
#[derive(Default)]
pub(crate) struct State(HashMap<TypeId, Box<dyn Any + Send + Sync>>);

impl State {
    /// The same state with `value` in addition.
    #[must_use]
    pub(crate) fn with<T: Send + Sync + 'static>(mut self, value: T) -> Self {
        self.0.insert(TypeId::of::<T>(), Box::new(value));
        self
    }

    /// The value of the type `T`.
    ///
    /// # Panics
    /// If there is none: [`crate::runtime`] adds the values of all features before any is used.
    pub(crate) fn get<T: Send + Sync + 'static>(&self) -> &T {
        let value = self.0.get(&TypeId::of::<T>()).and_then(|value| value.downcast_ref());
        value.unwrap_or_else(|| panic!("the runtime did not add {}", type_name::<T>()))
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("State(…)")
    }
}
