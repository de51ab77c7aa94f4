//! The browser bundle: its URL changes with its content, it can be cached without limit, and it is never served as a
//! page.

use std::fs;

use domain::accounts::Role;

use crate::harness::app::Setup;
use crate::harness::{Kind, TestApp};

async fn with_bundle(folder: &tempfile::TempDir) -> TestApp {
    for (name, content) in [
        ("latchkey.js", "export default 1"),
        ("latchkey_bg.wasm", "\0asm"),
        ("help.js", "export default 2"),
        ("help_bg.wasm", "\0asm"),
        ("latchkey.css", "body { color: red }"),
        ("public.css", "body { color: blue }"),
        ("icons.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
        (
            "parts.json",
            r#"{ "overview": ["overview.wasm", "shared.wasm"], "settings": ["settings.wasm", "shared.wasm"] }"#,
        ),
        ("overview.wasm", "\0asm"),
        ("index.html", "<script>Trunk's own</script>"),
    ] {
        fs::write(folder.path().join(name), content).unwrap();
    }
    TestApp::start_as(Kind::Sqlite, Setup { dist: Some(folder.path().to_owned()), ..Setup::default() }).await
}

/// The URL of the style sheet on the sign-in page.
async fn style_sheet(app: &TestApp) -> String {
    let page = app.get("/login").send().await;
    let text = page.text();
    let end = text.find("/latchkey.css").expect("a style sheet") + "/latchkey.css".len();
    let start = text[..end].rfind('"').expect("a quote") + 1;
    text[start..end].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn assets_of_a_page_are_served_as_immutable() {
    let folder = tempfile::tempdir().unwrap();
    let app = with_bundle(&folder).await;
    let css = style_sheet(&app).await;
    let (prefix, _) = css.rsplit_once('/').unwrap();
    assert!(prefix.starts_with("/pkg/") && prefix.len() >= "/pkg/".len() + 8, "{prefix}");
    for (name, kind) in [
        ("latchkey.css", "text/css; charset=utf-8"),
        ("latchkey.js", "text/javascript; charset=utf-8"),
        ("latchkey_bg.wasm", "application/wasm"),
        ("help.js", "text/javascript; charset=utf-8"),
        ("help_bg.wasm", "application/wasm"),
        ("overview.wasm", "application/wasm"),
        ("icons.svg", "image/svg+xml"),
    ] {
        let answer = app.get(&format!("{prefix}/{name}")).send().await.expect(200);
        assert_eq!(answer.header("content-type"), Some(kind));
        assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
        assert_eq!(answer.body, fs::read(folder.path().join(name)).unwrap());
        let head = app.call("HEAD", &format!("{prefix}/{name}")).send().await.expect(200);
        assert!(head.body.is_empty());
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dashboard_page_preloads_its_own_part() {
    let folder = tempfile::tempdir().unwrap();
    let app = with_bundle(&folder).await;
    let cookie = app.cookie_of(&app.person("ines", Role::Owner).await).await;
    for (path, parts) in [
        ("/admin", ["overview", "shared"].as_slice()),
        ("/admin/settings?from=elsewhere", &["settings", "shared"]),
        // Its part is in no manifest here, as nothing is at this address at all.
        ("/admin/redemptions", &[]),
        ("/me/nowhere", &[]),
    ] {
        let text = app.get(path).cookie(&cookie).send().await.text();
        let preloaded: Vec<_> = text
            .split("<link ")
            .filter_map(|rest| rest.split('>').next())
            .filter(|link| link.starts_with("rel=\"preload\"") && !link.contains("latchkey_bg.wasm"))
            .filter_map(|link| link.split(".wasm").next()?.rsplit('/').next())
            .collect();
        assert_eq!(preloaded, parts, "{path}");
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_files_and_other_builds_are_not_served() {
    let folder = tempfile::tempdir().unwrap();
    let app = with_bundle(&folder).await;
    let css = style_sheet(&app).await;
    let (prefix, _) = css.rsplit_once('/').unwrap();
    for path in [
        format!("{prefix}/index.html"),
        format!("{prefix}/missing.js"),
        format!("{prefix}/..%2F..%2F..%2Fetc%2Fpasswd"),
        format!("{prefix}/%2e%2e"),
        format!("{prefix}/"),
        prefix.to_owned(),
        "/pkg/0000000000000000/latchkey.js".to_owned(),
        "/pkg".to_owned(),
        "/index.html".to_owned(),
        "/dist/index.html".to_owned(),
    ] {
        let answer = app.get(&path).send().await.expect(404);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert!(!answer.text().contains("Trunk's own"), "{path}");
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_url_changes_with_the_content() {
    let folder = tempfile::tempdir().unwrap();
    let app = with_bundle(&folder).await;
    let before = style_sheet(&app).await;
    fs::write(folder.path().join("latchkey.js"), "export default 'another'").unwrap();
    let after = style_sheet(&app).await;
    assert_ne!(before, after);
    app.get(&before).send().await.expect(404);
    app.get(&after).send().await.expect(200);
    app.close().await;
}

/// `make test` embeds the bundle in the binary, like a release. With a plain `cargo test` there is none to test.
#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_bundle_is_sent_in_the_smallest_accepted_encoding() {
    if !server::assets::Assets::of_this_build().are_embedded() {
        return;
    }
    let app = TestApp::sqlite().await;
    let css = style_sheet(&app).await;
    let script = css.replace("latchkey.css", "latchkey_bg.wasm");
    let get = |accept: &'static str| app.get(&script).header("accept-encoding", accept).send();
    let plain = app.get(&script).send().await.expect(200);
    let (gzip, brotli) = (get("gzip").await.expect(200), get("gzip, br").await.expect(200));
    assert_eq!((gzip.header("content-encoding"), brotli.header("content-encoding")), (Some("gzip"), Some("br")));
    assert!(brotli.body.len() < gzip.body.len() && gzip.body.len() < plain.body.len());
    for answer in [&plain, &gzip, &brotli] {
        assert_eq!(answer.header("vary"), Some("accept-encoding"));
        assert_eq!(answer.header("content-type"), Some("application/wasm"));
    }
    assert_eq!(get("br;q=0, gzip").await.header("content-encoding"), Some("gzip"));
    app.close().await;
}
