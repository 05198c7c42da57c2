//! What the accepted cases say, once they are read.

use crate::cases::CASES;
use ringlet_sip::message::{
    Contacts, Message, NameAddr, Request, Response, Uri, Via, parse, parts,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn read(name: &str) -> Message {
    let case = CASES.iter().find(|case| case.name == name).expect("a case");
    parse(case.bytes).expect("a message")
}

fn request(name: &str) -> Request {
    match read(name) {
        Message::Request(request) => request,
        Message::Response(response) => panic!("{response:?}"),
    }
}

fn response(name: &str) -> Response {
    match read(name) {
        Message::Response(response) => response,
        Message::Request(request) => panic!("{request:?}"),
    }
}

fn address<'a>(request: &'a Request, name: &'a str) -> NameAddr<'a> {
    request.headers.get(name).and_then(NameAddr::parse).expect("an address")
}

#[test]
fn blanks_and_folds_are_nowhere_in_the_way() {
    let invite = request("01-wsinv");
    let headers = &invite.headers;
    let vias: Vec<_> = headers.list("Via").map(|via| Via::parse(via).unwrap()).collect();
    let hops: Vec<_> = vias.iter().map(|via| (via.transport, via.sent_by, via.branch())).collect();
    assert_eq!(
        hops,
        [
            ("UDP", "198.51.100.7", Some("old-style-1")),
            ("TCP", "relay.example.net", Some("z9hG4bKaa1")),
            ("TLS", "203.0.113.1", Some("z9hG4bKaa2")),
        ]
    );
    assert_eq!(headers.cseq().unwrap().value(), "17 INVITE");
    assert_eq!(address(&invite, "To").tag(), Some("to-77"));
    assert_eq!(address(&invite, "From").display_name().as_deref(), Some(r#"Marek \ "Mo""#));
    assert_eq!(headers.get("Subject"), Some(""));
    assert_eq!(headers.get("X-Folded"), Some("one two three"));
    assert_eq!(headers.get("X-Looks-Wrong"), Some(",;;,,;"));
    let Contacts::List(contacts) = Contacts::of(headers) else { panic!("it is a list") };
    let contact = contacts[0];
    assert_eq!(contact.address.display_name().as_deref(), Some(r#"A "quoted", comma"#));
    assert_eq!((contact.q(), contact.address.params.get("first")), (Some(750), Some("one")));
    assert!(invite.sdp().unwrap().starts_with("v=0\r\n"));
}

#[test]
fn every_character_of_the_grammar_is_taken() {
    let odd = request("02-intmeth");
    assert_eq!(odd.method.as_str(), "~dance+with.the_*!`%-'9");
    assert_eq!(odd.headers.cseq().unwrap().method, odd.method);
    let uri = Uri::parse(&odd.uri).unwrap();
    assert_eq!(uri.user, Some("a-b_c.d!e~f*g'h(i)&j=k+l$m,n;o?p/q"));
    assert_eq!(uri.host, "example.net");
    let name = "tab:\t zero:\0 bell:\x07 del:\x7f";
    assert_eq!(address(&odd, "To").display_name().as_deref(), Some(name));
    let from = address(&odd, "From");
    assert_eq!(from.display_name().as_deref(), Some("two.words~ of%_ tokens!`'"));
    assert_eq!(
        from.params.get("-.!%*_+`'~"),
        Some("\u{17e}lu\u{165}ou\u{10d}k\u{fd} k\u{16f}\u{148}")
    );
    assert_eq!(from.tag(), Some("~'`+_*%!.-"));
    assert_eq!(odd.headers.get("Call-ID"), Some("}{?][/\\:<>()%~`'\"+_*!.-@home"));
    assert_eq!(
        odd.headers.get("x-!%*_+`'~.unheard"),
        Some("\u{65b0}\u{3057}\u{3044}\u{898b}\u{51fa}\u{3057}")
    );
}

#[test]
fn escapes_are_resolved_once_and_only_where_there_are_any() {
    let invite = request("03-esc01");
    assert_eq!(Uri::parse(&invite.uri).unwrap().user_text(), "tel:+49 30@home");
    assert_eq!(Uri::parse(address(&invite, "To").uri).unwrap().user_text(), "lena");
    let from = address(&invite, "From");
    assert_eq!(Uri::parse(from.uri).unwrap().user_text(), "Marek with blanks");
    let contact = address(&invite, "Contact");
    assert_eq!(Uri::parse(contact.uri).unwrap().params.get("%74ag"), Some("%25%36%35"));

    let null = request("04-escnull");
    let user = Uri::parse(address(&null, "To").uri).unwrap().user_text();
    assert_eq!(user, "before\0after");
    let Contacts::List(contacts) = Contacts::of(&null.headers) else { panic!("it is a list") };
    let users: Vec<_> =
        contacts.iter().map(|c| Uri::parse(c.address.uri).unwrap().user_text()).collect();
    assert_eq!(users, ["\0", "\0\0"]);

    let odd = request("05-esc02");
    assert_eq!(odd.method.as_str(), "OPT%49ONS");
    assert_eq!(address(&odd, "To").display_name().as_deref(), Some("100%41"));
    assert_eq!(odd.headers.list("Contact").count(), 2);
    assert_eq!(odd.headers.get("Con%74act"), Some("<sip:two@pc7.example.com>"));
}

#[test]
fn names_may_touch_the_bracket() {
    let options = request("06-lwsdisp");
    let from = address(&options, "From");
    assert_eq!(
        (from.display_name().as_deref(), from.uri),
        (Some("Marek"), "sip:marek@example.com")
    );
}

#[test]
fn long_things_are_read_to_their_end() {
    let invite = request("07-longreq");
    assert_eq!(invite.headers.list("Via").count(), 41);
    assert_eq!(address(&invite, "From").tag().unwrap().len(), 200);
    let to = Uri::parse(address(&invite, "To").uri).unwrap();
    assert_eq!(to.params.get(&"p".repeat(150)), Some(&*"v".repeat(150)));
    assert!(to.params.has(&"flag".repeat(40)));
}

#[test]
fn the_length_ends_the_message() {
    let register = request("08-dblreq");
    assert_eq!((register.method.as_str(), register.body.len()), ("REGISTER", 0));
}

#[test]
fn parameters_of_a_user_stay_with_the_user() {
    let options = request("09-semiuri");
    let uri = Uri::parse(&options.uri).unwrap();
    assert_eq!((uri.user, uri.host), (Some("lena;desk=7%40hall"), "example.com"));
    assert_eq!(options.headers.list("Accept").count(), 4);
}

#[test]
fn a_binary_part_stays_as_it_came() {
    let message = request("11-mpart01");
    let all: Vec<_> = parts(&message.body, "=_cut").collect();
    assert_eq!(all.len(), 2);
    assert_eq!(all[0].body, b"Two parts.");
    let binary: Vec<u8> = (0..=255).chain(0..=255).chain(*b"\0--=_cu\0").collect();
    assert_eq!(all[1].body, binary);
}

#[test]
fn phrases_are_free() {
    let phrase = response("12-unreason").phrase;
    assert_eq!(phrase, "\u{65e0}\u{4e8b} = 1 + 1; \"fine\" (really?) 100%");
    assert_eq!(response("13-noreason").phrase, "");
}

#[test]
fn a_parameter_belongs_to_the_header_or_to_the_uri() {
    let plain = request("45-cparam01");
    assert!(address(&plain, "Contact").params.has("blue"));
    let bracketed = request("46-cparam02");
    let contact = address(&bracketed, "Contact");
    assert!(!contact.params.has("blue"));
    assert!(Uri::parse(contact.uri).unwrap().params.has("blue"));
    let escaped = request("47-regescrt");
    let uri = Uri::parse(address(&escaped, "Contact").uri).unwrap();
    assert_eq!(uri.headers, "Route=%3Csip:edge.example.com;lr%3E");
}
