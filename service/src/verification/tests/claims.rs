//! Several accounts that claim one address.

use super::*;

const ADDRESS: &str = "mateo@postbox.example";

async fn end_due(app: &TestApp) {
    endings::end_due(&app.ctx).await.unwrap();
}

on_both_databases! {
    async fn the_first_who_verifies_an_address_has_it_and_the_others_lapse(app: &TestApp) {
        let site = Site::new(app).await;
        let squatter = site.claim(app, "squatter", ADDRESS).await.unwrap().account;
        let mateo = site.claim(app, "mateo", "Mateo@Postbox.example").await.unwrap().account;
        assert!(accounts::find_by_login(&app.ctx.db().read, ADDRESS).await.unwrap().is_none(), "nobody has it yet");
        assert_eq!(failure(crate::operations::operator::mark_verified(&app.ctx, ADDRESS).await).code, Code::NotFound);
        assert_eq!(app.sign_in("squatter").await.account.id, squatter.id);
        let mut tokens = std::collections::HashMap::new();
        for token in site.sent(app).await.iter().map(token) {
            tokens.insert(preview(app, &token).await.unwrap().username.to_string(), token);
        }
        open(app, &tokens["mateo"], given(PASSWORD)).await.unwrap();
        assert_eq!(failure(open(app, &tokens["squatter"], given(PASSWORD)).await).code, Code::ActivationLinkInvalid);
        end_due(app).await;
        assert_eq!((status(app, mateo.id).await, status(app, squatter.id).await), (Some(AccountStatus::Active), None));
        assert_eq!(used(app, &site, site.invite.id).await, 1);
        app.assert_uses_match_redemptions().await;
        assert_eq!(app.sign_in(ADDRESS).await.account.id, mateo.id);
    }

    async fn two_who_verify_one_address_at_once_do_not_wait_for_each_other(app: &TestApp) {
        let site = Site::new(app).await;
        for round in 0..3 {
            let address = format!("person{round}@postbox.example");
            for username in ["one", "two"] {
                site.claim(app, &format!("{username}{round}"), &address).await.unwrap();
            }
            let tokens: Vec<_> = site.sent(app).await.iter().map(token).collect();
            assert_eq!(tokens.len(), 2);
            let both = futures::future::join_all(tokens.iter().map(|token| open(app, token, given(PASSWORD)))).await;
            let (won, lost): (Vec<_>, Vec<_>) = both.into_iter().partition(Result::is_ok);
            assert_eq!(won.len(), 1);
            assert_eq!(failure(lost.into_iter().next().unwrap()).code, Code::ActivationLinkInvalid);
        }
        end_due(app).await;
        assert_eq!(used(app, &site, site.invite.id).await, 3);
        app.assert_uses_match_redemptions().await;
    }

    async fn a_sign_up_says_nothing_of_an_address_that_has_an_account(app: &TestApp) {
        let site = Site::new(app).await;
        app.account("ada", Role::User).await;
        let free = site.claim(app, "one", "free@bramble.example").await.unwrap();
        let taken = site.claim(app, "two", "Ada@bramble.example").await.unwrap();
        let same = |signed_up: SignedUp| {
            let Account { status, role, activate_by, .. } = signed_up.account;
            (status, role, activate_by, signed_up.after, signed_up.replayed)
        };
        assert_eq!(same(taken.clone()), same(free));
        // A form with another mistake says no more.
        let draft = SignUpDraft { code: code(&site.invite).to_owned(), email: "ada@bramble.example".to_owned(), username: "x".to_owned(), ..SignUpDraft::default() };
        let Error::Failure(refused) = signup::refuse(&app.ctx, &draft, draft.parse().unwrap_err(), &Client::default()).await else { panic!() };
        assert!(refused.field_error("email").is_none(), "{refused:?}");
        // Usernames are public.
        assert_eq!(failure(site.claim(app, "ada", "new@bramble.example").await).code, Code::UsernameTaken);

        let sent = site.sent(app).await;
        let to = |address: &str| sent.iter().find(|mail| mail.to.eq_ignore_ascii_case(address)).unwrap();
        assert!(to("free@bramble.example").link().contains("/activate/"));
        let told = to("ada@bramble.example");
        assert!(told.header("Subject").ends_with("you have an account already"), "{}", told.header("Subject"));
        assert!(told.link().ends_with("/login"));
        assert_eq!(app.number("SELECT COUNT(*) FROM activations WHERE token_hash IS NOT NULL").await, 1);
        app.advance(ACTIVATION_LASTS);
        end_due(app).await;
        assert_eq!(status(app, taken.account.id).await, None);
    }

    async fn an_address_that_is_taken_waits_as_long_as_one_that_is_free(app: &TestApp) {
        let site = Site::new(app).await;
        app.account("ada", Role::User).await;
        site.claim(app, "one", "free@bramble.example").await.unwrap();
        site.claim(app, "two", "ada@bramble.example").await.unwrap();
        let (one, two) = (app.sign_in("one").await.actor, app.sign_in("two").await.actor);
        let start = app.ctx.now();
        site.sent(app).await;
        app.advance(Duration::from_hours(3));
        for actor in [&one, &two] {
            resend(&app.ctx, actor).await.unwrap();
        }
        site.sent(app).await;
        let (free, taken) = (waiting(&app.ctx, &one).await.unwrap(), waiting(&app.ctx, &two).await.unwrap());
        assert_eq!((free.lapses_at, free.mail), (taken.lapses_at, taken.mail));
        assert_eq!(taken.lapses_at, start.plus(Duration::from_hours(3) + ACTIVATION_LASTS));
        assert_eq!(app.number("SELECT COUNT(*) FROM activations WHERE token_hash IS NOT NULL").await, 1);
    }

    async fn an_account_that_claims_another_address_meanwhile_does_not_lapse(app: &TestApp) {
        let site = Site::new(app).await;
        let winner = site.claim(app, "winner", ADDRESS).await.unwrap().account;
        let moved = site.claim(app, "moved", ADDRESS).await.unwrap().account;
        let stays = site.claim(app, "stays", ADDRESS).await.unwrap().account;
        let actor = app.sign_in("moved").await.actor;
        change_address(&app.ctx, &actor, Email::parse("moved@postbox.example").unwrap()).await.unwrap();
        // As read before the accounts were locked.
        let claimants = vec![winner.id.0, moved.id.0, stays.id.0];
        let now = app.ctx.now();
        crate::accounts::activations::lapse_others(&app.ctx.db().write, (ADDRESS, claimants), winner.id, now).await.unwrap();
        end_due(app).await;
        let after = (status(app, winner.id).await, status(app, moved.id).await, status(app, stays.id).await);
        assert_eq!(after, (Some(AccountStatus::Unverified), Some(AccountStatus::Unverified), None));
    }

    async fn an_address_that_got_an_account_meanwhile_is_not_verified_again(app: &TestApp) {
        let site = Site::new(app).await;
        let mateo = site.claim(app, "mateo", "ada@bramble.example").await.unwrap().account;
        let token = site.token(app).await;
        app.account("ada", Role::User).await;
        let refused = failure(open(app, &token, given(PASSWORD)).await);
        assert!(refused.code == Code::EmailTaken && refused.field_error("email").is_some(), "{refused:?}");
        assert_eq!(status(app, mateo.id).await, Some(AccountStatus::Unverified));
    }

    async fn sign_ups_that_claim_one_address_are_limited(app: &TestApp) {
        let site = Site::new(app).await;
        app.account("ada", Role::User).await;
        for _ in 0..11 {
            let refused = failure(site.claim(app, "ada", ADDRESS).await);
            assert_eq!(refused.code, Code::UsernameTaken, "what is refused does not count");
        }
        for number in 0..10 {
            site.claim(app, &format!("person{number}"), ADDRESS).await.unwrap();
        }
        assert_eq!(failure(site.claim(app, "person10", ADDRESS).await).code, Code::RateLimited);
        site.claim(app, "person11", "other@postbox.example").await.unwrap();
    }

    async fn who_lapses_takes_nothing_from_the_owner_of_the_address(app: &TestApp) {
        let site = Site::new(app).await;
        invites::pause(&app.ctx, &site.owner, site.invite.id).await.unwrap();
        let asks = domain::requests::InviteRequestDraft { email: ADDRESS.into(), note: String::new() };
        crate::requests::ask_and_wait(&app.ctx, &Client::default(), code(&site.invite), asks.parse().unwrap()).await.unwrap();
        invites::resume(&app.ctx, &site.owner, site.invite.id).await.unwrap();
        site.claim(app, "squatter", ADDRESS).await.unwrap();
        app.advance(ACTIVATION_LASTS);
        end_due(app).await;
        assert_eq!(events(app, "account.lapse").await, 1);
        assert_eq!(app.number("SELECT COUNT(*) FROM invite_requests").await, 1);
    }

    async fn groups_are_given_by_address_to_accounts_that_have_it(app: &TestApp) {
        let site = Site::new(app).await;
        site.claim(app, "squatter", ADDRESS).await.unwrap();
        let draft: GroupDraft = serde_json::from_str(r#"{"name":"Potters"}"#).unwrap();
        let group = groups::create(&app.ctx, &site.owner, draft.parse().unwrap()).await.unwrap().id;
        let draft = MembersDraft { accounts: vec![ADDRESS.to_owned()], ..MembersDraft::default() };
        let added = groups::add_members(&app.ctx, &site.owner, group, draft).await.unwrap();
        assert_eq!((added.changed, added.not_found), (0, vec![ADDRESS.to_owned()]));
    }
}
