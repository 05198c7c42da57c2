//! What is connected, against what is wanted.

use super::Edge;
use ringlet_phone::{Route, Routes};

/// The edges there are.
#[derive(Default)]
pub(super) struct Edges(Vec<(Route, Box<dyn Edge>)>);

impl Edges {
    /// Disconnects what is not wanted, then connects what is missing. `connect` returns `None`
    /// while an end does not exist; such an edge is tried again the next time.
    pub(super) fn settle(
        &mut self,
        wanted: &Routes,
        mut connect: impl FnMut(Route) -> Option<Box<dyn Edge>>,
    ) {
        self.cut(|route| !wanted.contains(route.source, route.sink));
        for route in wanted.iter() {
            if !self.contains(route)
                && let Some(edge) = connect(route)
            {
                self.0.push((route, edge));
            }
        }
    }

    /// Disconnects these.
    pub(super) fn cut(&mut self, which: impl Fn(Route) -> bool) {
        self.0.retain(|(route, _)| !which(*route));
    }

    /// See [`Edge::unlock`].
    pub(super) fn unlock(&self) {
        self.0.iter().for_each(|(_, edge)| edge.unlock());
    }

    fn contains(&self, wanted: Route) -> bool {
        self.0.iter().any(|(route, _)| *route == wanted)
    }
}
