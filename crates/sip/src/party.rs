//! Who calls.

use crate::message::{NameAddr, Request, Uri};
use crate::output::Party;

/// The caller of an INVITE: as the network asserts (RFC 3325), else as the caller says.
pub(crate) fn caller(invite: &Request) -> Party {
    let from = invite.headers.get("From").and_then(party);
    let asserted = invite.headers.list("P-Asserted-Identity").find_map(party);
    match (asserted, from) {
        (Some(asserted), from) => {
            let name = asserted.display_name.or(from.and_then(|from| from.display_name));
            Party { display_name: name, ..asserted }
        }
        (None, Some(from)) => from,
        (None, None) => Party::default(),
    }
}

fn party(address: &str) -> Option<Party> {
    let address = NameAddr::parse(address)?;
    let uri = Uri::parse(address.uri)?;
    // RFC 3323 section 4.1.1.3: what a caller without a name writes instead.
    if uri.host.eq_ignore_ascii_case("anonymous.invalid") || uri.user == Some("anonymous") {
        return Some(Party::default());
    }
    Some(Party { number: uri.user_text(), display_name: address.display_name() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Method;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn called_by(headers: &[(&str, &str)]) -> (String, Option<String>) {
        let mut invite = Request::new(Method::INVITE, "sip:me@h");
        headers.iter().for_each(|(name, value)| invite.headers.push(name, *value));
        let party = caller(&invite);
        (party.number, party.display_name)
    }

    #[test]
    fn the_asserted_identity_wins_and_borrows_the_name() {
        let from = ("From", "\"Jane\" <sip:1@h>;tag=x");
        assert_eq!(called_by(&[from]), ("1".into(), Some("Jane".into())));
        let asserted = ("P-Asserted-Identity", "<tel:+4930>, <sip:2@h>");
        assert_eq!(called_by(&[from, asserted]), ("+4930".into(), Some("Jane".into())));
    }

    #[test]
    fn an_anonymous_caller_has_no_number() {
        let from = "\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=x";
        assert_eq!(called_by(&[("From", from)]), (String::new(), None));
    }
}
