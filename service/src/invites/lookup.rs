//! Look-up of invite codes. It is the most frequent query, so look-ups of the same moment share one
//! ([`crate::platform::batcher`], `docs/adr/0010`), which reads no column that is not needed.

use std::collections::{BTreeSet, HashMap};

use domain::Timestamp;
use domain::accounts::{AccountLifecycle, DELETED_MEMBER, Email, EmailDomain, Role};
use domain::attributes::InviteAttribute;
use domain::groups::GroupRef;
use domain::ids::{ApplicationId, FlowId, GroupId, InviteId};
use domain::invites::{CodeKind, Ends, InviteCode, KnownPerson, Lifecycle};
use domain::text::{ApplicationName, GroupName, WelcomeText};
use domain::web::Destination;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::store::{kind, lifecycle_of};
use super::terms::{self, group_ids};
use crate::accounts::entity as author;
use crate::applications::opening;
use crate::invites::entity::{Column, Entity};
use crate::memberships::store as memberships;
use crate::platform::batcher::Batcher;
use crate::{Ctx, Error};

/// The maximum number of codes in one query.
pub(crate) const MAX_BATCH: usize = 64;

/// What is read of an invite when its code is looked up.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column or says one thing of the invite")]
pub(crate) struct InvitePreview {
    pub(super) id: InviteId,
    /// Whether it was sent by mail.
    pub(super) is_mailed: bool,
    pub(super) kind: CodeKind,
    pub(super) role: Role,
    /// The names of the groups that it grants.
    pub(super) groups: Vec<GroupName>,
    pub(super) lifecycle: Lifecycle,
    /// What the status of the account that created it is derived from; `None` if it is deleted.
    pub(super) author: Option<AccountLifecycle>,
    /// The name of that account.
    pub(super) invited_by: String,
    /// The only e-mail address that may sign up.
    pub(super) email: Option<Email>,
    pub(super) email_domains: Vec<EmailDomain>,
    pub(super) approval: bool,
    pub(super) attributes: Vec<InviteAttribute>,
    pub(super) person: Option<KnownPerson>,
    pub(super) welcome_text: Option<WelcomeText>,
    pub(super) ends: Option<Ends>,
    pub(super) existing_members: bool,
    pub(super) show_uses_left: bool,
    /// The name of the application that it leads to.
    pub(super) application: Option<ApplicationName>,
    /// The flow that it names.
    pub(super) flow: Option<FlowId>,
}

/// Hashes by which the invite of one code may be found: one for each kind of code and each data key.
pub(crate) type Hashes = Vec<Vec<u8>>;

/// The queue of [`find`].
pub(crate) type Lookups = Batcher<Hashes, Option<InvitePreview>>;

/// The invite that has, or had, this code.
pub(super) async fn find(ctx: &Ctx, code: &InviteCode) -> Result<Option<InvitePreview>, Error> {
    ctx.state::<Lookups>().submit(ctx.keyring().code_hashes(code)).await
}

/// Looks up many codes. Returns the results in the same order.
pub(crate) async fn find_all(ctx: Ctx, codes: Vec<Hashes>) -> Vec<Result<Option<InvitePreview>, Error>> {
    let rows = match rows(&ctx.db().read, &codes).await.map_err(Error::from) {
        Ok(rows) => rows,
        Err(error) => return codes.iter().map(|_| Err(error.clone())).collect(),
    };
    let ids = rows.iter().flat_map(|row| group_ids(&row.group_ids));
    let groups = match memberships::references(&ctx.db().read, ids).await.map_err(Error::from) {
        Ok(groups) => groups,
        Err(error) => return codes.iter().map(|_| Err(error.clone())).collect(),
    };
    let applications = match opening::names(&ctx.db().read, rows.iter().filter_map(Row::application)).await {
        Ok(applications) => applications,
        Err(error) => return codes.iter().map(|_| Err(error.clone())).collect(),
    };
    let rows: HashMap<&[u8], &Row> = rows.iter().map(|row| (row.code_hash.as_slice(), row)).collect();
    let found = |hashes: &Hashes| hashes.iter().find_map(|hash| rows.get(hash.as_slice()));
    codes.iter().map(|hashes| found(hashes).map(|row| row.preview(&groups, &applications)).transpose()).collect()
}

