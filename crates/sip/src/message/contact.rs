//! Contact, with what outbound (RFC 5626) and GRUU (RFC 5627) add to it; and routes.

use super::numbers::{number, seconds};
use super::{Headers, NameAddr, Params, Uri};

/// Every Contact of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contacts<'a> {
    /// `*`: all bindings (RFC 3261 section 10.2.2).
    All,
    /// The addresses, in order, without those that are malformed.
    List(Vec<Contact<'a>>),
}

impl<'a> Contacts<'a> {
    /// Reads the Contact headers of a message.
    pub fn of(headers: &'a Headers) -> Self {
        let mut list = headers.list("Contact").peekable();
        if list.peek() == Some(&"*") {
            return Self::All;
        }
        Self::List(list.filter_map(Contact::parse).collect())
    }
}

/// One address of a Contact header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contact<'a> {
    /// The address as it came.
    pub address: NameAddr<'a>,
}

impl<'a> Contact<'a> {
    /// Reads one address; `None` if it is malformed. Of a list, split it first.
    pub fn parse(value: &'a str) -> Option<Self> {
        NameAddr::parse(value).map(|address| Self { address })
    }

    /// How long the binding lives, in seconds; `None` also if it is malformed.
    pub fn expires(&self) -> Option<u32> {
        self.params().get("expires").and_then(seconds)
    }

    /// The preference in thousandths, 0 to 1000; `None` also if it is malformed.
    pub fn q(&self) -> Option<u16> {
        let (whole, fraction) = {
            let q = self.params().get("q")?;
            q.split_once('.').unwrap_or((q, ""))
        };
        let thousandths = match fraction.len() {
            0 => 0,
            digits @ 1..=3 => number(fraction)? * [100, 10, 1][digits - 1],
            _ => return None,
        };
        let q = number(whole)?.checked_mul(1000)?.checked_add(thousandths)?;
        u16::try_from(q).ok().filter(|q| *q <= 1000)
    }

    /// The device, without angle brackets, such as `urn:uuid:…` (RFC 5626 section 4.1).
    pub fn instance(&self) -> Option<&'a str> {
        let quoted = self.params().get("+sip.instance")?;
        Some(quoted.strip_prefix('<').and_then(|q| q.strip_suffix('>')).unwrap_or(quoted))
    }

    /// Which of the device's flows this is (RFC 5626 section 4.2).
    pub fn reg_id(&self) -> Option<u32> {
        self.params().get("reg-id").and_then(number).filter(|id| *id > 0)
    }

    /// The lasting address of this device (RFC 5627).
    pub fn pub_gruu(&self) -> Option<&'a str> {
        self.params().get("pub-gruu")
    }

    /// A passing address of this device that does not tell who it is (RFC 5627).
    pub fn temp_gruu(&self) -> Option<&'a str> {
        self.params().get("temp-gruu")
    }

    fn params(&self) -> Params<'a> {
        self.address.params
    }
}

/// One member of Route, Record-Route, Path (RFC 3327) or Service-Route (RFC 3608).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route<'a> {
    /// The address as it came.
    pub address: NameAddr<'a>,
    /// The proxy routes by Route alone (`lr`) and leaves the request URI as it is.
    pub loose: bool,
}

impl<'a> Route<'a> {
    /// Reads one member; `None` if it or its URI is malformed. Of a list, split it first.
    pub fn parse(value: &'a str) -> Option<Self> {
        let address = NameAddr::parse(value)?;
        let loose = Uri::parse(address.uri)?.params.has("lr");
        Some(Self { address, loose })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_binding_is_read_in_full() {
        let value = "<sip:a@h;gr=urn:uuid:1>;q=0.35;expires=600;reg-id=1\
            ;+sip.instance=\"<urn:uuid:f81d>\";pub-gruu=\"sip:a@h;gr=urn:uuid:f81d\"\
            ;temp-gruu=\"sip:x@h;gr\"";
        let contact = Contact::parse(value).unwrap();
        assert_eq!(
            (contact.q(), contact.expires(), contact.reg_id()),
            (Some(350), Some(600), Some(1))
        );
        assert_eq!(contact.instance(), Some("urn:uuid:f81d"));
        assert_eq!(contact.pub_gruu(), Some("sip:a@h;gr=urn:uuid:f81d"));
        assert_eq!(contact.temp_gruu(), Some("sip:x@h;gr"));
    }

    #[test]
    fn preferences_out_of_range_are_none() {
        for (q, read) in [
            ("1", Some(1000)),
            ("0.", Some(0)),
            ("1.000", Some(1000)),
            ("0.05", Some(50)),
            ("1.001", None),
            ("0.1234", None),
            ("-1", None),
            ("99999999999", None),
            ("", None),
        ] {
            let value = ["<sip:a@h>;q=", q].concat();
            assert_eq!(Contact::parse(&value).unwrap().q(), read, "{q}");
        }
    }

    // JsSIP throws on a REGISTER with `Contact: *`.
    #[test]
    fn a_star_stands_for_all() {
        let mut headers = Headers::default();
        headers.push("m", "*");
        assert_eq!(Contacts::of(&headers), Contacts::All);
        headers.set("Contact", "<sip:a@h>, \"B, C\" <sip:b@h>;q=1, <broken");
        let Contacts::List(list) = Contacts::of(&headers) else { panic!("it is a list") };
        assert_eq!(list.len(), 2);
    }

    #[test]
    fn routes_are_loose_or_strict() {
        let route = Route::parse("<sip:p@h;Lr;r2=on>;x").unwrap();
        assert!(route.loose);
        assert!(!Route::parse("<sip:p@h>;lr").unwrap().loose);
        assert_eq!(Route::parse("<p>"), None);
    }
}
