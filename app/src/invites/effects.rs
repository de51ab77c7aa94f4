//! What saving an edited invite means for those who have used it: a line for each thing that was changed, next to the button.
// A form is a set of signals, which are indexes.
#![allow(clippy::large_types_passed_by_value)]

use domain::Patch;
use domain::invites::InviteDraft;
use leptos::prelude::*;

use super::form::InviteForm;
use super::text;

/// The lines, once something differs from what was there when the dialog was opened.
#[component]
pub(super) fn Effects(
    /// What is typed.
    form: InviteForm,
    /// How often the invite has been used.
    used: u32,
) -> impl IntoView {
    // The draft of an invite for one person does not say it.
    let without_code = Patch::Set(form.without_code.get_untracked());
    let before = InviteDraft { without_code, ..form.draft().unwrap_or_default() };
    let lines = Memo::new(move |lines: Option<&Vec<&'static str>>| {
        form.track();
        // While something is half typed, what was said of the rest stays.
        form.draft().map_or_else(|_| lines.cloned().unwrap_or_default(), |now| effects(&before, &now))
    });
    let said = move || {
        let lines = lines.get();
        if lines.is_empty() {
            return None;
        }
        let lines = (used > 0).then(|| {
            let line = |line: &'static str| view! { <li>{line}</li> }.into_any();
            view! { <ul>{lines.into_iter().map(line).collect_view()}</ul> }.into_any()
        });
        // It scrolls where it has many lines; anyone who has no pointer scrolls it, too.
        Some(
            view! {
                <div class="effects" role="group" tabindex="0" aria-label=text::EFFECTS>
                    <p>{text::effects(used)}</p>
                    {lines}
                </div>
            }
            .into_any(),
        )
    };
    view! { <div aria-live="polite">{said}</div> }
}

/// The lines for the differences between two drafts of the same invite, in the order of the fields.
fn effects(before: &InviteDraft, now: &InviteDraft) -> Vec<&'static str> {
    // Whether nothing is typed or nothing is asked makes no difference.
    let email = |draft: &InviteDraft| draft.email.clone().unless_blank();
    // Nor does the order of groups, or what is not asked about.
    let groups = |draft: &InviteDraft| draft.groups.clone().value().unwrap_or_default();
    let (old, new) = (groups(before), groups(now));
    let same_groups = old.len() == new.len() && old.iter().all(|group| new.contains(group));
    let same_code = now.without_code.is_keep() || before.without_code == now.without_code;
    let expiry = |draft: &InviteDraft| (draft.expires_at.clone(), draft.expires_in_hours);
    let approval = if now.approval == Patch::Set(true) { text::APPROVAL_ON_EFFECT } else { text::APPROVAL_OFF_EFFECT };
    let lines = [
        (email(before) != email(now), text::EMAIL_EFFECT),
        (before.label != now.label, text::NAME_EFFECT),
        (expiry(before) != expiry(now), text::EXPIRES_EFFECT),
        (before.max_uses != now.max_uses, text::MAX_USES_EFFECT),
        (before.email_domains != now.email_domains, text::EMAIL_DOMAINS_EFFECT),
        (!same_code, text::WITHOUT_CODE_EFFECT),
        (before.verify_email != now.verify_email, text::VERIFY_EMAIL_EFFECT),
        (before.existing_members != now.existing_members, text::EXISTING_MEMBERS_EFFECT),
        (before.starts_at != now.starts_at, text::STARTS_EFFECT),
        (before.role != now.role, text::ROLE_EFFECT),
        (!same_groups, text::GROUPS_EFFECT),
        (before.approval != now.approval, approval),
        (before.ends != now.ends, text::ENDS_EFFECT),
        (before.flow_id != now.flow_id, text::FLOW_EFFECT),
        (before.welcome_text != now.welcome_text, text::WELCOME_TEXT_EFFECT),
        (before.attributes != now.attributes, text::ATTRIBUTES_EFFECT),
        (before.show_uses_left != now.show_uses_left, text::SHOW_USES_LEFT_EFFECT),
        (before.after != now.after, text::AFTER_EFFECT),
    ];
    lines.into_iter().filter(|(differs, _)| *differs).map(|(_, line)| line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(json: &str) -> InviteDraft {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn only_what_differs_is_explained() {
        let before = draft(r#"{"role":"user","approval":false,"label":"Course"}"#);
        assert!(effects(&before, &before).is_empty());
        let now = draft(r#"{"role":"moderator","approval":true,"label":"Course"}"#);
        assert_eq!(effects(&before, &now), [text::ROLE_EFFECT, text::APPROVAL_ON_EFFECT]);
        assert_eq!(effects(&now, &before), [text::ROLE_EFFECT, text::APPROVAL_OFF_EFFECT]);
    }

    #[test]
    fn what_stays_is_not_explained() {
        let before = draft(r#"{"groups":["x","y"],"without_code":true}"#);
        let effects_of = |now| effects(&before, &draft(now));
        assert!(effects_of(r#"{"groups":["y","x"],"without_code":true}"#).is_empty(), "another order");
        assert!(effects_of(r#"{"groups":["x","y"]}"#).is_empty(), "for one person it is not asked about");
        assert_eq!(effects_of(r#"{"groups":["x","z"],"without_code":true}"#), [text::GROUPS_EFFECT]);
        assert_eq!(
            effects_of(r#"{"groups":["x"],"without_code":false}"#),
            [text::WITHOUT_CODE_EFFECT, text::GROUPS_EFFECT]
        );
    }

    #[test]
    fn everything_that_can_be_edited_is_explained() {
        let all = draft(
            r#"{"label":"x","role":"admin","groups":["x"],"max_uses":1,"starts_at":"x","expires_at":"x","email":"x",
                "email_domains":["x"],"approval":true,"attributes":[{"key":"x","value":"x"}],"welcome_text":"x","after":"x",
                "ends":{"of":"x","after_days":1},"existing_members":false,"show_uses_left":false,"without_code":true,
                "verify_email":true,"flow_id":"x"}"#,
        );
        // Of the fields of a draft, the code can't be edited, and an expiry is one of two.
        let fields = serde_json::to_value(&all).unwrap().as_object().unwrap().len();
        assert_eq!(effects(&InviteDraft::default(), &all).len(), fields);
        let hours = draft(r#"{"expires_in_hours":3}"#);
        assert_eq!(effects(&InviteDraft::default(), &hours), [text::EXPIRES_EFFECT]);
    }
}
