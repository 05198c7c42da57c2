//! The sign-in form: what is missing, or everything.

use crate::dom::{El, button, el, screen, text as words};
use crate::field::{Field, field};
use crate::icons::{Icon, icon};
use crate::sign_in::{TITLE, is_busy, problem, submit_button};
use crate::text;
use crate::ui::Ui;
use ringlet_contract::config::HostMode;
use ringlet_phone::{Form, Intent, SignInError, SignInView, ViewModel};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

/// Which fields a form shows: user name, domain, password.
type Asked = [bool; 3];

/// Shows the form. It starts with what the view model knows now; after that the person writes it.
pub(crate) fn form(ui: Ui) -> El {
    let Some(start) = ui.read(|view| view.sign_in.clone()) else {
        return el("div", "");
    };
    let known = start.form.clone();
    let username = Field {
        name: "username",
        label: text::sign_in_username(),
        autocomplete: "username",
        missing: text::sign_in_username_missing(),
        help: "",
    };
    let domain = Field {
        name: "domain",
        label: text::sign_in_domain(),
        autocomplete: "off",
        missing: text::sign_in_domain_missing(),
        help: "",
    };
    let password = Field {
        name: "password",
        label: text::sign_in_password(),
        autocomplete: "current-password",
        missing: text::sign_in_password_missing(),
        help: if start.has_secret { text::sign_in_password_kept() } else { "" },
    };
    let needs_password: fn(&ViewModel) -> bool =
        if start.has_secret { |_| false } else { is_incomplete };
    let (fields, inputs): (Vec<El>, Vec<HtmlInputElement>) = [
        field(ui, username, &known.username, is_incomplete),
        field(ui, domain, &known.domain, is_incomplete),
        field(ui, password, "", needs_password),
    ]
    .into_iter()
    .unzip();
    hide_password(&inputs[2]);

    let wrappers: Vec<Element> = fields.iter().map(|field| field.0.clone()).collect();
    let account = el("p", "sign-in-account").set("dir", "auto");
    let rest = account.0.clone();
    let mut shown: Asked = [false; 3];
    ui.follow(Box::new(move |view| {
        let asked = view.sign_in.as_ref().map_or(shown, asked);
        for ((wrapper, shown), asked) in wrappers.iter().zip(&mut shown).zip(asked) {
            // A field that is shown stays: what the person typed comes back as known.
            *shown |= asked;
            wrapper.toggle_attribute_with_force("hidden", !*shown).unwrap_or_default();
        }
        rest.set_text_content(Some(&left_out(shown, &known)));
    }));
    point_out(ui, &inputs);
    if let Some(first) = first_to_fill(&start) {
        El(inputs[first].clone().into()).takes_focus();
    }

    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        if !ui.read(is_busy) {
            ui.want(Intent::SignIn(Form {
                username: inputs[0].value().trim().to_owned(),
                domain: inputs[1].value().trim().to_owned(),
                password: inputs[2].value(),
            }));
        }
    };
    let mut body = el("div", "sign-in-body")
        .with(words("h2", "sign-in-title", text::sign_in_title()).set("id", TITLE))
        .with(account)
        .with(problem(ui));
    for field in fields {
        body = body.with(field);
    }
    screen("form", "sign-in")
        .set("aria-labelledby", TITLE)
        .set("novalidate", "")
        .on("submit", submit)
        .with(body)
        .with(el("div", "foot buttons").with(submit_button(ui, text::sign_in_submit())))
}

/// Where the host passed a part, only what is missing is asked; a wrong password may be a wrong
/// name, so then everything is.
fn asked(view: &SignInView) -> Asked {
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
fn left_out([username, domain, _]: Asked, form: &Form) -> String {
    let user = if username { "" } else { form.username.as_str() };
    let domain = if domain { "" } else { form.domain.as_str() };
    let at = if user.is_empty() || domain.is_empty() { "" } else { "@" };
    [user, at, domain].concat()
}

fn is_incomplete(view: &ViewModel) -> bool {
    view.sign_in.as_ref().is_some_and(|it| !it.busy && it.error == Some(SignInError::Incomplete))
}

/// Puts the focus where the mistake is, each time an attempt fails.
fn point_out(ui: Ui, inputs: &[HtmlInputElement]) {
    let inputs = inputs.to_vec();
    let mut told = None;
    ui.follow(Box::new(move |view| {
        let error = view.sign_in.as_ref().filter(|it| !it.busy).and_then(|it| it.error);
        if error == told {
            return;
        }
        told = error;
        let wrong = match error {
            Some(SignInError::Credentials) => inputs.last(),
            Some(SignInError::Incomplete) => inputs.iter().find(|it| it.value().is_empty()),
            Some(SignInError::Unreachable | SignInError::Server { .. }) | None => None,
        };
        if let Some(input) = wrong {
            // It is on the page, so it can take the focus.
            let _ = input.focus();
            input.select();
        }
    }));
}

/// Hides what is typed, and adds the button that shows it.
fn hide_password(input: &HtmlInputElement) {
    input.set_type("password");
    let Some(frame) = input.parent_element() else { return };
    let input = input.clone();
    let eye = button("icon-button")
        .named(text::sign_in_show_password(), text::sign_in_show_password())
        .set("aria-pressed", "false")
        .with(icon(Icon::Seen));
    let face = eye.0.clone();
    let eye = eye.on("click", move |_| {
        let show = input.type_() == "password";
        input.set_type(if show { "text" } else { "password" });
        let face = El(face.clone().unchecked_into());
        face.0.replace_children_with_node_1(&icon(if show { Icon::Hidden } else { Icon::Seen }).0);
        face.set("aria-pressed", if show { "true" } else { "false" });
    });
    El(frame).with(eye);
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
