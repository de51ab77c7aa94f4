//! Asking the server.

use domain::signup::SignUpDraft;
use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestInit, Response, UrlSearchParams};

use crate::form::{Answer, Message, Strength};

/// An answer that takes longer is of no help any more. Milliseconds.
const TIMEOUT: i32 = 5_000;

/// Why there is no answer.
pub(super) enum Failed {
    /// The server does not answer such questions now: too many were asked, or nobody can sign up.
    Refused,
    /// It did not answer in time, or answered something else.
    Unanswered,
}

/// Asks what is wrong with `question`. `asking` ends it.
pub(super) async fn ask(question: &SignUpDraft, asking: Option<&AbortController>) -> Result<Answer, Failed> {
    let response: Response = send(question, asking).await.ok_or(Failed::Unanswered)?;
    if matches!(response.status(), 400..500) {
        return Err(Failed::Refused);
    }
    let json = response.json().ok().filter(|_| response.ok()).ok_or(Failed::Unanswered)?;
    let json = JsFuture::from(json).await.map_err(|_| Failed::Unanswered)?;
    read(&json).ok_or(Failed::Unanswered)
}

async fn send(question: &SignUpDraft, asking: Option<&AbortController>) -> Option<Response> {
    let SignUpDraft { code, email, username, name, password, .. } = question;
    let body = UrlSearchParams::new().ok()?;
    for (name, value) in
        [("code", code), ("email", email), ("username", username), ("name", name), ("password", password)]
    {
        body.append(name, value);
    }
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_body(&body);
    let window = web_sys::window()?;
    if let Some(asking) = asking {
        request.set_signal(Some(&asking.signal()));
        let asking = asking.clone();
        let end = Closure::once_into_js(move || asking.abort());
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(end.unchecked_ref(), TIMEOUT);
    }
    JsFuture::from(window.fetch_with_str_and_init("/signup/check", &request)).await.ok()?.dyn_into().ok()
}

/// What `app::public::signup::Told` wrote. Read by the browser: a parser of our own would be a third of the program.
fn read(json: &JsValue) -> Option<Answer> {
    let wrong: Array = get(json, "wrong")?.dyn_into().ok()?;
    let wrong = wrong.iter().filter_map(|wrong| {
        Some(Message {
            field: get(&wrong, "field")?.as_string()?,
            text: get(&wrong, "message")?.as_string()?,
            sign_in: get(&wrong, "sign_in")?.is_truthy(),
        })
    });
    let strength = get(json, "strength").filter(JsValue::is_object).and_then(|strength| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is from 0 to 4")]
        let score = get(&strength, "score")?.as_f64()? as u8;
        Some(Strength { score, words: get(&strength, "words")?.as_string()? })
    });
    Some(Answer { wrong: wrong.collect(), strength })
}

fn get(value: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(value, &name.into()).ok()
}
