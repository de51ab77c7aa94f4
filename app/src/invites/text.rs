//! The texts of invites. Titles of statuses are in `domain::invites`.
//!
//! Names of invites come isolated (`domain::text::isolated`) in titles, toasts and questions.

use domain::groups::GroupRef;
use domain::invites::QuotaPeriod;
use domain::paging::Count;
use domain::text::{isolated, thousands};

pub(super) use crate::ui::text::{
    ACTIONS, COPY_LINK, CREATE_INVITE, CREATED, EXTEND, GROUPS, INVITE, INVITE_LINK, INVITES, LINK_COPIED, NEVER,
    NEWER_OLDER, NEWEST_FIRST, NOT_A_DATE, OLDEST_FIRST, PREVIOUS_NEXT, RAISE_LIMIT, REDEMPTIONS, REGISTRATION_CLOSED,
    ROLE, SAVE_CHANGES, STATUS, label_of_row, more_for,
};

// The viewer's own invites.

pub(super) const YOUR_INVITES: &str = "Your invites";
pub(super) const YOUR_INVITES_ABOUT: &str = "The invites that you created, and who used them.";
pub(super) const MAY_NOT_INVITE: &str = "You can’t invite people here";
pub(super) const MAY_NOT_INVITE_TEXT: &str =
    "Only some members of this site can create invites. Ask an admin if you want to invite someone.";
/// To someone who manages groups and may create no other invites.
pub(super) const ONLY_FOR_GROUPS: &str =
    "You can invite people to the groups that you manage: open the group, then choose Invite people.";
/// The time follows.
pub(super) const TOO_NEW_BEFORE: &str = "Your account is too new to create invites. You can from ";
/// The time follows.
pub(super) const NEXT_BEFORE: &str = "You can create the next one from ";
pub(super) const NO_OWN_INVITES_TEXT: &str = "The invites that you create are listed here.";

/// `3 of 5 invites left this week`. The period slides.
pub(super) fn left(left: u32, size: u32, period: QuotaPeriod) -> String {
    let invites = if size == 1 { "invite" } else { "invites" };
    let during = match period {
        QuotaPeriod::Day => "today",
        QuotaPeriod::Week => "this week",
        QuotaPeriod::Month => "this month",
    };
    format!("{left} of {size} {invites} left {during} (counted over {})", period.last())
}

pub(super) fn none_left(size: u32, period: QuotaPeriod) -> String {
    match size {
        1 => format!("You have created your one invite of {}.", period.last()),
        size => format!("You have created all {size} invites of {}.", period.last()),
    }
}

/// The heading of the table of who used it, and its accessible name.
pub(super) const GUESTS: &str = "Who used it";
pub(super) const GUEST: &str = "Name";
pub(super) const USED_AT: &str = "Used";
pub(super) const NO_GUESTS: &str = "Nobody has used it yet";
pub(super) const NO_GUESTS_TEXT: &str =
    "Send the invite link to someone. Their name stands here when they have used it.";

pub(super) fn guests(count: usize) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{count} people") }
}

// The list.

pub(super) const INVITES_ABOUT: &str = "Invite links and codes, who can use them, and until when.";
/// The link to what was sent by e-mail.
pub(super) const BY_MAIL: &str = "Invitations";
pub(super) const SEARCH: &str = "Search invites";
pub(super) const SEARCH_EXAMPLE: &str = "Name, code or link";

/// How many invites there are, and how many of them the list leaves out unless asked for them.
pub(super) fn total(all: Count, deleted: Option<Count>) -> String {
    match deleted {
        None if all.counted == 1 => "1 invite".to_owned(),
        None => format!("{all} invites"),
        Some(deleted) if all.counted == 1 => format!("1 invite, not including {deleted} deleted"),
        Some(deleted) => format!("{all} invites, not including {deleted} deleted"),
    }
}

pub(super) fn invites(count: usize) -> String {
    if count == 1 { "1 invite".to_owned() } else { format!("{count} invites") }
}

pub(super) const CODE: &str = "Code";
pub(super) const USES: &str = "Uses";
pub(super) const EXPIRES: &str = "Expires";

