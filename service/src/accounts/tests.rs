use domain::Code;
use domain::accounts::{Email, Role, Username};

use super::*;
use crate::testing::{TestApp, failure, on_both_databases};

on_both_databases! {
    async fn a_taken_address_and_a_taken_username_are_reported_together(app: &TestApp) {
        app.owner().await;
        app.account("mateo", Role::User).await;
        let taken = async |email: &str, username: &str| {
            let (email, username) = (Email::parse(email).unwrap(), Username::parse(username).unwrap());
            let failure = failure(store::refuse_taken(&app.ctx.db().read, &email, &username).await);
            (failure.code, failure.fields.into_iter().map(|wrong| wrong.field).collect::<Vec<_>>())
        };
        // Of one account, and of two.
        let both = (Code::EmailTaken, vec!["email".to_owned(), "username".to_owned()]);
        assert_eq!(taken("MATEO@bramble.example", "Mateo").await, both);
        assert_eq!(taken("ngozi@bramble.example", "mateo").await, both);
        assert_eq!(taken("ngozi@bramble.example", "new").await, (Code::EmailTaken, vec!["email".to_owned()]));
        assert_eq!(taken("new@bramble.example", "ngozi").await, (Code::UsernameTaken, vec!["username".to_owned()]));
    }
}
