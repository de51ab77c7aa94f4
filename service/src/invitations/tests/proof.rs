//! The proof in the link of a mail: whose address it verifies, and whose it does not.

use domain::accounts::{Account, AccountDraft, AccountStatus};
use domain::settings::SettingsDraft;
use domain::signup::SignedUp;

use super::*;
use crate::endings;

const MATEO: &str = "mateo@postbox.example";
const LENA: &str = "lena@postbox.example";

/// A fixture on a site where every address is verified, with an invite for many.
async fn verifying(app: &TestApp) -> (Fixture, Invite) {
    let fixture = Fixture::new(app).await;
    let draft = SettingsDraft { verify_email: Some(true), ..SettingsDraft::default() };
    crate::settings::update(&app.ctx, &fixture.owner, draft.parse().unwrap()).await.unwrap();
    let invite = app.invite(&fixture.owner, InviteDraft::default()).await;
    (fixture, invite)
}

/// The form of the sign-up page, opened with a proof.
fn form(code: &str, proof: &str, username: &str, email: &str) -> SignUpDraft {
    SignUpDraft {
        code: code.to_owned(),
        email: email.to_owned(),
        username: username.to_owned(),
        password: PASSWORD.to_owned(),
        proof: proof.to_owned(),
        ..SignUpDraft::default()
    }
}

async fn join(app: &TestApp, draft: SignUpDraft) -> Result<SignedUp, Error> {
    signup::sign_up(&app.ctx, draft.parse().unwrap(), None, &Client::default()).await
}

/// Whether the address of an account that signs up so is verified at once.
async fn is_verified(app: &TestApp, draft: SignUpDraft) -> bool {
    let Account { status, email_verified_at, activate_by, .. } = join(app, draft).await.unwrap().account;
    match status {
        AccountStatus::Active => assert_eq!((email_verified_at, activate_by), (Some(app.ctx.now()), None)),
        AccountStatus::Unverified => assert!(email_verified_at.is_none() && activate_by.is_some()),
        other => panic!("{other:?}"),
    }
    status == AccountStatus::Active
}

async fn status(app: &TestApp, account: AccountId) -> Option<AccountStatus> {
    let row = accounts::find(&app.ctx.db().read, account).await.unwrap();
    row.map(|row| accounts::lifecycle(&row).status(app.ctx.now()))
}