async fn rows(db: &impl ConnectionTrait, codes: &[Hashes]) -> Result<Vec<Row>, DbErr> {
    let hashes: BTreeSet<&Vec<u8>> = codes.iter().flatten().collect();
    // Repeated hashes are harmless, and fewer lengths of the list mean fewer prepared statements.
    let padded = hashes.len().next_power_of_two();
    let hashes = hashes.iter().cycle().take(padded).map(|hash| hash.as_slice());
    Entity::find()
        .select_only()
        .columns([Column::CodeHash, Column::CodeKind, Column::Role, Column::Used, Column::MaxUses])
        .columns([Column::Id, Column::GroupIds, Column::Person, Column::MailedAt])
        .columns([Column::StartsAt, Column::ExpiresAt, Column::PausedAt, Column::DeletedAt])
        .columns([Column::Email, Column::EmailDomains, Column::Approval, Column::Attributes, Column::WelcomeText])
        .columns([Column::AccessOf, Column::AccessDays, Column::AccessEndsAt])
        .columns([Column::ExistingMembers, Column::ShowUsesLeft, Column::After, Column::FlowId])
        .columns([author::Column::Name, author::Column::Username, author::Column::SuspendedAt])
        .columns([author::Column::ApprovedAt, author::Column::EndsAt, author::Column::ActivateBy])
        .column_as(author::Column::DeletedAt, "author_deleted_at")
        .inner_join(author::Entity)
        .filter(Expr::col((Entity, Column::CodeHash)).is_in(hashes))
        .into_model()
        .all(db)
        .await
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    person: Option<String>,
    mailed_at: Option<i64>,
    code_hash: Vec<u8>,
    code_kind: String,
    role: String,
    group_ids: String,
    used: i64,
    max_uses: Option<i64>,
    starts_at: Option<i64>,
    expires_at: Option<i64>,
    paused_at: Option<i64>,
    deleted_at: Option<i64>,
    email: Option<String>,
    email_domains: String,
    approval: bool,
    attributes: Option<String>,
    welcome_text: Option<String>,
    access_of: Option<String>,
    access_days: Option<i64>,
    access_ends_at: Option<i64>,
    existing_members: bool,
    show_uses_left: bool,
    after: Option<String>,
    flow_id: Option<Uuid>,
    name: Option<String>,
    username: String,
    suspended_at: Option<i64>,
    approved_at: Option<i64>,
    ends_at: Option<i64>,
    activate_by: Option<i64>,
    author_deleted_at: Option<i64>,
}

impl Row {
    /// The application that it leads to.
    fn application(&self) -> Option<ApplicationId> {
        Destination::stored(self.after.as_deref()?).application()
    }

    /// What the status of its author is derived from.
    fn author(&self) -> Option<AccountLifecycle> {
        let instants = [self.suspended_at, self.approved_at, self.ends_at, self.activate_by];
        let [suspended_at, approved_at, ends_at, activate_by] = instants.map(|at| at.map(Timestamp::from_micros));
        let lifecycle = AccountLifecycle { suspended_at, approved_at, ends_at, activate_by };
        self.author_deleted_at.is_none().then_some(lifecycle)
    }

    fn preview(
        &self,
        groups: &HashMap<GroupId, GroupRef>,
        applications: &HashMap<ApplicationId, ApplicationName>,
    ) -> Result<InvitePreview, Error> {
        let instants = [self.starts_at, self.expires_at, self.paused_at, self.deleted_at];
        Ok(InvitePreview {
            id: InviteId(self.id),
            is_mailed: self.mailed_at.is_some(),
            kind: kind(&self.code_kind),
            role: self.role.parse().map_err(|_| Error::internal("an invite has a broken role"))?,
            groups: group_ids(&self.group_ids)
                .iter()
                .filter_map(|id| groups.get(id).map(|group| group.name.clone()))
                .collect(),
            lifecycle: lifecycle_of(self.used, self.max_uses, instants),
            author: self.author(),
            invited_by: match self.name.as_deref().unwrap_or(&self.username) {
                "" => DELETED_MEMBER.to_owned(),
                name => name.to_owned(),
            },
            email: self.email.as_ref().map(Email::stored),
            email_domains: terms::email_domains(&self.email_domains),
            approval: self.approval,
            attributes: terms::attributes(self.attributes.as_deref())?,
            person: terms::person(self.person.as_deref())?,
            welcome_text: self.welcome_text.as_deref().map(WelcomeText::stored),
            ends: terms::ends(self.access_of.as_deref(), self.access_days, self.access_ends_at)?,
            existing_members: self.existing_members,
            show_uses_left: self.show_uses_left,
            flow: self.flow_id.map(FlowId),
            application: self.application().and_then(|id| applications.get(&id).cloned()),
        })
    }
}
