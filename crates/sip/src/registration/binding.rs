//! What the answer to a REGISTER says of our binding (RFC 3261 section 10.3, RFC 5627).

use super::Registration;
use crate::context::Context;
use crate::message::{Contact, Contacts, Response, Uri};
use std::time::Duration;

impl Registration {
    /// How long the server keeps our binding (RFC 3261 section 10.2.4).
    pub(super) fn granted(&self, ctx: &Context, response: &Response) -> Duration {
        let contacts = contacts(response);
        let ours = ours(ctx, &contacts).and_then(Contact::expires);
        let seconds = ours.or_else(|| response.headers.seconds("Expires")).unwrap_or(self.expires);
        Duration::from_secs(seconds.into())
    }
}

/// The address that reaches this very device from anywhere, if the server made one (RFC 5627
/// section 4.2). The lasting one goes first: a dialog may outlive a passing one.
pub(super) fn gruu(ctx: &Context, response: &Response) -> Option<String> {
    let contacts = contacts(response);
    let ours = ours(ctx, &contacts)?;
    let gruu = ours.pub_gruu().or_else(|| ours.temp_gruu())?;
    // It goes between angle brackets.
    let sound = Uri::parse(gruu).is_some() && !gruu.contains(['<', '>', '"', '\\']);
    sound.then(|| gruu.to_owned())
}

/// Where a 3xx sends us (RFC 3261 section 8.1.3.4): the request URI of a registrar has no user
/// part and needs no parameters.
pub(super) fn redirected(response: &Response) -> Option<String> {
    let contacts = contacts(response);
    contacts.iter().find_map(|contact| {
        let uri = Uri::parse(contact.address.uri)?;
        let scheme = ["sip", "sips"].into_iter().find(|s| uri.scheme.eq_ignore_ascii_case(s))?;
        Some([scheme, ":", uri.host].concat() + &port(&uri))
    })
}

fn port(uri: &Uri<'_>) -> String {
    uri.port.map_or_else(String::new, |port| [":", &port.to_string()].concat())
}

/// `*` lists nothing.
fn contacts(response: &Response) -> Vec<Contact<'_>> {
    match Contacts::of(&response.headers) {
        Contacts::All => Vec::new(),
        Contacts::List(list) => list,
    }
}

/// Our binding among those of the user's devices: the one with our address, or else, for a server
/// on the way may have put its own there, the one of our device or the only one.
fn ours<'a, 'b>(ctx: &Context, contacts: &'b [Contact<'a>]) -> Option<&'b Contact<'a>> {
    let by_address = contacts.iter().find(|contact| ctx.is_our_contact(contact.address.uri));
    by_address.or_else(|| contacts.iter().find(|contact| is_our_device(ctx, contact))).or(
        match contacts {
            [only] => Some(only),
            _ => None,
        },
    )
}

fn is_our_device(ctx: &Context, contact: &Contact<'_>) -> bool {
    let id = contact.instance().and_then(|instance| instance.strip_prefix("urn:uuid:"));
    id.is_some_and(|id| id.eq_ignore_ascii_case(&ctx.config.instance_id))
        && matches!(contact.reg_id(), None | Some(1))
}
