//! Keeps the field that the visitor types in above the on-screen keyboard.
//!
//! Browsers scroll to the input, but the lines below it, such as the interpretation of a date, may stay
//! under the keyboard, which covers the page without changing its size.

use std::rc::Rc;

use web_sys::VisualViewport;

use super::events::listen;
use super::view::View;
use crate::browser::window;
use crate::controls::Control;
use crate::scope::Scope;

/// Scrolls to the field with the focus when the keyboard appears.
pub(super) fn keep_field_visible(scope: &Scope, view: &Rc<View>) {
    // Browsers before 2021 do not report the keyboard.
    let Some(viewport) = window().visual_viewport() else { return };
    let view = Rc::clone(view);
    listen(scope, viewport.clone().into(), &["resize"], move |_| {
        if let Some(control) = view.controls().iter().find(|control| control.has_focus()) {
            window().scroll_by_with_x_and_y(0.0, hidden_height(&viewport, control));
        }
    });
}

/// Returns how far the page has to scroll until the field is visible, in CSS pixels. Keeps the beginning of
/// the field visible. Returns 0 while the visitor has zoomed in, because zooming is not a keyboard.
fn hidden_height(viewport: &VisualViewport, control: &Control) -> f64 {
    if viewport.scale() > 1.0 {
        return 0.0;
    }
    let field = control.frame.get_bounding_client_rect();
    let below = field.bottom() - viewport.offset_top() - viewport.height();
    below.min(field.top() - viewport.offset_top()).max(0.0)
}
