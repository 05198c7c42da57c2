//! Every header that has a type, by its name.

use super::numbers::{number, seconds};
use super::params::{is_token, split_list};
use super::{
    AnswerMode, Authentication, CSeq, Contact, Diversion, Event, HistoryInfo, Identity, Info,
    MediaType, MinExpires, MinSe, NameAddr, Privacy, RAck, RSeq, Reason, ReferTo, ReferredBy,
    RemotePartyId, Replaces, RetryAfter, Route, SessionExpires, SubscriptionState, Uri, Via,
    Warning,
};

/// The value of a header as its type. Of a comma list: one member.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named after what it holds")]
pub enum Typed<'a> {
    AllContacts,
    AnswerMode(AnswerMode),
    Authentication(Authentication<'a>),
    CSeq(CSeq),
    Contact(Contact<'a>, Uri<'a>),
    Date(&'a str),
    Diversion(Diversion<'a>),
    Event(Event<'a>),
    HistoryInfo(HistoryInfo<'a>),
    Identity(Identity<'a>),
    Info(Info<'a>),
    MediaType(MediaType<'a>),
    MinExpires(MinExpires),
    MinSe(MinSe),
    NameAddr(NameAddr<'a>, Uri<'a>),
    Number(u32),
    Privacy(Privacy<'a>),
    RAck(RAck),
    RSeq(RSeq),
    Reason(Reason<'a>),
    ReferTo(ReferTo<'a>),
    ReferredBy(ReferredBy<'a>),
    RemotePartyId(RemotePartyId<'a>),
    Replaces(Replaces<'a>),
    RetryAfter(RetryAfter),
    Route(Route<'a>),
    Seconds(u32),
    SessionExpires(SessionExpires),
    SubscriptionState(SubscriptionState<'a>),
    Token(&'a str),
    Via(Via<'a>),
    Warning(Warning<'a>),
    Word(&'a str),
}

/// How often a header may stand in a message, and how its values are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Once.
    Single,
    /// Several lines, each one value.
    Lines,
    /// A comma list, over any number of lines.
    List,
}

type Reader = fn(&str) -> Option<Typed<'_>>;

use Shape::{Lines, List, Single};

const HEADERS: &[(&str, Shape, Reader)] = &[
    ("Accept", List, |v| MediaType::parse(v).map(Typed::MediaType)),
    ("Alert-Info", List, |v| Info::parse(v).map(Typed::Info)),
    ("Allow", List, token),
    ("Allow-Events", List, token),
    ("Answer-Mode", Single, |v| AnswerMode::parse(v).map(Typed::AnswerMode)),
    ("Authorization", Lines, authentication),
    ("CSeq", Single, |v| CSeq::parse(v).map(Typed::CSeq)),
    ("Call-ID", Single, word),
    ("Call-Info", List, |v| Info::parse(v).map(Typed::Info)),
    ("Contact", List, contact),
    ("Content-Type", Single, |v| MediaType::parse(v).map(Typed::MediaType)),
    ("Date", Single, date),
    ("Diversion", List, |v| to_uri(v).and(Diversion::parse(v)).map(Typed::Diversion)),
    ("Event", Single, |v| Event::parse(v).map(Typed::Event)),
    ("Expires", Single, |v| seconds(v).map(Typed::Seconds)),
    ("Flow-Timer", Single, |v| seconds(v).map(Typed::Seconds)),
    ("From", Single, address),
    ("History-Info", List, |v| to_uri(v).and(HistoryInfo::parse(v)).map(Typed::HistoryInfo)),
    ("Max-Forwards", Single, |v| number(v).filter(|n| *n < 256).map(Typed::Number)),
    ("Min-Expires", Single, |v| MinExpires::parse(v).map(Typed::MinExpires)),
    ("Min-SE", Single, |v| MinSe::parse(v).map(Typed::MinSe)),
    ("P-Asserted-Identity", List, identity),
    ("P-Preferred-Identity", List, identity),
    ("Path", List, route),
    ("Priv-Answer-Mode", Single, |v| AnswerMode::parse(v).map(Typed::AnswerMode)),
    ("Privacy", Single, |v| Privacy::parse(v).map(Typed::Privacy)),
    ("Proxy-Authenticate", Lines, authentication),
    ("Proxy-Authorization", Lines, authentication),
    ("RAck", Single, |v| RAck::parse(v).map(Typed::RAck)),
    ("RSeq", Single, |v| RSeq::parse(v).map(Typed::RSeq)),
    ("Reason", List, |v| Reason::parse(v).map(Typed::Reason)),
    ("Record-Route", List, route),
    ("Refer-To", Single, |v| ReferTo::parse(v).map(Typed::ReferTo)),
    ("Referred-By", Single, |v| to_uri(v).and(ReferredBy::parse(v)).map(Typed::ReferredBy)),
    ("Remote-Party-ID", List, |v| to_uri(v).and(RemotePartyId::parse(v)).map(Typed::RemotePartyId)),
    ("Replaces", Single, |v| Replaces::parse(v).map(Typed::Replaces)),
    ("Require", List, token),
    ("Retry-After", Single, |v| RetryAfter::parse(v).map(Typed::RetryAfter)),
    ("Route", List, route),
    ("Service-Route", List, route),
    ("Session-Expires", Single, |v| SessionExpires::parse(v).map(Typed::SessionExpires)),
    ("Subscription-State", Single, |v| SubscriptionState::parse(v).map(Typed::SubscriptionState)),
    ("Supported", List, token),
    ("To", Single, address),
    ("Unsupported", List, token),
    ("Via", List, |v| Via::parse(v).map(Typed::Via)),
    ("WWW-Authenticate", Lines, authentication),
    ("Warning", List, |v| Warning::parse(v).map(Typed::Warning)),
];

impl<'a> Typed<'a> {
    /// Reads the value of a header line, every member of it. `None` if the header has no type
    /// here; a malformed member is `None` in its place.
    pub fn read(name: &str, value: &'a str) -> Option<Vec<(&'a str, Option<Self>)>> {
        let (_, shape, reader) = HEADERS.iter().find(|(n, ..)| n.eq_ignore_ascii_case(name))?;
        Some(match shape {
            Single | Lines => vec![(value, reader(value))],
            List => split_list(value).map(|member| (member, reader(member))).collect(),
        })
    }
}

/// How often a header may stand in a message; `None` if it has no type.
pub(crate) fn shape(name: &str) -> Option<Shape> {
    HEADERS.iter().find(|(n, ..)| n.eq_ignore_ascii_case(name)).map(|(_, shape, _)| *shape)
}

fn address(value: &str) -> Option<Typed<'_>> {
    Some(Typed::NameAddr(NameAddr::parse(value)?, to_uri(value)?))
}

/// The URI of an address.
fn to_uri(value: &str) -> Option<Uri<'_>> {
    Uri::parse(NameAddr::parse(value)?.uri)
}

fn contact(value: &str) -> Option<Typed<'_>> {
    if value == "*" {
        return Some(Typed::AllContacts);
    }
    Some(Typed::Contact(Contact::parse(value)?, to_uri(value)?))
}

fn identity(value: &str) -> Option<Typed<'_>> {
    to_uri(value).and(Identity::parse(value)).map(Typed::Identity)
}

fn route(value: &str) -> Option<Typed<'_>> {
    Route::parse(value).map(Typed::Route)
}

fn authentication(value: &str) -> Option<Typed<'_>> {
    Authentication::parse(value).map(Typed::Authentication)
}

fn token(value: &str) -> Option<Typed<'_>> {
    is_token(value).then_some(Typed::Token(value))
}

fn word(value: &str) -> Option<Typed<'_>> {
    (!value.is_empty() && !value.contains([' ', '\t'])).then_some(Typed::Word(value))
}

/// RFC 3261 section 20.17: GMT, and nothing that merely means the same.
fn date(value: &str) -> Option<Typed<'_>> {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let is_number =
        |text: &str, len, max| text.len() == len && number(text).is_some_and(|n| n <= max);
    let (day_name, rest) = value.split_once(',')?;
    let [day, month, year, time, zone] = fields(rest.strip_prefix(' ')?, ' ')?;
    let [hour, minute, second] = fields(time, ':')?;
    let sound = DAYS.contains(&day_name)
        && is_number(day, 2, 31)
        && MONTHS.contains(&month)
        && is_number(year, 4, 9999)
        && is_number(hour, 2, 23)
        && is_number(minute, 2, 59)
        && is_number(second, 2, 60)
        && zone == "GMT";
    sound.then_some(Typed::Date(value))
}

fn fields<const N: usize>(text: &str, separator: char) -> Option<[&str; N]> {
    text.split(separator).collect::<Vec<_>>().try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn lists_are_read_member_by_member() {
        let read = Typed::read("supported", "timer, , \"no token\", path").unwrap();
        let expected = [
            ("timer", Some(Typed::Token("timer"))),
            ("\"no token\"", None),
            ("path", Some(Typed::Token("path"))),
        ];
        assert_eq!(read, expected);
        assert_eq!(Typed::read("X-Own", "timer"), None);
    }

    #[test]
    fn dates_are_in_gmt() {
        assert!(date("Sat, 13 Nov 2010 23:29:00 GMT").is_some());
        for value in [
            "",
            "Sat, 13 Nov 2010 23:29:00 EST",
            "Sat, 13 Nov 2010 23:29:00 UTC",
            "Sat, 13 Nov 2010 23:29:00",
            "Sat, 13 Nov 2010 24:29:00 GMT",
            "Sat, 3 Nov 2010 23:29:00 GMT",
            "Sam, 13 Nov 2010 23:29:00 GMT",
            "13 Nov 2010 23:29:00 GMT",
        ] {
            assert_eq!(date(value), None, "{value}");
        }
    }
}
