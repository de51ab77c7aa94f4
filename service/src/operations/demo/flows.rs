//! The flows of the demo data, and the terms that they ask for.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::flows::{FlowDocument, References, TermsDraft};
use domain::groups::GroupRef;
use domain::ids::{AccountId, FlowId, GroupId};
use domain::text::GroupName;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::content::GROUPS;
use crate::flow_versions::store;
use crate::{Ctx, Error, terms};

/// Each with the labels of the invites that name it.
const FLOWS: [(&[&str], &str); 2] = [
    (
        &["Spring term, early birds", "Warsztaty ceramiki dla początkujących"],
        r#"
name: Course registration
welcome_text: "**Three short pages**, then you are in."
after: /me
terms: [Rules of the workshop]
steps:
  - title: About you
    fields:
      - {key: experience, label: Have you thrown before?, type: choice, required: true, choices: [{value: never, label: Never}, {value: some, label: A few times}, {value: often, label: Often}]}
      - {key: born, label: Date of birth, type: date, required: true, max: today, help: Those under 16 come with somebody older.}
  - title: The course
    fields:
      - {key: evenings, label: Evenings that suit you, type: choices, required: true, choices: [Monday, Wednesday, Friday]}
      - {key: people, label: How many are you?, type: number, min: 1, max: 8}
      - {key: portfolio, label: Pictures of your work, type: url}
  - title: Last things
    fields:
      - {key: allergies, label: Is there anything we should know?, type: long_text, max: 500}
      - {key: newsletter, label: Tell me about the next courses, type: checkbox}
rules:
  - {when: {field: experience, is: [some, often]}, then: {groups: Potters}}
  - {when: {field: born, at_least: 16 years ago}, then: {approval: true}}
  - {when: [{field: people, at_least: 5}, {field: experience, is: never}], then: {refuse: "Groups of five and more have their own course. Write to us, and we find an evening."}}
"#,
    ),
    (
        &["Christmas market stall"],
        r"
name: Market stall
approval: true
steps:
  - fields:
      - {key: stall, label: What do you sell?, required: true, max: 80}
      - {key: power, label: I need electricity, type: checkbox}
",
    ),
];

/// The terms, with their text.
const TERMS: (&str, &str) = (
    "Rules of the workshop",
    "We share tools, tables and kilns.\n\n- Leave each place as you would like to find it.\n- Nobody works alone with the saw.\n- What breaks is \
     told, and **never hidden**.",
);

/// Inserts them, and returns the flow of the invites with a label.
pub(super) async fn insert_flows(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    groups: &[Uuid],
    owner: AccountId,
    at: Timestamp,
) -> Result<BTreeMap<&'static str, FlowId>, Error> {
    let (name, text) = TERMS;
    let draft = TermsDraft { name: Some(name.to_owned()), text: Some(text.to_owned()), ask: None };
    let terms = terms::store::insert(db, ctx, &draft.parse()?, owner, at).await?;
    let groups = GROUPS.iter().zip(groups);
    let groups = groups.map(|(group, id)| GroupRef { id: GroupId(*id), name: GroupName::stored(group.name) });
    let known = References { groups: groups.collect(), terms: vec![terms::store::reference(&terms)] };
    let mut of_invites = BTreeMap::new();
    for (labels, source) in FLOWS {
        let document = serde_saphyr::from_str::<FlowDocument>(source);
        let document = document.map_err(|_| Error::internal("a flow of the demo data cannot be read"))?;
        let row = store::insert(db, ctx, &document.parse(&known)?, owner, at).await?;
        of_invites.extend(labels.iter().map(|label| (*label, FlowId(row.id))));
    }
    Ok(of_invites)
}
