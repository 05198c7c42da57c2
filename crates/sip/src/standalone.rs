//! Requests outside dialogs, but for INVITE and REGISTER.

use crate::context::Context;
use crate::message::{CSeq, Method, Request};

impl Context {
    /// A request to `uri` in a Call-ID of its own, complete but for Via and what the method adds.
    pub(crate) fn standalone(&mut self, method: Method, uri: &str) -> Request {
        let mut from = self.address_of_record();
        from.push_str(";tag=");
        from.push_str(&self.rng.token());
        let mut request = Request::new(method.clone(), uri);
        let headers = &mut request.headers;
        self.service_route.iter().for_each(|route| headers.push("Route", route));
        headers.push("Max-Forwards", "70");
        headers.push("From", from);
        headers.push("To", ["<", uri, ">"].concat());
        headers.push("Call-ID", self.rng.token());
        headers.push("CSeq", CSeq { number: 1, method }.value());
        headers.push("User-Agent", &*self.config.user_agent);
        request
    }
}
