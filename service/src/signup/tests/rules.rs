//! Open registration by rule: invites that admit addresses of their domains without a code, and what becomes of everyone else.

use domain::accounts::AccountStatus;
use domain::groups::GroupDraft;
use domain::invites::{BulkAct, BulkChange, BulkSelection, NewEnd};
use futures::future::join_all;

use super::*;

/// A sign-up without a code, and with these attributes.
fn typed(email: &str, attributes: &[(&str, &str)]) -> SignUp {
    SignUpDraft {
        email: email.to_owned(),
        username: email.split('@').next().unwrap().to_owned(),
        password: PASSWORD.to_owned(),
        attributes: attributes.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        ..SignUpDraft::default()
    }
    .parse()
    .unwrap()
}

async fn send(app: &TestApp, sign_up: SignUp) -> Result<SignedUp, Error> {
    signup::sign_up(&app.ctx, sign_up, None, &Client::default()).await
}

async fn join(app: &TestApp, email: &str) -> Result<SignedUp, Error> {
    send(app, typed(email, &[])).await
}

async fn open(app: &TestApp, owner: &Actor, others: &str) {
    let mode = Some("open".to_owned());
    set(
        app,
        owner,
        SettingsDraft { registration_mode: mode, default_role: Some(others.into()), ..SettingsDraft::default() },
    )
    .await;
}