// The orders of the list, in a menu.

pub(super) const SOONEST_FIRST: &str = "Expires soonest first";
pub(super) const LATEST_FIRST: &str = "Expires latest first";
pub(super) const MOST_USED_FIRST: &str = "Most used first";
pub(super) const LEAST_USED_FIRST: &str = "Least used first";

/// Below the name of an invite.
pub(super) fn grants(role: &str, groups: &[GroupRef]) -> String {
    let groups = groups.iter().map(|group| isolated(group.name.as_str()));
    std::iter::once(format!("Role: {role}")).chain(groups).collect::<Vec<_>>().join(" · ")
}

pub(super) const NO_INVITES: &str = "No invites yet";
pub(super) const NO_INVITES_TEXT: &str =
    "Create an invite, send its link to someone, and you will see here when they join.";
pub(super) const NOT_FOUND: &str = "No invites found";
pub(super) const NOT_FOUND_TEXT: &str =
    "Search finds words in the name, a whole code, or an invite link. Filters narrow it further.";
pub(super) const SHOW_ALL: &str = "Show all invites";

// How an invite looks wherever it is shown.

pub(super) const ACTIVE: &str = "Active";
/// The status of an active invite while registration is closed.
pub(super) const ON_HOLD: &str = "On hold";

/// The accessible name of the bar.
pub(super) fn uses_of(title: &str) -> String {
    format!("Uses of {title}")
}

/// The value of the bar.
pub(super) fn used_of(used: u32, max: u32) -> String {
    format!("{used} of {max}")
}

pub(super) const COPY_CODE: &str = "Copy code";
/// A toast.
pub(super) const CODE_COPIED: &str = "Code copied";
/// Instead of the code of a deleted invite.
pub(super) const CODE_DELETED: &str = "Deleted";
/// Instead of a code that one may not read.
pub(super) const CODE_HIDDEN: &str = "Hidden";

// The page of one invite.

/// Instead of the page of an invite that does not exist.
pub(super) const ABSENT: &str = "There is no such invite";
pub(super) const ABSENT_TEXT: &str = "The address may be mistyped or incomplete.";
pub(super) const ALL_INVITES: &str = "All invites";

/// The name of the creator and the time follow.
pub(super) const CREATED_BY_BEFORE: &str = "Created by ";
pub(super) const CODE_NOTE: &str = "The invite code; it can also be typed on the sign-up page.";
pub(super) const DELETED_NOTE: &str =
    "This invite is deleted. Its link and code no longer work, and the same code can’t be used again.";
pub(super) const HIDDEN_NOTE: &str =
    "Your permissions don’t include reading the codes and links of other people’s invites.";

/// Follows the number of uses of a deleted invite.
pub(super) const fn used_after(used: u32) -> &'static str {
    if used == 1 { "use" } else { "uses" }
}

/// Instead of the redemptions of a deleted invite that has none.
/// The link to the page that sends it to people.
pub(super) const SEND_BY_MAIL: &str = "Send by e-mail";
pub(super) const NEVER_USED: &str = "Nobody has used this invite.";

/// Follows the number of uses.
pub(super) fn uses_after(used: u32, max_uses: Option<u32>) -> String {
    match max_uses {
        Some(1) if used >= 1 => "of 1 use, none left".to_owned(),
        Some(1) => "of 1 use, 1 left".to_owned(),
        Some(max) if used >= max => format!("of {} uses, none left", thousands(max)),
        Some(max) => format!("of {} uses, {} left", thousands(max), thousands(max - used)),
        None if used == 1 => "use, unlimited".to_owned(),
        None => "uses, unlimited".to_owned(),
    }
}

pub(super) const DETAILS: &str = "Details";
pub(super) const STARTS: &str = "Starts";
pub(super) const AT_ONCE: &str = "At once";
pub(super) const PAUSED: &str = "Paused";
pub(super) const DELETED: &str = "Deleted";
pub(super) const CODE_RANDOM: &str = "Random";
pub(super) const CODE_OWN: &str = "Your own";

// What can be done. `…` marks what asks first.

