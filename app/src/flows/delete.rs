//! The dialog that deletes a flow. One that is used needs another that takes its place.

use domain::ids::FlowId;
use domain::text::isolated;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::api::{self, Opened};
use super::{parts, text};
use crate::ui::{Dialog, DialogFoot, FormError, IconName, SelectField, SelectOption, Sending, Toasts};

/// The dialog, open while there is a flow to delete.
#[component]
pub(super) fn DeleteDialog(of: RwSignal<Option<Opened>>, gone: Callback<()>) -> impl IntoView {
    let close = Callback::new(move |()| of.set(None));
    let title = Signal::derive(move || {
        let name = of.with(|of| Some(isolated(of.as_ref()?.flow.as_ref()?.name.as_str())));
        name.map(|name| text::delete_title(&name)).unwrap_or_default()
    });
    view! {
        <Dialog id="delete-flow" open=Signal::derive(move || of.with(Option::is_some)) close title small=true>
            {of.get_untracked().map(|opened| parts::deletion(opened, close, gone))}
        </Dialog>
    }
}

/// What it asks, a part of the browser's program that is downloaded when it is opened.
pub(super) fn form(opened: Opened, close: Callback<()>, gone: Callback<()>) -> AnyView {
    let Some(summary) = opened.flow else { return ().into_any() };
    let (id, name) = (summary.id, isolated(summary.name.as_str()));
    let is_used = summary.is_default || summary.used_by.counted > 0;
    let toasts = Toasts::expect();
    let replaced =
        RwSignal::new(opened.others.first().filter(|_| is_used).map(|flow| flow.id.to_string()).unwrap_or_default());
    let sending = Sending::new("delete-flow");
    let Sending { wrong, busy, .. } = sending;
    let submit = move |event: SubmitEvent| {
        let name = name.clone();
        let done = move |()| {
            close.try_run(());
            toasts.done(text::deleted(&name));
            gone.try_run(());
        };
        let read = move || Ok(replaced.with_untracked(|id| id.parse::<FlowId>().ok()));
        sending.send(&event, read, move |other| api::delete(id, other), done);
    };
    let options = opened.others.into_iter().map(|flow| (flow.id.to_string().into(), flow.name.to_string().into()));
    let options: Vec<SelectOption> = options.collect();
    view! {
        <form novalidate on:submit=submit>
            <div class="dialog-body">
                <p>{text::delete_text(is_used, summary.used_by)}</p>
                {is_used
                    .then(|| {
                        view! {
                            <SelectField
                                id="replace-with"
                                name="replace_with"
                                label=text::REPLACE_WITH
                                options
                                value=replaced
                                wrong
                            />
                        }.into_any()
                    })}
                <FormError wrong />
            </div>
            <DialogFoot verb=text::DELETE_FLOW icon=IconName::Trash busy close danger=true />
        </form>
    }
    .into_any()
}
