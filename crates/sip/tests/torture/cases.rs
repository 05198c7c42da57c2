//! The 49 cases.

/// What the checker says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// It is handled.
    Accepted,
    /// It is answered with this status.
    Rejected(u16),
    /// It is not answered.
    Dropped,
}

/// What the agent does with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Agent {
    /// It tells its user of a call.
    Rings,
    /// It answers with this status, and that is all.
    Answers(u16),
    /// It does nothing.
    Ignores,
}

/// One case.
pub(crate) struct Case {
    /// The name in the RFC, after the number of the case.
    pub(crate) name: &'static str,
    pub(crate) bytes: &'static [u8],
    pub(crate) expected: Expected,
    pub(crate) agent: Agent,
    /// Which choice was made, where the RFC leaves one.
    #[expect(dead_code, reason = "it is there to be read")]
    pub(crate) why: &'static str,
}

use Agent::{Answers, Ignores, Rings};
use Expected::{Accepted, Dropped, Rejected};

const fn case(
    name: &'static str,
    bytes: &'static [u8],
    expected: Expected,
    agent: Agent,
    why: &'static str,
) -> Case {
    Case { name, bytes, expected, agent, why }
}

macro_rules! cases {
    ($($name:literal $expected:expr, $agent:expr, $why:literal;)*) => {
        pub(crate) const CASES: &[Case] = &[$(case(
            $name,
            include_bytes!(concat!("messages/", $name, ".sip")),
            $expected,
            $agent,
            $why,
        )),*];
    };
}

const NO_REGISTRAR: Agent = Answers(405);

cases! {
    // 3.1.1: valid messages.
    "01-wsinv" Accepted, Answers(481), "well formed; its To tag names no dialog of the agent";
    "02-intmeth" Accepted, Answers(501), "well formed; the method is unknown";
    "03-esc01" Accepted, Rings, "";
    "04-escnull" Accepted, NO_REGISTRAR, "";
    "05-esc02" Accepted, Answers(501), "% is no escape in a method, which is thus unknown";
    "06-lwsdisp" Accepted, Answers(200), "the missing blank is a slip of the grammar";
    "07-longreq" Accepted, Rings, "";
    "08-dblreq" Accepted, NO_REGISTRAR, "what follows the body is not looked at";
    "09-semiuri" Accepted, Answers(200), "";
    "10-transports" Accepted, Answers(200), "";
    "11-mpart01" Accepted, MESSAGE, "";
    "12-unreason" Accepted, Ignores, "nothing waits for this response";
    "13-noreason" Accepted, Ignores, "nothing waits for this response";
    // 3.1.2: invalid messages.
    "14-badinv01" Rejected(400), Answers(400), "";
    "15-clerr" Rejected(400), Answers(400), "a WebSocket frame is a datagram: no more will come";
    "16-ncl" Rejected(400), Answers(400), "";
    "17-scalar02" Rejected(400), Answers(400), "for its CSeq; the rest could be ignored";
    "18-scalarlg" Dropped, Ignores, "";
    "19-quotbal" Rejected(400), Answers(400), "where the name ends is not guessed";
    "20-ltgtruri" Rejected(400), Answers(400), "the brackets could be ignored";
    "21-lwsruri" Rejected(400), Answers(400), "";
    "22-lwsstart" Rejected(400), Answers(400), "the blanks could be ignored";
    "23-trws" Rejected(400), Answers(400), "the blanks could be ignored";
    "24-escruri" Rejected(400), Rings, "the agent ignores the headers, as it may";
    "25-baddate" Rejected(400), Rings, "the agent has no use for Date, so it must not care";
    "26-regbadct" Rejected(400), NO_REGISTRAR, "the agent does not register anybody";
    "27-badaspec" Rejected(400), Answers(200), "the agent ignores the blanks, as it may";
    "28-baddn" Rejected(400), Answers(200), "the agent infers the quotes, as it may: calls count";
    "29-badvers" Rejected(505), Answers(505), "";
    "30-mismatch01" Rejected(400), Answers(400), "";
    "31-mismatch02" Rejected(501), Answers(501), "400 would do, but 501 has more of a future";
    "32-bigcode" Dropped, Ignores, "";
    // 3.2: transactions.
    "33-badbranch" Accepted, Answers(200), "told apart as in RFC 2543, instead of refused with 400";
    // 3.3: applications.
    "34-insuf" Rejected(400), Answers(400), "";
    "35-unkscm" Rejected(416), Answers(416), "";
    "36-novelsc" Rejected(416), Answers(416), "";
    "37-unksm2" Rejected(400), NO_REGISTRAR, "a registrar wants a SIP URI in To; parsing succeeds";
    "38-bext01" Rejected(420), Answers(420), "";
    "39-invut" Rejected(415), Answers(415), "";
    "40-regaut01" Accepted, NO_REGISTRAR, "unknown credentials are none";
    "41-multi01" Rejected(400), Answers(400), "";
    "42-mcl01" Rejected(400), Answers(400), "";
    "43-bcast" Dropped, Ignores, "";
    "44-zeromf" Accepted, Answers(200), "it has arrived, so it need not go further";
    "45-cparam01" Accepted, NO_REGISTRAR, "";
    "46-cparam02" Accepted, NO_REGISTRAR, "";
    "47-regescrt" Accepted, NO_REGISTRAR, "";
    "48-sdp01" Rejected(406), Answers(406), "400 would do";
    // 3.4: older implementations.
    "49-inv2543" Accepted, Rings, "no branch, no From tag, no Max-Forwards, no Content-Length";
}

/// Instant messages of several parts.
const MESSAGE: Agent = Answers(200);
