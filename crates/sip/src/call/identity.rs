//! The caller ID of our call, and the headers to try it in.

use crate::config::IdentityHeader;
use crate::context::Context;
use crate::message::{NameAddr, Request, escape_user};

/// A caller ID, and how many of [`crate::Config::identity_headers`] it has been tried in.
pub(super) struct CallerId {
    id: Option<String>,
    tried: usize,
}

impl CallerId {
    /// Starts from the header that this caller ID got through in before.
    pub(super) fn new(ctx: &Context, id: Option<String>) -> Self {
        let id = id.filter(|id| !id.is_empty());
        let tried = id.as_deref().map_or(0, |id| ctx.identities.first_header(id));
        Self { id, tried }
    }

    /// Puts the caller ID into the next header there is; false if it has been in all of them, or
    /// there is no caller ID.
    pub(super) fn try_next(&mut self, ctx: &mut Context, invite: &mut Request) -> bool {
        let Some(id) = &self.id else { return false };
        let Some(header) = ctx.config.identity_headers.get(self.tried) else {
            ctx.identities.forget(id);
            return false;
        };
        self.tried += 1;
        let mut address = String::from("<sip:");
        address.push_str(&escape_user(id));
        address.push('@');
        address.push_str(&ctx.config.domain);
        address.push('>');
        let headers = &mut invite.headers;
        for name in ["P-Preferred-Identity", "P-Asserted-Identity", "Remote-Party-ID"] {
            headers.remove(name);
        }
        let mut own = ctx.address_of_record();
        match header {
            IdentityHeader::PreferredIdentity => headers.push("P-Preferred-Identity", address),
            IdentityHeader::AssertedIdentity => headers.push("P-Asserted-Identity", address),
            IdentityHeader::RemotePartyId => {
                address.push_str(";party=calling;screen=no;privacy=off");
                headers.push("Remote-Party-ID", address);
            }
            IdentityHeader::From => own = address,
            IdentityHeader::Nothing => {}
        }
        let tag = headers.get("From").and_then(NameAddr::parse).and_then(|from| from.tag());
        own.push_str(";tag=");
        own.push_str(tag.unwrap_or_default());
        headers.set("From", own);
        true
    }

    /// Somebody was reached: the next call with this caller ID starts from the same header.
    pub(super) fn got_through(&self, ctx: &mut Context) {
        if let (Some(id), Some(header)) = (&self.id, self.tried.checked_sub(1)) {
            ctx.identities.remember(id, header);
        }
    }
}

/// Whether a status may mean that the caller ID is not wanted, or not in this header: 400, 403,
/// and those of RFC 5079 (433) and RFC 8224 (428, 436, 437, 438).
pub(super) fn rejects_identity(status: u16) -> bool {
    matches!(status, 400 | 403 | 428 | 433 | 436 | 437 | 438)
}
