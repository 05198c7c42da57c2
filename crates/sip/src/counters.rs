//! What an agent has counted since it was made.

/// Figures for whoever looks into a line that does not do what it should. They never go down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Messages sent, keep-alives included.
    pub sent: u32,
    /// Messages received, keep-alives included.
    pub received: u32,
    /// Received messages that could not be read, or were for somebody else. Requests among them
    /// were answered where their sender could be told.
    pub rejected: u32,
    /// Responses that belong to no transaction: late, repeated, or made up.
    pub unmatched: u32,
    /// Requests that came again, and were answered as before or not at all.
    pub repeated: u32,
    /// Requests refused with 503 because too many were open.
    pub overload: u32,
    /// Requests of ours that nobody answered in time.
    pub unanswered: u32,
    /// How often another socket was asked for.
    pub reconnects: u32,
}
