//! The form for one's own website, which the settings page offers.

use domain::accounts::Role;
use serde_json::json;

use crate::harness::{Person, TestApp, on_both_databases};

/// The value of an attribute in HTML without another one of the same name.
fn attribute<'a>(html: &'a str, name: &str) -> &'a str {
    let (_, value) = html.split_once(&format!("{name}=\"")).unwrap_or_else(|| panic!("no {name} in {html}"));
    value.split_once('"').unwrap().0
}

/// The HTML that the settings page shows this owner to be copied.
async fn form(app: &TestApp, owner: &Person) -> String {
    let page = app.get("/admin/settings").cookie(&app.cookie_of(owner).await).send().await.expect(200).text();
    let (_, shown) = page.split_once("id=\"own-site-form\"").unwrap();
    let (_, shown) = shown.split_once("<code>").unwrap();
    let shown = shown.split_once("</code>").unwrap().0;
    shown.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// Encodes text as a browser does in a query.
fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

on_both_databases! {
    async fn a_code_that_is_typed_on_another_site_is_in_the_field(app: &TestApp) {
        let owner = app.person("ines", Role::Owner).await;
        let form = form(app, &owner).await;
        let action = attribute(&form, "action");
        assert_eq!((action, attribute(&form, "method")), (format!("{}/signup", app.origin()).as_str(), "get"));
        let (input, label) = (form.split_once("<input").unwrap().1, form.split_once("<label").unwrap().1);
        assert_eq!(attribute(label, "for"), attribute(input, "id"), "the label belongs to the field");
        for never in ["<script", "<iframe", "style=", " on"] {
            assert!(!form.contains(never), "{never}");
        }
        let name = attribute(input, " name");
        let key = app.key_of(&owner).await;
        let random = app.invite(&key, &json!({ "label": "Course" })).await;
        let own = app.invite(&key, &json!({ "code": "Open-Evening" })).await;
        let (random, own) = (random["code"].as_str().unwrap(), own["code"].as_str().unwrap());
        let submit = async |typed: &str| {
            let call = app.get(&format!("/signup?{name}={}", encode(typed)));
            let call = call.header("referer", "https://club.example/").header("sec-fetch-site", "cross-site");
            call.header("sec-fetch-mode", "navigate").header("sec-fetch-dest", "document").send().await
        };
        let link = format!("{}/inv/{random}", app.origin());
        let spaced = format!(" {random} ");
        for (typed, field) in
            [(random, random), (&spaced, random), (&link, random), (own, own), ("OPEN-evening", "OPEN-evening")]
        {
            let answer = submit(typed).await.expect(200);
            // The address of the page has the code: other sites are not told it.
            assert_eq!(answer.header("referrer-policy"), Some("same-origin"), "{typed}");
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{typed}");
            let page = answer.text();
            assert!(page.contains(&format!("value=\"{field}\"")), "{typed}: {page}");
            assert!(page.contains("name=\"password\""), "{typed}: the sign-up form");
        }
        let wrong = "nosuchcode99 <b>";
        let page = submit(wrong).await.expect(404).text();
        assert!(page.contains("This invite code doesn’t work"), "{page}");
        assert!(page.contains(&format!("name=\"{name}\"")) && page.contains("aria-invalid"), "{page}");
        assert!(page.contains("value=\"nosuchcode99 &lt;b&gt;\""), "what was typed is kept, as text: {page}");
        assert!(submit("").await.expect(200).text().contains(&format!("name=\"{name}\"")), "a code is asked for");
    }
}
