//! What is wrong with a form that is not signed up with: one that was refused, or one that is being typed.

use domain::accounts::{Email, Strength, Username};
use domain::flows::Answered;
use domain::invites::Terms;
use domain::signup::{Checked, SignUpDraft};
use domain::{Code, Failure};

use super::{Admitted, admit, proof, verifies};
use crate::accounts::store as accounts;
use crate::flow_versions::store as flows;
use crate::platform::limits::Limit;
use crate::platform::passwords::Judged;
use crate::terms::store as accepted_terms;
use crate::{Client, Ctx, Error};

/// Everything that is wrong with a form that was refused with `failure` before it became a [`domain::signup::SignUp`]:
/// besides that, what [`super::sign_up`] would find next. As there, anyone who has no code that lets them in is not told what is
/// taken.
pub async fn refuse(ctx: &Ctx, draft: &SignUpDraft, failure: Failure, client: &Client) -> Error {
    let admitted = match admit(ctx, draft.code().as_ref(), Typed::of(draft).email.as_ref(), client, Limit::Code).await {
        Ok(admitted) if admitted.admission.by_rule() => {
            Admitted { terms: Terms { attributes: Vec::new(), ..admitted.terms }, ..admitted }
        }
        Ok(admitted) => admitted,
        Err(Error::Failure(code)) if code.field_error("code").is_some() => return failure.and(code).into(),
        Err(Error::Failure(_)) => return failure.into(),
        Err(error) => return error,
    };
    let wrong = match wrong(ctx, draft, &admitted).await {
        Ok(wrong) => wrong,
        Err(error) => return error,
    };
    let answers = match wrong_answers(ctx, draft, &admitted.terms).await {
        Ok(answers) => answers,
        Err(error) => return error,
    };
    let failure = answers.into_iter().fold(failure, Failure::and);
    let weak = ctx.passwords().weakness(client.network(), &draft.password, personal(draft)).await;
    wrong.into_iter().chain(weak).fold(failure, Failure::and).into()
}

/// What [`super::sign_up`] or [`refuse`] would say of the form as typed so far, and how hard the password is to guess.
/// Nothing is stored, and nothing is said that these would not say.
///
/// Limited like them, but by limits of its own: what is typed must not use up what a sign-up needs. A network that may not
/// try codes any more is not answered here either.
///
/// # Errors
/// [`Code::RegistrationClosed`]; [`Code::RateLimited`]; [`Code::Unavailable`].
pub async fn check(ctx: &Ctx, draft: &SignUpDraft, client: &Client) -> Result<Checked, Error> {
    ctx.limits().reserve(ctx, Limit::Check, client, "").await?.fail();
    ctx.limits().reserve(ctx, Limit::Code, client, "").await?.release();
    let mut wrong = draft.parse().err().map(|failure| failure.fields).unwrap_or_default();
    let (code, email) = (draft.code(), Typed::of(draft).email);
    let admitted = match admit(ctx, code.as_ref(), email.as_ref(), client, Limit::CheckedCode).await {
        Ok(admitted) => admitted,
        Err(Error::Failure(code)) if code.field_error("code").is_some() => {
            wrong.extend(code.fields);
            return Ok(Checked { wrong, strength: None });
        }
        Err(error) => return Err(error),
    };
    wrong.extend(self::wrong(ctx, draft, &admitted).await?.into_iter().flat_map(|failure| failure.fields));
    let judged = ctx.passwords().judge_typed(client.network(), &draft.password, personal(draft)).await;
    let (strength, weakness): (Option<Strength>, _) = match judged {
        Some(Judged { strength, weakness }) => (Some(strength), weakness),
        None => (None, None),
    };
    wrong.extend(weakness.into_iter().flat_map(|failure| failure.fields));
    Ok(Checked { wrong, strength })
}

/// What parses of a form that may not parse as a whole.
struct Typed {
    email: Option<Email>,
    username: Option<Username>,
}

impl Typed {
    fn of(draft: &SignUpDraft) -> Self {
        Self { email: Email::parse(&draft.email).ok(), username: Username::chosen(&draft.username).ok() }
    }
}

/// What is wrong with the address and the username, of somebody who may sign up on these terms.
async fn wrong(ctx: &Ctx, draft: &SignUpDraft, admitted: &Admitted) -> Result<Vec<Failure>, Error> {
    let Admitted { admission, terms, settings } = admitted;
    let (db, Typed { email, username }) = (&ctx.db().read, Typed::of(draft));
    let is_proven = match &email {
        Some(email) => proof::proves(ctx, db, *admission, email, draft.proof().as_ref()).await?,
        None => false,
    };
    let found = flows::of_form(db, terms.flow, draft.begun).await?;
    let is_verified = !is_proven && verifies(ctx, db, terms, &found, settings).await?;
    // Of an address that may not sign up with this invite, nothing else is said; nor of one that is to be verified.
    let not_admitted = email.as_ref().and_then(|email| terms.admits(email).err());
    let email = email.filter(|_| not_admitted.is_none() && !is_verified);
    let not_admitted = not_admitted.map(|why| Failure::field(Code::Invalid, "email", why));
    let taken = accounts::taken(db, email.as_ref(), username.as_ref()).await?;
    Ok(not_admitted.into_iter().chain(taken).collect())
}

/// What is wrong with the answers to the flow, and with the terms that were accepted.
async fn wrong_answers(ctx: &Ctx, draft: &SignUpDraft, terms: &Terms) -> Result<Vec<Failure>, Error> {
    let db = &ctx.db().read;
    let found = flows::of_form(db, terms.flow, draft.begun).await?;
    let typed = Answered::typed(&draft.parsed_answers());
    let steps = 0..found.flow.steps.len();
    let wrong = steps.filter_map(|step| found.flow.answer_step(step, &typed, &terms.attributes, ctx.now()).err());
    let current = accepted_terms::current(db, &found.flow.terms).await?;
    // What did not parse at all is said already.
    let said = draft.parse().err().map(|failure| failure.fields).unwrap_or_default();
    let unsaid = |failure: Failure| {
        let fields: Vec<_> =
            failure.fields.into_iter().filter(|one| said.iter().all(|other| other.field != one.field)).collect();
        (!fields.is_empty()).then_some(Failure { fields, ..Failure::new(failure.code, failure.message) })
    };
    let unaccepted = domain::flows::accept(&current, &draft.terms).err();
    Ok(wrong.chain(unaccepted).filter_map(unsaid).collect())
}

/// What makes the password easier to guess.
fn personal(draft: &SignUpDraft) -> Vec<String> {
    [&draft.email, &draft.username, &draft.name].map(|text| text.trim().to_owned()).into()
}
