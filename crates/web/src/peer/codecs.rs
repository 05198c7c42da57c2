//! Which codecs a call may use, in which order, and what Opus does.

use super::connection::Connection;
use super::late::{self, Tools};
use crate::js;
use crate::late::Unfetched;
use js_sys::{Array, Function, Reflect, RegExp};
use ringlet_contract::config::MediaBehavior;
use ringlet_phone::PeerConfig;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};

/// What the tenant wants done to the descriptions of a call, where that is anything.
pub(super) struct Shaping {
    config: Rc<PeerConfig>,
    tools: Tools,
}

impl Shaping {
    /// `None` where the browser's own descriptions will do.
    pub(super) async fn of(config: Rc<PeerConfig>) -> Result<Option<Self>, Unfetched> {
        let MediaBehavior { codec_delete, codec_priority, opus_fec, opus_dtx, .. } = &config.media;
        let is_plain =
            codec_delete.is_empty() && codec_priority.is_empty() && *opus_fec && !*opus_dtx;
        if is_plain {
            return Ok(None);
        }
        let tools = late::tools().await?;
        Ok(Some(Self { config, tools }))
    }

    /// Leaves out of the next description the codecs that are not to be used, and sorts the others.
    pub(super) fn prefer(&self, connection: &Connection) {
        (self.tools.prefer)(connection, &self.config.media);
    }

    /// Says in a description what Opus is to do (RFC 7587 section 6.1). In one of this side the far end
    /// reads what to send, and the browser in one of the far end's.
    pub(super) fn tune(&self, sdp: &str) -> String {
        (self.tools.tune)(sdp, &self.config.media)
    }
}

/// A browser that has no such method (Firefox before 128) goes on with its own codecs.
pub(super) fn prefer(connection: &Connection, media: &MediaBehavior) {
    let Some(codecs) = preferred(media) else { return };
    for transceiver in connection.audio_transceivers() {
        let set = js::get(&transceiver, "setCodecPreferences").dyn_into::<Function>();
        drop(set.map(|set| set.call1(&transceiver, &codecs)));
    }
}

fn preferred(media: &MediaBehavior) -> Option<Array> {
    let global = js_sys::global();
    let receiver = js::get(&global, "RTCRtpReceiver");
    let capabilities: Function = js::get(&receiver, "getCapabilities").dyn_into().ok()?;
    let capabilities = capabilities.call1(&receiver, &"audio".into()).ok()?;
    let known: Array = js::get(&capabilities, "codecs").dyn_into().ok()?;
    let deleted = whole_name(&js::get(&global, "RegExp"), &media.codec_delete);
    let is_kept = |name: &str| {
        name.eq_ignore_ascii_case("opus") || !deleted.as_ref().is_some_and(|it| it.test(name))
    };
    let codecs = Array::new();
    // Each name that is preferred in its turn, and then the rest.
    for turn in media.codec_priority.iter().map(Some).chain([None]) {
        for codec in known.iter() {
            let name = name_of(&codec);
            let is_named = |wanted: &String| wanted.eq_ignore_ascii_case(&name);
            let is_due = match turn {
                Some(wanted) => is_named(wanted),
                None => !media.codec_priority.iter().any(is_named),
            };
            if is_due && is_kept(&name) {
                codecs.push(&codec);
            }
        }
    }
    Some(codecs)
}

/// What matches the whole name of a codec; `None` where the browser cannot read the expression, which
/// the server has checked.
fn whole_name(constructor: &JsValue, expression: &str) -> Option<RegExp> {
    let expression = ["^(?:", expression, ")$"].concat();
    let arguments = Array::of2(&expression.into(), &"i".into());
    let constructor: &Function = constructor.dyn_ref()?;
    Reflect::construct(constructor, &arguments).ok()?.dyn_into().ok()
}

/// The name in a codec's media type, `audio/PCMU`.
fn name_of(codec: &JsValue) -> String {
    let media_type = js::get(codec, "mimeType").as_string().unwrap_or_default();
    media_type.strip_prefix("audio/").unwrap_or_default().to_owned()
}

/// See [`Shaping::tune`].
pub(super) fn tune(sdp: &str, media: &MediaBehavior) -> String {
    let mut tuned = String::with_capacity(sdp.len());
    let mut format = None;
    for line in sdp.lines() {
        if format.is_some_and(|format| parameters(line, format).is_some()) {
            continue;
        }
        tuned.push_str(line);
        tuned.push_str("\r\n");
        if let Some((opus, "opus/48000/2")) =
            line.strip_prefix("a=rtpmap:").and_then(|mapping| mapping.split_once(' '))
        {
            format = Some(opus);
            let written = sdp.lines().find_map(|line| parameters(line, opus)).unwrap_or_default();
            let is_ours = |parameter: &&str| {
                ["useinbandfec=", "usedtx="].iter().any(|ours| parameter.trim().starts_with(ours))
            };
            tuned.push_str("a=fmtp:");
            tuned.push_str(opus);
            tuned.push(' ');
            for parameter in written.split(';').filter(|it| !it.is_empty() && !is_ours(it)) {
                tuned.push_str(parameter);
                tuned.push(';');
            }
            tuned.push_str(if media.opus_fec { "useinbandfec=1" } else { "useinbandfec=0" });
            tuned.push_str(if media.opus_dtx { ";usedtx=1\r\n" } else { ";usedtx=0\r\n" });
        }
    }
    tuned
}

/// What the line says of a format, if it does.
fn parameters<'a>(line: &'a str, format: &str) -> Option<&'a str> {
    line.strip_prefix("a=fmtp:")?.strip_prefix(format)?.strip_prefix(' ')
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const OFFER: &str = "v=0\r\nm=audio 9 RTP/AVP 111 0\r\na=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 nack\r\na=fmtp:111 minptime=10;useinbandfec=1\r\na=rtpmap:0 PCMU/8000\r\n";

    fn tuned(sdp: &str, opus_fec: bool, opus_dtx: bool) -> String {
        let media = MediaBehavior { opus_fec, opus_dtx, ..MediaBehavior::default() };
        tune(sdp, &media)
    }

    #[test]
    fn opus_is_told_once_and_keeps_what_else_was_said() {
        let quiet = tuned(OFFER, false, true);
        assert!(quiet.contains("a=fmtp:111 minptime=10;useinbandfec=0;usedtx=1\r\n"), "{quiet}");
        assert_eq!(quiet.matches("a=fmtp:").count(), 1);
        assert!(quiet.ends_with("a=rtpmap:0 PCMU/8000\r\n"));
        assert_eq!(tuned(&quiet, false, true), quiet, "twice is once");
    }

    #[test]
    fn opus_without_parameters_gets_them_and_other_codecs_do_not() {
        let bare =
            "a=rtpmap:96 opus/48000/2\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n";
        let expected = "a=rtpmap:96 opus/48000/2\r\na=fmtp:96 useinbandfec=1;usedtx=1\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n";
        assert_eq!(tuned(bare, true, true), expected);
        let none = "a=rtpmap:0 PCMU/8000\r\n";
        assert_eq!(tuned(none, false, true), none);
    }
}