async fn rule(app: &TestApp, owner: &Actor, more: &str) -> Invite {
    let json = format!(r#"{{"without_code":true,"email_domains":["example.org"]{more}}}"#);
    app.invite(owner, serde_json::from_str(&json).unwrap()).await
}

async fn group(app: &TestApp, owner: &Actor, draft: &str) -> String {
    let draft = serde_json::from_str::<GroupDraft>(draft).unwrap();
    crate::groups::create(&app.ctx, owner, draft.parse().unwrap()).await.unwrap().id.to_string()
}

on_both_databases! {
    async fn addresses_of_its_domains_join_by_an_invite_without_its_code(app: &TestApp) {
        let owner = app.owner().await;
        let potters = group(app, &owner, r#"{"name":"Potters"}"#).await;
        let invite = rule(app, &owner, &format!(r#","groups":["{potters}"],"max_uses":2"#)).await;
        // By invite only, a code is needed all the same.
        assert!(failure(join(app, "mateo@example.org").await).field_error("code").is_some());

        open(app, &owner, "pending").await;
        let mateo = join(app, "mateo@EXAMPLE.org").await.unwrap().account;
        assert_eq!((mateo.role, mateo.status), (Role::User, AccountStatus::Active));
        assert_eq!(app.number("SELECT COUNT(*) FROM memberships").await, 1);
        assert_eq!(used(app).await, 1, "it is in the ledger of the invite");
        let lena = join(app, "lena@other.example").await.unwrap().account;
        assert_eq!(lena.status, AccountStatus::Pending);
        open(app, &owner, "user").await;
        assert_eq!(join(app, "ben@sub.example.org").await.unwrap().account.status, AccountStatus::Active);
        open(app, &owner, "refused").await;
        assert!(failure(join(app, "una@other.example").await).field_error("code").is_some());
        join(app, "ada@example.org").await.unwrap();
        // The last use is gone: it admits nobody any more.
        assert!(failure(join(app, "eve@example.org").await).field_error("code").is_some());
        assert_eq!(used(app).await, 2);
        // Anyone who has a code uses that.
        let other = app.invite(&owner, InviteDraft::default()).await;
        app.sign_up(code(&other), "ole").await.unwrap();
        app.assert_uses_match_redemptions().await;
        // Paused it admits nobody, and the next one does if there is one.
        let next = rule(app, &owner, "").await;
        invites::pause(&app.ctx, &owner, next.id).await.unwrap();
        assert!(failure(join(app, "eve@example.org").await).field_error("code").is_some());
        invites::resume(&app.ctx, &owner, next.id).await.unwrap();
        join(app, "eve@example.org").await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM redemptions").await, 4);
        assert_eq!(invite.terms.max_uses, Some(2));
    }

    async fn attributes_of_a_rule_are_given_and_not_asked_for(app: &TestApp) {
        let owner = app.owner().await;
        open(app, &owner, "refused").await;
        rule(app, &owner, r#","attributes":[{"key":"team","value":"Clay","locked":true}]"#).await;
        // Whether the rule has it, and with this value, is not told.
        let [known, equal, unknown] = [("team", "Wood"), ("team", "Clay"), ("year", "1")].map(|sent| typed("mateo@example.org", &[sent]));
        for (refused, key) in [(known, "attributes.team"), (equal, "attributes.team"), (unknown, "attributes.year")] {
            let why = failure(send(app, refused).await);
            assert!(why.field_error(key).unwrap().contains("no such attribute"), "{why:?}");
        }
        join(app, "mateo@example.org").await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM account_attributes WHERE value = 'Clay'").await, 1);
    }

    async fn a_site_that_closes_while_the_password_is_hashed_lets_nobody_in_without_a_code(app: &TestApp) {
        let owner = app.owner().await;
        open(app, &owner, "pending").await;
        let sign_up = typed("mateo@example.org", &[]);
        let attempt = Attempt::new(&app.ctx, None, &sign_up);
        let new = NewMember { row: new_row(app, "mateo@example.org"), sent: Sent::default() };
        let redeem = async || create_account(&app.ctx, Admission::Open { approved: false }, new.clone(), &attempt, &Client::default()).await;
        open(app, &owner, "refused").await;
        assert!(failure(redeem().await).field_error("code").is_some());
        let mode = Some("invite_only".to_owned());
        set(app, &owner, SettingsDraft { registration_mode: mode, default_role: Some("pending".into()), ..SettingsDraft::default() }).await;
        assert!(failure(redeem().await).field_error("code").is_some());
        open(app, &owner, "pending").await;
        redeem().await.unwrap();
    }

    async fn the_last_uses_of_rules_are_taken_at_the_same_time(app: &TestApp) {
        let owner = app.owner().await;
        open(app, &owner, "pending").await;
        for _ in 0..2 {
            rule(app, &owner, r#","max_uses":1"#).await;
        }
        let emails = ["ada", "ben", "eve", "ole", "una"].map(|name| format!("{name}@example.org"));
        let joined = join_all(emails.iter().map(|email| join(app, email))).await;
        let active = joined.into_iter().filter(|signed_up| signed_up.as_ref().unwrap().account.status == AccountStatus::Active);
        assert_eq!(active.count(), 2, "nobody is refused: the others wait for approval");
        assert_eq!(app.number("SELECT COUNT(*) FROM redemptions").await, 2);
        app.assert_uses_match_redemptions().await;
    }

    async fn any_number_of_rules_counts(app: &TestApp) {
        let owner = app.owner().await;
        open(app, &owner, "refused").await;
        for n in 0..101 {
            let json = format!(r#"{{"without_code":true,"email_domains":["other.example","n{n}.example"]}}"#);
            app.invite(&owner, serde_json::from_str(&json).unwrap()).await;
        }
        rule(app, &owner, "").await;
        join(app, "mateo@example.org").await.unwrap();
        assert!(failure(join(app, "eve@example.or").await).field_error("code").is_some());
        assert!(failure(join(app, "eve@ample.org").await).field_error("code").is_some());
    }

    async fn permissions_are_not_given_for_an_address_that_anyone_can_type(app: &TestApp) {
        let owner = app.owner().await;
        open(app, &owner, "refused").await;
        let moderators = rule(app, &owner, r#","role":"moderator""#).await;
        let mateo = join(app, "mateo@example.org").await.unwrap().account;
        assert_eq!((mateo.role, mateo.status), (Role::Moderator, AccountStatus::Pending));
        invites::delete(&app.ctx, &owner, moderators.id).await.unwrap();

        let helpers = group(app, &owner, r#"{"name":"Helpers"}"#).await;
        rule(app, &owner, &format!(r#","groups":["{helpers}"]"#)).await;
        assert_eq!(join(app, "lena@example.org").await.unwrap().account.status, AccountStatus::Active);
        // The group is given permissions later.
        app.execute("UPDATE groups SET permissions = 'accounts.view'").await;
        assert_eq!(join(app, "ben@example.org").await.unwrap().account.status, AccountStatus::Pending);
    }

    async fn only_who_changes_settings_says_who_needs_no_code(app: &TestApp) {
        let owner = app.owner().await;
        open(app, &owner, "refused").await;
        let moderator = app.account("mina", Role::Moderator).await;
        let draft = |json: &str| serde_json::from_str::<InviteDraft>(json).unwrap();
        let new = draft(r#"{"without_code":true,"email_domains":["example.org"]}"#).parse(app.ctx.now()).unwrap();
        let refused = failure(invites::create(&app.ctx, &moderator, new).await);
        assert_eq!(refused.code, Code::Forbidden);
        let invite = rule(app, &owner, "").await;
        let change = draft(r#"{"email_domains":["evil.example"]}"#);
        assert_eq!(failure(invites::update(&app.ctx, &moderator, invite.id, change).await).code, Code::Forbidden);
        // Neither several at once, nor what is paused.
        let all = |act| BulkChange { act, selection: BulkSelection::Ids(vec![invite.id]), as_of: None };
        let limited: InviteDraft = serde_json::from_str(r#"{"expires_in_hours":24}"#).unwrap();
        invites::update(&app.ctx, &owner, invite.id, limited).await.unwrap();
        let extended = invites::change_all(&app.ctx, &moderator, all(BulkAct::Extend(NewEnd::ByDays(7)))).await.unwrap();
        invites::pause(&app.ctx, &moderator, invite.id).await.unwrap();
        assert_eq!(failure(invites::resume(&app.ctx, &moderator, invite.id).await).code, Code::Forbidden);
        let resumed = invites::change_all(&app.ctx, &moderator, all(BulkAct::Resume)).await.unwrap();
        assert_eq!((extended.changed, resumed.changed), (0, 0));
        invites::resume(&app.ctx, &owner, invite.id).await.unwrap();
        // Anyone who manages it may take the rule out of it, and stop it.
        invites::update(&app.ctx, &moderator, invite.id, draft(r#"{"without_code":false}"#)).await.unwrap();
        assert!(failure(join(app, "mateo@example.org").await).field_error("code").is_some());
    }

    async fn an_invite_that_stops_being_a_rule_while_the_password_is_hashed_spends_no_use(app: &TestApp) {
        let owner = app.owner().await;
        open(app, &owner, "refused").await;
        let invite = rule(app, &owner, "").await;
        let new = |username: &str| NewMember {
            row: new_row(app, &format!("{username}@example.org")),
            sent: Sent::default(),
        };
        let redeem = async |username: &str| {
            let sign_up = sign_up(code(&invite), username);
            let attempt = Attempt::new(&app.ctx, None, &sign_up);
            let admission = Admission::Invite { id: invite.id, by_code: false };
            create_as_admitted(&app.ctx, admission, new(username), &attempt, &Client::default()).await
        };
        for change in [r#"{"without_code":false}"#, r#"{"without_code":true,"email_domains":["other.example"]}"#] {
            invites::update(&app.ctx, &owner, invite.id, serde_json::from_str(change).unwrap()).await.unwrap();
            assert!(failure(redeem("mateo").await).field_error("code").is_some(), "{change}");
        }
        assert_eq!((used(app).await, app.number("SELECT COUNT(*) FROM accounts").await), (0, 1));
        invites::update(&app.ctx, &owner, invite.id, serde_json::from_str(r#"{"email_domains":["example.org"]}"#).unwrap()).await.unwrap();
        redeem("mateo").await.unwrap();
        app.assert_uses_match_redemptions().await;
    }
}
