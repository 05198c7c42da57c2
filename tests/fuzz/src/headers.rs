//! Typed headers, from raw text.

use ringlet_sip::message::{
    AnswerMode, CSeq, Contacts, Headers, MinSe, NameAddr, Params, RAck, RSeq, Reason, ReferTo,
    Replaces, SessionExpires, SubscriptionState, Typed, Uri, auto_answer, split_list,
};

/// The first byte says which header the rest is the value of.
pub fn headers(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    // A header's value is one line, trimmed; the parser sees to it.
    let value = text.split(['\r', '\n']).next().unwrap_or_default().trim_ascii();
    let name = NAMES[usize::from(*first) % NAMES.len()];
    for (member, typed) in Typed::read(name, value).expect("a header with a type") {
        assert!(value.contains(member));
        if let Some(typed) = typed {
            look(&typed);
        }
    }
    let mut all = Headers::default();
    all.push(name, value);
    let _ = (auto_answer(&all), Contacts::of(&all), all.seconds(name), all.cseq());
    assert!(all.list(name).count() <= value.len());
    pieces(value);
}

/// What every typed value is made of.
fn pieces(value: &str) {
    for member in split_list(value) {
        assert_eq!(member, member.trim_ascii());
    }
    let params = Params::new(value);
    for (name, _) in params.iter() {
        assert!(params.has(name));
    }
    if let Some(address) = NameAddr::parse(value) {
        let _ = (address.tag(), address.display_name());
    }
    if let Some(uri) = Uri::parse(value) {
        let _ = uri.user_text();
    }
}

/// Asks a typed value everything; what can be written must be read again as the same.
fn look(typed: &Typed<'_>) {
    match typed {
        Typed::CSeq(cseq) => assert_eq!(CSeq::parse(&cseq.value()).as_ref(), Some(cseq)),
        Typed::RAck(rack) => assert_eq!(RAck::parse(&rack.value()).as_ref(), Some(rack)),
        Typed::RSeq(rseq) => assert_eq!(RSeq::parse(&rseq.value()).as_ref(), Some(rseq)),
        Typed::MinSe(min) => assert_eq!(MinSe::parse(&min.value()).as_ref(), Some(min)),
        Typed::SessionExpires(timer) => {
            assert_eq!(SessionExpires::parse(&timer.value()).as_ref(), Some(timer));
        }
        Typed::Replaces(replaces) => {
            let value = replaces.value();
            assert_eq!(Replaces::parse(&value).as_ref(), Some(replaces));
            let refer_to = ReferTo::value("sip:a@b", Some(replaces));
            let refer_to = ReferTo::parse(&refer_to).expect("Refer-To of our own");
            let inner = refer_to.header("Replaces").expect("Replaces of our own");
            assert_eq!(Replaces::parse(&inner).as_ref(), Some(replaces));
        }
        Typed::SubscriptionState(state) => {
            assert_eq!(SubscriptionState::parse(&state.value()).as_ref(), Some(state));
        }
        Typed::ReferTo(refer_to) => {
            let _ = (refer_to.method(), refer_to.header("Replaces"));
            let target = refer_to.target();
            assert!(Uri::parse(&target).is_some(), "the target is no URI: {target}");
            assert!(refer_to.headers().count() <= 1024);
        }
        Typed::Reason(reason) => {
            // Control characters are written as blanks.
            let text = reason.text().filter(|text| !text.chars().any(|c| c.is_ascii_control()));
            if let (Some(cause), Some(text)) = (reason.cause, text) {
                let value = Reason::value(cause, &text);
                let again = Reason::parse(&value).expect("a Reason of our own");
                assert_eq!((again.cause, again.text()), (Some(cause), Some(text)));
            }
        }
        Typed::Contact(contact, uri) => {
            let _ = (contact.expires(), contact.q(), contact.instance(), contact.reg_id());
            let _ = (contact.pub_gruu(), contact.temp_gruu(), uri.user_text());
        }
        Typed::Info(info) => {
            let _ = info.answer_after();
        }
        Typed::HistoryInfo(entry) => {
            let _ = (entry.reason(), entry.privacy());
        }
        Typed::Privacy(privacy) => {
            let _ = (privacy.wants("id"), privacy.hides_identity());
        }
        Typed::Warning(warning) => {
            let _ = warning.text();
        }
        Typed::Authentication(auth) => {
            for (name, _) in auth.iter() {
                assert!(auth.get(name).is_some());
            }
        }
        Typed::MediaType(media_type) => {
            let _ = (media_type.is("application", "sdp"), media_type.boundary());
        }
        Typed::Event(event) => assert!(event.matches(event)),
        Typed::NameAddr(address, uri) => {
            let _ = (address.tag(), address.display_name(), uri.user_text());
        }
        Typed::Via(via) => {
            let _ = via.branch();
        }
        Typed::AnswerMode(AnswerMode { .. })
        | Typed::AllContacts
        | Typed::Date(_)
        | Typed::Diversion(_)
        | Typed::Identity(_)
        | Typed::MinExpires(_)
        | Typed::Number(_)
        | Typed::ReferredBy(_)
        | Typed::RemotePartyId(_)
        | Typed::RetryAfter(_)
        | Typed::Route(_)
        | Typed::Seconds(_)
        | Typed::Token(_)
        | Typed::Word(_) => {}
    }
}

/// Every header with a type. New ones go to the end: the corpus counts.
const NAMES: &[&str] = &[
    "Accept",
    "Alert-Info",
    "Allow",
    "Allow-Events",
    "Answer-Mode",
    "Authorization",
    "CSeq",
    "Call-ID",
    "Call-Info",
    "Contact",
    "Content-Type",
    "Date",
    "Diversion",
    "Event",
    "Expires",
    "Flow-Timer",
    "From",
    "History-Info",
    "Max-Forwards",
    "Min-Expires",
    "Min-SE",
    "P-Asserted-Identity",
    "P-Preferred-Identity",
    "Path",
    "Priv-Answer-Mode",
    "Privacy",
    "Proxy-Authenticate",
    "Proxy-Authorization",
    "RAck",
    "RSeq",
    "Reason",
    "Record-Route",
    "Refer-To",
    "Referred-By",
    "Remote-Party-ID",
    "Replaces",
    "Require",
    "Retry-After",
    "Route",
    "Service-Route",
    "Session-Expires",
    "Subscription-State",
    "Supported",
    "To",
    "Unsupported",
    "Via",
    "WWW-Authenticate",
    "Warning",
];
