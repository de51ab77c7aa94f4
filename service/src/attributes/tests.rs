use domain::attributes::{Attribute, AttributeKey, AttributeValue};

use super::store;
use crate::testing::{TestApp, on_both_databases};

fn attribute(key: &str, value: &str) -> Attribute {
    Attribute { key: AttributeKey::parse(key).unwrap(), value: AttributeValue::parse(value).unwrap() }
}

on_both_databases! {
    async fn attributes_are_replaced_as_a_whole_and_belong_to_one_account(app: &TestApp) {
        let (ngozi, mateo) = (app.owner().await.id(), app.account("mateo", domain::accounts::Role::User).await.id());
        let db = &app.ctx.db().write;
        store::set(db, mateo, &[attribute("team", "Clay"), attribute("year", "2")]).await.unwrap();
        store::set(db, ngozi, &[attribute("team", "Wood")]).await.unwrap();
        store::set(db, mateo, &[attribute("year", "3"), attribute("course", "Wheel")]).await.unwrap();
        let expected = [attribute("course", "Wheel"), attribute("year", "3")];
        assert_eq!(store::of_account(db, mateo).await.unwrap(), expected, "by key");
        assert_eq!(store::of_account(db, ngozi).await.unwrap(), [attribute("team", "Wood")]);
        store::set(db, mateo, &[]).await.unwrap();
        assert_eq!(store::of_account(db, mateo).await.unwrap(), []);
    }
}
