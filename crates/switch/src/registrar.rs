//! Where the users are: bindings of an address of record to a WebSocket flow (RFC 7118 §5.4).

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::address::NameAddr;
use crate::core::SocketId;

#[derive(Clone, Debug)]
pub(crate) struct Binding {
    pub(crate) socket: SocketId,
    pub(crate) contact: String,
    /// `+sip.instance` and `reg-id` (RFC 5626); a client that names them replaces its own binding
    /// when it comes back over another flow.
    instance: Option<(String, String)>,
    expires_at: Instant,
}

#[derive(Default)]
pub(crate) struct Registrar {
    bindings: HashMap<String, Vec<Binding>>,
}

impl Registrar {
    /// Adds or refreshes a binding; `lifetime` zero removes it.
    pub(crate) fn register(
        &mut self,
        user: &str,
        socket: SocketId,
        contact: &NameAddr<'_>,
        lifetime: Duration,
        now: Instant,
    ) {
        let instance = contact
            .param("+sip.instance")
            .zip(contact.param("reg-id"))
            .map(|(instance, reg_id)| (instance.to_owned(), reg_id.to_owned()));
        let bindings = self.bindings.entry(user.to_owned()).or_default();
        bindings.retain(|known| {
            known.contact != contact.uri && (instance.is_none() || known.instance != instance)
        });
        if !lifetime.is_zero() {
            let (contact, expires_at) = (contact.uri.to_owned(), now + lifetime);
            bindings.push(Binding { socket, contact, instance, expires_at });
        }
    }

    pub(crate) fn unregister_all(&mut self, user: &str) {
        self.bindings.remove(user);
    }

    pub(crate) fn socket_lost(&mut self, socket: SocketId) {
        for bindings in self.bindings.values_mut() {
            bindings.retain(|binding| binding.socket != socket);
        }
    }

    /// The user's bindings that have not expired.
    pub(crate) fn lookup(&self, user: &str, now: Instant) -> Vec<Binding> {
        let bindings = self.bindings.get(user).into_iter().flatten();
        bindings.filter(|binding| binding.expires_at > now).cloned().collect()
    }

    /// `Contact` values for a 200, with the time each binding has left.
    pub(crate) fn contacts(&self, user: &str, now: Instant) -> Vec<String> {
        let contact = |binding: &Binding| {
            // Rounded up: a client that was granted 60 s must not read 59.
            let left = (binding.expires_at - now).as_secs_f64().ceil();
            let instance = match &binding.instance {
                Some((instance, reg_id)) => format!(";+sip.instance={instance};reg-id={reg_id}"),
                None => String::new(),
            };
            format!("<{}>;expires={left}{instance}", binding.contact)
        };
        self.lookup(user, now).iter().map(contact).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn contact(value: &str) -> NameAddr<'_> {
        NameAddr::parse(value).unwrap()
    }

    #[test]
    fn bindings_end_with_their_time_their_socket_or_an_expires_of_zero() {
        let (mut registrar, now) = (Registrar::default(), Instant::now());
        for (socket, uri) in [(1, "<sip:a@1.invalid>"), (2, "<sip:b@2.invalid>")] {
            registrar.register("agent1", SocketId(socket), &contact(uri), MINUTE, now);
        }
        assert_eq!(registrar.lookup("agent1", now).len(), 2);
        assert!(registrar.lookup("agent1", now + MINUTE).is_empty());
        registrar.socket_lost(SocketId(1));
        assert_eq!(registrar.contacts("agent1", now), ["<sip:b@2.invalid>;expires=60"]);
        let (socket, gone) = (SocketId(2), contact("<sip:b@2.invalid>"));
        registrar.register("agent1", socket, &gone, Duration::ZERO, now);
        assert!(registrar.lookup("agent1", now).is_empty());
    }

    #[test]
    fn an_instance_that_reconnects_replaces_its_old_binding() {
        let (mut registrar, now) = (Registrar::default(), Instant::now());
        let instance = ";+sip.instance=\"<urn:uuid:1>\";reg-id=1";
        for (socket, uri) in [(1, "<sip:a@1.invalid>"), (2, "<sip:a@2.invalid>")] {
            let value = format!("{uri}{instance}");
            registrar.register("agent1", SocketId(socket), &contact(&value), MINUTE, now);
        }
        let found = registrar.lookup("agent1", now);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].socket, SocketId(2));
    }
}