pub(super) const EDIT: &str = "Edit";
pub(super) const EDIT_MORE: &str = "Edit…";
pub(super) const EXTEND_MORE: &str = "Extend…";
pub(super) const RAISE_LIMIT_MORE: &str = "Raise the limit…";
pub(super) const DUPLICATE_MORE: &str = "Duplicate…";
pub(super) const RESUME: &str = "Resume";
pub(super) const PAUSE: &str = "Pause";
pub(super) const SEE_REDEMPTIONS: &str = "See redemptions";
pub(super) const DELETE_MORE: &str = "Delete…";

/// A toast.
pub(super) fn paused(title: &str) -> String {
    format!("Paused “{title}”")
}

/// A toast.
pub(super) fn resumed(title: &str) -> String {
    format!("Resumed “{title}”")
}

// The question before an invite is deleted.

pub(super) fn delete_title(title: &str) -> String {
    format!("Delete “{title}”?")
}

pub(super) fn delete_text(used: u32) -> String {
    let stays = match used {
        0 => "It has not been used.".to_owned(),
        1 => "The account that used it stays, and so does the redemption.".to_owned(),
        _ => format!("The {used} accounts that used it stay, and so do the redemptions."),
    };
    format!("The invite link stops working at once and for good, and its code can’t be used again. {stays}")
}

pub(super) const DELETE: &str = "Delete invite";

/// A toast.
pub(super) fn deleted(title: &str) -> String {
    format!("Deleted “{title}”")
}

// The dialogs that create and edit.

pub(super) const NEW: &str = "New invite";

pub(super) fn duplicate_title(title: &str) -> String {
    format!("New invite like “{title}”")
}

pub(super) fn edit_title(title: &str) -> String {
    format!("Edit “{title}”")
}

/// The choice of [`ONE_PERSON`] and [`MANY_PEOPLE`].
pub(super) const FOR_WHOM: &str = "For";
pub(super) const ONE_PERSON: &str = "One person";
pub(super) const MANY_PEOPLE: &str = "Many people";
pub(super) const EMAIL: &str = "E-mail address";
pub(super) const EMAIL_HELP: &str = "Only this address can sign up. Leave it empty for anyone who has the link.";
pub(super) const NAME: &str = "Name";
pub(super) const NAME_EXAMPLE: &str = "November open evening";
pub(super) const NAME_HELP: &str = "For you and the admins. People you invite don’t see it.";
pub(super) const IN_1_DAY: &str = "In 1 day";
pub(super) const IN_7_DAYS: &str = "In 7 days";
pub(super) const IN_30_DAYS: &str = "In 30 days";
/// A choice of one's own, for which a field appears.
pub(super) const HOURS: &str = "Hours…";
/// A choice of one's own, for which a field appears.
pub(super) const DATE: &str = "Date…";
pub(super) const HOURS_FROM_NOW: &str = "Hours from now";
pub(super) const HOURS_HELP: &str = "1 to 8,760, which is a year.";
pub(super) const EXPIRY_DATE: &str = "Expiry date";
pub(super) const TIME_ZONE_HELP: &str = "In your time zone.";
pub(super) const MAX_USES: &str = "Maximum uses";
pub(super) const UNLIMITED: &str = "Unlimited";
/// A choice of one's own, for which a field appears.
pub(super) const OTHER: &str = "Other…";
/// To someone whose invites have limits.
pub(super) fn most_uses(most: u32) -> String {
    format!("At most {}.", thousands(most))
}

/// The same, below the choice of the end.
pub(super) fn longest(days: u32) -> String {
    if days == 1 { "At most 1 day.".to_owned() } else { format!("At most {} days.", thousands(days)) }
}

pub(super) const NUMBER_OF_USES: &str = "Number of uses";
/// Above the sections, where an invite is edited.
pub(super) const FROM_NOW_ON: &str =
    "Changes count for people who sign up from now on. Accounts, groups and ends that it has given stay as they are.";

// Next to the button that saves an edited invite: what each change means for those who have used it.

/// The accessible name of the lines.
pub(super) const EFFECTS: &str = "What the changes mean";

