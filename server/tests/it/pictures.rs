//! Pictures of accounts and applications: what is accepted, what is stored, who sees and who changes them.

use std::io::Cursor;

use domain::accounts::Role;
use image::{GenericImageView, ImageBuffer, ImageFormat, Rgb};
use serde_json::json;

use crate::harness::answer::Answer;
use crate::harness::{Kind, Person, TestApp, on_both_databases};

const OWN: &str = "/me/picture";

/// A picture of one colour.
pub fn picture(format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    ImageBuffer::from_pixel(60, 40, Rgb([200_u8, 60, 60])).write_to(&mut file, format).unwrap();
    file.into_inner()
}

/// A JPEG with Exif data that says where it was taken.
fn jpeg_of_home() -> Vec<u8> {
    let jpeg = picture(ImageFormat::Jpeg);
    let exif = b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0GPS: 38.7223 N, 9.1393 W";
    let length = u16::try_from(2 + exif.len()).unwrap().to_be_bytes();
    [&jpeg[..2], b"\xff\xe1", &length, exif, &jpeg[2..]].concat()
}

/// The path of the picture that an account has, as the dashboard links it.
async fn path_of(app: &TestApp, person: &Person) -> String {
    let version = app.database.number("SELECT picture FROM accounts WHERE picture IS NOT NULL").await;
    format!("/pictures/{}/{version}", person.id)
}

async fn send(app: &TestApp, path: &str, cookie: &str, media_type: &str, file: Vec<u8>) -> Answer {
    app.call("PUT", path).cookie(cookie).body(media_type, file).send().await
}