on_both_databases! {
    async fn the_link_of_a_mail_proves_its_address_and_a_copied_link_does_not(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let sent = send(&app.ctx, &fixture.owner, own(1, &format!("{MATEO}\n{LENA}"))).await.unwrap();
        let arrived = fixture.send_all(app).await;
        let rows = fixture.invitations(app, sent.id).await;
        for (mail, row) in arrived.iter().zip(&rows) {
            let invite = crate::invites::get(&app.ctx, &fixture.owner, row.invite.unwrap()).await.unwrap();
            let copied = invite.url.clone().unwrap();
            assert_eq!(line(mail, "https://bramble.example/inv/"), format!("{copied}?proof={}", proof_in(mail)));
            assert!(!format!("{} {}", serde_json::to_string(&invite).unwrap(), serde_json::to_string(row).unwrap()).contains("proof"));
            for table in ["outbox WHERE payload", "audit_log WHERE detail", "invitations WHERE email", "invites WHERE words"] {
                let kept = app.number(&format!("SELECT COUNT(*) FROM {table} LIKE '%{}%'", proof_in(mail))).await;
                assert_eq!(kept, 0, "it is stored nowhere: {table}");
            }
        }
        // However the address is written.
        assert!(is_verified(app, form(code_in(&arrived[0]), proof_in(&arrived[0]), "mateo", "Mateo@Postbox.example")).await);
        assert!(fixture.send_all(app).await.is_empty(), "no link to verify it is sent");
        assert!(!is_verified(app, form(code_in(&arrived[1]), "", "lena", LENA)).await);
        assert_eq!(fixture.send_all(app).await.len(), 1);
        let rows = fixture.invitations(app, sent.id).await;
        assert!(rows.iter().all(|row| row.status == InvitationStatus::Joined), "{rows:?}");
        assert_eq!(app.sign_in("Mateo@Postbox.example").await.account.username.as_str(), "mateo");
        app.assert_uses_match_redemptions().await;
    }

    async fn a_reminder_and_a_mail_that_is_sent_again_have_the_proof_of_their_invite(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let sent = send(&app.ctx, &fixture.owner, InvitationsDraft { reminder: true, ..own(1, MATEO) }).await.unwrap();
        let first = fixture.send_all(app).await.remove(0);
        app.advance(Duration::from_secs(5 * DAY + 60));
        let reminder = fixture.send_all(app).await.remove(0);
        assert_eq!(proof_in(&reminder), proof_in(&first));
        resend(&app.ctx, &fixture.owner, fixture.one(app, sent.id).await.id, true).await.unwrap();
        let fresh = fixture.send_all(app).await.remove(0);
        assert_ne!(proof_in(&fresh), proof_in(&first));
        assert!(join(app, form(code_in(&first), proof_in(&first), "mateo", MATEO)).await.is_err());
        assert!(!is_verified(app, form(code_in(&fresh), proof_in(&first), "mateo", MATEO)).await);
    }

    async fn no_other_token_proves_an_address(app: &TestApp) {
        let (fixture, invite) = verifying(app).await;
        let text = format!("{MATEO}\n{LENA}\nuna@postbox.example");
        send(&app.ctx, &fixture.owner, one_link(1, &invite, &text)).await.unwrap();
        let arrived = fixture.send_all(app).await;
        let [mateo, lena, una] = [0, 1, 2].map(|at| proof_in(&arrived[at]).to_owned());
        let code = code(&invite);
        let mut flipped = mateo.clone().into_bytes();
        flipped[7] = if flipped[7] == b'A' { b'B' } else { b'A' };
        let other = app.invite(&fixture.owner, InviteDraft::default()).await;
        app.execute("UPDATE invitations SET revoked_at = 1 WHERE email LIKE 'una@%'").await;
        for (number, (why, code, proof, email)) in [
            ("none", code, "", MATEO),
            ("a wrong one", code, std::str::from_utf8(&flipped).unwrap(), MATEO),
            ("none at all", code, "a proof", MATEO),
            ("that of another recipient", code, lena.as_str(), MATEO),
            ("another address", code, mateo.as_str(), "somebody@postbox.example"),
            ("another invite", crate::testing::code(&other), mateo.as_str(), MATEO),
            ("the link that stops invitations", code, stop_in(&arrived[0]), MATEO),
            ("that of an invitation that was revoked", code, una.as_str(), "una@postbox.example"),
        ]
        .into_iter()
        .enumerate()
        {
            assert!(!is_verified(app, form(code, proof, &format!("other{number}"), email)).await, "{why}");
        }
        // Without a code there is no invite that it is of.
        let open = SettingsDraft { registration_mode: Some("open".to_owned()), ..SettingsDraft::default() };
        crate::settings::update(&app.ctx, &fixture.owner, open.parse().unwrap()).await.unwrap();
        assert!(!is_verified(app, form("", &mateo, "without", MATEO)).await);
        // All of them claim the address that is proven then.
        assert!(is_verified(app, form(code, &mateo, "mateo", MATEO)).await);
        assert!(is_verified(app, form(code, &lena, "lena", LENA)).await);
    }

    async fn an_older_claim_of_an_address_that_is_proven_lapses(app: &TestApp) {
        let (fixture, invite) = verifying(app).await;
        let sent = send(&app.ctx, &fixture.owner, one_link(1, &invite, MATEO)).await.unwrap();
        let arrived = fixture.send_all(app).await;
        // With the link that staff copied.
        let squatter = join(app, form(code(&invite), "", "squatter", MATEO)).await.unwrap().account;
        assert_eq!((squatter.status, fixture.one(app, sent.id).await.status), (AccountStatus::Unverified, InvitationStatus::Joined));
        let mateo = join(app, form(code(&invite), proof_in(&arrived[0]), "mateo", MATEO)).await.unwrap().account;
        assert_eq!(mateo.status, AccountStatus::Active);
        endings::end_due(&app.ctx).await.unwrap();
        assert_eq!((status(app, mateo.id).await, status(app, squatter.id).await), (Some(AccountStatus::Active), None));
        let row = fixture.one(app, sent.id).await;
        assert_eq!((row.status, row.joined.unwrap().id), (InvitationStatus::Joined, mateo.id));
        assert_eq!(app.number("SELECT used FROM invites").await, 1);
        app.assert_uses_match_redemptions().await;
    }

    async fn a_proof_is_of_no_use_once_its_recipient_has_joined(app: &TestApp) {
        let (fixture, invite) = verifying(app).await;
        app.account("una", Role::User).await;
        send(&app.ctx, &fixture.owner, one_link(1, &invite, &format!("{MATEO}\nuna@bramble.example"))).await.unwrap();
        let arrived = fixture.send_all(app).await;
        let mateo = join(app, form(code(&invite), proof_in(&arrived[0]), "mateo", MATEO)).await.unwrap().account;
        // Those who have proved an address are told that it has an account, also while they type; nobody else is.
        for (proof, username, email) in [(proof_in(&arrived[0]), "again", MATEO), (proof_in(&arrived[1]), "una2", "una@bramble.example")] {
            let is_taken = email != MATEO;
            let with = form(code(&invite), proof, username, email);
            let checked = signup::check(&app.ctx, &with, &Client::default()).await.unwrap();
            assert_eq!(checked.wrong.iter().any(|wrong| wrong.field == "email"), is_taken, "{email}");
            let outcome = join(app, with).await;
            assert_eq!(outcome.err().map(|error| error.code()), is_taken.then_some(Code::EmailTaken), "{email}");
        }
        let without = form(code(&invite), "", "una3", "una@bramble.example");
        assert!(signup::check(&app.ctx, &without, &Client::default()).await.unwrap().wrong.is_empty());
        assert!(!is_verified(app, without).await);
        // Nor once they have another address, so that the old one may be of somebody else.
        let moved = AccountDraft { email: Patch::Set("mateo@third.example".to_owned()), ..AccountDraft::default() };
        members::update(&app.ctx, &fixture.owner, mateo.id, moved).await.unwrap();
        assert!(!is_verified(app, form(code(&invite), proof_in(&arrived[0]), "third", MATEO)).await);
    }

    async fn of_two_who_prove_one_address_at_once_one_has_it(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        for number in 1..=2 {
            send(&app.ctx, &fixture.owner, own(number, MATEO)).await.unwrap();
        }
        let arrived = fixture.send_all(app).await;
        let squatter = join(app, form(code(&app.invite(&fixture.owner, InviteDraft { verify_email: Patch::Set(true), ..InviteDraft::default() }).await), "", "squatter", MATEO)).await;
        assert_eq!(squatter.unwrap().account.status, AccountStatus::Unverified);
        let each = (0..2).map(|at| join(app, form(code_in(&arrived[at]), proof_in(&arrived[at]), &format!("mateo{at}"), MATEO)));
        let (won, lost): (Vec<_>, Vec<_>) = futures::future::join_all(each).await.into_iter().partition(Result::is_ok);
        assert_eq!((won.len(), won[0].as_ref().unwrap().account.status), (1, AccountStatus::Active));
        assert_eq!(failure(lost.into_iter().next().unwrap()).code, Code::EmailTaken);
        app.assert_uses_match_redemptions().await;
    }

    async fn a_sign_up_that_is_repeated_is_the_same_with_and_without_its_proof(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        send(&app.ctx, &fixture.owner, own(1, MATEO)).await.unwrap();
        let mail = fixture.send_all(app).await.remove(0);
        let mut accounts = Vec::new();
        for proof in [proof_in(&mail), ""] {
            let (draft, key) = (form(code_in(&mail), proof, "mateo", MATEO), AttemptKey::parse("once").unwrap());
            let signed_up = signup::sign_up(&app.ctx, draft.parse().unwrap(), Some(key), &Client::default()).await.unwrap();
            accounts.push((signed_up.account.id, signed_up.account.status, signed_up.replayed));
        }
        let id = accounts[0].0;
        assert_eq!(accounts, [(id, AccountStatus::Active, false), (id, AccountStatus::Active, true)]);
    }
}
