use domain::accounts::Role;
use domain::flows::{ImportOutcome, TermsDraft};
use domain::invites::{Invite, InviteDraft};
use domain::paging::Paging;
use domain::{Patch, access};

use super::*;
use crate::testing::{TestApp, failure, on_both_databases};

/// A draft of a flow with this name, and what else it says, as JSON.
fn draft(name: &str, more: &str) -> FlowDraft {
    let more = if more.is_empty() { String::new() } else { format!(", {more}") };
    let flow = serde_json::from_str(&format!(r#"{{"name": "{name}"{more}}}"#)).unwrap();
    FlowDraft { flow, ..FlowDraft::default() }
}

fn giving(group: &str) -> String {
    format!(
        r#""steps": [{{"fields": [{{"key": "plan"}}]}}],
           "rules": [{{"when": {{"field": "plan", "is": "team"}}, "then": {{"groups": "{group}"}}}}]"#
    )
}

async fn invite(app: &TestApp, actor: &Actor, flow: FlowId) -> Result<Invite, Error> {
    let draft = InviteDraft { flow_id: Patch::Set(flow.to_string()), ..InviteDraft::default() };
    crate::invites::create(&app.ctx, actor, draft.parse(app.ctx.now()).unwrap()).await
}

on_both_databases! {
    async fn a_new_site_has_a_default_flow_that_asks_for_nothing(app: &TestApp) {
        let owner = app.owner().await;
        let flows = list(&app.ctx, &owner).await.unwrap();
        assert_eq!(flows.len(), 1);
        assert!(flows[0].is_default && flows[0].fields == 0 && flows[0].changed_by.is_none());
        let found = store::of_invite(&app.ctx.db().read, None).await.unwrap();
        assert_eq!(found.flow, Flow::empty(domain::text::FlowName::stored("Default")));
    }

    async fn each_save_is_a_version_and_the_edited_one_must_be_the_newest(app: &TestApp) {
        let owner = app.owner().await;
        let flow = create(&app.ctx, &owner, draft("Students", "")).await.unwrap().summary;
        let edit = |version, more: &str| FlowDraft { edited_version: Some(version), ..draft("Students", more) };
        let saved = save(&app.ctx, &owner, flow.id, edit(1, r#""approval": true"#)).await.unwrap();
        assert_eq!((saved.summary.version, saved.flow.approval), (2, true));
        assert_eq!(failure(save(&app.ctx, &owner, flow.id, edit(1, "")).await).code, Code::FlowChanged);
        let numbers: Vec<_> = versions(&app.ctx, &owner, flow.id).await.unwrap().iter().map(|one| one.number).collect();
        assert_eq!(numbers, [2, 1]);
        assert!(!version(&app.ctx, &owner, flow.id, 1).await.unwrap().approval);
        assert_eq!(failure(version(&app.ctx, &owner, flow.id, 3).await).code, Code::NotFound);
        let wrong = save(&app.ctx, &owner, flow.id, draft("", r#""after": "nowhere""#)).await;
        let wrong = failure(wrong);
        assert!(wrong.field_error("name").is_some() && wrong.field_error("after").is_some());
        let elsewhere = draft("Students", r#""after": "https://elsewhere.example/""#);
        assert!(failure(save(&app.ctx, &owner, flow.id, elsewhere).await).field_error("after").is_some());
    }

    async fn two_flows_do_not_have_one_name(app: &TestApp) {
        let owner = app.owner().await;
        let flow = create(&app.ctx, &owner, draft("Students", "")).await.unwrap().summary;
        assert_eq!(failure(create(&app.ctx, &owner, draft("STUDENTS", "")).await).code, Code::FlowNameTaken);
        assert_eq!(failure(save(&app.ctx, &owner, flow.id, draft("default", "")).await).code, Code::FlowNameTaken);
        delete(&app.ctx, &owner, flow.id, None).await.unwrap();
        assert_eq!(failure(get(&app.ctx, &owner, flow.id).await).code, Code::NotFound);
        create(&app.ctx, &owner, draft("Students", "")).await.unwrap();
    }

    async fn a_flow_in_use_is_deleted_only_with_another_in_its_place(app: &TestApp) {
        let owner = app.owner().await;
        let default = list(&app.ctx, &owner).await.unwrap()[0].id;
        let students = create(&app.ctx, &owner, draft("Students", "")).await.unwrap().summary.id;
        let staff = create(&app.ctx, &owner, draft("Staff", "")).await.unwrap().summary.id;
        let invite = invite(app, &owner, students).await.unwrap();
        assert_eq!(invite.terms.flow, Some(students));
        assert_eq!(failure(delete(&app.ctx, &owner, default, None).await).code, Code::FlowInUse);
        assert_eq!(failure(delete(&app.ctx, &owner, students, None).await).code, Code::FlowInUse);
        let nothing = failure(delete(&app.ctx, &owner, students, Some(FlowId(uuid::Uuid::nil()))).await);
        assert!(nothing.field_error("replace_with").is_some());
        let users = used_by(&app.ctx, &owner, students, Paging::default()).await.unwrap().items;
        assert_eq!(users.iter().map(|invite| invite.id).collect::<Vec<_>>(), [invite.id]);
        assert_eq!(get(&app.ctx, &owner, students).await.unwrap().summary.used_by.counted, 1);

        delete(&app.ctx, &owner, students, Some(staff)).await.unwrap();
        assert_eq!(invites::get(&app.ctx, &owner, invite.id).await.unwrap().terms.flow, Some(staff));
        // The default can be replaced, too.
        delete(&app.ctx, &owner, default, Some(staff)).await.unwrap();
        assert!(get(&app.ctx, &owner, staff).await.unwrap().summary.is_default);
        // Deleted invites hold no flow.
        let other = create(&app.ctx, &owner, draft("Other", "")).await.unwrap().summary.id;
        assert!(make_default(&app.ctx, &owner, other).await.unwrap().summary.is_default);
        assert!(make_default(&app.ctx, &owner, other).await.unwrap().summary.is_default, "again");
        invites::delete(&app.ctx, &owner, invite.id).await.unwrap();
        delete(&app.ctx, &owner, staff, None).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM flows WHERE is_default").await, 1);
    }

    async fn rules_give_the_groups_that_the_account_may_give_that_saves_them(app: &TestApp) {
        let owner = app.owner().await;
        let potters = app.group(&owner, "Potters", &[]).await;
        app.account("mo", Role::Moderator).await;
        app.grant("mo", access::Permission::SettingsChange | access::Permission::SettingsView).await;
        let mo = crate::operations::operator::act_as(&app.ctx, Some("mo")).await.unwrap();
        let refused = failure(create(&app.ctx, &mo, draft("Students", &giving("Potters"))).await);
        assert_eq!(refused.code, Code::Forbidden);
        assert!(refused.field_error("rules.0.then.groups").is_some());
        create(&app.ctx, &mo, draft("Students", "")).await.unwrap();
        let flow = create(&app.ctx, &owner, draft("Team", &giving("potters"))).await.unwrap();
        assert_eq!(flow.withheld, []);
        assert_eq!(failure(crate::groups::delete(&app.ctx, &owner, potters).await).code, Code::GroupInUse);
        save(&app.ctx, &owner, flow.summary.id, draft("Team", "")).await.unwrap();
        crate::groups::delete(&app.ctx, &owner, potters).await.unwrap();
    }

    async fn who_may_see_and_change_flows(app: &TestApp) {
        let owner = app.owner().await;
        let flow = create(&app.ctx, &owner, draft("Students", "")).await.unwrap().summary.id;
        let member = app.account("una", Role::User).await;
        assert_eq!(failure(list(&app.ctx, &member).await).code, Code::Forbidden);
        assert_eq!(failure(get(&app.ctx, &member, flow).await).code, Code::Forbidden);
        assert_eq!(failure(choices(&app.ctx, &member).await).code, Code::Forbidden);
        for outcome in [
            create(&app.ctx, &member, draft("X", "")).await.map(|_| ()),
            save(&app.ctx, &member, flow, draft("X", "")).await.map(|_| ()),
            make_default(&app.ctx, &member, flow).await.map(|_| ()),
            delete(&app.ctx, &member, flow, None).await,
            import(&app.ctx, &member, "name: x", true).await.map(|_| ()),
            export(&app.ctx, &member, flow).await.map(|_| ()),
        ] {
            assert_eq!(failure(outcome).code, Code::Forbidden);
        }
        let names: Vec<_> = choices(&app.ctx, &owner).await.unwrap().into_iter().map(|one| one.name.to_string()).collect();
        assert_eq!(names, ["Default", "Students"]);
    }

    async fn an_invite_names_a_flow_that_fits_it(app: &TestApp) {
        let owner = app.owner().await;
        let more = r#""steps": [{"fields": [{"key": "plan", "type": "choice", "choices": ["solo", "team"]}]}]"#;
        let flow = create(&app.ctx, &owner, draft("Students", more)).await.unwrap().summary.id;
        let with = |more: &str| {
            let json = format!(r#"{{"flow_id": "{flow}"{more}}}"#);
            serde_json::from_str::<InviteDraft>(&json).unwrap()
        };
        let made = async |draft: InviteDraft| {
            crate::invites::create(&app.ctx, &owner, draft.parse(app.ctx.now())?).await
        };
        let wrong = failure(made(with(r#", "attributes": [{"key": "plan", "value": "both"}]"#)).await);
        assert!(wrong.field_error("attributes").is_some());
        let invite = made(with(r#", "attributes": [{"key": "plan", "value": "team"}]"#)).await.unwrap();
        let without_code = failure(made(with(r#", "without_code": true, "email_domains": ["a.example"]"#)).await);
        assert!(without_code.field_error("flow_id").is_some());
        let none = FlowId(uuid::Uuid::nil());
        assert!(failure(self::invite(app, &owner, none).await).field_error("flow_id").is_some());
        let change: InviteDraft = serde_json::from_str(r#"{"flow_id": null}"#).unwrap();
        let changed = crate::invites::update(&app.ctx, &owner, invite.id, change).await.unwrap();
        assert_eq!(changed.terms.flow, None);
    }

    async fn an_author_names_no_flow_whose_groups_they_may_not_give(app: &TestApp) {
        let owner = app.owner().await;
        app.group(&owner, "Potters", &[]).await;
        let flow = create(&app.ctx, &owner, draft("Team", &giving("Potters"))).await.unwrap().summary.id;
        let mo = app.account("mo", Role::Moderator).await;
        let refused = failure(invite(app, &mo, flow).await);
        assert!(refused.code == Code::Forbidden && refused.field_error("flow_id").is_some(), "{refused:?}");
        invite(app, &owner, flow).await.unwrap();
    }

    async fn a_flow_is_the_same_after_export_and_import(app: &TestApp) {
        let owner = app.owner().await;
        app.group(&owner, "Potters", &[]).await;
        let terms = TermsDraft { name: Some("Conduct".into()), text: Some("Be kind.\n\nAlways.".into()), ask: None };
        crate::terms::create(&app.ctx, &owner, terms).await.unwrap();
        let more = format!(r#""terms": ["Conduct"], "approval": true, {}"#, giving("Potters"));
        let flow = create(&app.ctx, &owner, draft("Team", &more)).await.unwrap();
        let yaml = export(&app.ctx, &owner, flow.summary.id).await.unwrap();
        assert!(yaml.contains("Be kind."), "{yaml}");
        let imported = match import(&app.ctx, &owner, &yaml, false).await.unwrap() {
            ImportOutcome::Imported(imported) => *imported,
            ImportOutcome::Wrong(wrong) => panic!("{wrong:?}\n{yaml}"),
        };
        assert!(!imported.is_new && imported.new_terms.is_empty());
        assert_eq!(imported.flow.summary.version, 2);
        assert_eq!(imported.flow.flow, flow.flow);
    }

    async fn an_import_creates_terms_and_never_changes_them(app: &TestApp) {
        let owner = app.owner().await;
        let yaml = "name: Workshop\nterms:\n  - {name: Conduct, text: Be kind.}\n";
        let new_terms = |outcome: ImportOutcome| match outcome {
            ImportOutcome::Imported(imported) => (imported.is_new, imported.new_terms.len()),
            ImportOutcome::Wrong(wrong) => panic!("{wrong:?}"),
        };
        assert_eq!(new_terms(import(&app.ctx, &owner, yaml, true).await.unwrap()), (true, 1));
        assert_eq!(list(&app.ctx, &owner).await.unwrap().len(), 1, "a dry run changes nothing");
        assert_eq!(new_terms(import(&app.ctx, &owner, yaml, false).await.unwrap()), (true, 1));
        let other = "name: workshop\nterms:\n  - {name: Conduct, text: Be quick.}\n";
        assert_eq!(new_terms(import(&app.ctx, &owner, other, false).await.unwrap()), (false, 0));
        let terms = crate::terms::list(&app.ctx, &owner).await.unwrap();
        let text = crate::terms::get(&app.ctx, &owner, terms[0].terms.id).await.unwrap().text;
        assert_eq!((terms.len(), text.as_str()), (1, "Be kind."));
    }

    async fn the_errors_of_an_import_have_lines(app: &TestApp) {
        let owner = app.owner().await;
        let wrong = async |yaml: &str| match import(&app.ctx, &owner, yaml, false).await.unwrap() {
            ImportOutcome::Wrong(wrong) => wrong.into_iter().map(|one| (one.field, one.line)).collect::<Vec<_>>(),
            ImportOutcome::Imported(imported) => panic!("{imported:?}"),
        };
        let typing = "name: Workshop\nsteps:\n  - fields:\n      - key: plan\n        lable: Plan\n";
        assert_eq!(wrong(typing).await, [(None, Some(5))]);
        assert_eq!(wrong("name: [\n").await.len(), 1);
        let said = "name: Workshop\n\nsteps:\n  - fields:\n      - key: Plan!\nrules:\n  - when: {field: size, is: x}\n    then: {groups: Nobody}\n";
        let said = wrong(said).await;
        assert!(said.contains(&(Some("steps.0.fields.0.key".to_owned()), Some(5))), "{said:?}");
        assert!(said.contains(&(Some("rules.0.then.groups".to_owned()), Some(8))), "{said:?}");
        assert_eq!(list(&app.ctx, &owner).await.unwrap().len(), 1);
    }
}