on_both_databases! {
    async fn everybody_sets_sees_and_removes_their_own_picture(app: &TestApp) {
        let (una, mateo) = (app.person("una", Role::User).await, app.person("mateo", Role::User).await);
        let (cookie, other) = (app.cookie_of(&una).await, app.cookie_of(&mateo).await);
        for (media_type, format) in
            [("image/png", ImageFormat::Png), ("image/jpeg", ImageFormat::Jpeg), ("image/webp", ImageFormat::WebP)]
        {
            send(app, OWN, &cookie, media_type, picture(format)).await.expect(204);
            let path = path_of(app, &una).await;
            let shown = app.get(&path).cookie(&other).send().await.expect(200);
            assert_eq!(shown.header("content-type"), Some("image/jpeg"));
            assert_eq!(shown.header("cache-control"), Some("private, max-age=31536000, immutable"));
            assert_eq!(shown.header("x-content-type-options"), Some("nosniff"));
            assert_eq!(shown.header("cross-origin-resource-policy"), Some("same-origin"));
            assert_eq!(shown.header("content-security-policy"), Some("default-src 'none'; frame-ancestors 'none'"));
            assert_eq!(image::load_from_memory(&shown.body).unwrap().dimensions(), (256, 256));
            let page = app.get("/me/account").cookie(&cookie).send().await.expect(200);
            assert!(page.header("content-security-policy").unwrap().contains("img-src 'self'"));
            assert!(page.text().contains(&format!("<img src=\"{path}\" alt")), "the page shows it");
        }
        let path = path_of(app, &una).await;
        app.delete(OWN).cookie(&cookie).send().await.expect(204);
        app.delete(OWN).cookie(&cookie).send().await.expect(204);
        app.get(&path).cookie(&cookie).send().await.expect(404);
        assert_eq!(app.database.rows("pictures").await, 0);
        assert!(!app.get("/me/account").cookie(&cookie).send().await.expect(200).text().contains("/pictures/"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_is_signed_in_sees_a_picture() {
    let app = TestApp::sqlite().await;
    let una = app.person("una", Role::User).await;
    let cookie = app.cookie_of(&una).await;
    send(&app, OWN, &cookie, "image/png", picture(ImageFormat::Png)).await.expect(204);
    let path = path_of(&app, &una).await;
    app.get(&path).send().await.expect(404);
    let key = app.owner_key().await;
    app.get(&path).bearer(&key).send().await.expect(404);
    let id = una.id;
    for absent in [
        format!("{path}0"),
        format!("/pictures/{id}/1"),
        format!("/pictures/{id}/x"),
        format!("/pictures/{id}/-1"),
        format!("/pictures/{id}/99999999999999999999"),
        "/pictures/x/1".to_owned(),
        "/pictures/%ff/1".to_owned(),
        "/pictures/0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77/1".to_owned(),
    ] {
        let answer = app.get(&absent).cookie(&cookie).send().await.expect(404);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{absent}");
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_picture_is_refused_in_plain_words() {
    let app = TestApp::sqlite().await;
    let una = app.person("una", Role::User).await;
    let cookie = app.cookie_of(&una).await;
    let plain = "Choose a PNG, JPEG or WebP picture of at most 2 MiB.";
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec();
    let html = b"<!doctype html><script>alert(1)</script>".to_vec();
    let png = picture(ImageFormat::Png);
    let mut grown = png.clone();
    grown.resize(2 * 1024 * 1024 + 1, 0);
    for (media_type, file, status, code) in [
        ("image/svg+xml", svg.clone(), 415, "unsupported_media_type"),
        ("text/html", html.clone(), 415, "unsupported_media_type"),
        ("application/json", png.clone(), 415, "unsupported_media_type"),
        ("", png.clone(), 415, "unsupported_media_type"),
        ("image/png", svg, 422, "invalid"),
        ("image/png", html, 422, "invalid"),
        ("image/png", Vec::new(), 422, "invalid"),
        ("image/png", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), 422, "invalid"),
        ("image/png", grown, 413, "payload_too_large"),
    ] {
        let refused = send(&app, OWN, &cookie, media_type, file).await.expect(status).json();
        assert_eq!((&refused["code"], &refused["message"]), (&json!(code), &json!(plain)), "{media_type}");
    }
    let damaged = send(&app, OWN, &cookie, "image/png", png[..png.len() / 2].to_vec()).await.expect(422).json();
    assert_eq!(damaged["message"], "This picture cannot be read: the file is damaged. Choose another one.");
    assert_eq!(app.database.rows("pictures").await, 0);
    // The greatest size itself is accepted. What follows the end of a picture is not part of it.
    let mut largest = png;
    largest.resize(2 * 1024 * 1024, 0);
    send(&app, OWN, &cookie, "image/png", largest).await.expect(204);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_file_that_says_that_it_is_huge_is_refused() {
    let app = TestApp::sqlite().await;
    let una = app.person("una", Role::User).await;
    let cookie = app.cookie_of(&una).await;
    // 60,000 × 60,000 pixels would be 14 GB. The check of the chunk is that of these bytes (CRC-32).
    let bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xea\x60\0\0\xea\x60\x08\x06\0\0\0\x80\xd2\x75\x42\
                 \0\0\0\x0bIDAT\x78\x01\x01\0\0\xff\xff\0\0\0\x01\x89\xd6\xae\x5f\0\0\0\0IEND\xae\x42\x60\x82";
    let refused = send(&app, OWN, &cookie, "image/png", bomb.to_vec()).await.expect(422).json();
    assert!(refused["message"].as_str().unwrap().starts_with("This picture has too many pixels."), "{refused}");
    // A JPEG whose frame says the same.
    let mut jpeg = picture(ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xea, 0x60, 0xea, 0x60]);
    let refused = send(&app, OWN, &cookie, "image/jpeg", jpeg).await.expect(422).json();
    assert!(refused["message"].as_str().unwrap().starts_with("This picture has too many pixels."), "{refused}");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_the_file_but_its_pixels_is_stored() {
    let app = TestApp::sqlite().await;
    let una = app.person("una", Role::User).await;
    let cookie = app.cookie_of(&una).await;
    let sent = [jpeg_of_home(), b"<script>alert(1)</script>".to_vec()].concat();
    send(&app, OWN, &cookie, "image/jpeg", sent.clone()).await.expect(204);
    let shown = app.get(&path_of(&app, &una).await).cookie(&cookie).send().await.expect(200);
    for secret in [b"Exif".as_slice(), b"GPS", b"38.7223", b"<script>"] {
        let has = |bytes: &[u8]| bytes.windows(secret.len()).any(|part| part == secret);
        assert!(has(&sent) && !has(&shown.body), "{}", String::from_utf8_lossy(secret));
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_can_neither_set_nor_remove_a_picture() {
    let app = TestApp::sqlite().await;
    let (owner, una) = (app.person("ines", Role::Owner).await, app.person("una", Role::User).await);
    let cookie = app.cookie_of(&owner).await;
    let member = format!("/admin/members/{}/picture", una.id);
    let key = app.key_of(&owner).await;
    let draft = json!({ "name": "Chat", "url": "https://chat.example.org" });
    let chat = app.post("/api/v1/admin/applications").bearer(&key).json(&draft).send().await.expect(201).json();
    let application = format!("/admin/applications/{}/picture", chat["id"].as_str().unwrap());
    for path in [OWN, &member, &application] {
        send(&app, path, &cookie, "image/png", picture(ImageFormat::Png)).await.expect(204);
    }
    for (name, value) in [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site")] {
        for path in [OWN, &member, &application] {
            for method in ["PUT", "DELETE"] {
                let call = app.call(method, path).body("image/png", picture(ImageFormat::Png));
                let refused = call.header("cookie", &cookie).header(name, value).send().await.expect(403).json();
                assert_eq!(refused["code"], "cross_origin", "{method} {path} with {name}: {value}");
            }
        }
    }
    assert_eq!(app.database.rows("pictures").await, 3);
    let set = "SELECT COUNT(*) FROM audit_log WHERE action = 'account.set_picture'";
    assert_eq!(app.database.number(set).await, 2);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_change_a_picture() {
    let app = TestApp::sqlite().await;
    let (owner, moderator) = (app.person("ines", Role::Owner).await, app.person("mo", Role::Moderator).await);
    let (una, mateo) = (app.person("una", Role::User).await, app.person("mateo", Role::User).await);
    let of = |person: &Person| format!("/admin/members/{}/picture", person.id);
    let png = || picture(ImageFormat::Png);
    for path in [OWN.to_owned(), of(&una)] {
        for method in ["PUT", "DELETE"] {
            let refused = app.call(method, &path).body("image/png", png()).send().await.expect(401).json();
            assert_eq!(refused["code"], "unauthenticated", "{method} {path}");
        }
        let key = app.key_of(&owner).await;
        app.call("PUT", &path).bearer(&key).body("image/png", png()).send().await.expect(401);
    }
    let cookie = async |person: &Person| app.cookie_of(person).await;
    let (by_moderator, by_member) = (cookie(&moderator).await, cookie(&mateo).await);
    for (cookie, path, status) in [
        (&by_member, of(&una), 403),
        (&by_member, of(&mateo), 403),
        (&by_moderator, of(&owner), 403),
        (&by_moderator, of(&moderator), 403),
        (&by_moderator, "/admin/members/x/picture".to_owned(), 404),
        (&by_moderator, "/admin/members/%ff/picture".to_owned(), 404),
        (&by_moderator, "/admin/members/0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77/picture".to_owned(), 404),
    ] {
        assert_eq!(send(&app, &path, cookie, "image/png", png()).await.status.as_u16(), status, "PUT {path}");
        assert_eq!(app.delete(&path).cookie(cookie).send().await.status.as_u16(), status, "DELETE {path}");
    }
    send(&app, &of(&una), &by_moderator, "image/png", png()).await.expect(204);
    app.delete(&of(&una)).cookie(&by_moderator).send().await.expect(204);
    assert_eq!(app.database.rows("pictures").await, 0);
    app.close().await;
}

on_both_databases! {
    async fn programs_set_read_and_remove_pictures(app: &TestApp) {
        let key = app.owner_key().await;
        let una = app.person("una", Role::User).await;
        let account = format!("/api/v1/admin/accounts/{}", una.id);
        let path = format!("{account}/picture");
        let set_at = async || app.get(&account).bearer(&key).send().await.expect(200).json()["picture_set_at"].clone();
        app.get(&path).bearer(&key).send().await.problem(404, "not_found");
        assert!(set_at().await.is_null());
        let send = |media_type: &str, file: Vec<u8>| app.call("PUT", &path).bearer(&key).body(media_type, file).send();
        send("image/webp", picture(ImageFormat::WebP)).await.expect(204);
        let read = app.get(&path).bearer(&key).send().await.expect(200);
        assert_eq!((read.header("content-type"), read.header("cache-control")), (Some("image/jpeg"), Some("no-store")));
        assert_eq!(image::load_from_memory(&read.body).unwrap().dimensions(), (256, 256));
        assert!(set_at().await.is_string());
        send("image/gif", picture(ImageFormat::Png)).await.problem(415, "unsupported_media_type");
        send("image/png", b"no picture".to_vec()).await.invalid(&["picture"]);
        send("image/png", vec![0; 2 * 1024 * 1024 + 1]).await.problem(413, "payload_too_large");
        // The other routes have the limit that they had.
        let large = "x".repeat(70_000);
        app.patch(&account).bearer(&key).json(&json!({ "name": large })).send().await.problem(413, "payload_too_large");
        app.delete(&path).bearer(&key).send().await.expect(204);
        app.get(&path).bearer(&key).send().await.problem(404, "not_found");
        app.call("PUT", &path).body("image/png", picture(ImageFormat::Png)).send().await.problem(401, "unauthenticated");
        let nobody = "/api/v1/admin/accounts/0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77/picture";
        let absent = app.call("PUT", nobody).bearer(&key).body("image/png", picture(ImageFormat::Png)).send().await;
        absent.problem(404, "not_found");
        app.get(nobody).bearer(&key).send().await.problem(404, "not_found");
    }
}

on_both_databases! {
    async fn staff_and_programs_set_the_picture_of_an_application(app: &TestApp) {
        let (owner, una) = (app.person("ines", Role::Owner).await, app.person("una", Role::User).await);
        let (key, cookie, other) = (app.key_of(&owner).await, app.cookie_of(&owner).await, app.cookie_of(&una).await);
        let draft = json!({ "name": "Chat", "url": "https://chat.example.org" });
        let chat = app.post("/api/v1/admin/applications").bearer(&key).json(&draft).send().await.expect(201).json();
        let id = chat["id"].as_str().unwrap();
        assert!(chat["picture_set_at"].is_null());
        let (by_page, by_rest) = (format!("/admin/applications/{id}/picture"), format!("/api/v1/admin/applications/{id}/picture"));
        app.get(&by_rest).bearer(&key).send().await.problem(404, "not_found");
        for path in [by_page.as_str(), "/admin/applications/x/picture"] {
            let refused = send(app, path, &other, "image/png", picture(ImageFormat::Png)).await;
            assert_eq!(refused.status.as_u16(), if path == by_page { 403 } else { 404 }, "{path}");
        }
        send(app, &by_page, &cookie, "image/png", picture(ImageFormat::Png)).await.expect(204);
        let version = app.database.number("SELECT picture FROM applications").await;
        let shown = format!("/pictures/{id}/{version}");
        let seen = app.get(&shown).cookie(&other).send().await.expect(200);
        assert_eq!(image::load_from_memory(&seen.body).unwrap().dimensions(), (256, 256));
        assert!(app.get("/me").cookie(&other).send().await.expect(200).text().contains(&shown), "the tile shows it");
        app.get(&shown).send().await.expect(404);
        app.get(&format!("/api/v1/admin/accounts/{id}/picture")).bearer(&key).send().await.problem(404, "not_found");

        let put = app.call("PUT", &by_rest).bearer(&key).body("image/webp", picture(ImageFormat::WebP));
        put.send().await.expect(204);
        app.get(&shown).cookie(&other).send().await.expect(404);
        assert_eq!(app.get(&by_rest).bearer(&key).send().await.expect(200).header("content-type"), Some("image/jpeg"));
        let large = app.call("PUT", &by_rest).bearer(&key).body("image/png", vec![0; 2 * 1024 * 1024 + 1]);
        large.send().await.problem(413, "payload_too_large");
        app.delete(&by_page).cookie(&cookie).send().await.expect(204);
        app.get(&by_rest).bearer(&key).send().await.problem(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_says_who_is_online_and_when_an_account_changed() {
    let app = TestApp::start(Kind::Sqlite).await;
    let (owner, una) = (app.person("ines", Role::Owner).await, app.person("una", Role::User).await);
    let cookie = app.cookie_of(&owner).await;
    let page = async |path: &str| app.get(path).cookie(&cookie).send().await.expect(200).text();
    let member = format!("/admin/members/{}", una.id);
    assert!(page(&member).await.contains(">Updated<"));
    assert!(!page(&member).await.contains("Online now"));
    assert_eq!(page("/admin/members").await.matches("Online now").count(), 1, "the owner is");
    app.cookie_of(&una).await;
    assert!(page(&member).await.contains("Online now"));
    assert_eq!(page("/admin/members").await.matches("Online now").count(), 2);
    app.database.execute("UPDATE accounts SET last_active_at = last_active_at - 300000000").await;
    assert!(!page(&member).await.contains("Online now"));
    app.close().await;
}
