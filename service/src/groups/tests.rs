use domain::Patch;
use domain::access::Permissions;
use domain::accounts::Role;
use domain::invites::{Invite, InviteDraft, InviteStatus};
use domain::paging::Limit;
use tokio::task::JoinSet;

use super::*;
use crate::operations::operator;
use crate::testing::{TestApp, code, failure, on_both_databases, until};

fn draft(name: &str, permissions: impl Into<Permissions>) -> GroupDraft {
    let permissions = Patch::Set(permissions.into());
    GroupDraft { name: Patch::Set(name.to_owned()), permissions, ..GroupDraft::default() }
}

fn accounts(names: &[&str]) -> MembersDraft {
    MembersDraft { accounts: names.iter().map(|&name| name.to_owned()).collect(), ..MembersDraft::default() }
}

fn managers(names: &[&str]) -> MembersDraft {
    MembersDraft { manager: Some(true), ..accounts(names) }
}

async fn group_of(app: &TestApp, actor: &Actor, name: &str, permissions: impl Into<Permissions>) -> GroupId {
    create(&app.ctx, actor, draft(name, permissions).parse().unwrap()).await.unwrap().id
}

/// The caller with this username, with the permissions it has now.
async fn now(app: &TestApp, username: &str) -> Actor {
    operator::act_as(&app.ctx, Some(username)).await.unwrap()
}

/// An invite that grants these groups.
fn granting(groups: &[GroupId]) -> InviteDraft {
    InviteDraft { groups: Patch::Set(groups.iter().map(ToString::to_string).collect()), ..InviteDraft::default() }
}

async fn invite(app: &TestApp, actor: &Actor, draft: InviteDraft) -> Result<Invite, Error> {
    crate::invites::create(&app.ctx, actor, draft.parse(app.ctx.now()).unwrap()).await
}

async fn names_of_members(app: &TestApp, actor: &Actor, id: GroupId) -> Vec<String> {
    let page = members(&app.ctx, actor, id, &GroupMemberQuery::default()).await.unwrap();
    page.items.into_iter().map(|member| member.account.username.to_string()).collect()
}

