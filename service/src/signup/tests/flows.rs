use domain::flows::{FlowDetails, FlowDraft, TermsDraft, VersionRef};
use domain::ids::FlowId;

use super::*;
use crate::operations::operator;
use crate::{flows, groups, joining, members, terms};

/// The terms of an invite that names this flow, and what else it says, as JSON.
fn naming(flow: FlowId, more: &str) -> InviteDraft {
    serde_json::from_str(&format!(r#"{{"flow_id": "{flow}"{more}}}"#)).unwrap()
}

fn flow_draft(json: &str) -> FlowDraft {
    FlowDraft { flow: serde_json::from_str(json).unwrap(), ..FlowDraft::default() }
}

async fn flow(app: &TestApp, actor: &Actor, json: &str) -> FlowDetails {
    flows::create(&app.ctx, actor, flow_draft(json)).await.unwrap()
}

/// A sign-up with these answers.
fn answering(code: &str, username: &str, answers: &[(&str, &str)]) -> SignUp {
    SignUpDraft {
        code: code.to_owned(),
        email: format!("{username}@postbox.example"),
        username: username.to_owned(),
        password: PASSWORD.to_owned(),
        attributes: answers.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        ..SignUpDraft::default()
    }
    .parse()
    .unwrap()
}

async fn send(app: &TestApp, sign_up: SignUp) -> Result<SignedUp, Error> {
    signup::sign_up(&app.ctx, sign_up, None, &Client::default()).await
}

const PLAN: &str = r#""steps": [{"fields": [
    {"key": "plan", "type": "choice", "required": true, "choices": ["solo", {"value": "team", "label": "With others"}]}
]}]"#;

fn plan_and_rule(outcome: &str) -> String {
    format!(
        r#"{{"name": "Students", {PLAN}, "rules": [{{"when": {{"field": "plan", "is": "team"}}, "then": {outcome}}}]}}"#
    )
}

