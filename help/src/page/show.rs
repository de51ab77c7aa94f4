//! Writing to the page, as the server writes a form that was refused (`app::public::parts`).

use std::cell::RefCell;

use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlTemplateElement};

use crate::form::{Message, Strength};

/// What is shown in a form.
pub(super) struct Shown {
    document: Document,
    /// Where screen readers are told what changed.
    status: Element,
    /// What they are told next.
    news: RefCell<Vec<String>>,
}

impl Shown {
    pub(super) fn new(document: &Document, form: &HtmlFormElement) -> Option<Self> {
        let status = document.create_element("p").ok()?;
        status.set_class_name("sr");
        status.set_attribute("role", "status").ok()?;
        form.append_child(&status).ok()?;
        Some(Self { document: document.clone(), status, news: RefCell::default() })
    }

    /// Shows what is wrong with a field, or that nothing is.
    pub(super) fn error(&self, input: &HtmlInputElement, message: Option<&Message>) {
        let id = format!("{}-error", input.name());
        let shown = self.document.get_element_by_id(&id);
        let text = message.map(|message| message.text.as_str());
        if shown.as_ref().map(text_of).as_deref() == text {
            return;
        }
        if let Some(shown) = shown {
            shown.remove();
        }
        if let Some(message) = message {
            self.insert_error(input, message, &id);
        }
        // As the server writes it: an error takes the place of the help.
        if let Some(help) = self.help_of(input) {
            help.set_hidden(message.is_some());
        }
        let _ = if message.is_some() {
            input.set_attribute("aria-invalid", "true")
        } else {
            input.remove_attribute("aria-invalid")
        };
        self.describe(input);
        mark_code(input);
    }

    fn insert_error(&self, input: &HtmlInputElement, message: &Message, id: &str) {
        let Some(error) = self.copy("help-error") else { return };
        error.set_id(id);
        let Ok(Some(words)) = error.query_selector("span") else { return };
        words.set_text_content(Some(&message.text));
        if message.sign_in
            && let Some(link) = self.copy("help-sign-in")
        {
            let _ = words.append_with_str_1(" ");
            let _ = words.append_with_node_1(&link);
        }
        let _ = place_of(input).after_with_node_1(&error);
        self.news.borrow_mut().push(message.text.clone());
    }

    /// Shows how hard the password is to guess, or nothing.
    pub(super) fn strength(&self, input: &HtmlInputElement, strength: Option<&Strength>) {
        let id = "password-strength";
        let shown = self.document.get_element_by_id(id);
        let Some(strength) = strength else {
            if let Some(shown) = shown {
                shown.remove();
                self.describe(input);
            }
            return;
        };
        let is_new = shown.is_none();
        let Some(bar) = shown.or_else(|| self.copy("help-strength")) else { return };
        if is_new {
            bar.set_id(id);
            // Below the error, which takes the place of the help.
            let error = self.document.get_element_by_id("password-error");
            let _ = error.unwrap_or_else(|| place_of(input)).after_with_node_1(&bar);
        }
        let _ = bar.set_attribute("data-score", &strength.score.to_string());
        if let Ok(Some(words)) = bar.query_selector(".strength > span:last-child")
            && words.text_content().as_deref() != Some(&strength.words)
        {
            words.set_text_content(Some(&strength.words));
            self.news.borrow_mut().push(strength.words.clone());
        }
        self.describe(input);
    }

    /// Tells screen readers what is new, once they have said what is typed.
    pub(super) fn announce(&self) {
        let news = self.news.take();
        if !news.is_empty() {
            self.status.set_text_content(Some(&news.join(" ")));
        }
    }

    /// Names what describes a field: its error, the strength of the password, its help.
    fn describe(&self, input: &HtmlInputElement) {
        let name = input.name();
        let shown = |part: &&str| {
            let element = self.document.get_element_by_id(&format!("{name}-{part}"));
            element.is_some_and(|element| !element.has_attribute("hidden"))
        };
        let parts = ["error", "strength", "help"].into_iter().filter(shown);
        let ids = parts.map(|part| format!("{name}-{part}")).collect::<Vec<_>>().join(" ");
        let _ = if ids.is_empty() {
            input.remove_attribute("aria-describedby")
        } else {
            input.set_attribute("aria-describedby", &ids)
        };
    }

    fn help_of(&self, input: &HtmlInputElement) -> Option<HtmlElement> {
        self.document.get_element_by_id(&format!("{}-help", input.name()))?.dyn_into().ok()
    }

    /// The first element of a template of the page.
    fn copy(&self, template: &str) -> Option<Element> {
        let template: HtmlTemplateElement = self.document.get_element_by_id(template)?.dyn_into().ok()?;
        template.content().first_element_child()?.clone_node_with_deep(true).ok()?.dyn_into().ok()
    }
}

/// What an error says, without the link after it.
fn text_of(error: &Element) -> String {
    let words = error.query_selector("span").ok().flatten();
    let text = words.and_then(|words| words.first_child()).and_then(|text| text.text_content());
    text.unwrap_or_default().trim().to_owned()
}

/// That the code is valid, the page says of the one that it was opened with.
fn mark_code(input: &HtmlInputElement) {
    let badge = input.parent_element().and_then(|parent| parent.query_selector(".badge").ok().flatten());
    if let Some(badge) = badge.and_then(|badge| badge.dyn_into::<HtmlElement>().ok()) {
        badge.set_hidden(input.value() != input.default_value());
    }
}

/// What an error stands behind: the input, or what it shares with a badge.
fn place_of(input: &HtmlInputElement) -> Element {
    let beside = input.closest(".keyfield").ok().flatten();
    beside.unwrap_or_else(|| input.clone().into())
}
