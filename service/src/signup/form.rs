//! The form of the sign-up page: the flow that it shows, and what it carries from one step to the next.

use domain::Failure;
use domain::flows::{CurrentTerms, Flow, SignUpState, VersionRef};
use domain::ids::FlowId;
use uuid::Uuid;

use crate::flow_versions::store as flows;
use crate::terms::store as terms;
use crate::{Ctx, Error};

/// A form that is being filled in.
#[derive(Clone, Debug)]
pub struct OpenForm {
    /// What it carries to the next step.
    pub state: SignUpState,
    /// The version of the flow that it began with.
    pub flow: Flow,
    /// The present versions of the terms to accept, which the last step shows.
    pub terms: Vec<CurrentTerms>,
}

impl OpenForm {
    /// The version of the flow that it began with, for the [draft](domain::signup::SignUpDraft::begun) of the last step.
    #[must_use]
    pub fn begun(&self) -> VersionRef {
        VersionRef { flow: self.state.flow, number: self.state.version }
    }

    /// Whether the present step is the last.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.state.step >= self.flow.last_step()
    }
}

/// The form that somebody opens with this code, as typed, whose invite names this flow, or who has no code.
pub async fn open_form(ctx: &Ctx, code: &str, named: Option<FlowId>) -> Result<OpenForm, Error> {
    let db = &ctx.db().read;
    let found = flows::of_invite(db, named).await?;
    let state = SignUpState::open(code.to_owned(), found.id(), found.number, ctx.now());
    let terms = terms::current(db, &found.flow.terms).await?;
    Ok(OpenForm { state, flow: found.flow, terms })
}

/// The form that [`seal_form`] sealed. The caller has looked the code up again, whose invite names this flow.
///
/// # Errors
/// [`domain::Code::FlowChanged`] if it is broken, began more than a day ago or with another code or flow, or must not go on.
pub async fn read_form(ctx: &Ctx, sealed: &str, code: &str, named: Option<FlowId>) -> Result<OpenForm, Error> {
    let state = unsealed(ctx, sealed, code)?;
    of_state(ctx, state, named).await
}

/// The same, to be shown once more, of a code that cannot be looked up or lets no one in any more.
///
/// # Errors
/// Those of [`read_form`].
pub async fn reopen_form(ctx: &Ctx, sealed: &str, code: &str) -> Result<OpenForm, Error> {
    let state = unsealed(ctx, sealed, code)?;
    flows::find(&ctx.db().read, state.flow).await?.ok_or_else(flows::start_again)?;
    let named = Some(state.flow);
    of_state(ctx, state, named).await
}

/// The form of a flow that is not saved, as of somebody with this code: as [`seal_form`] sealed it, or from the start.
#[must_use]
pub fn preview_form(ctx: &Ctx, sealed: Option<&str>, code: &str, (flow, terms): (Flow, Vec<CurrentTerms>)) -> OpenForm {
    let opened = sealed.and_then(|sealed| unsealed(ctx, sealed, code).ok());
    // The id is of no flow: nobody signs up with it.
    let mut state = opened.unwrap_or_else(|| SignUpState::open(code.to_owned(), FlowId(Uuid::nil()), 0, ctx.now()));
    state.step = state.step.min(flow.last_step());
    OpenForm { state, flow, terms }
}

fn unsealed(ctx: &Ctx, sealed: &str, code: &str) -> Result<SignUpState, Error> {
    let opened =
        ctx.keyring().open_sign_up(sealed).and_then(|bytes| serde_json::from_slice::<SignUpState>(&bytes).ok());
    let state = opened.filter(|state| state.code == code).ok_or_else(flows::start_again)?;
    if state.has_expired(ctx.now()) {
        let why = "You opened this form more than a day ago. Fill it in again.";
        return Err(Failure::new(domain::Code::FlowChanged, why).into());
    }
    Ok(state)
}

async fn of_state(ctx: &Ctx, state: SignUpState, named: Option<FlowId>) -> Result<OpenForm, Error> {
    let db = &ctx.db().read;
    let begun = VersionRef { flow: state.flow, number: state.version };
    let found = flows::of_form(db, named, Some(begun)).await?;
    let terms = terms::current(db, &found.flow.terms).await?;
    Ok(OpenForm { state, flow: found.flow, terms })
}

/// Seals what a form carries to the next step, so that the browser can neither read nor change it.
pub fn seal_form(ctx: &Ctx, state: &SignUpState) -> Result<String, Error> {
    let bytes = serde_json::to_vec(state).map_err(Error::internal)?;
    ctx.keyring().seal_sign_up(&bytes, ctx.randomness().bytes())
}
