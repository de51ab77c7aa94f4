//! Identifiers: one type per entity, so that the id of an invite cannot be passed as the id of an account.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
