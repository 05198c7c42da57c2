//! In which header each caller ID has reached somebody.

/// How many caller IDs are remembered; the one that was used longest ago gives way.
const CAPACITY: usize = 32;

/// What was learnt from refusals, for as long as the agent lives, so that later calls need no
/// second attempt. A server may take one caller ID in a header and refuse another.
#[derive(Default)]
pub(crate) struct Identities(Vec<(String, usize)>);

impl Identities {
    /// The place in [`crate::Config::identity_headers`] to start from.
    pub(crate) fn first_header(&self, caller_id: &str) -> usize {
        self.0.iter().find(|(id, _)| id == caller_id).map_or(0, |(_, header)| *header)
    }

    /// A call with this caller ID in this header has reached somebody.
    pub(crate) fn remember(&mut self, caller_id: &str, header: usize) {
        self.forget(caller_id);
        if self.0.len() >= CAPACITY {
            self.0.remove(0);
        }
        self.0.push((caller_id.to_owned(), header));
    }

    /// It was refused in every header that was left.
    pub(crate) fn forget(&mut self, caller_id: &str) {
        self.0.retain(|(id, _)| id != caller_id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn the_caller_id_used_longest_ago_gives_way() {
        let mut identities = Identities::default();
        for id in 0..CAPACITY {
            identities.remember(&id.to_string(), 1);
        }
        identities.remember("0", 2);
        identities.remember("new", 3);
        let headers = ["0", "1", "2", "new"].map(|id| identities.first_header(id));
        assert_eq!(headers, [2, 0, 1, 3]);
        assert_eq!(identities.0.len(), CAPACITY);
    }
}