/// Before the lines. Without a use there are none.
pub(super) fn effects(used: u32) -> String {
    match used {
        0 => "Nobody has used this invite, so nobody is affected.".to_owned(),
        1 => "For the person who has used this invite:".to_owned(),
        used => format!("For the {} people who have used this invite:", thousands(used)),
    }
}

pub(super) const EMAIL_EFFECT: &str = "E-mail address: they keep their accounts, whatever their address.";
pub(super) const NAME_EFFECT: &str = "Name: nothing changes. They do not see it.";
pub(super) const EXPIRES_EFFECT: &str = "Expires: they keep what the invite gave them when it has expired, too.";
pub(super) const MAX_USES_EFFECT: &str = "Maximum uses: their uses stay counted.";
pub(super) const EMAIL_DOMAINS_EFFECT: &str = "E-mail domains: they keep their accounts, whatever their address.";
pub(super) const WITHOUT_CODE_EFFECT: &str =
    "No code needed: those who signed up without the code keep their accounts.";
pub(super) const VERIFY_EMAIL_EFFECT: &str = "Verify e-mail address: their accounts stay as they are, verified or not.";
pub(super) const EXISTING_MEMBERS_EFFECT: &str = "Existing members: those who joined its groups stay in them.";
pub(super) const STARTS_EFFECT: &str = "Starts: they keep what the invite gave them.";
pub(super) const ROLE_EFFECT: &str = "Role: they keep the role that they have.";
pub(super) const GROUPS_EFFECT: &str = "Groups: they stay in the groups that they joined, and join no other. People who have asked to join get the new groups when you add them.";
pub(super) const APPROVAL_ON_EFFECT: &str = "Needs approval: those who can use their account still can.";
pub(super) const APPROVAL_OFF_EFFECT: &str = "Needs approval: accounts that are pending approval stay pending.";
pub(super) const ENDS_EFFECT: &str = "Access ends: their accounts and memberships keep their end. People who have asked to join get the new end when you add them.";
pub(super) const FLOW_EFFECT: &str =
    "Who signs up from now on is asked by the new flow. Accounts keep what they answered.";
pub(super) const WELCOME_TEXT_EFFECT: &str = "Welcome text: they see the new one if they open the link again.";
pub(super) const ATTRIBUTES_EFFECT: &str = "Attributes: they keep the attributes that they have.";
pub(super) const SHOW_USES_LEFT_EFFECT: &str = "Show how many uses are left: nothing changes.";
pub(super) const AFTER_EFFECT: &str = "Where they go: they are led there only if they open the link again.";

// The sections that unfold: the title, what is said while it is closed, and its fields.

pub(super) const WHO: &str = "Who can use it";

/// `domains` as typed; `starts` if there is a start.
pub(super) fn who(domains: &str, starts: bool, existing_members: bool, verifies: bool) -> String {
    let domains = domains.trim();
    let who = if domains.is_empty() { "Anyone with the link".to_owned() } else { format!("Addresses of {domains}") };
    let starts = starts.then(|| "from a later date".to_owned());
    let members = (!existing_members).then(|| "new members only".to_owned());
    let verifies = verifies.then(|| "address verified".to_owned());
    std::iter::once(who).chain(starts).chain(members).chain(verifies).collect::<Vec<_>>().join(", ")
}

pub(super) const EMAIL_DOMAINS: &str = "E-mail domains";
pub(super) const EMAIL_DOMAINS_EXAMPLE: &str = "example.org, example.net";
pub(super) const EMAIL_DOMAINS_HELP: &str =
    "Only addresses of these domains can sign up. At most 20, separated by commas.";
/// Below [`EMAIL_DOMAINS`], for those who can change settings.
pub(super) const WITHOUT_CODE: &str = "No code needed";
pub(super) const WITHOUT_CODE_HELP: &str = "While registration is open, addresses of these domains sign up without the link. While e-mail is off, addresses are not verified, and an account that gets more permissions than members have needs approval.";
pub(super) const VERIFY_EMAIL: &str = "Verify e-mail address";
pub(super) const VERIFY_EMAIL_HELP: &str = "An account can be used once the link that is sent to its address was opened. The link in an invitation’s mail is such a link. If nobody opens it within 48 hours, the account is deleted and its use given back. While e-mail is off, no address is verified.";
/// Below [`VERIFY_EMAIL`], whatever is chosen there.
pub(super) const VERIFY_EMAIL_IMPLIED: &str = "This invite is for some addresses only, so they are verified anyway.";
pub(super) const EXISTING_MEMBERS: &str = "Existing members may use it";
pub(super) const EXISTING_MEMBERS_HELP: &str = "They join its groups with the account they have, unless an admin approves accounts. Others can ask you to add them.";
pub(super) const ACCESS: &str = "Access";

