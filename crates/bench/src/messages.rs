//! The messages: a registration and a call as a browser behind an SBC sees them.

/// The files in `messages/`, which JavaScript reads as well. They have plain line feeds there.
const FILES: [&str; 8] = [
    include_str!("../messages/register.sip"),
    include_str!("../messages/register-401.sip"),
    include_str!("../messages/register-200.sip"),
    include_str!("../messages/invite.sip"),
    include_str!("../messages/invite-180.sip"),
    include_str!("../messages/invite-200.sip"),
    include_str!("../messages/bye.sip"),
    include_str!("../messages/notify.sip"),
];

/// Every message as it is on the wire.
pub fn all() -> Vec<Vec<u8>> {
    FILES.iter().map(|file| file.replace('\n', "\r\n").into_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringlet_sip::message::{Message, parse};

    #[test]
    fn every_message_comes_out_as_it_went_in() {
        for bytes in all() {
            let again = match parse(&bytes).unwrap() {
                Message::Request(request) => request.to_bytes(),
                Message::Response(response) => response.to_bytes(),
            };
            // Content-Length goes last; the files have it there.
            assert_eq!(String::from_utf8_lossy(&again), String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn they_are_as_long_as_in_the_field() {
        let mean = all().iter().map(Vec::len).sum::<usize>() / all().len();
        assert!((1500..1650).contains(&mean), "{mean} bytes");
    }
}
