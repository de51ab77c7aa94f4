//! What an invite asks of those who sign up with it, and what it gives them.

use domain::accounts::AccountStatus;
use domain::invites::Invite;
use domain::signup::{Invitation, LockedEmail};

use super::*;

fn draft(json: &str) -> InviteDraft {
    serde_json::from_str(json).unwrap()
}

/// A sign-up with this address and these attributes.
fn member(invite: &Invite, email: &str, attributes: &[(&str, &str)]) -> SignUp {
    SignUpDraft {
        code: code(invite).to_owned(),
        email: email.to_owned(),
        username: email.split('@').next().unwrap().to_owned(),
        password: PASSWORD.to_owned(),
        attributes: attributes.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        ..SignUpDraft::default()
    }
    .parse()
    .unwrap()
}

async fn join(app: &TestApp, sign_up: SignUp) -> Result<SignedUp, Error> {
    signup::sign_up(&app.ctx, sign_up, None, &Client::default()).await
}

async fn lookup(app: &TestApp, code: &str) -> Lookup {
    invites::lookup(&app.ctx, code, &Client::default()).await.unwrap()
}

async fn invitation(app: &TestApp, invite: &Invite) -> Invitation {
    match lookup(app, code(invite)).await {
        Lookup::Open(invitation) => *invitation,
        other => panic!("{other:?}"),
    }
}

