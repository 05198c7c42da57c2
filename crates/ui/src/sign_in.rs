//! Signing in: one press where the host passed everything, else a form.

use crate::field::{Field, field};
use crate::icons::{Icon, icon};
use crate::text;
use crate::ui::Ui;
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use ringlet_contract::config::HostMode;
use ringlet_phone::{Form, Intent, SignInError, SignInView};

/// Shows the one-press screen until it fails or the person wants another account, then the form.
pub(crate) fn sign_in(ui: Ui) -> AnyView {
    let other_account = RwSignal::new(false);
    let one_press = Memo::new(move |_| {
        !other_account.get() && ui.read(|view| view.sign_in.as_ref().is_some_and(is_one_press))
    });
    (move || if one_press.get() { connect(ui, other_account) } else { form(ui) }).into_any()
}

/// Wrong credentials cannot be mended by pressing Connect again.
fn is_one_press(sign_in: &SignInView) -> bool {
    let asks = match sign_in.mode {
        HostMode::Confirm | HostMode::Autologin => false,
        HostMode::Prefilled => true,
    };
    sign_in.complete && !asks && sign_in.error != Some(SignInError::Credentials)
}

fn connect(ui: Ui, other_account: RwSignal<bool>) -> AnyView {
    let account = ui.view.with_untracked(|view| {
        view.sign_in.as_ref().map(|it| [&it.form.username, "@", &it.form.domain].concat())
    });
    let busy = busy(ui);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !busy.get_untracked() {
            ui.want(Intent::Connect);
        }
    };
    view! {
        <form class="screen sign-in" aria-labelledby="sign-in-title" on:submit=submit>
            <div class="sign-in-body sign-in-ready">
                <div class="caller-mark" aria-hidden="true">{icon(Icon::Person)}</div>
                <h2 class="sign-in-title" id="sign-in-title">{text::sign_in_connect_title()}</h2>
                <p class="sign-in-account" dir="auto">{account}</p>
                {problem(ui)}
            </div>
            <div class="foot buttons">
                {submit_button(busy, text::sign_in_connect(), true)}
                <button
                    type="button"
                    class="button button-quiet"
                    on:click=move |_| other_account.set(true)
                >
                    {text::sign_in_other()}
                </button>
            </div>
        </form>
    }
    .into_any()
}

/// Which fields a form has.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Asked {
    username: bool,
    domain: bool,
    password: bool,
}

/// Where the host passed a part, only what is missing is asked; a wrong password may be a wrong
/// name, so then everything is.
fn asked(view: &SignInView) -> Asked {
    let all = view.mode == HostMode::Prefilled
        || view.complete
        || view.error == Some(SignInError::Credentials);
    Asked {
        username: all || view.form.username.is_empty(),
        domain: !view.domain_fixed && (all || view.form.domain.is_empty()),
        password: all || !view.has_secret,
    }
}