/// `groups` by name; `ends` if access ends.
pub(super) fn access(role: &str, groups: Vec<String>, approval: bool, ends: bool) -> String {
    let approval = approval.then(|| "needs approval".to_owned());
    let ends = ends.then(|| "ends by itself".to_owned());
    std::iter::once(role.to_owned()).chain(groups).chain(approval).chain(ends).collect::<Vec<_>>().join(", ")
}

pub(super) const APPROVAL: &str = "Needs approval";
pub(super) const APPROVAL_HELP: &str = "An admin approves each account before it can be used.";
pub(super) const ENDS: &str = "Access ends";
/// A choice of [`ENDS`].
pub(super) const GROUPS_END: &str = "Memberships in groups end";
/// A choice of [`ENDS`].
pub(super) const ACCOUNT_ENDS: &str = "The account ends";
pub(super) const ENDS_WHEN: &str = "When";
pub(super) const AFTER_DAYS: &str = "After some days";
pub(super) const ON_A_DATE: &str = "On a date";
pub(super) const DAYS_AFTER_SIGN_UP: &str = "Days after sign-up";
pub(super) const ENDS_HELP: &str = "1 to 3,650. The person sees the date. Nothing has to be done.";
pub(super) const END_OF_ACCESS: &str = "End of access";
pub(super) const ENDS_AT_HELP: &str = "In your time zone. The invite has to expire by then.";

pub(super) fn days_after_sign_up(days: u16) -> String {
    if days == 1 { "1 day after sign-up".to_owned() } else { format!("{days} days after sign-up") }
}

pub(super) const SIGN_UP_PAGE: &str = "Sign-up page";

pub(super) fn sign_up_page(flow: bool, welcome: bool, attributes: usize, shows_uses: bool) -> String {
    let attributes = match attributes {
        0 => None,
        1 => Some("1 attribute".to_owned()),
        count => Some(format!("{count} attributes")),
    };
    let welcome = welcome.then(|| "Welcome text".to_owned());
    let uses = (!shows_uses).then(|| "uses left hidden".to_owned());
    let flow = flow.then(|| "Own flow".to_owned());
    let parts: Vec<_> = flow.into_iter().chain(welcome).chain(attributes).chain(uses).collect();
    if parts.is_empty() { "Nothing added".to_owned() } else { parts.join(", ") }
}

pub(super) const FLOW: &str = "Flow";
pub(super) const FLOW_HELP: &str = "What the page asks for, in which steps, and what becomes of the answers.";
/// Instead of the name of a flow that the viewer cannot see.
pub(super) const ANOTHER_FLOW: &str = "Another than the default";

/// A choice: whichever flow is the default.
pub(super) fn default_flow(name: &str) -> String {
    format!("Default flow (currently {name})")
}

pub(super) const WELCOME_TEXT: &str = "Welcome text";
pub(super) const WELCOME_TEXT_HELP: &str =
    "Markdown: **bold**, _italic_, lists, links. HTML is left out. At most 2,000 characters.";
pub(super) const PREVIEW: &str = "Preview";
pub(super) const ATTRIBUTES_HELP: &str =
    "Kept on the account. People can change those that are not locked when they sign up.";
/// Follows a value.
pub(super) const LOCKED_AFTER: &str = " (locked)";
pub(super) const SHOW_USES_LEFT: &str = "Show how many uses are left";
pub(super) const SHOW_USES_LEFT_HELP: &str = "On the sign-up page, for invites with a limit.";
pub(super) const AFTERWARDS: &str = "Afterwards";

