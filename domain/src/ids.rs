//! Identifiers: one type per entity, so that the id of an invite cannot be passed as the id of an account.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::text::ParseError;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// A UUID version 7 (RFC 9562). Not used for ordering.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(s: &str) -> Result<Self, Self::Err> {
                s.parse().map(Self)
            }
        }
    };
}

id!(
    /// The id of an account.
    AccountId
);
id!(
    /// The id of an invite.
    InviteId
);
id!(
    /// The id of a group.
    GroupId
);
id!(
    /// The id of a redemption.
    RedemptionId
);
id!(
    /// The id of a browser session.
    SessionId
);
id!(
    /// The id of an API key.
    KeyId
);
id!(
    /// The id of an application. It is its client id in OpenID Connect.
    ApplicationId
);
id!(
    /// The id of a request to be added to the groups of an invite.
    JoinRequestId
);
id!(
    /// The id of a request for a new link of an invite.
    InviteRequestId
);
id!(
    /// The id of a mailing: invitations that are sent together.
    MailingId
);
id!(
    /// The id of an invitation by mail.
    InvitationId
);
id!(
    /// The id of a flow.
    FlowId
);
id!(
    /// The id of terms that people accept.
    TermsId
);
id!(
    /// The id of a webhook.
    WebhookId
);
id!(
    /// The id of a message to a webhook.
    DeliveryId
);
id!(
    /// The id of an entry of the audit log.
    AuditEntryId
);

/// Groups that were chosen by their ids, each once.
///
/// # Errors
/// For more than `most`, and for what is no id.
pub fn parse_groups(ids: &[String], most: usize) -> Result<Vec<GroupId>, ParseError> {
    let mut groups = Vec::new();
    for id in ids {
        let id = id.trim().parse();
        let id: GroupId = id.map_err(|_| ParseError("Choose groups by their ids; ids are UUIDs.".to_owned()))?;
        if !groups.contains(&id) {
            groups.push(id);
        }
        if groups.len() > most {
            return Err(ParseError(format!("Choose at most {most} groups.")));
        }
    }
    Ok(groups)
}
