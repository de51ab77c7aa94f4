//! The page: when something is read from it and written to it.

mod ask;
mod show;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use domain::accounts::EmailDomain;
use domain::signup::SignUpDraft;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, Document, Event, HtmlElement, HtmlFormElement, HtmlInputElement, NodeList};

use self::show::Shown;
use crate::form::{Form, Rules, Say};

/// Something is said once typing pauses for as long, in milliseconds.
const PAUSE: i32 = 300;
/// After the pointer was released, in milliseconds: by then a click has arrived where it was meant to, also one that a
/// touch makes.
const CLICK: i32 = 100;

/// The sign-up form and the help on it.
struct Page {
    document: Document,
    form: HtmlFormElement,
    shown: Shown,
    state: RefCell<Form>,
    /// The timer after which something is said.
    timer: Cell<Option<i32>>,
    /// Whether a button of the pointer is down. What moved then would not be hit by the click.
    pressed: Cell<bool>,
    /// Whether something is to be said once it is up.
    due: Cell<bool>,
    /// Whether the form was sent.
    sent: Cell<bool>,
    /// The question that was not answered yet.
    asking: RefCell<Option<AbortController>>,
}

/// Begins to help. Nothing happens where there is no form.
#[wasm_bindgen(start)]
pub fn begin() {
    if let Some(page) = Page::find() {
        Rc::new(page).listen();
    }
}

impl Page {
    fn find() -> Option<Self> {
        let document = web_sys::window()?.document()?;
        let script = document.get_element_by_id("help")?;
        let form: HtmlFormElement = document.query_selector("form[action='/signup']").ok()??.dyn_into().ok()?;
        let domains = script.get_attribute("data-email-domains").unwrap_or_default();
        let code = form.query_selector("#code").ok()?.and_then(|code| code.dyn_into::<HtmlInputElement>().ok());
        let rules = Rules {
            code: code.map(|code| code.default_value()).unwrap_or_default(),
            email_domains: domains.split_whitespace().filter_map(|domain| EmailDomain::parse(domain).ok()).collect(),
            invalid_code: script.get_attribute("data-invalid-code").unwrap_or_default(),
        };
        let shown = Shown::new(&document, &form)?;
        Some(Self {
            document,
            form,
            shown,
            state: RefCell::new(Form::new(rules)),
            timer: Cell::default(),
            pressed: Cell::default(),
            due: Cell::default(),
            sent: Cell::default(),
            asking: RefCell::default(),
        })
    }

    /// The listeners live as long as the page.
    fn listen(self: Rc<Self>) {
        for kind in ["input", "change"] {
            self.on(&self.form, kind, |page, event| {
                if let Some(input) = input_of(&event) {
                    page.state.borrow_mut().touch(&input.name());
                    page.later(PAUSE);
                }
            });
        }
        self.on(&self.form, "focusout", |page, event| {
            if input_of(&event).is_some_and(|input| page.state.borrow().is_touched(&input.name())) {
                page.say();
            }
        });
        self.on(&self.form, "submit", |page, _| {
            page.sent.set(true);
            page.stop_asking();
        });
        self.on(&self.document, "pointerdown", |page, _| page.pressed.set(true));
        for kind in ["pointerup", "pointercancel", "dragend"] {
            self.on(&self.document, kind, |page, _| {
                page.pressed.set(false);
                if page.due.take() {
                    page.later(CLICK);
                }
            });
        }
        // Somebody comes back to a page that the browser has kept.
        if let Some(window) = web_sys::window() {
            self.on(&window, "pageshow", |page, _| page.sent.set(false));
        }
        // What was typed before there was help.
        for input in self.inputs() {
            if input.value() != input.default_value() {
                self.state.borrow_mut().touch(&input.name());
                self.later(PAUSE);
            }
        }
    }

    fn on(self: &Rc<Self>, target: &web_sys::EventTarget, kind: &str, act: impl Fn(&Rc<Self>, Event) + 'static) {
        let page = Rc::clone(self);
        let listener = Closure::<dyn Fn(Event)>::new(move |event| act(&page, event));
        let _ = target.add_event_listener_with_callback(kind, listener.as_ref().unchecked_ref());
        listener.forget();
    }

