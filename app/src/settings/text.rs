//! The texts of settings, and of closed registration.

pub(super) use crate::ui::text::{
    CODE_NEEDED, CONTINUE, CREATE_ACCOUNT, EMAIL, REGISTRATION_CLOSED, SIGN_IN, join, no_new_accounts,
};

// The page.

/// The title of the page.
pub(super) const SETTINGS: &str = "Settings";
pub(super) const SETTINGS_ABOUT: &str = "The site name, who can sign up, and what members see first.";

/// A reverse proxy that is not among the trusted ones.
pub(super) fn undeclared_proxy(address: &str) -> String {
    format!(
        "Requests from {address} have forwarding headers, but this address is not a trusted proxy. All visitors behind it \
         share one limit on failed attempts. If it is your reverse proxy, set LATCHKEY_TRUSTED_PROXIES={address} and \
         restart the server. If it is not, ignore this message."
    )
}

/// A group, and the label of its field.
pub(super) const SITE_NAME: &str = "Site name";
pub(super) const SITE_NAME_ABOUT: &str = "Shown on the sign-up page, the sign-in page and in the dashboard.";

pub(super) const REGISTRATION: &str = "Registration";
pub(super) const REGISTRATION_ABOUT: &str = "Who can create an account.";
pub(super) const REGISTRATION_FIXED: &str =
    "Set by LATCHKEY_REGISTRATION_MODE on the server. It can’t be changed here.";
/// The accessible name of the choice.
pub(super) const MODE: &str = "Registration mode";
pub(super) const INVITE_ONLY: &str = "By invite only";
pub(super) const INVITE_ONLY_ABOUT: &str = "Every new account needs an invite code.";
pub(super) const OPEN: &str = "Open";
pub(super) const OPEN_ABOUT: &str = "Anyone can sign up. A code is optional; a wrong one is still refused.";
pub(super) const CLOSED: &str = "Closed";
pub(super) const CLOSED_ABOUT: &str = "Nobody can sign up, not even with an invite. Invites are kept and put on hold.";

/// A group, and the accessible name of its choice.
pub(super) const DEFAULT_ROLE: &str = "Without an invite";
pub(super) const DEFAULT_ROLE_ABOUT: &str = "What becomes of people who sign up without an invite, where registration is open. To let in addresses of some domains with a role and groups, create an invite for these domains that needs no code.";
pub(super) const PENDING: &str = "Pending approval";
pub(super) const PENDING_ABOUT: &str =
    "They can sign in, but an admin has to approve the account before it can be used.";
pub(super) const MEMBER: &str = "Member";
pub(super) const MEMBER_ABOUT: &str = "No approval is needed.";
pub(super) const REFUSED: &str = "Refused";
pub(super) const REFUSED_ABOUT: &str = "Only addresses that an invite admits without its code can sign up.";

pub(super) const VERIFICATION: &str = "E-mail verification";
pub(super) const VERIFICATION_ABOUT: &str =
    "Whether people who sign up have to show that their e-mail address is theirs. Existing accounts are not changed.";
pub(super) const VERIFY_EMAIL: &str = "Verify every e-mail address";
pub(super) const VERIFY_EMAIL_ABOUT: &str = "A new account can be used once the link that is sent to its address was \
     opened. If nobody opens it within 48 hours, the account is deleted. Invites for one address or for some domains, and \
     invites that ask for it, always verify. The link in an invitation’s mail verifies as well.";
/// The link [`SET_UP_EMAIL`] follows.
pub(super) const VERIFICATION_OFF_BEFORE: &str = "E-mail is off, so addresses are not verified. ";

pub(super) const SIGN_UP_FORM: &str = "Sign-up form";
pub(super) const SIGN_UP_FORM_ABOUT: &str = "What people are asked besides the account, and what they accept.";
pub(super) const OPEN_FLOWS: &str = "Flows";
pub(super) const OPEN_TERMS: &str = "Terms";
pub(super) const PREVIEW: &str = "Preview";
pub(super) const PREVIEW_ABOUT: &str = "What a visitor of the sign-up page sees with these settings.";

pub(super) fn preview_invite_only(site_name: &str) -> String {
    format!("{site_name} is by invitation only. With an invite link, the sign-up form opens at once.")
}

pub(super) const PREVIEW_PENDING: &str =
    "The invite code is optional. Without one, an admin may have to approve the account.";
pub(super) const PREVIEW_REFUSED: &str = "A code is needed, unless an invite admits the address without it.";
pub(super) const PREVIEW_MEMBER: &str =
    "The invite code is optional. Without one, the account is a member’s at once, unless an invite says otherwise.";
pub(super) const PREVIEW_VERIFIES: &str = "Afterwards, a link is sent to the e-mail address.";

pub(super) const WELCOME: &str = "Welcome";
pub(super) const WELCOME_ABOUT: &str = "Shown to members after they sign up, and on their home page.";
pub(super) const WELCOME_TEXT: &str = "Welcome text";
pub(super) const WELCOME_TEXT_HELP: &str = "Plain text with line breaks, at most 2,000 characters.";
pub(super) const WELCOME_URL: &str = "Link";
pub(super) const WELCOME_URL_EXAMPLE: &str = "https://example.org/start";
pub(super) const WELCOME_URL_HELP: &str = "Where members go next, as a button below the text.";
pub(super) const WELCOME_LABEL: &str = "Link label";
pub(super) const WELCOME_LABEL_HELP: &str = "The text of the button, such as “Open the forum”.";