on_both_databases! {
    async fn only_the_address_an_invite_is_locked_to_signs_up(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, draft(r#"{"email":"Mateo@postbox.example","max_uses":1}"#)).await;
        // An address with an account and one without get the same answer.
        let taken = failure(join(app, member(&invite, "ngozi@bramble.example", &[])).await);
        let free = failure(join(app, member(&invite, "lena@bramble.example", &[])).await);
        assert_eq!((taken.code, taken.field_error("email")), (Code::Invalid, free.field_error("email")));
        assert_eq!(taken.fields.len(), 1, "nothing is said of what is taken: {taken:?}");
        assert_eq!(used(app).await, 0);

        let unparsed = SignUpDraft {
            code: code(&invite).to_owned(),
            email: "ngozi@bramble.example".to_owned(),
            ..SignUpDraft::default()
        };
        let refused = unparsed.parse().unwrap_err();
        let refused = failure(Err::<(), _>(signup::refuse(&app.ctx, &unparsed, refused, &Client::default()).await));
        assert_eq!(refused.field_error("email"), free.field_error("email"));

        let made = join(app, member(&invite, "mateo@POSTBOX.example", &[])).await.unwrap();
        assert_eq!(made.account.email.as_str(), "mateo@POSTBOX.example");
        app.assert_uses_match_redemptions().await;
    }

    async fn only_addresses_of_the_domains_sign_up(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, draft(r#"{"email_domains":["Postbox.example","example.org"]}"#)).await;
        let refused = failure(join(app, member(&invite, "lena@sub.example.org", &[])).await);
        assert!(refused.field_error("email").unwrap().contains("postbox.example, example.org"), "{refused:?}");
        join(app, member(&invite, "lena@example.ORG", &[])).await.unwrap();
        assert_eq!(used(app).await, 1);
    }

    async fn an_invite_can_ask_for_approval(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, draft(r#"{"approval":true}"#)).await;
        let made = join(app, member(&invite, "mateo@postbox.example", &[])).await.unwrap();
        assert_eq!(made.account.status, AccountStatus::Pending);
        assert!(invitation(app, &invite).await.needs_approval);
    }

    async fn attributes_are_kept_and_locked_ones_stay(app: &TestApp) {
        let owner = app.owner().await;
        let attributes = r#"{"attributes":[{"key":"team","value":"Clay","locked":true},{"key":"year","value":"2"}]}"#;
        let invite = app.invite(&owner, draft(attributes)).await;
        let of = async |made: &SignedUp| {
            let kept = attributes::store::of_account(&app.ctx.db().write, made.account.id).await.unwrap();
            kept.iter().map(|kept| format!("{}={}", kept.key, kept.value)).collect::<Vec<_>>().join(" ")
        };
        let mateo = "mateo@postbox.example";
        for (wrong, field) in [(("team", "Wood"), "attributes.team"), (("team", ""), "attributes.team"), (("rank", "1"), "attributes.rank")] {
            let refused = failure(join(app, member(&invite, mateo, &[wrong])).await);
            assert!(refused.code == Code::Invalid && refused.field_error(field).is_some(), "{refused:?}");
        }
        let made = join(app, member(&invite, mateo, &[("team", "Clay"), ("year", "3")])).await.unwrap();
        assert_eq!(of(&made).await, "team=Clay year=3");
        let made = join(app, member(&invite, "lena@postbox.example", &[])).await.unwrap();
        assert_eq!(of(&made).await, "team=Clay year=2", "what is not sent is the invite's");
        let made = join(app, member(&invite, "ada@postbox.example", &[("year", "")])).await.unwrap();
        assert_eq!(of(&made).await, "team=Clay");
        // Without an invite there are none.
        set(app, &owner, SettingsDraft { registration_mode: Some("open".into()), ..SettingsDraft::default() }).await;
        let open = SignUp { code: None, ..member(&invite, "ben@postbox.example", &[("team", "Clay")]) };
        assert!(failure(join(app, open).await).field_error("attributes.team").is_some());
    }

    async fn access_ends_by_itself(app: &TestApp) {
        let owner = app.owner().await;
        let new = serde_json::from_str::<domain::groups::GroupDraft>(r#"{"name":"Potters"}"#).unwrap();
        let potters = crate::groups::create(&app.ctx, &owner, new.parse().unwrap()).await.unwrap().id;
        let groups = format!(r#"{{"groups":["{potters}"],"ends":{{"of":"groups","after_days":30}}}}"#);
        let invite = app.invite(&owner, draft(&groups)).await;
        let made = join(app, member(&invite, "mateo@postbox.example", &[])).await.unwrap();
        assert_eq!(made.account.ends_at, None, "the account stays");
        let in_30_days = app.ctx.now().plus(Duration::from_hours(720));
        let of_account = async || memberships::store::of_account(&app.ctx.db().write, made.account.id, app.ctx.now()).await.unwrap();
        assert_eq!(of_account().await[0].ends_at, Some(in_30_days));

        let at = app.ctx.now().plus(Duration::from_hours(48)).to_rfc3339();
        let account = format!(r#"{{"groups":["{potters}"],"expires_in_hours":48,"ends":{{"of":"account","at":"{at}"}}}}"#);
        let invite = app.invite(&owner, draft(&account)).await;
        app.advance(Duration::from_hours(47));
        let late = join(app, member(&invite, "lena@postbox.example", &[])).await.unwrap().account;
        assert_eq!(late.ends_at.map(Timestamp::to_rfc3339), Some(at));
        let row = accounts::find(&app.ctx.db().write, late.id).await.unwrap().unwrap();
        assert_eq!(accounts::account(&row, app.ctx.now().plus(Duration::from_hours(1))).unwrap().status, AccountStatus::Ended);
        app.advance(Duration::from_hours(30 * 24));
        assert_eq!(of_account().await, []);
    }

    async fn what_changes_while_the_password_is_hashed_counts(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, draft(r#"{"attributes":[{"key":"team","value":"Clay"}]}"#)).await;
        let sign_up = member(&invite, "mateo@postbox.example", &[("team", "Wood")]);
        let attempt = Attempt::new(&app.ctx, None, &sign_up);
        let redeem = async |answers| {
            let new = NewMember { row: new_row(app, "mateo@postbox.example"), sent: Sent { answers, ..Sent::default() } };
            create_account(&app.ctx, Admission::Invite { id: invite.id, by_code: true }, new, &attempt, &Client::default()).await
        };
        for change in [r#"{"email":"lena@postbox.example"}"#, r#"{"email":null,"email_domains":["example.org"]}"#] {
            invites::update(&app.ctx, &owner, invite.id, draft(change)).await.unwrap();
            let refused = failure(redeem(Answers::new()).await);
            assert!(refused.field_error("email").is_some(), "{change}: {refused:?}");
        }
        let locked = r#"{"email_domains":null,"attributes":[{"key":"team","value":"Clay","locked":true}]}"#;
        invites::update(&app.ctx, &owner, invite.id, draft(locked)).await.unwrap();
        assert!(failure(redeem(sign_up.attributes.clone()).await).field_error("attributes.team").is_some());
        assert_eq!(used(app).await, 0, "no use is spent");
        assert_eq!(app.number("SELECT COUNT(*) FROM accounts").await, 1);
        redeem(Answers::new()).await.unwrap();
        app.assert_uses_match_redemptions().await;
    }

    async fn a_repeated_attempt_with_other_attributes_is_another_request(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, draft(r#"{"attributes":[{"key":"team","value":"Clay"}]}"#)).await;
        let send = async |team: &str| {
            let sign_up = member(&invite, "mateo@postbox.example", &[("team", team)]);
            signup::sign_up(&app.ctx, sign_up, Some(key("one")), &Client::default()).await
        };
        assert!(!send("Wood").await.unwrap().replayed);
        assert!(send("Wood").await.unwrap().replayed);
        assert_eq!(failure(send("Glass").await).code, Code::IdempotencyKeyReused);
    }

    async fn an_invite_leads_on_as_far_as_the_settings_allow(app: &TestApp) {
        let owner = app.owner().await;
        let forum = r#"{"after":"https://forum.example.org/start"}"#;
        let new = draft(forum).parse(app.ctx.now()).unwrap();
        let refused = failure(invites::create(&app.ctx, &owner, new).await);
        assert!(refused.code == Code::Invalid && refused.field_error("after").is_some(), "{refused:?}");

        let allow = async |origins: &[&str]| {
            let allowed_origins = Some(origins.iter().map(|origin| (*origin).to_owned()).collect());
            set(app, &owner, SettingsDraft { allowed_origins, ..SettingsDraft::default() }).await;
        };
        allow(&["https://forum.example.org"]).await;
        let invite = app.invite(&owner, draft(forum)).await;
        let mateo = join(app, member(&invite, "mateo@postbox.example", &[])).await.unwrap().account.id;
        let after = async |account| {
            signup::after(&app.ctx, account).await.unwrap().map(|after| after.as_str().to_owned())
        };
        assert_eq!(after(mateo).await.as_deref(), Some("https://forum.example.org/start"));
        allow(&[]).await;
        assert_eq!(after(mateo).await, None, "the settings of that moment count");
        let label = draft(r#"{"label":"Forum"}"#);
        assert!(invites::update(&app.ctx, &owner, invite.id, label).await.is_ok(), "a change of something else");
        invites::update(&app.ctx, &owner, invite.id, draft(r#"{"after":"/me"}"#)).await.unwrap();
        assert_eq!(after(mateo).await.as_deref(), Some("/me"));
        assert_eq!(after(owner.id()).await, None, "who came without an invite");
    }

    async fn the_holder_of_a_code_sees_what_it_asks_for(app: &TestApp) {
        let owner = app.owner().await;
        let all = r#"{"email":"mateo@postbox.example","email_domains":["postbox.example"],"max_uses":3,
            "attributes":[{"key":"team","value":"Clay","locked":true}],"welcome_text":"**Hello**",
            "ends":{"of":"account","after_days":30},"existing_members":false,"show_uses_left":false}"#;
        let invite = app.invite(&owner, draft(all)).await;
        let seen = invitation(app, &invite).await;
        assert_eq!(seen.email, Some(LockedEmail::Shown(Email::parse("mateo@postbox.example").unwrap())));
        assert_eq!(seen.welcome_text.unwrap().as_str(), "**Hello**");
        assert_eq!((seen.uses_left, seen.existing_members, seen.needs_approval), (None, false, false));
        assert_eq!((seen.attributes, seen.ends), (invite.terms.attributes.clone(), invite.terms.ends));
        assert_eq!(seen.email_domains, invite.terms.email_domains);

        invites::pause(&app.ctx, &owner, invite.id).await.unwrap();
        match lookup(app, code(&invite)).await {
            Lookup::Unavailable { email, .. } => assert_eq!(email.as_deref(), Some("m…@p….example")),
            other => panic!("{other:?}"),
        }
        // A code that can be guessed shows no address.
        let own = app.invite(&owner, draft(r#"{"code":"SUMMER-2027","email":"mateo@postbox.example"}"#)).await;
        assert_eq!(invitation(app, &own).await.email, Some(LockedEmail::Masked("m…@p….example".to_owned())));
    }

    async fn deleting_a_member_takes_its_address_out_of_the_invite(app: &TestApp) {
        let owner = app.owner().await;
        let attributes = r#"{"email":"mateo@postbox.example","max_uses":2,"attributes":[{"key":"team","value":"Clay"}]}"#;
        let invite = app.invite(&owner, draft(attributes)).await;
        let other = app.invite(&owner, draft(r#"{"email":"lena@postbox.example"}"#)).await;
        let mateo = join(app, member(&invite, "mateo@postbox.example", &[])).await.unwrap().account.id;
        crate::members::delete(&app.ctx, &owner, mateo).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM account_attributes").await, 0);
        assert_eq!(app.number("SELECT COUNT(*) FROM invites WHERE email LIKE 'mateo%'").await, 0);
        let again = failure(join(app, member(&invite, "mateo@postbox.example", &[])).await);
        assert_eq!(again.code, Code::InviteInvalid, "it is for nobody now");
        join(app, member(&other, "lena@postbox.example", &[])).await.unwrap();
    }
}