on_both_databases! {
    async fn answers_become_attributes_and_are_shown_to_staff(app: &TestApp) {
        let owner = app.owner().await;
        let students = flow(app, &owner, &format!(r#"{{"name": "Students", {PLAN}}}"#)).await.summary.id;
        let invite = app.invite(&owner, naming(students, "")).await;
        let missing = failure(send(app, answering(code(&invite), "mateo", &[])).await);
        assert!(missing.field_error("attributes.plan").is_some());
        let wrong = failure(send(app, answering(code(&invite), "mateo", &[("plan", "both")])).await);
        assert!(wrong.field_error("attributes.plan").is_some());
        let unknown = failure(send(app, answering(code(&invite), "mateo", &[("plan", "solo"), ("size", "2")])).await);
        assert!(unknown.field_error("attributes.size").is_some());
        assert_eq!(used(app).await, 0);
        let mateo = send(app, answering(code(&invite), "mateo", &[("plan", "team")])).await.unwrap().account;
        let shown = members::get(&app.ctx, &owner, mateo.id).await.unwrap();
        assert_eq!(shown.attributes.len(), 1);
        let of_flow = shown.flow.unwrap();
        assert_eq!((of_flow.flow.id, of_flow.version, of_flow.withheld.len()), (students, 1, 0));
        assert_eq!((of_flow.answers[0].label.as_str(), of_flow.answers[0].value.as_str()), ("Plan", "With others"));
    }

    async fn a_refusal_takes_no_use_and_says_nothing_of_addresses(app: &TestApp) {
        let owner = app.owner().await;
        let students = flow(app, &owner, &plan_and_rule(r#"{"refuse": "Only for one."}"#)).await.summary.id;
        let invite = app.invite(&owner, naming(students, r#", "max_uses": 1"#)).await;
        // `ngozi` is the username of the owner.
        let refused = failure(send(app, answering(code(&invite), "ngozi", &[("plan", "team")])).await);
        assert_eq!((refused.code, refused.message.as_str()), (Code::SignUpRefused, "Only for one."));
        assert_eq!(used(app).await, 0);
        assert_eq!(app.number("SELECT COUNT(*) FROM accounts").await, 1);
        // Without a code that can be used, nothing is said of the flow.
        let unknown = failure(send(app, answering("7QmX2pVd9KtR", "mateo", &[("plan", "team")])).await);
        assert_eq!(unknown.code, Code::InviteInvalid);
        send(app, answering(code(&invite), "mateo", &[("plan", "solo")])).await.unwrap();
    }

    async fn a_rule_gives_groups_approval_and_a_place_to_go(app: &TestApp) {
        let owner = app.owner().await;
        let potters = app.group(&owner, "Potters", &[]).await;
        let outcome = r#"{"groups": "Potters", "approval": true, "after": "/me/keys"}"#;
        let students = flow(app, &owner, &plan_and_rule(outcome)).await.summary.id;
        let invite = app.invite(&owner, naming(students, "")).await;
        let key = Some(key("attempt"));
        let team = answering(code(&invite), "mateo", &[("plan", "team")]);
        let made = signup::sign_up(&app.ctx, team.clone(), key.clone(), &Client::default()).await.unwrap();
        assert_eq!(made.account.status, AccountStatus::Pending);
        assert_eq!(made.after.as_ref().map(domain::web::Destination::as_str), Some("/me/keys"));
        let again = signup::sign_up(&app.ctx, team, key, &Client::default()).await.unwrap();
        assert_eq!((again.replayed, again.after), (true, made.after));
        let solo = send(app, answering(code(&invite), "lena", &[("plan", "solo")])).await.unwrap();
        assert_eq!((solo.account.status, solo.after), (AccountStatus::Active, None));
        assert_eq!(groups::get(&app.ctx, &owner, potters).await.unwrap().members.counted, 1);
    }

    async fn other_answers_are_another_request(app: &TestApp) {
        let owner = app.owner().await;
        let students = flow(app, &owner, &format!(r#"{{"name": "Students", {PLAN}}}"#)).await.summary.id;
        let invite = app.invite(&owner, naming(students, "")).await;
        let with = async |plan: &str| {
            let sign_up = answering(code(&invite), "mateo", &[("plan", plan)]);
            signup::sign_up(&app.ctx, sign_up, Some(key("attempt")), &Client::default()).await
        };
        with("team").await.unwrap();
        assert_eq!(failure(with("solo").await).code, Code::IdempotencyKeyReused);
        assert!(with("team").await.unwrap().replayed);
    }

    async fn a_group_that_may_not_be_given_any_more_is_withheld(app: &TestApp) {
        let owner = app.owner().await;
        let potters = app.group(&owner, "Potters", &[]).await;
        let ada = app.account("ada", Role::Admin).await;
        let students = flow(app, &ada, &plan_and_rule(r#"{"groups": "Potters"}"#)).await.summary.id;
        let invite = app.invite(&owner, naming(students, "")).await;
        let first = send(app, answering(code(&invite), "mateo", &[("plan", "team")])).await.unwrap();
        assert_eq!(first.account.status, AccountStatus::Active);
        members::suspend(&app.ctx, &owner, ada.id()).await.unwrap();
        let second = send(app, answering(code(&invite), "lena", &[("plan", "team")])).await.unwrap();
        assert_eq!(second.account.status, AccountStatus::Pending);
        let withheld = members::get(&app.ctx, &owner, second.account.id).await.unwrap().flow.unwrap().withheld;
        assert_eq!(withheld.iter().map(|group| group.id).collect::<Vec<_>>(), [potters]);
        assert_eq!(flows::get(&app.ctx, &owner, students).await.unwrap().withheld, withheld);
        assert_eq!(groups::get(&app.ctx, &owner, potters).await.unwrap().members.counted, 1);
        // Who was not given it is not withheld it.
        let solo = send(app, answering(code(&invite), "jun", &[("plan", "solo")])).await.unwrap();
        assert_eq!(solo.account.status, AccountStatus::Active);
        // To save the flow again mends it.
        flows::save(&app.ctx, &owner, students, flow_draft(&plan_and_rule(r#"{"groups": "Potters"}"#))).await.unwrap();
        let third = send(app, answering(code(&invite), "noor", &[("plan", "team")])).await.unwrap();
        assert_eq!(third.account.status, AccountStatus::Active);
    }

    async fn what_a_later_version_gives_needs_the_author_of_the_invite(app: &TestApp) {
        let owner = app.owner().await;
        app.group(&owner, "Potters", &[]).await;
        let students = flow(app, &owner, &format!(r#"{{"name": "Students", {PLAN}}}"#)).await.summary.id;
        app.account("mo", Role::Moderator).await;
        let mo = operator::act_as(&app.ctx, Some("mo")).await.unwrap();
        let invite = app.invite(&mo, naming(students, "")).await;
        flows::save(&app.ctx, &owner, students, flow_draft(&plan_and_rule(r#"{"groups": "Potters"}"#))).await.unwrap();
        let made = send(app, answering(code(&invite), "mateo", &[("plan", "team")])).await.unwrap();
        assert_eq!(made.account.status, AccountStatus::Pending);
        // Of the default flow, who saved it decides alone.
        flows::make_default(&app.ctx, &owner, students).await.unwrap();
        let other = app.invite(&mo, InviteDraft::default()).await;
        let made = send(app, answering(code(&other), "lena", &[("plan", "team")])).await.unwrap();
        assert_eq!(made.account.status, AccountStatus::Active);
    }

    async fn the_terms_that_were_read_are_accepted(app: &TestApp) {
        let owner = app.owner().await;
        let draft = TermsDraft { name: Some("Conduct".into()), text: Some("Be kind.".into()), ask: None };
        let id = terms::create(&app.ctx, &owner, draft).await.unwrap().summary.terms.id;
        let students = flow(app, &owner, r#"{"name": "Students", "terms": ["Conduct"]}"#).await.summary.id;
        let invite = app.invite(&owner, naming(students, "")).await;
        let accepting = |username: &str, version: Option<&str>| {
            let terms = version.map(|version| (id.to_string(), version.to_owned())).into_iter().collect();
            SignUp { terms, ..answering(code(&invite), username, &[]) }
        };
        let field = format!("terms.{id}");
        assert!(failure(send(app, accepting("mateo", None)).await).field_error(&field).is_some());
        let mateo = send(app, accepting("mateo", Some("1"))).await.unwrap().account;
        let next = TermsDraft { text: Some("Be kinder.".into()), ..TermsDraft::default() };
        terms::update(&app.ctx, &owner, id, next).await.unwrap();
        assert!(failure(send(app, accepting("lena", Some("1"))).await).field_error(&field).unwrap().contains("changed"));
        send(app, accepting("lena", Some("2"))).await.unwrap();
        let accepted = terms::accepted(&app.ctx, &owner, mateo.id).await.unwrap();
        assert_eq!((accepted.len(), accepted[0].version), (1, 1));
        members::delete(&app.ctx, &owner, mateo.id).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM terms_acceptances").await, 1);
        assert_eq!(app.number("SELECT COUNT(*) FROM accounts WHERE flow_version_id IS NOT NULL").await, 1);
    }

    async fn who_has_begun_goes_on_with_the_version_of_then(app: &TestApp) {
        let owner = app.owner().await;
        let students = flow(app, &owner, &format!(r#"{{"name": "Students", {PLAN}}}"#)).await.summary.id;
        let invite = app.invite(&owner, naming(students, "")).await;
        let begun = |username: &str, number| {
            let begun = Some(VersionRef { flow: students, number });
            SignUp { begun, ..answering(code(&invite), username, &[("plan", "team")]) }
        };
        let without = r#"{"name": "Students"}"#;
        flows::save(&app.ctx, &owner, students, flow_draft(without)).await.unwrap();
        let mateo = send(app, begun("mateo", 1)).await.unwrap().account;
        assert_eq!(members::get(&app.ctx, &owner, mateo.id).await.unwrap().flow.unwrap().version, 1);
        // Those who begin now are asked for nothing.
        assert!(failure(send(app, begun("lena", 2)).await).field_error("attributes.plan").is_some());
        let draft = FlowDraft { start_again: true, ..flow_draft(without) };
        flows::save(&app.ctx, &owner, students, draft).await.unwrap();
        assert_eq!(failure(send(app, begun("lena", 1)).await).code, Code::FlowChanged);
        assert_eq!(failure(send(app, begun("lena", 9)).await).code, Code::FlowChanged);
        let other = flow(app, &owner, r#"{"name": "Other"}"#).await.summary.id;
        let of_other = SignUp { begun: Some(VersionRef { flow: other, number: 1 }), ..answering(code(&invite), "lena", &[]) };
        assert_eq!(failure(send(app, of_other).await).code, Code::FlowChanged);
    }

    async fn what_a_form_carries_is_for_its_code_and_a_day(app: &TestApp) {
        let owner = app.owner().await;
        let students = flow(app, &owner, &format!(r#"{{"name": "Students", {PLAN}}}"#)).await.summary.id;
        let form = open_form(&app.ctx, "7QmX2pVd9KtR", Some(students)).await.unwrap();
        let typed = [(domain::attributes::AttributeKey::parse("plan").unwrap(), "team".to_owned())].into();
        let state = form.state.clone().with(&form.flow, typed).unwrap();
        let sealed = seal_form(&app.ctx, &state).unwrap();
        assert!(!sealed.contains("team") && sealed != seal_form(&app.ctx, &state).unwrap());
        let read = async |sealed: &str, code: &str, flow| read_form(&app.ctx, sealed, code, flow).await;
        let opened = read(&sealed, "7QmX2pVd9KtR", Some(students)).await.unwrap();
        assert_eq!((opened.state.typed.len(), opened.begun().number, opened.is_last()), (1, 1, true));
        for (sealed, code, flow) in [
            (sealed.as_str(), "another", Some(students)),
            (sealed.as_str(), "7QmX2pVd9KtR", None),
            ("", "7QmX2pVd9KtR", Some(students)),
            (&sealed[..sealed.len() - 1], "7QmX2pVd9KtR", Some(students)),
        ] {
            assert_eq!(failure(read(sealed, code, flow).await).code, Code::FlowChanged, "{code} {flow:?}");
        }
        app.advance(Duration::from_hours(24));
        assert_eq!(failure(read(&sealed, "7QmX2pVd9KtR", Some(students)).await).code, Code::FlowChanged);
    }

    async fn the_default_flow_is_that_of_open_registration(app: &TestApp) {
        let owner = app.owner().await;
        let draft = SettingsDraft {
            registration_mode: Some("open".into()),
            default_role: Some("user".into()),
            ..SettingsDraft::default()
        };
        set(app, &owner, draft).await;
        let potters = app.group(&owner, "Potters", &[]).await;
        let students = flow(app, &owner, &plan_and_rule(r#"{"groups": "Potters"}"#)).await.summary.id;
        flows::make_default(&app.ctx, &owner, students).await.unwrap();
        assert!(failure(send(app, answering("", "mateo", &[])).await).field_error("attributes.plan").is_some());
        let mateo = send(app, answering("", "mateo", &[("plan", "team")])).await.unwrap().account;
        assert_eq!(mateo.status, AccountStatus::Active);
        assert_eq!(groups::get(&app.ctx, &owner, potters).await.unwrap().members.counted, 1);
        // Somebody whose address an invite admits is shown the default flow, too.
        let json = r#"{"email_domains": ["postbox.example"], "without_code": true, "attributes": [
            {"key": "plan", "value": "solo", "locked": true}, {"key": "term", "value": "spring"}]}"#;
        app.invite(&owner, serde_json::from_str(json).unwrap()).await;
        let lena = send(app, answering("", "lena", &[("plan", "team")])).await.unwrap().account;
        let attributes = members::get(&app.ctx, &owner, lena.id).await.unwrap().attributes;
        let attributes: Vec<_> = attributes.iter().map(|one| (one.key.as_str(), one.value.as_str())).collect();
        assert_eq!(attributes, [("plan", "solo"), ("term", "spring")], "what the invite fixes counts");
    }

    async fn members_do_not_join_by_an_invite_whose_flow_selects(app: &TestApp) {
        let owner = app.owner().await;
        let potters = app.group(&owner, "Potters", &[]).await;
        let students = flow(app, &owner, &plan_and_rule(r#"{"refuse": "No."}"#)).await.summary.id;
        let invite = app.invite(&owner, naming(students, &format!(r#", "groups": ["{potters}"]"#))).await;
        app.account("una", Role::User).await;
        let una = operator::act_as(&app.ctx, Some("una")).await.unwrap();
        assert_eq!(failure(joining::join(&app.ctx, &una, code(&invite)).await).code, Code::NotAdmitted);
        flows::save(&app.ctx, &owner, students, flow_draft(r#"{"name": "Students"}"#)).await.unwrap();
        joining::join(&app.ctx, &una, code(&invite)).await.unwrap();
    }

    async fn the_last_use_is_taken_by_one_of_those_who_are_not_refused(app: &TestApp) {
        let owner = app.owner().await;
        let students = flow(app, &owner, &plan_and_rule(r#"{"refuse": "Only for one."}"#)).await.summary.id;
        let invite = app.invite(&owner, naming(students, r#", "max_uses": 1"#)).await;
        let mut attempts = tokio::task::JoinSet::new();
        for person in 0..20 {
            let (ctx, code) = (app.ctx.clone(), code(&invite).to_owned());
            let plan = if person % 2 == 0 { "team" } else { "solo" };
            attempts.spawn(async move {
                let sign_up = answering(&code, &format!("p{person}x"), &[("plan", plan)]);
                (plan, signup::sign_up(&ctx, sign_up, None, &Client::default()).await)
            });
        }
        let (mut signed_up, mut refused, mut late) = (0, 0, 0);
        for (plan, outcome) in attempts.join_all().await {
            match outcome {
                Ok(_) => {
                    assert_eq!(plan, "solo");
                    signed_up += 1;
                }
                Err(Error::Failure(failure)) if failure.code == Code::SignUpRefused => {
                    assert_eq!(plan, "team");
                    refused += 1;
                }
                Err(Error::Failure(failure)) if failure == Failure::invite_invalid() => late += 1,
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!((signed_up, refused + late), (1, 19));
        assert!(late >= 9, "nobody else is let in: {late}");
        assert_eq!(used(app).await, 1);
        assert_eq!(app.number("SELECT COUNT(*) FROM accounts").await, 2);
        app.assert_uses_match_redemptions().await;
    }

    async fn a_flow_that_changes_while_the_password_is_hashed_decides_as_it_is_then(app: &TestApp) {
        let owner = app.owner().await;
        let students = flow(app, &owner, &plan_and_rule(r#"{"approval": true}"#)).await.summary.id;
        let invite = app.invite(&owner, naming(students, "")).await;
        let sign_up = answering(code(&invite), "mateo", &[("plan", "team")]);
        let attempt = Attempt::new(&app.ctx, None, &sign_up);
        let redeem = async |begun| {
            let sent = Sent { begun, ..Sent::of(&sign_up) };
            let new = NewMember { row: new_row(app, "mateo@postbox.example"), sent };
            let admission = Admission::Invite { id: invite.id, by_code: true };
            create_account(&app.ctx, admission, new, &attempt, &Client::default()).await
        };
        let begun = Some(VersionRef { flow: students, number: 1 });
        let draft = FlowDraft { start_again: true, ..flow_draft(&plan_and_rule(r#"{"refuse": "No."}"#)) };
        flows::save(&app.ctx, &owner, students, draft).await.unwrap();
        assert_eq!(failure(redeem(begun).await).code, Code::FlowChanged);
        assert_eq!(failure(redeem(None).await).code, Code::SignUpRefused);
        let other = plan_and_rule(r#"{"approval": true}"#).replace("solo", "alone").replace("\"value\": \"team\"", "\"value\": \"both\"");
        let other = other.replace("\"is\": \"team\"", "\"is\": \"both\"");
        flows::save(&app.ctx, &owner, students, flow_draft(&other)).await.unwrap();
        assert!(failure(redeem(None).await).field_error("attributes.plan").is_some());
        assert_eq!(used(app).await, 0);
        flows::save(&app.ctx, &owner, students, flow_draft(&plan_and_rule(r#"{"approval": true}"#))).await.unwrap();
        assert_eq!(redeem(None).await.unwrap().account.status, AccountStatus::Pending);
    }

    async fn answers_fill_in_what_the_invite_says_and_what_it_fixes_stays(app: &TestApp) {
        let owner = app.owner().await;
        let students = flow(app, &owner, &format!(r#"{{"name": "Students", {PLAN}}}"#)).await.summary.id;
        let attributes = |locked: bool| {
            format!(r#", "attributes": [{{"key": "plan", "value": "team", "locked": {locked}}}, {{"key": "term", "value": "spring"}}]"#)
        };
        let plan_of = async |made: SignedUp| {
            let attributes = members::get(&app.ctx, &owner, made.account.id).await.unwrap().attributes;
            attributes.iter().map(|one| one.value.to_string()).collect::<Vec<_>>()
        };
        let open = app.invite(&owner, naming(students, &attributes(false))).await;
        assert_eq!(plan_of(send(app, answering(code(&open), "mateo", &[])).await.unwrap()).await, ["team", "spring"]);
        let other = send(app, answering(code(&open), "lena", &[("plan", "solo"), ("term", "")])).await.unwrap();
        assert_eq!(plan_of(other).await, ["solo"]);
        let fixed = app.invite(&owner, naming(students, &attributes(true))).await;
        let changed = failure(send(app, answering(code(&fixed), "noor", &[("plan", "solo")])).await);
        assert!(changed.field_error("attributes.plan").is_some());
        assert_eq!(plan_of(send(app, answering(code(&fixed), "noor", &[])).await.unwrap()).await, ["team", "spring"]);
    }

    async fn everything_that_is_wrong_with_a_form_is_said_at_once(app: &TestApp) {
        let owner = app.owner().await;
        let draft = TermsDraft { name: Some("Conduct".into()), text: Some("Be kind.".into()), ask: None };
        let id = terms::create(&app.ctx, &owner, draft).await.unwrap().summary.terms.id;
        let json = format!(r#"{{"name": "Students", "terms": ["Conduct"], {PLAN}}}"#);
        let students = flow(app, &owner, &json).await.summary.id;
        let invite = app.invite(&owner, naming(students, "")).await;
        let draft = SignUpDraft { code: code(&invite).to_owned(), username: "ngozi".into(), ..SignUpDraft::default() };
        let wrong = draft.parse().unwrap_err();
        let refused = signup::refuse(&app.ctx, &draft, wrong, &Client::default()).await;
        let refused = failure(Err::<(), _>(refused));
        for field in ["email", "username", "password", "attributes.plan", &format!("terms.{id}")] {
            assert!(refused.field_error(field).is_some(), "{field}: {refused:?}");
        }
    }
}