on_both_databases! {
    async fn people_are_searched_to_be_added_by_those_who_see_accounts(app: &TestApp) {
        let owner = app.owner().await;
        for (username, role) in [("una", Role::User), ("uma", Role::User), ("mo", Role::Moderator)] {
            app.account(username, role).await;
        }
        let potters = group_of(app, &owner, "Potters", Permissions::empty()).await;
        add_members(&app.ctx, &owner, potters, accounts(&["una"])).await.unwrap();
        add_members(&app.ctx, &owner, potters, managers(&["uma"])).await.unwrap();
        let found = async |actor: &Actor, q: &str| {
            let found = candidates(&app.ctx, actor, potters, q).await.unwrap();
            let mut found: Vec<_> = found.into_iter().map(|one| (one.account.username.to_string(), one.is_member)).collect();
            found.sort();
            found
        };
        let of = |names: &[(&str, bool)]| names.iter().map(|(name, is)| ((*name).to_owned(), *is)).collect::<Vec<_>>();
        assert_eq!(found(&owner, "u").await, of(&[("uma", true), ("una", true)]));
        assert_eq!(found(&now(app, "mo").await, "mo").await, of(&[("mo", false)]));
        assert_eq!(found(&owner, " ").await, []);
        remove_members(&app.ctx, &owner, potters, accounts(&["una"])).await.unwrap();
        assert_eq!(found(&owner, "una").await, of(&[("una", false)]));
        // Who manages a group does not see who else there is.
        assert_eq!(failure(candidates(&app.ctx, &now(app, "uma").await, potters, "mo").await).code, Code::Forbidden);
        let nowhere = candidates(&app.ctx, &owner, GroupId(owner.id().0), "una").await;
        assert_eq!(failure(nowhere).code, Code::NotFound);
    }

    async fn the_invites_that_a_deletion_pauses_are_listed_page_by_page(app: &TestApp) {
        let owner = app.owner().await;
        let potters = group_of(app, &owner, "Potters", Permissions::empty()).await;
        let mut newest_first = Vec::new();
        for _ in 0..3 {
            app.advance(std::time::Duration::from_secs(1));
            newest_first.insert(0, invite(app, &owner, granting(&[potters])).await.unwrap().id);
        }
        let gone = invite(app, &owner, granting(&[potters])).await.unwrap().id;
        crate::invites::delete(&app.ctx, &owner, gone).await.unwrap();
        invite(app, &owner, InviteDraft::default()).await.unwrap();
        let mut paging = Paging { cursor: None, limit: Limit::try_from(2).unwrap() };
        let mut listed = Vec::new();
        loop {
            let page = invites(&app.ctx, &owner, potters, paging).await.unwrap();
            listed.extend(page.items.into_iter().map(|invite| invite.id));
            paging.cursor = page.next_cursor;
            if paging.cursor.is_none() {
                break;
            }
        }
        assert_eq!(listed, newest_first);
        let deletion = deletion(&app.ctx, &owner, potters).await.unwrap();
        assert_eq!((deletion.invites.len(), deletion.invite_count.counted), (3, 3));
        let moderator = app.account("mo", Role::Moderator).await;
        assert_eq!(failure(invites(&app.ctx, &moderator, potters, Paging::default()).await).code, Code::Forbidden);
    }

    async fn a_group_is_created_changed_and_listed_by_name(app: &TestApp) {
        let owner = app.owner().await;
        let potters = group_of(app, &owner, "Potters", Permission::InvitesCreate).await;
        group_of(app, &owner, "kiln 100%", Permissions::empty()).await;
        group_of(app, &owner, "Astronomers", Permissions::empty()).await;
        let taken = create(&app.ctx, &owner, draft("POTTERS", Permissions::empty()).parse().unwrap()).await;
        assert_eq!(failure(taken).code, Code::GroupNameTaken);

        let change = GroupDraft { description: Patch::Set("Clay".into()), permissions: Patch::Clear, ..GroupDraft::default() };
        let changed = update(&app.ctx, &owner, potters, change).await.unwrap();
        assert_eq!(changed, get(&app.ctx, &owner, potters).await.unwrap());
        assert_eq!((changed.terms.name.as_str(), changed.terms.permissions), ("Potters", Permissions::empty()));
        let taken = update(&app.ctx, &owner, potters, draft("kiln 100%", Permissions::empty())).await;
        assert_eq!(failure(taken).field_error("name"), Some("Another group has this name. Choose another."));

        let list = async |q: Option<&str>, paging| {
            let query = GroupQuery { q: q.map(str::to_owned), paging };
            list(&app.ctx, &owner, &query).await.unwrap()
        };
        let names = |page: &Page<Group>| page.items.iter().map(|group| group.terms.name.to_string()).collect::<Vec<_>>();
        assert_eq!(names(&list(None, Paging::default()).await), ["Astronomers", "kiln 100%", "Potters"]);
        for (q, found) in [("POT", vec!["Potters"]), ("0%", vec!["kiln 100%"]), ("_", vec![]), ("o", vec!["Astronomers", "Potters"])] {
            assert_eq!(names(&list(Some(q), Paging::default()).await), found, "{q}");
        }
        // Page by page, there and back.
        let limit = Limit::try_from(2).unwrap();
        let first = list(None, Paging { cursor: None, limit }).await;
        let second = list(None, Paging { cursor: first.next_cursor, limit }).await;
        assert_eq!((names(&first), names(&second)), (vec!["Astronomers".into(), "kiln 100%".into()], vec!["Potters".into()]));
        assert_eq!(second.next_cursor, None);
        assert_eq!(list(None, Paging { cursor: second.previous_cursor, limit }).await.items, first.items);
    }

    async fn nobody_gives_or_changes_permissions_that_they_do_not_have(app: &TestApp) {
        let owner = app.owner().await;
        app.account("mod", Role::Moderator).await;
        app.grant("mod", Permission::GroupsManage.into()).await;
        let moderator = now(app, "mod").await;
        let high = group_of(app, &owner, "High", Permission::SettingsChange).await;
        let low = group_of(app, &owner, "Low", Permissions::empty()).await;

        let gives = create(&app.ctx, &moderator, draft("Own", Permission::SettingsChange).parse().unwrap()).await;
        assert!(failure(gives).message.contains("settings.change"));
        let gives = update(&app.ctx, &moderator, low, draft("Low", Permission::SettingsChange)).await;
        assert_eq!(failure(gives).code, Code::Forbidden);
        for refused in [
            update(&app.ctx, &moderator, high, draft("Lower", Permissions::empty())).await.map(|_| ()),
            delete(&app.ctx, &moderator, high).await,
            deletion(&app.ctx, &moderator, high).await.map(|_| ()),
            add_members(&app.ctx, &moderator, high, accounts(&["mod"])).await.map(|_| ()),
            remove_members(&app.ctx, &moderator, high, accounts(&["ngozi"])).await.map(|_| ()),
        ] {
            assert!(failure(refused).message.contains("settings.change"));
        }
        assert!(!get(&app.ctx, &moderator, high).await.unwrap().can_change);
        assert!(get(&app.ctx, &moderator, low).await.unwrap().can_change);
        update(&app.ctx, &moderator, low, draft("Lower", Permission::InvitesView)).await.unwrap();
    }

    async fn members_have_what_their_groups_grant_until_they_leave(app: &TestApp) {
        let owner = app.owner().await;
        let (ada, _) = (app.account("ada", Role::User).await, app.account("grace", Role::User).await);
        assert_eq!(failure(list(&app.ctx, &ada, &GroupQuery::default()).await).code, Code::Forbidden);
        let group = group_of(app, &owner, "Viewers", Permission::InvitesView).await;
        let id = ada.id().to_string();
        let typed = accounts(&[" ADA ", "ada@bramble.example", &id, "grace@BRAMBLE.example", "nobody", "no@where.example"]);
        let added = add_members(&app.ctx, &owner, group, typed).await.unwrap();
        assert_eq!((added.changed, added.unchanged), (2, 0));
        assert_eq!(added.not_found, ["nobody", "no@where.example"]);
        let again = add_members(&app.ctx, &owner, group, accounts(&["ada"])).await.unwrap();
        assert_eq!((again.changed, again.unchanged), (0, 1));

        let ada = now(app, "ada").await;
        assert!(ada.permissions.contains(Permission::InvitesView));
        let of = of_account(&app.ctx, &owner, ada.id()).await.unwrap();
        assert_eq!((of.len(), of[0].permissions, of[0].is_manager), (1, Permission::InvitesView.into(), false));
        assert_eq!(get(&app.ctx, &owner, group).await.unwrap().members.counted, 2);

        app.execute("UPDATE memberships SET ends_at = created_at + 1000000").await;
        assert_eq!(names_of_members(app, &owner, group).await.len(), 2);
        app.advance(std::time::Duration::from_secs(1));
        assert_eq!(now(app, "ada").await.permissions, Permissions::empty(), "it has ended");
        assert!(names_of_members(app, &owner, group).await.is_empty());
        assert!(of_account(&app.ctx, &owner, ada.id()).await.unwrap().is_empty());
        // Who is added again begins again.
        assert_eq!(add_members(&app.ctx, &owner, group, accounts(&["ada"])).await.unwrap().changed, 1);
        assert_eq!(names_of_members(app, &owner, group).await, ["ada"]);
        let removed = remove_members(&app.ctx, &owner, group, accounts(&["ada", "ngozi", "nobody"])).await.unwrap();
        assert_eq!((removed.changed, removed.unchanged, removed.not_found.len()), (1, 1, 1));
        assert_eq!(now(app, "ada").await.permissions, Permissions::empty());
    }

    async fn members_are_searched_and_paged(app: &TestApp) {
        let owner = app.owner().await;
        let group = group_of(app, &owner, "Potters", Permissions::empty()).await;
        for name in ["ada", "grace", "linus", "margaret"] {
            app.account(name, Role::User).await;
            app.advance(std::time::Duration::from_secs(1));
            if name != "grace" {
                add_members(&app.ctx, &owner, group, accounts(&[name])).await.unwrap();
            }
        }
        let limit = Limit::try_from(2).unwrap();
        let page = async |q: Option<&str>, cursor| {
            let query = GroupMemberQuery { q: q.map(str::to_owned), paging: Paging { cursor, limit } };
            let page = members(&app.ctx, &owner, group, &query).await.unwrap();
            let names: Vec<_> = page.items.iter().map(|member| member.account.username.to_string()).collect();
            (names, page.next_cursor)
        };
        let (first, next) = page(None, None).await;
        assert_eq!(first, ["margaret", "linus"], "the newest members first");
        assert_eq!(page(None, next).await.0, ["ada"]);
        let (first, next) = page(Some("bramble"), None).await;
        assert_eq!(first, ["margaret", "linus"]);
        assert_eq!(page(Some("bramble"), next).await.0, ["ada"]);
        assert!(page(Some("grace"), None).await.0.is_empty(), "she is not in the group");
    }

    async fn a_manager_changes_the_members_of_their_groups_and_no_other(app: &TestApp) {
        let owner = app.owner().await;
        app.account("ada", Role::User).await;
        app.account("grace", Role::User).await;
        let potters = group_of(app, &owner, "Potters", Permission::InvitesView).await;
        let kiln = group_of(app, &owner, "Kiln", Permissions::empty()).await;
        add_members(&app.ctx, &owner, potters, managers(&["ada"])).await.unwrap();
        add_members(&app.ctx, &owner, potters, managers(&["ngozi"])).await.unwrap();
        let ada = now(app, "ada").await;

        let seen = list(&app.ctx, &ada, &GroupQuery::default()).await.unwrap().items;
        assert_eq!(seen.iter().map(|group| group.id).collect::<Vec<_>>(), [potters]);
        assert_eq!((seen[0].can_change, seen[0].can_change_members), (false, true));
        assert_eq!(failure(get(&app.ctx, &ada, kiln).await).code, Code::NotFound);
        add_members(&app.ctx, &ada, potters, accounts(&["grace"])).await.unwrap();
        remove_members(&app.ctx, &ada, potters, accounts(&["grace"])).await.unwrap();
        for refused in [
            add_members(&app.ctx, &ada, kiln, accounts(&["grace"])).await,
            add_members(&app.ctx, &ada, potters, managers(&["grace"])).await,
            add_members(&app.ctx, &ada, potters, MembersDraft { ends_at: Patch::Clear, ..accounts(&["ada"]) }).await,
            add_members(&app.ctx, &ada, potters, MembersDraft { ends_at: Patch::Set("2190-01-01T00:00:00Z".into()), ..accounts(&["grace", "ngozi"]) }).await,
            remove_members(&app.ctx, &ada, potters, accounts(&["ngozi"])).await,
            update(&app.ctx, &ada, potters, GroupDraft::default()).await.map(|_| MembersChanged::default()),
            delete(&app.ctx, &ada, potters).await.map(|()| MembersChanged::default()),
        ] {
            assert_eq!(failure(refused).code, Code::Forbidden);
        }
        // A manager invites to their groups, to nothing else, and may pause what they made.
        let own = invite(app, &ada, granting(&[potters])).await.unwrap();
        assert!(own.code.is_some());
        crate::invites::pause(&app.ctx, &ada, own.id).await.unwrap();
        for draft in [granting(&[kiln]), granting(&[potters, kiln]), InviteDraft::default()] {
            assert_eq!(failure(invite(app, &ada, draft).await).code, Code::Forbidden);
        }
        let moderator = InviteDraft { role: Patch::Set("moderator".into()), ..granting(&[potters]) };
        assert_eq!(failure(invite(app, &ada, moderator).await).code, Code::Forbidden);
        assert_eq!(choices(&app.ctx, &ada, None).await.unwrap().len(), 1);
        assert_eq!(choices(&app.ctx, &owner, Some("kil")).await.unwrap()[0].id, kiln);
        // One who no longer manages it neither.
        add_members(&app.ctx, &owner, potters, MembersDraft { manager: Some(false), ..accounts(&["ada"]) }).await.unwrap();
        assert_eq!(failure(crate::invites::resume(&app.ctx, &now(app, "ada").await, own.id).await).code, Code::Forbidden);
        add_members(&app.ctx, &owner, potters, managers(&["ada"])).await.unwrap();
        let pending = Actor { active: false, permissions: Permissions::empty(), ..ada };
        assert_eq!(failure(add_members(&app.ctx, &pending, potters, accounts(&["grace"])).await).code, Code::Forbidden);
    }

    async fn ends_are_set_for_members_alone_and_those_of_managers_by_staff(app: &TestApp) {
        let owner = app.owner().await;
        let potters = group_of(app, &owner, "Potters", Permissions::empty()).await;
        for name in ["ada", "grace", "linus", "zoe"] {
            app.account(name, Role::User).await;
        }
        add_members(&app.ctx, &owner, potters, accounts(&["ada", "grace"])).await.unwrap();
        add_members(&app.ctx, &owner, potters, managers(&["zoe"])).await.unwrap();
        let end = app.ctx.now().plus(std::time::Duration::from_hours(1));
        let ends = |names: &[&str], ends_at: Option<Timestamp>| {
            let ends_at = Patch::from(ends_at.map(Timestamp::to_rfc3339));
            MembershipEndsDraft { accounts: names.iter().map(|&name| name.to_owned()).collect(), ends_at }
        };
        let done = |changed, unchanged, not_found: &[&str]| {
            MembersChanged { changed, unchanged, not_found: not_found.iter().map(|&name| name.to_owned()).collect() }
        };
        let set = async |actor: &Actor, draft| set_member_ends(&app.ctx, actor, potters, draft).await;
        let until_the_hour = ends(&["ada", "GRACE", "linus", "nobody"], Some(end));
        assert_eq!(set(&owner, until_the_hour.clone()).await.unwrap(), done(2, 1, &["nobody"]), "linus does not join");
        assert_eq!(set(&owner, until_the_hour).await.unwrap(), done(0, 3, &["nobody"]));
        let set_to = async |name: &str| {
            let page = members(&app.ctx, &owner, potters, &GroupMemberQuery::default()).await.unwrap();
            page.items.into_iter().find(|member| member.account.username.as_str() == name).unwrap().ends_at
        };
        assert_eq!((set_to("ada").await, set_to("zoe").await), (Some(end), None));
        // A manager: of members, not of managers.
        let zoe = now(app, "zoe").await;
        assert_eq!(set(&zoe, ends(&["ada"], None)).await.unwrap(), done(1, 0, &[]));
        assert_eq!(failure(set(&zoe, ends(&["ada", "zoe"], Some(end))).await).code, Code::Forbidden);
        assert_eq!((set_to("ada").await, set_to("zoe").await), (None, None), "all or none");
        assert_eq!(set(&owner, ends(&["zoe"], Some(end))).await.unwrap(), done(1, 0, &[]));
        let ada = now(app, "ada").await;
        assert_eq!(failure(set(&ada, ends(&["grace"], None)).await).code, Code::Forbidden);
        // What has ended is not extended: they are no members any more.
        app.advance(std::time::Duration::from_hours(1));
        let later = app.ctx.now().plus(std::time::Duration::from_hours(1));
        assert_eq!(set(&owner, ends(&["grace", "ada"], Some(later))).await.unwrap(), done(1, 1, &[]));
        assert_eq!(names_of_members(app, &owner, potters).await, ["ada"]);
        let logged = "SELECT COUNT(*) FROM audit_log WHERE action = 'group.add_members' AND detail LIKE '%\"is_manager\":true%'";
        assert_eq!(app.number(logged).await, 2, "the manager was added, and got an end");
    }

    async fn who_signs_up_joins_the_groups_of_the_invite(app: &TestApp) {
        let owner = app.owner().await;
        let groups = [group_of(app, &owner, "Potters", Permission::InvitesView).await, group_of(app, &owner, "Kiln", Permissions::empty()).await];
        let made = invite(app, &owner, granting(&groups)).await.unwrap();
        assert_eq!(made.group_refs.iter().map(|group| group.name.as_str()).collect::<Vec<_>>(), ["Potters", "Kiln"]);
        let shown = crate::invites::lookup(&app.ctx, code(&made), &crate::Client::default()).await.unwrap();
        let domain::signup::Lookup::Open(invitation) = shown else { panic!("{shown:?}") };
        assert_eq!(invitation.groups.len(), 2);
        let mateo = app.sign_up(code(&made), "mateo").await.unwrap().account;
        let of = of_account(&app.ctx, &owner, mateo.id).await.unwrap();
        assert_eq!(of.iter().map(|of| of.group.id).collect::<Vec<_>>(), [groups[1], groups[0]]);
        assert!(now(app, "mateo").await.permissions.contains(Permission::InvitesView));
        let unknown = invite(app, &owner, granting(&[GroupId(uuid::Uuid::from_u128(7))])).await;
        assert!(failure(unknown).field_error("groups").is_some());
        // Editing it changes what the next one joins.
        let none = InviteDraft { groups: Patch::Clear, ..InviteDraft::default() };
        crate::invites::update(&app.ctx, &owner, made.id, none).await.unwrap();
        let ada = app.sign_up(code(&made), "ada").await.unwrap().account;
        assert!(of_account(&app.ctx, &owner, ada.id).await.unwrap().is_empty());
        assert_eq!(app.number("SELECT COUNT(*) FROM invite_groups").await, 0);
        assert_eq!(app.number("SELECT COUNT(*) FROM memberships WHERE redemption_id IS NULL").await, 0);
    }

    async fn a_group_that_gained_permissions_is_no_longer_granted_by_a_lower_author(app: &TestApp) {
        let owner = app.owner().await;
        app.account("mod", Role::Moderator).await;
        app.grant("mod", Permission::GroupsManage.into()).await;
        let group = group_of(app, &owner, "Potters", Permissions::empty()).await;
        let made = invite(app, &now(app, "mod").await, granting(&[group])).await.unwrap();
        app.sign_up(code(&made), "mateo").await.unwrap();
        update(&app.ctx, &owner, group, draft("Potters", Permission::SettingsChange)).await.unwrap();
        assert_eq!(failure(app.sign_up(code(&made), "ada").await).code, Code::InviteInvalid);
        app.assert_uses_match_redemptions().await;
    }

    async fn deleting_a_group_pauses_the_invites_that_grant_it(app: &TestApp) {
        let owner = app.owner().await;
        let (potters, kiln) = (group_of(app, &owner, "Potters", Permissions::empty()).await, group_of(app, &owner, "Kiln", Permissions::empty()).await);
        let both = invite(app, &owner, granting(&[potters, kiln])).await.unwrap();
        app.advance(std::time::Duration::from_secs(1));
        let paused = invite(app, &owner, granting(&[potters])).await.unwrap();
        crate::invites::pause(&app.ctx, &owner, paused.id).await.unwrap();
        let used_up = invite(app, &owner, InviteDraft { max_uses: Patch::Set(1), ..granting(&[potters]) }).await.unwrap();
        app.sign_up(code(&used_up), "mateo").await.unwrap();
        let other = invite(app, &owner, granting(&[kiln])).await.unwrap();

        let preview = deletion(&app.ctx, &owner, potters).await.unwrap();
        assert_eq!((preview.members.counted, preview.invite_count.counted), (1, 2), "one invite is used up");
        assert_eq!(preview.invites.iter().map(|invite| invite.id).collect::<Vec<_>>(), [paused.id, both.id]);
        delete(&app.ctx, &owner, potters).await.unwrap();
        assert_eq!(failure(get(&app.ctx, &owner, potters).await).code, Code::NotFound);
        assert_eq!(failure(delete(&app.ctx, &owner, potters).await).code, Code::NotFound);
        for (invite, status, groups) in [
            (both.id, InviteStatus::Paused, vec![kiln]),
            (paused.id, InviteStatus::Paused, vec![]),
            (used_up.id, InviteStatus::UsedUp, vec![]),
            (other.id, InviteStatus::Active, vec![kiln]),
        ] {
            let invite = crate::invites::get(&app.ctx, &owner, invite).await.unwrap();
            assert_eq!((invite.status, &invite.terms.groups), (status, &groups));
            assert_eq!(invite.group_refs.len(), groups.len());
        }
    }

    /// An account that signs up with an invite that grants a group is in it, or the invite is refused, whether the
    /// group is deleted before, meanwhile or afterwards.
    async fn a_group_deleted_while_its_invite_is_used_is_granted_or_refused(app: &TestApp) {
        let owner = app.owner().await;
        let group = group_of(app, &owner, "Potters", Permissions::empty()).await;
        let made = invite(app, &owner, granting(&[group])).await.unwrap();
        let mut tasks = JoinSet::new();
        for number in 0..12 {
            let (ctx, code) = (app.ctx.clone(), code(&made).to_owned());
            tasks.spawn(async move {
                let sign_up = crate::testing::sign_up(&code, &format!("person{number}"));
                crate::signup::sign_up(&ctx, sign_up, None, &crate::Client::default()).await.is_ok()
            });
        }
        until("somebody joined", async || !names_of_members(app, &owner, group).await.is_empty()).await;
        delete(&app.ctx, &owner, group).await.unwrap();
        let joined = tasks.join_all().await.into_iter().filter(|joined| *joined).count();
        assert!(joined >= 1);
        app.assert_uses_match_redemptions().await;
        let used = crate::invites::get(&app.ctx, &owner, made.id).await.unwrap();
        assert_eq!((used.used as usize, used.status), (joined, InviteStatus::Paused));
        assert_eq!(app.number("SELECT COUNT(*) FROM memberships").await, 0);
        let with_group = format!("SELECT COUNT(*) FROM audit_log WHERE action = 'account.sign_up' AND detail LIKE '%{group}%'");
        assert_eq!(usize::try_from(app.number(&with_group).await).unwrap(), joined);
    }
}