pub(super) const NEW_INVITES: &str = "New invites";
pub(super) const NEW_INVITES_ABOUT: &str = "Existing invites are not changed.";
pub(super) const CODE_LENGTH: &str = "Code length";
pub(super) const CODE_LENGTH_HELP: &str = "Characters of a random invite code, 12 to 64.";
pub(super) const CEILING: &str = "Maximum uses per invite";
pub(super) const CEILING_HELP: &str = "The highest limit that an invite can have, 1 to 1,000,000.";

/// A group.
pub(super) const EMAIL_ABOUT: &str = "The mail server that sends messages to members.";
pub(super) const EMAIL_OFF: &str = "Off. Invite links and reset links can be copied.";
pub(super) const SET_UP_EMAIL: &str = "Set up e-mail";
pub(super) const MANAGE_EMAIL: &str = "Manage e-mail";

pub(super) fn email_from(address: &str) -> String {
    format!("On. Messages come from {address}.")
}

pub(super) const OTHER_SITES: &str = "Other sites";
pub(super) const OTHER_SITES_ABOUT: &str =
    "Where an invite may lead people after they sign up, besides pages of this site.";
pub(super) const ALLOWED_ORIGINS: &str = "Allowed sites";
pub(super) const ALLOWED_ORIGINS_HELP: &str = "One on each line, such as https://forum.example.org. At most 20.";

pub(super) const OWN_SITE: &str = "Form for your own website";
pub(super) const OWN_SITE_ABOUT: &str = "People who were given an invite code type it on your website and continue here. Plain HTML, without scripts and frames.";

/// A form in HTML. `public_url` is that of this site.
pub(super) fn own_site_form(public_url: &str) -> String {
    format!(
        r#"<form action="{public_url}/signup" method="get">
  <label for="invite-code">Invite code</label>
  <input id="invite-code" name="inv" required maxlength="200"
    autocomplete="off" autocapitalize="none" spellcheck="false">
  <button>Continue</button>
</form>"#
    )
}

pub(super) const COPY_HTML: &str = "Copy HTML";
/// A toast.
pub(super) const HTML_COPIED: &str = "HTML copied";

pub(super) const SAVE: &str = "Save settings";
/// A toast.
pub(super) const SAVED: &str = "Settings saved";

// Closed registration, as other pages tell it.

/// Emphasised; [`CLOSED_BANNER_TEXT`] follows.
pub(super) const CLOSED_BANNER: &str = "Registration is closed.";
pub(super) const CLOSED_BANNER_TEXT: &str = "Nobody can sign up, not even with an invite.";
pub(super) const CLOSED_BANNER_TEXT_FIXED: &str = "Nobody can sign up, not even with an invite. This is set by \
     LATCHKEY_REGISTRATION_MODE on the server.";
pub(super) const REOPEN: &str = "Open again";
/// Three toasts, by the mode that registration has afterwards.
pub(super) const REOPENED: &str = "Registration is open again";
pub(super) const REOPENED_INVITE_ONLY: &str = "Registration is open again, by invite only";
pub(super) const STILL_CLOSED: &str = "Registration is still closed";
/// In the dialog that creates an invite.
pub(super) const CLOSED_NOTE: &str = "Registration is closed. This invite works once registration is open again.";

// Sign-in alerts.

pub(super) const SIGN_IN_ALERTS: &str = "Sign-in alerts";
pub(super) const SIGN_IN_ALERTS_ABOUT: &str =
    "So that people notice when somebody else has their password. Needs e-mail to be set up.";
pub(super) const TELL_OF_SIGN_INS: &str = "Tell people of new browsers";
pub(super) const TELL_OF_SIGN_INS_ABOUT: &str = "When an account signs in with a browser that it has not used before, a message is sent to its \
     e-mail address. Not for the first browser of an account.";

// What roles may do.

pub(super) const ROLES: &str = "Permissions";
pub(super) const ROLES_ABOUT: &str = "What members and moderators may do. Admins may do everything except manage admins; owners may do everything. Groups can \
     give members more.";
pub(super) const MEMBERS_MAY: &str = "Members may";
pub(super) const MODERATORS_MAY: &str = "Moderators may also";

// Invites of members.

pub(super) const MEMBER_INVITES: &str = "Member invites";
pub(super) const MEMBER_INVITES_ABOUT: &str = "Whether members invite people, and within which limits.";
pub(super) const MEMBERS_MAY_INVITE: &str = "Members can invite";
pub(super) const MEMBERS_MAY_INVITE_ABOUT: &str = "Gives every member the permission “Create invites”, and a page of \
     their own invites. Turned off, invites of members stop working. A group can give the permission to some members \
     only. Without “Create invites for several people”, an invite is for one person.";
pub(super) const LIMITS_ABOUT: &str = "The limits apply to everyone who is not owner, admin or moderator. Group managers \
     have no limits for invites to their own groups. Existing invites are not changed.";
pub(super) const QUOTA: &str = "Invites per member";
pub(super) const QUOTA_HELP: &str = "1 to 1,000; empty for any number. Deleted invites count too.";
pub(super) const QUOTA_PERIOD: &str = "Period";
pub(super) const PER_DAY: &str = "24 hours";
pub(super) const PER_WEEK: &str = "7 days";
pub(super) const PER_MONTH: &str = "30 days";
pub(super) const MEMBER_USES: &str = "Maximum uses";
pub(super) const MEMBER_USES_HELP: &str = "Empty for no limit of its own.";
pub(super) const MEMBER_DAYS: &str = "Longest lifetime in days";
pub(super) const MEMBER_DAYS_HELP: &str = "From the creation of the invite, 1 to 3,650; empty for any time.";
pub(super) const MEMBER_AGE: &str = "Minimum account age in days";
pub(super) const MEMBER_AGE_HELP: &str = "Newer accounts can’t invite. 0 to 3,650.";
