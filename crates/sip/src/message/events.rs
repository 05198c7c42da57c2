//! Event and Subscription-State (RFC 6665).

use super::numbers::{push_number, seconds};
use super::params::{Params, cut_before, is_token};

/// What is subscribed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event<'a> {
    /// The package, such as `message-summary`; compare without case.
    pub package: &'a str,
    /// Tells apart several subscriptions to one package in one dialog.
    pub id: Option<&'a str>,
    /// All parameters, the package's own included.
    pub params: Params<'a>,
}

impl<'a> Event<'a> {
    /// Reads a header value; `None` if it names no package.
    pub fn parse(value: &'a str) -> Option<Self> {
        let (package, params) = cut_before(value, ';');
        let (package, params) = (package.trim(), Params::new(params));
        is_token(package).then(|| Self { package, id: params.get("id"), params })
    }

    /// Whether both are about the same subscription of a dialog (RFC 6665 section 8.2.1).
    pub fn matches(&self, other: &Event<'_>) -> bool {
        self.package.eq_ignore_ascii_case(other.package) && self.id == other.id
    }
}

/// How a subscription stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubscriptionState<'a> {
    /// The state itself.
    pub state: Substate<'a>,
    /// Why it is over, such as `noresource`.
    pub reason: Option<&'a str>,
    /// How long it lives, in seconds.
    pub expires: Option<u32>,
    /// When to try again, in seconds.
    pub retry_after: Option<u32>,
}

/// The states of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Substate<'a> {
    /// Accepted.
    Active,
    /// Not decided yet.
    Pending,
    /// Over.
    Terminated,
    /// An extension; treat it as active.
    Other(&'a str),
}

impl<'a> SubscriptionState<'a> {
    /// Reads a header value; `None` if it names no state. Malformed numbers are none.
    pub fn parse(value: &'a str) -> Option<Self> {
        let (state, params) = cut_before(value, ';');
        let params = Params::new(params);
        Some(Self {
            state: Substate::parse(state.trim())?,
            reason: params.get("reason"),
            expires: params.get("expires").and_then(seconds),
            retry_after: params.get("retry-after").and_then(seconds),
        })
    }

    /// The header value.
    pub fn value(&self) -> String {
        let mut value = self.state.as_str().to_owned();
        if let Some(reason) = self.reason {
            value.push_str(";reason=");
            value.push_str(reason);
        }
        if let Some(expires) = self.expires {
            push_number(&mut value, ";expires=", expires);
        }
        if let Some(retry_after) = self.retry_after {
            push_number(&mut value, ";retry-after=", retry_after);
        }
        value
    }
}

impl<'a> Substate<'a> {
    fn parse(token: &'a str) -> Option<Self> {
        let known = [Self::Active, Self::Pending, Self::Terminated];
        let found = known.into_iter().find(|s| s.as_str().eq_ignore_ascii_case(token));
        found.or_else(|| is_token(token).then_some(Self::Other(token)))
    }

    /// The token on the wire.
    pub fn as_str(&self) -> &'a str {
        match self {
            Self::Active => "active",
            Self::Pending => "pending",
            Self::Terminated => "terminated",
            Self::Other(token) => token,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_state_is_read_and_written() {
        let value = "terminated;reason=probation;retry-after=30";
        let read = SubscriptionState::parse("Terminated ; reason = probation;retry-after=30");
        let read = read.unwrap();
        assert_eq!((read.state, read.retry_after), (Substate::Terminated, Some(30)));
        assert_eq!(read.value(), value);

        let read = SubscriptionState::parse("active;expires=600").unwrap();
        assert_eq!(read.value(), "active;expires=600");
        let read = SubscriptionState::parse("waiting;expires=x").unwrap();
        assert_eq!((read.state, read.expires), (Substate::Other("waiting"), None));
        assert_eq!(SubscriptionState::parse(";expires=1"), None);
    }

    #[test]
    fn events_match_by_package_and_id() {
        let event = Event::parse("Refer;id=93809824").unwrap();
        assert!(event.matches(&Event::parse("refer ; id=93809824").unwrap()));
        assert!(!event.matches(&Event::parse("refer").unwrap()));
        assert_eq!(Event::parse("two words"), None);
    }
}
