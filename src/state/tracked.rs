//! Values that effects track.

use std::cell::RefCell;
use std::fmt::{self, Debug, Formatter};
use std::rc::Rc;

use reactive_graph::effect::RenderEffect;
use reactive_graph::graph::Observer;
use reactive_graph::signal::ArcTrigger;
use reactive_graph::traits::{Notify, Track};

use crate::scope::Scope;

/// A value, and a trigger that notifies effects of its changes. Clones share both.
///
/// A smaller `RwSignal`: Leptos' signals are compiled again for each type of value, but a trigger has
/// no type parameter.
pub(crate) struct Tracked<T> {
    value: Rc<RefCell<T>>,
    changed: ArcTrigger,
}

impl<T> Tracked<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { value: Rc::new(RefCell::new(value)), changed: ArcTrigger::new() }
    }

    /// Reads the value. Within an effect, this tracks it.
    pub(crate) fn with<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        track(&self.changed);
        self.with_untracked(read)
    }

    pub(crate) fn with_untracked<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.value.borrow())
    }

    pub(crate) fn update(&self, change: impl FnOnce(&mut T)) {
        change(&mut self.value.borrow_mut());
        self.changed.notify();
    }

    pub(crate) fn set(&self, value: T) {
        self.update(|old| *old = value);
    }
}

impl<T: Clone> Tracked<T> {
    /// Returns a copy of the value. Within an effect, this tracks it.
    pub(crate) fn get(&self) -> T {
        self.with(T::clone)
    }

    pub(crate) fn get_untracked(&self) -> T {
        self.with_untracked(T::clone)
    }
}

// `Clone` is not derived, because `T` does not have to be `Clone`.
impl<T> Clone for Tracked<T> {
    fn clone(&self) -> Self {
        Self { value: Rc::clone(&self.value), changed: self.changed.clone() }
    }
}

impl<T: Debug> Debug for Tracked<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

/// Tracks the trigger within an effect. Outside an effect, does nothing: in a debug build, Leptos
/// would log a warning that the code will not run again.
fn track(changed: &ArcTrigger) {
    if !cfg!(debug_assertions) || Observer::get().is_some() {
        changed.track();
    }
}

/// Calls `run` now, and again whenever a value that it reads changes, as long as the form is on the
/// page. All callers share one instance of Leptos' effect loop, which would otherwise be compiled
/// again for each closure.
pub(crate) fn follow(scope: &Scope, run: impl FnMut() + 'static) {
    let mut run: Box<dyn FnMut()> = Box::new(run);
    scope.keep(RenderEffect::new(move |_| run()));
}