    /// Says something later, and not before.
    fn later(self: &Rc<Self>, milliseconds: i32) {
        self.stop_timer();
        let page = Rc::clone(self);
        let then = Closure::once_into_js(move || {
            page.timer.set(None);
            page.say();
        });
        let window = web_sys::window();
        let timer = window.and_then(|window| {
            window.set_timeout_with_callback_and_timeout_and_arguments_0(then.unchecked_ref(), milliseconds).ok()
        });
        self.timer.set(timer);
    }

    fn stop_timer(&self) {
        if let (Some(timer), Some(window)) = (self.timer.take(), web_sys::window()) {
            window.clear_timeout_with_handle(timer);
        }
    }

    fn stop_asking(&self) {
        self.stop_timer();
        if let Some(asking) = self.asking.take() {
            asking.abort();
        }
    }

    /// Shows what is wrong, and asks the server for the rest.
    fn say(self: &Rc<Self>) {
        self.stop_timer();
        if self.sent.get() {
            return;
        }
        let draft = self.draft();
        let question = self.state.borrow_mut().question(&draft);
        if let Some(question) = question {
            self.stop_asking();
            let asking = AbortController::new().ok();
            self.asking.replace(asking.clone());
            let page = Rc::clone(self);
            spawn_local(async move {
                let outcome = ask::ask(&question, asking.as_ref()).await;
                // Another question was asked meanwhile, or the form was sent.
                if page.was_replaced(asking.as_ref()) {
                    return;
                }
                page.asking.take();
                match outcome {
                    Ok(answer) => page.state.borrow_mut().answer(question, answer),
                    Err(ask::Failed::Refused) => page.state.borrow_mut().stop(),
                    Err(ask::Failed::Unanswered) => {}
                }
                page.show();
            });
        }
        self.show();
    }

    /// Whether another question took the place of the one with this controller, or the form was sent.
    fn was_replaced(&self, asking: Option<&AbortController>) -> bool {
        self.asking.borrow().as_ref() != asking
    }

    fn show(&self) {
        if self.sent.get() {
            return;
        }
        if self.pressed.get() {
            self.due.set(true);
            return;
        }
        let (draft, state, waits) = (self.draft(), self.state.borrow(), self.asking.borrow().is_some());
        for input in self.inputs().into_iter().filter(|input| state.is_touched(&input.name())) {
            match state.say(&draft, &input.name(), waits) {
                Say::Keep => {}
                Say::Nothing => self.shown.error(&input, None),
                Say::Wrong(message) => self.shown.error(&input, Some(&message)),
            }
            if input.name() == "password" {
                self.shown.strength(&input, state.strength(&draft, waits));
            }
        }
        self.shown.announce();
    }

    /// The inputs that people see.
    fn inputs(&self) -> Vec<HtmlInputElement> {
        let inputs: Option<NodeList> = self.form.query_selector_all("input.input").ok();
        let inputs = inputs.iter().flat_map(|inputs| (0..inputs.length()).filter_map(|at| inputs.item(at)));
        inputs.filter_map(|input| input.dyn_into().ok()).collect()
    }

    fn draft(&self) -> SignUpDraft {
        let mut draft = SignUpDraft::default();
        for input in self.inputs() {
            let (name, value) = (input.name(), input.value());
            match name.as_str() {
                "code" => draft.code = value,
                "email" => draft.email = value,
                "username" => draft.username = value,
                "name" => draft.name = value,
                "password" => draft.password = value,
                _ => {
                    if let Some(key) = name.strip_prefix("attributes.") {
                        draft.attributes.insert(key.to_owned(), value);
                    }
                }
            }
        }
        draft
    }
}

/// The input that an event is about, if it is one that people type into.
fn input_of(event: &Event) -> Option<HtmlInputElement> {
    let element: HtmlElement = event.target()?.dyn_into().ok()?;
    element.dyn_into::<HtmlInputElement>().ok().filter(|input| input.matches(".input").unwrap_or(false))
}
