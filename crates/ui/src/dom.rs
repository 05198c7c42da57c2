//! Elements, and what in them follows the view model.
//!
//! Leptos' signals, effects and owners drive this; its typed views do not. Each of those is a type
//! of its own with code of its own for building, comparing and mounting: the same screens took
//! 53,000 bytes of brotli more that way, of the 130,000 that the whole frame may have.

use crate::ui::Ui;
use leptos::prelude::Owner;
use ringlet_phone::ViewModel;
use std::borrow::Cow;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, UnwrapThrowExt};
use web_sys::{Document, Element, Event, Node};

/// Words, most of them from the locale's table.
pub(crate) type Text = Cow<'static, str>;

/// What a part of an element follows with; `None` where it is to be absent.
type Value = Box<dyn Fn(&ViewModel) -> Option<Text>>;

/// An element under construction.
#[derive(Clone)]
pub(crate) struct El(pub(crate) Element);

/// Makes an element with these classes.
pub(crate) fn el(tag: &str, class: &str) -> El {
    // Fails only for a name that is none; ours are.
    El(document().create_element(tag).unwrap_throw()).set("class", class)
}

/// Makes a button that submits nothing.
pub(crate) fn button(class: &str) -> El {
    el("button", class).set("type", "button")
}

/// Makes an element for the text that it holds, which stays.
pub(crate) fn text(tag: &str, class: &str, words: &str) -> El {
    let made = el(tag, class);
    made.0.set_text_content(Some(words));
    made
}

/// Makes a screen. It can take the focus, so that the keyboard works on it.
pub(crate) fn screen(tag: &str, class: &str) -> El {
    el(tag, &["screen ", class].concat()).set("tabindex", "-1")
}

/// The page.
pub(crate) fn document() -> Document {
    // This crate runs in a page or not at all.
    web_sys::window().and_then(|window| window.document()).unwrap_throw()
}

impl El {
    /// Sets an attribute.
    pub(crate) fn set(self, name: &str, value: &str) -> Self {
        set(&self.0, name, value);
        self
    }

    /// Sets an attribute where there is a value for it.
    pub(crate) fn set_if(self, wanted: bool, name: &str, value: &str) -> Self {
        if wanted { self.set(name, value) } else { self }
    }

    /// The screen reader's name and the pointer's hint.
    pub(crate) fn named(self, name: &str, hint: &str) -> Self {
        self.set("aria-label", name).set("title", hint)
    }

    /// The focus goes here when the screen is shown.
    pub(crate) fn takes_focus(self) -> Self {
        self.set("data-focus", "")
    }

    /// Appends a child.
    pub(crate) fn with(self, child: El) -> Self {
        append(&self.0, &child.0);
        self
    }

    /// Appends text.
    pub(crate) fn say(self, words: &str) -> Self {
        append(&self.0, &document().create_text_node(words));
        self
    }

    /// Does this at each such event, for as long as the element exists.
    pub(crate) fn on(self, event: &str, act: impl FnMut(Event) + 'static) -> Self {
        listen(&self.0, event, Box::new(act));
        self
    }

    /// Follows with an attribute; `None` takes it away.
    pub(crate) fn live(
        self,
        ui: Ui,
        name: &'static str,
        value: impl Fn(&ViewModel) -> Option<Text> + 'static,
    ) -> Self {
        follow_text(ui, self.0.clone(), Some(name), Box::new(value));
        self
    }

    /// Follows with an attribute that is there or not.
    pub(crate) fn live_flag(
        self,
        ui: Ui,
        name: &'static str,
        is_set: impl Fn(&ViewModel) -> bool + 'static,
    ) -> Self {
        self.live(ui, name, move |view| is_set(view).then_some(Cow::Borrowed("")))
    }

    /// Follows with the whole text of the element.
    pub(crate) fn live_text(self, ui: Ui, words: impl Fn(&ViewModel) -> Text + 'static) -> Self {
        follow_text(ui, self.0.clone(), None, Box::new(move |view| Some(words(view))));
        self
    }

    /// Appends a place whose content is built anew when `key` changes, and only then.
    pub(crate) fn swap<K: PartialEq + Copy + 'static>(
        self,
        ui: Ui,
        key: impl Fn(&ViewModel) -> K + 'static,
        build: impl Fn(K) -> Option<El> + 'static,
    ) -> Self {
        let mut place = Place::new(&self.0);
        let mut shown = None;
        ui.follow(Box::new(move |view| {
            let key = key(view);
            if shown != Some(key) {
                shown = Some(key);
                place.fill(&|| build(key));
            }
        }));
        self
    }
}

/// Where one element, or none, stands among its siblings.
struct Place {
    anchor: Node,
    content: Option<Element>,
    owner: Owner,
}

impl Place {
    fn new(parent: &Element) -> Self {
        let anchor: Node = document().create_text_node("").into();
        append(parent, &anchor);
        Self { anchor, content: None, owner: Owner::new() }
    }

    /// What followed the view model in the old content stops doing so.
    fn fill(&mut self, build: &dyn Fn() -> Option<El>) {
        self.owner.cleanup();
        if let Some(old) = self.content.take() {
            old.remove();
        }
        if let Some(El(new)) = self.owner.with(build) {
            if let Some(parent) = self.anchor.parent_node() {
                // The anchor is a child of its parent.
                parent.insert_before(&new, Some(&self.anchor)).unwrap_throw();
            }
            self.content = Some(new);
        }
    }
}

/// Calls back for as long as the target exists: the collector frees the closure with it.
pub(crate) fn listen(target: &web_sys::EventTarget, event: &str, act: Box<dyn FnMut(Event)>) {
    let act = Closure::wrap(act).into_js_value();
    // Fails only where the callback is no function.
    target.add_event_listener_with_callback(event, act.unchecked_ref()).unwrap_throw();
}

/// Touches the page only where the value differs.
fn follow_text(ui: Ui, element: Element, attribute: Option<&'static str>, value: Value) {
    let mut shown: Option<Text> = None;
    ui.follow(Box::new(move |view| {
        let value = value(view);
        if shown != value {
            match (attribute, &value) {
                (Some(name), Some(value)) => set(&element, name, value),
                // An attribute that is not there is removed all the same.
                (Some(name), None) => element.remove_attribute(name).unwrap_throw(),
                (None, value) => element.set_text_content(value.as_deref()),
            }
            shown = value;
        }
    }));
}

fn set(element: &Element, name: &str, value: &str) {
    // Fails only for a name that is none; ours are.
    element.set_attribute(name, value).unwrap_throw();
}

fn append(parent: &Element, child: &Node) {
    // Fails only where a cycle would arise.
    parent.append_child(child).unwrap_throw();
}