fn form(ui: Ui) -> AnyView {
    let Some(start) = ui.view.with_untracked(|view| view.sign_in.clone()) else {
        return ().into_any();
    };
    let [username, domain, password] = [(); 3].map(|()| NodeRef::<Input>::new());
    let known = start.form.clone();
    let first = asked(&start);
    let shown = Memo::new(move |before: Option<&Asked>| {
        let now = ui.read(|view| view.sign_in.as_ref().map(asked));
        // A field that is shown stays: what the person typed comes back as known.
        let (now, before) = (now.unwrap_or(first), before.copied().unwrap_or(first));
        Asked {
            username: now.username || before.username,
            domain: now.domain || before.domain,
            password: now.password || before.password,
        }
    });
    let busy = busy(ui);
    let error = error(ui);
    let read = move |input: NodeRef<Input>, known: &str| {
        input.get_untracked().map_or_else(|| known.to_owned(), |input| input.value())
    };
    let typed = known.clone();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let form = Form {
            username: read(username, &typed.username).trim().to_owned(),
            domain: read(domain, &typed.domain).trim().to_owned(),
            password: read(password, ""),
        };
        ui.want(Intent::SignIn(form));
    };
    // Recomputed when an attempt ends, not while the person types the remedy.
    let missing =
        move |input: NodeRef<Input>, words: &'static str| -> Signal<Option<&'static str>> {
            Signal::derive(move || {
                let incomplete = error.get() == Some(SignInError::Incomplete) && !busy.get();
                let empty = input.get().is_some_and(|input| input.value().trim().is_empty());
                (incomplete && empty).then_some(words)
            })
        };
    let has_secret = start.has_secret;
    Effect::new(move |_| match error.get() {
        Some(SignInError::Credentials) => select(password),
        Some(SignInError::Incomplete) => {
            let inputs = [username, domain, password].map(|input| input.get_untracked());
            if let Some(input) = inputs.into_iter().flatten().find(|it| it.value().is_empty()) {
                // It is on the page, so it can take the focus.
                let _ = input.focus();
            }
        }
        Some(SignInError::Unreachable | SignInError::Server { .. }) | None => {}
    });

    // The first field that waits for something.
    let focus = if first.username && known.username.is_empty() {
        "username"
    } else if first.domain && known.domain.is_empty() {
        "domain"
    } else {
        "password"
    };
    let seen = RwSignal::new(false);
    let plain = Signal::stored("text");
    let username_value = known.username.clone();
    let domain_value = known.domain.clone();
    let fields = view! {
        {move || shown.get().username.then(|| field(Field {
            name: "username",
            label: text::sign_in_username(),
            autocomplete: "username",
            value: username_value.clone(),
            input: username,
            problem: missing(username, text::sign_in_username_missing()),
            help: None,
            button: None,
            takes_focus: focus == "username",
            kind: plain,
        }))}
        {move || shown.get().domain.then(|| field(Field {
            name: "domain",
            label: text::sign_in_domain(),
            autocomplete: "off",
            value: domain_value.clone(),
            input: domain,
            problem: missing(domain, text::sign_in_domain_missing()),
            help: None,
            button: None,
            takes_focus: focus == "domain",
            kind: plain,
        }))}
        {move || shown.get().password.then(|| field(Field {
            name: "password",
            label: text::sign_in_password(),
            autocomplete: "current-password",
            value: String::new(),
            input: password,
            problem: if has_secret {
                Signal::stored(None)
            } else {
                missing(password, text::sign_in_password_missing())
            },
            help: has_secret.then(text::sign_in_password_kept),
            button: Some(eye(seen)),
            takes_focus: focus == "password",
            kind: Signal::derive(move || if seen.get() { "text" } else { "password" }),
        }))}
    };
    let fixed_account = move || {
        let shown = shown.get();
        let user = (!shown.username).then_some(known.username.as_str()).unwrap_or_default();
        let domain = (!shown.domain).then_some(known.domain.as_str()).unwrap_or_default();
        match (user, domain) {
            ("", "") => String::new(),
            (user, "") => user.to_owned(),
            (user, domain) => [user, "@", domain].concat(),
        }
    };
    view! {
        <form class="screen sign-in" aria-labelledby="sign-in-title" novalidate on:submit=submit>
            <div class="sign-in-body">
                <h2 class="sign-in-title" id="sign-in-title">{text::sign_in_title()}</h2>
                <p class="sign-in-account" dir="auto">{fixed_account}</p>
                {problem(ui)}
                {fields}
            </div>
            <div class="foot buttons">{submit_button(busy, text::sign_in_submit(), false)}</div>
        </form>
    }
    .into_any()
}

fn submit_button(busy: Memo<bool>, label: &'static str, takes_focus: bool) -> AnyView {
    view! {
        <button
            type="submit"
            class="button button-primary"
            class:button-busy=move || busy.get()
            aria-disabled=move || busy.get().then_some("true")
            data-focus=takes_focus.then_some("")
        >
            {move || if busy.get() { text::sign_in_busy() } else { label }}
        </button>
    }
    .into_any()
}

fn eye(seen: RwSignal<bool>) -> AnyView {
    view! {
        <button
            type="button"
            class="icon-button"
            aria-label=text::sign_in_show_password()
            title=text::sign_in_show_password()
            aria-pressed=move || if seen.get() { "true" } else { "false" }
            on:click=move |_| seen.update(|seen| *seen = !*seen)
        >
            {move || icon(if seen.get() { Icon::Hidden } else { Icon::Seen })}
        </button>
    }
    .into_any()
}

/// Why the last attempt failed. The element is always there, so that its words are read out.
fn problem(ui: Ui) -> AnyView {
    let error = error(ui);
    let busy = busy(ui);
    view! {
        <div class="sign-in-problem" role="alert">
            {move || {
                error
                    .get()
                    .filter(|_| !busy.get())
                    .map(|error| {
                        // The fields say what is missing; only who cannot see them is told twice.
                        let class = if error == SignInError::Incomplete { "unseen" } else { "" };
                        view! { <p class=class>{icon(Icon::Alert)} <span>{words(error)}</span></p> }
                    })
            }}
        </div>
    }
    .into_any()
}

fn words(error: SignInError) -> String {
    match error {
        SignInError::Incomplete => text::sign_in_error_incomplete().to_owned(),
        SignInError::Credentials => text::sign_in_error_credentials().to_owned(),
        SignInError::Unreachable => text::sign_in_error_unreachable().to_owned(),
        SignInError::Server { status } => text::sign_in_error_server(&status.to_string()),
    }
}

fn busy(ui: Ui) -> Memo<bool> {
    ui.memo(|view| view.sign_in.as_ref().is_some_and(|it| it.busy))
}

fn error(ui: Ui) -> Memo<Option<SignInError>> {
    ui.memo(|view| view.sign_in.as_ref().and_then(|it| it.error))
}

fn select(input: NodeRef<Input>) {
    if let Some(input) = input.get_untracked() {
        // It is on the page, so it can take the focus.
        let _ = input.focus();
        input.select();
    }
}
