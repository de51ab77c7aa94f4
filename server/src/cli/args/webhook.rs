//! The options of `latchkey webhook`.

use clap::Subcommand;
use domain::ids::DeliveryId;

#[derive(Debug, Subcommand)]
pub enum WebhookCommand {
    /// Creates a webhook and prints its id and its signing secret, which cannot be shown again
    Create {
        /// Name of the webhook
        #[arg(long, value_name = "NAME")]
        name: String,
        /// Address to which events are posted
        #[arg(long, value_name = "URL")]
        url: String,
        /// Event that it is told of, such as `invite.redeemed`; can be given more than once [default: all, also those
        /// of later versions]
        #[arg(long = "event", value_name = "EVENT")]
        events: Vec<String>,
    },
    /// Prints every webhook: id, name, active, failing or paused, address
    List,
    /// Changes a webhook. What is not given stays; what waits for it is sent to its new address
    Edit {
        /// Webhook, by name or id
        #[arg(value_name = "WEBHOOK")]
        webhook: String,
        /// New name
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// New address
        #[arg(long, value_name = "URL")]
        url: Option<String>,
        /// Event that it is told of; can be given more than once. It is not told of events that are not given
        #[arg(long = "event", value_name = "EVENT")]
        events: Vec<String>,
        /// Tell it of all events, also those of later versions
        #[arg(long, conflicts_with = "events")]
        all_events: bool,
    },
    /// Creates another signing secret and prints it; events are signed with the one before as well for 24 hours
    Secret {
        /// Webhook, by name or id
        #[arg(value_name = "WEBHOOK")]
        webhook: String,
    },
    /// Sends a test event, after what waits already. A webhook that is paused gets it when it is resumed
    Test {
        /// Webhook, by name or id
        #[arg(value_name = "WEBHOOK")]
        webhook: String,
    },
    /// Pauses a webhook: it is not told of what happens from now on, and what waits for it stays
    Pause {
        /// Webhook, by name or id
        #[arg(value_name = "WEBHOOK")]
        webhook: String,
    },
    /// Resumes a webhook that is paused; what waits for it is sent
    Resume {
        /// Webhook, by name or id
        #[arg(value_name = "WEBHOOK")]
        webhook: String,
    },
    /// Deletes a webhook, with all its deliveries, also those that wait
    Delete {
        /// Webhook, by name or id
        #[arg(value_name = "WEBHOOK")]
        webhook: String,
    },
    /// Prints what was sent to a webhook and what waits for it, newest first: id, time, event, status, attempts, answer
    ///
    /// The status is pending, retrying, delivered, or dead if it was given up. The answer is the HTTP status and the
    /// beginning of the last one, or why there was none; a line break in it is printed as a space.
    Deliveries {
        /// Webhook, by name or id
        #[arg(value_name = "WEBHOOK")]
        webhook: String,
        /// Only deliveries that were given up
        #[arg(long)]
        failed: bool,
    },
    /// Has a delivery tried again that failed, or was given up
    Retry {
        /// Id of the delivery
        #[arg(value_name = "DELIVERY")]
        delivery: DeliveryId,
    },
}
