//! The sign-in form: what is missing, or everything.

use super::TITLE;
use super::attempt::{Submit, failure, is_busy, problem};
use super::field::Field;
use crate::input::focus;
use crate::parts::icons::{Icon, icon};
use crate::reactive::handler;
use crate::ui::Ui;
use crate::words::text;
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use ringlet_contract::config::HostMode;
use ringlet_phone::{Form, Intent, SignInError, SignInView};

/// One value each for user name, domain and password, in this order.
type EachField<T> = [T; 3];

/// Shows the form. It starts with what the sign-in slice holds now; after that the person writes it.
pub(super) fn form(ui: Ui) -> AnyView {
    let Some(start) = ui.sign_in.with_untracked(Option::clone) else { return ().into_any() };
    let inputs: EachField<_> = [(); 3].map(|()| NodeRef::<Input>::new());
    let shown = Memo::new(move |before: Option<&EachField<bool>>| {
        let before = before.copied().unwrap_or_default();
        let asked = ui.sign_in.with(|sign_in| sign_in.as_ref().map_or(before, asked));
        // A field that is shown stays: what the person typed comes back as known.
        [0, 1, 2].map(|at| before[at] || asked[at])
    });
    let is_asked = |at: usize| Signal::derive(move || shown.get()[at]);
    let attempted = Trigger::new();
    let is_missing = |at: usize| {
        Signal::derive(move || {
            // Not when the person types: the complaint stays until the next attempt.
            attempted.track();
            is_incomplete(ui)
                && inputs[at].get().is_some_and(|input| input.value().trim().is_empty())
        })
    };
    let first = first_to_fill(&start);
    let may_stay_empty = start.has_secret;
    let legible = RwSignal::new(false);
    point_out(ui, attempted, inputs);
    focus::to_screen();

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !is_busy(ui) {
            let [username, domain, password] = inputs.map(text_of);
            ui.want(Intent::SignIn(Form {
                username: username.trim().to_owned(),
                domain: domain.trim().to_owned(),
                password,
            }));
            attempted.notify();
        }
    };
    let Form { username, domain, .. } = start.form.clone();
    view! {
        <form
            class="screen sign-in"
            tabindex="-1"
            aria-labelledby=TITLE
            novalidate=true
            on:submit=handler(submit)
        >
            <div class="sign-in-body">
                <h2 class="sign-in-title" id=TITLE>
                    {text::sign_in_title()}
                </h2>
                <p class="sign-in-account" dir="auto">
                    {move || left_out(shown.get(), &start.form)}
                </p>
                {problem(ui)}
                <Field
                    name="username"
                    label=text::sign_in_username()
                    autocomplete="username"
                    value=username
                    missing=text::sign_in_username_missing()
                    legible=true
                    asked=is_asked(0)
                    is_missing=is_missing(0)
                    takes_focus=first == Some(0)
                    input=inputs[0]
                />
                <Field
                    name="domain"
                    label=text::sign_in_domain()
                    autocomplete="off"
                    value=domain
                    missing=text::sign_in_domain_missing()
                    legible=true
                    asked=is_asked(1)
                    is_missing=is_missing(1)
                    takes_focus=first == Some(1)
                    input=inputs[1]
                />
                <Field
                    name="password"
                    label=text::sign_in_password()
                    autocomplete="current-password"
                    missing=text::sign_in_password_missing()
                    help=if may_stay_empty { text::sign_in_password_kept() } else { "" }
                    legible
                    asked=is_asked(2)
                    is_missing=if may_stay_empty { false.into() } else { is_missing(2) }
                    takes_focus=first == Some(2)
                    input=inputs[2]
                >
                    {eye(legible)}
                </Field>
            </div>
            <div class="foot buttons">
                <Submit ui label=text::sign_in_submit() />
            </div>
        </form>
    }
    .into_any()
}

