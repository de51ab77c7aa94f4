//! What only a browser can do. Called from event handlers and effects, which the server never runs.

use std::cell::RefCell;

use domain::Timestamp;
use js_sys::{Date, Function, Object, Promise, Reflect};
use leptos::prelude::{document, request_animation_frame, window, window_event_listener_untyped};
use uuid::{Builder, Uuid};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, Event, HtmlElement, NodeList, ScrollIntoViewOptions, ScrollLogicalPosition};

use crate::request::{Assets, Theme};

/// The build of this page, as the document names it.
#[must_use]
pub fn assets() -> Assets {
    let prefix = document()
        .query_selector("meta[name=assets]")
        .ok()
        .flatten()
        .and_then(|meta| meta.get_attribute("content"))
        .unwrap_or_default();
    Assets { prefix, ..Assets::default() }
}

thread_local! {
    /// The ids of the forms and dialogs of the page that hold something that is not saved.
    static UNSAVED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// Reads or changes the ids of the forms and dialogs of this page that hold something that is not saved. Here, because a
/// call to the server must know them wherever it comes from.
pub fn unsaved<T>(act: impl FnOnce(&mut Vec<&'static str>) -> T) -> T {
    UNSAVED.with_borrow_mut(act)
}

/// Goes to the sign-in page, which leads back here; unless something would be lost that is not saved.
pub fn sign_in_again() {
    if !unsaved(|forms| forms.is_empty()) {
        return;
    }
    let location = window().location();
    let here = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    // Fails only for an address that is none.
    let _ = location.assign(&crate::url::sign_in(&here));
}

/// Copies `text` to the clipboard; returns whether the browser allowed it.
pub async fn copy(text: &str) -> bool {
    let clipboard = window().navigator().clipboard();
    // Absent where the page is neither on HTTPS nor on this machine.
    if clipboard.is_undefined() {
        return false;
    }
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// The browser's function that shares something with another program (Web Share API); many have none.
fn sharing() -> Option<Function> {
    Reflect::get(&window().navigator(), &"share".into()).ok()?.dyn_into().ok()
}

/// Whether the browser can share.
#[must_use]
pub fn can_share() -> bool {
    sharing().is_some()
}

/// Offers to share a URL; returns whether the browser did, or was told not to.
pub async fn share(url: &str) -> bool {
    let Some(share) = sharing() else { return false };
    let data = Object::new();
    let asked = Reflect::set(&data, &"url".into(), &url.into()).and_then(|_| share.call1(&window().navigator(), &data));
    let Ok(promise) = asked.map(Promise::from) else { return false };
    match JsFuture::from(promise).await {
        Ok(_) => true,
        // Somebody closed the choice of programs.
        Err(error) => Reflect::get(&error, &"name".into()).is_ok_and(|name| name == "AbortError"),
    }
}

/// Focuses the first element that matches; returns whether there is one.
pub fn focus(selector: &str) -> bool {
    first(selector).is_some_and(|element| element.focus().is_ok())
}

/// Focuses an element; returns whether it can have the focus.
pub fn focus_on(element: &Element) -> bool {
    element.dyn_ref::<HtmlElement>().is_some_and(|element| element.focus().is_ok())
}

fn first(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}

/// Called before a part of the page is drawn again. A focused button or link with an id gets the focus back afterwards;
/// if it is gone, the next one that was there before and still is; else the page's main part.
pub fn keep_focus() {
    let Some(focused) = document().active_element().map(|element| element.id()).filter(|id| !id.is_empty()) else {
        return;
    };
    let ids: Vec<_> = elements("main :is(a, button)[id]").map(|element| element.id()).collect();
    let Some(place) = ids.iter().position(|id| *id == focused) else { return };
    request_animation_frame(move || {
        let lost = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
        if lost && !ids[place..].iter().any(|id| focus(&format!("[id='{id}']"))) {
            focus("#main");
        }
    });
}

thread_local! {
    /// The row by which a list was left.
    static LEFT: RefCell<Option<LeftRow>> = const { RefCell::new(None) };
}

struct LeftRow {
    /// The address of the list.
    list: String,
    /// The id of the link in the row.
    link: String,
    /// Whether the browser went back to the list since.
    back: bool,
}

/// Remembers the link of a row by which a list is left, so that [`return_to_row`] finds it.
pub fn leave_by_row(link: String) {
    let list = window().location().href().unwrap_or_default();
    let first = LEFT.with_borrow_mut(|left| left.replace(LeftRow { list, link, back: false }).is_none());
    if first {
        // Once: it listens as long as the page lives.
        window_event_listener_untyped("popstate", |_| {
            let here = window().location().href().unwrap_or_default();
            LEFT.with_borrow_mut(|left| {
                if let Some(left) = left {
                    left.back = left.list == here;
                }
            });
        });
    }
}

/// Focuses the row by which this list was left, if the browser has just gone back to it. Called when the list is drawn.
pub fn return_to_row() {
    let link = LEFT.with_borrow_mut(|left| {
        let left = left.as_mut().filter(|left| left.back)?;
        left.back = false;
        Some(left.link.clone())
    });
    if let Some(link) = link {
        request_animation_frame(move || {
            focus(&format!("[id='{link}']"));
        });
    }
}

/// Moves the focus to the first link of the next row of a table, or of the one before.
pub fn go_to_row(forward: bool) {
    let links: Vec<_> = elements("main tbody tr").filter_map(|row| row.query_selector("a").ok().flatten()).collect();
    let at = document().active_element().and_then(|focused| focused.closest("tr").ok().flatten());
    let at = at.and_then(|row| links.iter().position(|link| row.contains(Some(link))));
    let next = match (at, forward) {
        (None, _) => 0,
        (Some(at), true) => at.saturating_add(1).min(links.len().saturating_sub(1)),
        (Some(at), false) => at.saturating_sub(1),
    };
    if let Some(link) = links.get(next) {
        focus_on(link);
    }
}

/// Clicks the control with the shortcut `key` (`aria-keyshortcuts`): in the focused row, else in the page's head or pager.
/// It may be in a menu that was never opened and has to be created first.
pub fn press(key: &str) {
    let row = document().active_element().and_then(|focused| focused.closest("tr").ok().flatten());
    let places: Vec<_> = row.into_iter().chain(elements("main :is(.page-head, .pager)")).collect();
    let selector = format!("[aria-keyshortcuts='{key}']");
    let click = move |places: &[Element]| {
        let target = places.iter().find_map(|place| place.query_selector(&selector).ok().flatten());
        let target = target.and_then(|target| target.dyn_into::<HtmlElement>().ok());
        target.as_ref().map(HtmlElement::click).is_some()
    };
    if click(&places) {
        return;
    }
    let menu = places.iter().find_map(|place| place.query_selector(".menu").ok().flatten());
    if let (Some(menu), Ok(opening)) = (menu, Event::new("beforetoggle")) {
        // Fails only for an event that is on its way already.
        let _ = menu.dispatch_event(&opening);
        request_animation_frame(move || {
            click(&places);
        });
    }
}

/// The elements that match, in their order on the page.
pub fn elements(selector: &str) -> impl Iterator<Item = Element> {
    let found = document().query_selector_all(selector).ok();
    let count = found.as_ref().map_or(0, NodeList::length);
    (0..count).filter_map(move |at| found.as_ref()?.item(at)?.dyn_into().ok())
}

/// The nearest element around an event that matches.
#[must_use]
pub fn closest(event: &Event, selector: &str) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(selector).ok().flatten()
}

/// Whether an event happened in a form that is saved. What is chosen in a filter, whose form is a `get`, is in effect at
/// once.
#[must_use]
pub fn is_in_form(event: &Event) -> bool {
    closest(event, "form:not([method='get'])").is_some()
}

/// Clicks the first element that matches, if there is one.
pub fn click(selector: &str) {
    if let Some(element) = first(selector) {
        element.click();
    }
}

/// Scrolls the element with this id into sight, no farther than needed.
pub fn scroll_to(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Opens a page of this site in a new tab.
pub fn open_tab(href: &str) {
    // Fails only for an address that is none.
    let _ = window().open_with_url_and_target_and_features(href, "_blank", "noopener");
}

/// Closes the popover that an event happened in. The focus goes back to what opened it.
pub fn hide_popover_of(event: &Event) {
    let popover = closest(event, "[popover]");
    if let Some(popover) = popover.and_then(|popover| popover.dyn_into::<HtmlElement>().ok()) {
        // Fails only for one that is closed.
        let _ = popover.hide_popover();
    }
}

/// Where the link leads that an event happened in.
#[must_use]
pub fn link_of(event: &Event) -> Option<String> {
    closest(event, "a[href]")?.get_attribute("href")
}

/// What the control that an event happened in leads to (`data-prefetch`), if it says so.
#[must_use]
pub fn prefetch_of(event: &Event) -> Option<String> {
    closest(event, "[data-prefetch]")?.get_attribute("data-prefetch")
}

/// The colours that were chosen before.
#[must_use]
pub fn theme() -> Theme {
    let cookies = Reflect::get(&document(), &"cookie".into()).ok().and_then(|cookies| cookies.as_string());
    Theme::from_cookies(&cookies.unwrap_or_default())
}

/// Whether shortcuts are held with the Command key here, not with Control.
#[must_use]
pub fn has_command_key() -> bool {
    let platform = Reflect::get(&window().navigator(), &"platform".into()).ok().and_then(|name| name.as_string());
    platform.is_some_and(|name| name.starts_with("Mac") || name.starts_with("iP"))
}

/// Shows the page in other colours and remembers it for a year.
pub fn set_theme(theme: Theme) {
    if let Some(root) = document().document_element() {
        // Neither fails for names like these.
        let _ = match theme.as_str() {
            Some(name) => root.set_attribute("data-theme", name),
            None => root.remove_attribute("data-theme"),
        };
    }
    let (value, age) = theme.as_str().map_or(("", 0), |name| (name, 365 * 86_400));
    let cookie = format!("{}={value}; Path=/; Max-Age={age}; SameSite=Lax", Theme::COOKIE);
    let _ = Reflect::set(&document(), &"cookie".into(), &cookie.into());
}

/// A choice this browser was told to remember.
#[must_use]
pub fn remembered(name: &str) -> Option<String> {
    window().local_storage().ok().flatten()?.get_item(name).ok().flatten()
}

/// Remembers a choice in this browser. Where storage is forbidden it is forgotten with the page.
pub fn remember(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(name, value);
    }
}

/// Forgets a choice.
pub fn forget(name: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.remove_item(name);
    }
}

/// An id that no one else has (UUID version 7), for something that is made once though it is sent twice.
#[must_use]
pub fn fresh_uuid() -> Uuid {
    let mut random = [0; 10];
    // Without randomness, which no browser is, the instant alone has to do.
    let _ = window().crypto().and_then(|crypto| crypto.get_random_values_with_u8_array(&mut random));
    let millis = u64::try_from(now().as_millis()).unwrap_or_default();
    Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// The instant it is for this browser.
#[must_use]
pub fn now() -> Timestamp {
    from_millis(Date::now())
}

/// Year, month from 0, day, hour and minute of an instant in the reader's zone.
#[must_use]
pub fn parts(at: Timestamp) -> [u32; 5] {
    let date = date(at);
    [date.get_full_year(), date.get_month(), date.get_date(), date.get_hours(), date.get_minutes()]
}

/// The day of the week of an instant in the reader's zone, from 0 for Sunday.
#[must_use]
pub fn weekday(at: Timestamp) -> u32 {
    date(at).get_day()
}

/// What `<input type="datetime-local">` shows for an instant: the reader's time, to the minute.
#[must_use]
pub fn to_input(at: Timestamp) -> String {
    let [year, month0, day, hour, minute] = parts(at);
    format!("{year:04}-{:02}-{day:02}T{hour:02}:{minute:02}", month0 + 1)
}

/// The instant such an input holds.
#[must_use]
pub fn from_input(text: &str) -> Option<Timestamp> {
    let millis = Date::new(&JsValue::from_str(text)).get_time();
    (!millis.is_nan()).then(|| from_millis(millis))
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of the years up to 9999 fit in 53 bits")]
fn date(at: Timestamp) -> Date {
    Date::new(&JsValue::from_f64(at.as_millis() as f64))
}

#[expect(clippy::cast_possible_truncation, reason = "a browser's dates end long before an i64 does")]
fn from_millis(millis: f64) -> Timestamp {
    Timestamp::from_micros((millis as i64).saturating_mul(1_000))
}