/// `after` is an address, or empty.
pub(super) fn afterwards(after: String) -> String {
    if after.is_empty() { ACCOUNT_PAGE.to_owned() } else { after }
}

pub(super) const ACCOUNT_PAGE: &str = "The page of their account";
pub(super) const OTHER_ADDRESS: &str = "Another address";
pub(super) const AFTER: &str = "Where they go";
pub(super) const AFTER_EXAMPLE: &str = "/me";
pub(super) const AFTER_HELP: &str =
    "A path on this site, or an address of a site that the settings allow. A page in between names the other site.";

// The lines of the page of an invite.

pub(super) const ONLY_FOR: &str = "Only for";
pub(super) const MEMBERS_MAY: &str = "Existing members";
pub(super) const USES_LEFT_SHOWN: &str = "Uses left shown";
/// What is known of the person that it is for.
pub(super) const KNOWN_PERSON: &str = "Filled in";
pub(super) const GROUPS_END_FACT: &str = "Groups end";
pub(super) const ACCOUNT_ENDS_FACT: &str = "Account ends";
pub(super) const YES: &str = "Yes";
pub(super) const NO: &str = "No";

/// Stands in the field for a code of one's own: if it stays empty, the code is random.
pub(super) const CODE_EXAMPLE: &str = "Random";
pub(super) const CODE_HELP: &str =
    "Your own code: 6 to 64 letters, digits, - or _. It is easier to guess than a random one.";
pub(super) const STARTS_HELP: &str = "In your time zone. Leave it empty to start at once.";

// Errors that the browser finds.

pub(super) const NOT_A_NUMBER: &str = "Enter a whole number.";
pub(super) const NO_EXPIRY_DATE: &str = "Choose a date and time, or “Never”.";

// What is told of an invite that was created or changed.

/// A toast.
pub(super) const CREATED_AND_COPIED: &str = "Invite created, link copied";
/// A toast.
pub(super) const CREATED_ONLY: &str = "Invite created";

/// A toast.
pub(super) fn saved(title: &str) -> String {
    format!("Saved “{title}”")
}

pub(super) const NEVER_EXPIRES: &str = "Never expires";

/// A preview, and a toast. `end` is an instant with its day of the week.
pub(super) fn expires(end: &str) -> String {
    format!("Expires {end}")
}

/// A toast.
pub(super) fn max_uses(max_uses: Option<u32>) -> String {
    max_uses.map_or_else(|| "Maximum uses: unlimited".to_owned(), |max_uses| format!("Maximum uses: {max_uses}"))
}

// The dialog that extends.

pub(super) fn extend_title(title: &str) -> String {
    format!("Extend “{title}”")
}

/// An instant follows.
pub(super) const EXPIRED_BEFORE: &str = "Expired: ";
/// An instant follows.
pub(super) const EXPIRES_BEFORE: &str = "Expires: ";
/// The choices complete it: “Extend by 7 days”.
pub(super) const EXTEND_BY: &str = "Extend by";
pub(super) const BY_1_DAY: &str = "1 day";
pub(super) const BY_7_DAYS: &str = "7 days";
pub(super) const BY_30_DAYS: &str = "30 days";
/// A choice of one's own, for which a field appears.
pub(super) const UNTIL_DATE: &str = "Date…";
pub(super) const NO_END: &str = "No end";
pub(super) const NEW_EXPIRY_DATE: &str = "New expiry date";
pub(super) const NO_NEW_EXPIRY_DATE: &str = "Choose a date and time, or “No end”.";
pub(super) const EXTEND_INVITE: &str = "Extend invite";

// The dialog that raises the limit.

pub(super) fn raise_limit_title(title: &str) -> String {
    format!("Raise the limit of “{title}”")
}

pub(super) fn used_of_limit(used: u32, limit: u32) -> String {
    format!("Used {used} of {limit}.")
}

/// The same to someone who may give no more than so many.
pub(super) const MOST_USES_HELP: &str = "Leave it empty for as many as you may allow.";
pub(super) const MAX_USES_HELP: &str = "Leave it empty for unlimited uses.";

/// The error of a limit that leaves no use.
pub(super) fn at_least(uses: &str) -> String {
    format!("Enter at least {uses}.")
}