/// Shows and hides what is typed as a password.
fn eye(legible: RwSignal<bool>) -> AnyView {
    view! {
        <button
            type="button"
            class="icon-button"
            aria-label=text::sign_in_show_password()
            title=text::sign_in_show_password()
            aria-pressed=move || if legible.get() { "true" } else { "false" }
            on:click=handler(move |_| legible.update(|legible| *legible = !*legible))
        >
            {move || icon(if legible.get() { Icon::Hidden } else { Icon::Seen })}
        </button>
    }
    .into_any()
}

/// Which fields are asked. Where the host passed a part, only what is missing; a wrong password
/// may be a wrong name, so then everything is.
fn asked(view: &SignInView) -> EachField<bool> {
    let all = view.mode == HostMode::Prefilled
        || view.complete
        || view.error == Some(SignInError::Credentials);
    [
        all || view.form.username.is_empty(),
        !view.domain_fixed && (all || view.form.domain.is_empty()),
        all || !view.has_secret,
    ]
}

/// The first field that waits for something.
fn first_to_fill(view: &SignInView) -> Option<usize> {
    let filled = [!view.form.username.is_empty(), !view.form.domain.is_empty(), false];
    asked(view).into_iter().zip(filled).position(|(asked, filled)| asked && !filled)
}

/// What the form does not ask, for the person to see whose password it wants.
fn left_out([username, domain, _]: EachField<bool>, form: &Form) -> String {
    let user = if username { "" } else { form.username.as_str() };
    let domain = if domain { "" } else { form.domain.as_str() };
    let at = if user.is_empty() || domain.is_empty() { "" } else { "@" };
    [user, at, domain].concat()
}

fn is_incomplete(ui: Ui) -> bool {
    ui.sign_in.with(|sign_in| sign_in.as_ref().and_then(failure)) == Some(SignInError::Incomplete)
}

fn text_of(input: NodeRef<Input>) -> String {
    input.get_untracked().map(|input| input.value()).unwrap_or_default()
}

/// Puts the focus where the mistake is, each time an attempt fails.
fn point_out(ui: Ui, attempted: Trigger, inputs: EachField<NodeRef<Input>>) {
    let error = Memo::new(move |_| ui.sign_in.with(|sign_in| sign_in.as_ref().and_then(failure)));
    Effect::new(move |_| {
        attempted.track();
        let mut inputs = inputs.iter().filter_map(|input| input.get());
        let wrong = match error.get() {
            Some(SignInError::Credentials) => inputs.next_back(),
            Some(SignInError::Incomplete) => inputs.find(|input| input.value().trim().is_empty()),
            Some(SignInError::Unreachable | SignInError::Server { .. }) | None => None,
        };
        if let Some(input) = wrong {
            focus::focus(&input);
            input.select();
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_host_left_out_is_asked() {
        let view = SignInView { domain_fixed: true, ..view("agent1", "voice.example") };
        assert_eq!(asked(&view), [false, false, true]);
        assert_eq!(left_out(asked(&view), &view.form), "agent1@voice.example");
        assert_eq!(asked(&super::tests::view("", "")), [true, true, true]);
    }

    #[test]
    fn wrong_credentials_ask_for_the_name_as_well_but_never_for_a_fixed_domain() {
        let error = Some(SignInError::Credentials);
        let view = SignInView { domain_fixed: true, error, ..view("agent1", "voice.example") };
        assert_eq!(asked(&view), [true, false, true]);
    }

    #[test]
    fn the_focus_goes_to_the_first_field_that_waits() {
        assert_eq!(first_to_fill(&view("", "")), Some(0));
        assert_eq!(first_to_fill(&view("agent1", "")), Some(1));
        let prefilled = SignInView { mode: HostMode::Prefilled, ..view("agent1", "voice.example") };
        assert_eq!(first_to_fill(&prefilled), Some(2));
    }

    fn view(username: &str, domain: &str) -> SignInView {
        SignInView {
            mode: HostMode::Confirm,
            complete: false,
            form: Form {
                username: username.to_owned(),
                domain: domain.to_owned(),
                password: String::new(),
            },
            domain_fixed: false,
            has_secret: false,
            busy: false,
            error: None,
        }
    }
}
