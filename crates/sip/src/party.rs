//! Who calls.

use crate::message::{Diversion, Headers, HistoryInfo, NameAddr, Privacy, RemotePartyId, Uri};
use crate::output::Party;

/// The caller of an INVITE: as the network asserts (RFC 3325, before it Remote-Party-ID), else as
/// the caller says. Nobody, if the caller wants to be (RFC 3323).
pub(crate) fn caller(headers: &Headers) -> Party {
    if is_private(headers) {
        return Party::default();
    }
    let from = headers.get("From").and_then(party);
    match (asserted(headers, "calling"), from) {
        (Some(asserted), from) => {
            let nobody = asserted == Party::default();
            let name = asserted.display_name.or(from.and_then(|from| from.display_name));
            Party { display_name: name.filter(|_| !nobody), ..asserted }
        }
        (None, Some(from)) => from,
        (None, None) => Party::default(),
    }
}

/// The caller's address, from the header that [`caller`] names the caller by.
pub(crate) fn caller_uri(headers: &Headers) -> Option<String> {
    let caller = caller(headers).number;
    let identities = headers.list("P-Asserted-Identity").chain(headers.list("Remote-Party-ID"));
    identities
        .chain(headers.get("From"))
        .filter(|identity| party(identity).is_some_and(|party| party.number == caller))
        .find_map(|identity| NameAddr::parse(identity).map(|address| address.uri.to_owned()))
        .filter(|_| !caller.is_empty())
}

/// Who is at the far end, in a response to our INVITE; `None` if the network does not say, or must
/// not.
pub(crate) fn connected(headers: &Headers) -> Option<Party> {
    connected_as(headers, "called")
}

/// The same in a request of the far end.
pub(crate) fn connected_by(headers: &Headers) -> Option<Party> {
    connected_as(headers, "calling")
}

fn connected_as(headers: &Headers, side: &str) -> Option<Party> {
    asserted(headers, side).filter(|party| *party != Party::default() && !is_private(headers))
}

/// Who sent the call on before it came here: the first who did.
pub(crate) fn diverted_by(headers: &Headers) -> Option<Party> {
    // Each adds itself on top (RFC 5806 section 5.1).
    let diversions = headers.list("Diversion").filter_map(Diversion::parse);
    let first = diversions.last().and_then(|d| restricted(d.privacy, d.address));
    first.or_else(|| first_diverter(headers))
}

/// Of the steps in History-Info, the first that says why it was left, or whose next one does
/// (RFC 7044 section 6, RFC 4458).
fn first_diverter(headers: &Headers) -> Option<Party> {
    let steps: Vec<_> = headers.list("History-Info").filter_map(HistoryInfo::parse).collect();
    let at = steps.windows(2).position(|pair| {
        let next = Uri::parse(pair[1].address.uri);
        pair[0].reason().is_some() || next.is_some_and(|uri| uri.params.has("cause"))
    })?;
    let step = steps.get(at)?;
    let hidden =
        step.privacy().is_some_and(|p| Privacy::parse(&p).is_some_and(|p| p.wants("history")));
    restricted(hidden.then_some("full"), step.address)
}

fn asserted(headers: &Headers, side: &str) -> Option<Party> {
    let by_proxy = headers.list("P-Asserted-Identity").find_map(party);
    by_proxy.or_else(|| {
        let mut ids = headers.list("Remote-Party-ID").filter_map(RemotePartyId::parse);
        let id = ids.find(|id| id.party.is_none_or(|party| party.eq_ignore_ascii_case(side)))?;
        restricted(id.privacy, id.address)
    })
}

/// An address that says itself what of it must not be shown.
fn restricted(privacy: Option<&str>, address: NameAddr<'_>) -> Option<Party> {
    let party = of_address(address)?;
    let hides = |kind: &str| privacy.is_some_and(|p| p.split('-').next() == Some(kind));
    Some(match (hides("full") || hides("uri"), hides("name")) {
        (true, _) => Party::default(),
        (false, true) => Party { display_name: None, ..party },
        (false, false) => party,
    })
}

fn is_private(headers: &Headers) -> bool {
    headers.get("Privacy").and_then(Privacy::parse).is_some_and(|p| p.hides_identity())
}

/// The one at an address, written as in From.
pub(crate) fn party(address: &str) -> Option<Party> {
    of_address(NameAddr::parse(address)?)
}

fn of_address(address: NameAddr<'_>) -> Option<Party> {
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
    use crate::message::{Method, Request};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn called_by(headers: &[(&str, &str)]) -> (String, Option<String>) {
        let mut invite = Request::new(Method::INVITE, "sip:me@h");
        headers.iter().for_each(|(name, value)| invite.headers.push(name, *value));
        let party = caller(&invite.headers);
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
    fn the_address_is_that_of_the_header_that_names_the_caller() {
        let mut invite = Request::new(Method::INVITE, "sip:me@h");
        assert_eq!(caller_uri(&invite.headers), None);
        invite.headers.push("From", "<sip:1@h;user=phone>;tag=x");
        assert_eq!(caller_uri(&invite.headers).as_deref(), Some("sip:1@h;user=phone"));
        invite.headers.push("P-Asserted-Identity", "<tel:+4930>, <sip:2@other>");
        assert_eq!(caller_uri(&invite.headers).as_deref(), Some("tel:+4930"));
        invite.headers.push("Privacy", "id");
        assert_eq!(caller_uri(&invite.headers), None);
    }

    #[test]
    fn an_anonymous_caller_has_no_number() {
        let from = "\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=x";
        assert_eq!(called_by(&[("From", from)]), (String::new(), None));
    }
}
