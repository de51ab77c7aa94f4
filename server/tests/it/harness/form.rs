//! Forms of pages.

use super::{Answer, TestApp};

/// A form of a page, as a browser would send it.
#[derive(Clone, Debug)]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    /// Its fields, as they are on the page.
    pub fields: Vec<(String, String)>,
}

/// An attribute of a tag.
fn of<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

impl Form {
    /// The first form of a page.
    ///
    /// # Panics
    /// If there is none.
    #[track_caller]
    pub fn of(page: &str) -> Self {
        let (_, form) = page.split_once("<form").unwrap_or_else(|| panic!("no form: {page}"));
        let form = form.split("</form>").next().unwrap();
        let mut fields = Vec::new();
        for part in form.split('<').skip(1) {
            let (tag, rest) = part.split_once('>').unwrap_or((part, ""));
            let Some(name) = of(tag, "name") else { continue };
            let value = match tag.split(' ').next().unwrap() {
                "input" if matches!(of(tag, "type"), Some("checkbox" | "radio")) && !tag.contains(" checked") => {
                    continue;
                }
                "input" => of(tag, "value").unwrap_or_default(),
                "textarea" => rest,
                "select" => form
                    .split_once(part)
                    .and_then(|(_, after)| after.split("</select>").next())
                    .and_then(|options| options.split("<option").find(|option| option.contains(" selected")))
                    .and_then(|option| of(option, "value"))
                    .unwrap_or_default(),
                _ => continue,
            };
            fields.push((name.to_owned(), unescaped(value)));
        }
        Self { action: of(form, "action").unwrap().to_owned(), fields }
    }

    /// What a field has.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().rev().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// The same with these values.
    #[must_use]
    pub fn with(mut self, typed: &[(&str, &str)]) -> Self {
        for (name, _) in typed {
            self.fields.retain(|(field, _)| field != name);
        }
        self.fields.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self
    }

    /// Sends it without a session.
    pub async fn send(&self, app: &TestApp) -> Answer {
        app.post(&self.action).form(&self.sent()).send().await
    }

    /// Sends it with the cookie of a session.
    pub async fn send_as(&self, app: &TestApp, cookie: &str) -> Answer {
        app.post(&self.action).cookie(cookie).form(&self.sent()).send().await
    }

    fn sent(&self) -> Vec<(&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}
