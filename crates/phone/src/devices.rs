//! Which microphone is used, and which loudspeakers for voices and for ringing.
//!
//! All of it waits for [`crate::Late`]. A choice is kept when its device goes: the browser's default stands in for it, the person is told, and
//! the device is used again when it is back.

use crate::core::Core;
use crate::effect::{AudioEffect, Effect, RecordEffect};
use crate::input::Record;
use crate::view::DevicesView;

/// What the keys of the records start with; the rest is the use.
const PREFIX: &str = "device.";
/// The version of a record, before a tab. One of any other is left as it is.
const VERSION: &str = "1";

/// A device that the browser offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Whether it hears or sounds.
    pub kind: DeviceKind,
    /// The browser's name for it, which lasts as long as the site's data do.
    pub id: String,
    /// What people call it.
    pub label: String,
}

/// Whether a device hears or sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceKind {
    /// A microphone.
    Input,
    /// A loudspeaker.
    Output,
}

/// What a device is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceUse {
    /// What the far end hears.
    Microphone,
    /// What the person listens to in a call.
    Speaker,
    /// What the person is called with.
    Ringer,
}

impl DeviceUse {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Microphone, Self::Speaker, Self::Ringer];

    /// The kind of device it takes.
    pub fn kind(self) -> DeviceKind {
        match self {
            Self::Microphone => DeviceKind::Input,
            Self::Speaker | Self::Ringer => DeviceKind::Output,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Microphone => "microphone",
            Self::Speaker => "speaker",
            Self::Ringer => "ringer",
        }
    }
}

/// The ids of the devices to use; `None` for the browser's default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DevicesInUse {
    /// See [`DeviceUse::Microphone`].
    pub microphone: Option<String>,
    /// See [`DeviceUse::Speaker`].
    pub speaker: Option<String>,
    /// See [`DeviceUse::Ringer`].
    pub ringer: Option<String>,
}

/// The devices there are, and those that were chosen.
#[derive(Default)]
pub(crate) struct Devices {
    /// In the order of [`DeviceUse::ALL`].
    chosen: [Option<Chosen>; 3],
    /// The devices there are, and those in use.
    view: DevicesView,
    /// A device that was in use has gone, and nobody has said that they know.
    lost: bool,
}

#[derive(Clone)]
struct Chosen {
    id: String,
    label: String,
}

impl Devices {
    pub(crate) fn view(&self) -> &DevicesView {
        &self.view
    }

    /// The id of the one that was chosen and is there.
    fn in_use(&self, used_for: DeviceUse) -> Option<&str> {
        let chosen = self.chosen[used_for as usize].as_ref()?;
        let mut candidates =
            self.view.present.iter().filter(|device| device.kind == used_for.kind());
        // The ids are new when the site's data were cleared; the names are not.
        let by_id = candidates.clone().find(|device| device.id == chosen.id);
        let device = by_id.or_else(|| candidates.find(|device| device.label == chosen.label));
        device.map(|device| device.id.as_str())
    }

    /// A device that was in use has gone, and the default stands in for it.
    pub(crate) fn has_lost(&self) -> bool {
        self.lost
    }

    /// The person knows.
    pub(crate) fn dismiss(&mut self) {
        self.lost = false;
    }

    /// The browser tells which there are.
    pub(crate) fn on_present(&mut self, core: &mut Core, present: Vec<Device>) {
        let used = |devices: &Self| DeviceUse::ALL.map(|of| devices.in_use(of).is_some());
        let before = used(self);
        self.view.present = present;
        let after = used(self);
        if before.iter().zip(after).any(|(before, after)| *before && !after) {
            self.lost = true;
        } else if before != after {
            // What had gone is back.
            self.lost = false;
        }
        self.settle(core);
    }

    /// Chooses a device; `None` for the browser's default.
    pub(crate) fn choose(&mut self, core: &mut Core, used_for: DeviceUse, id: Option<&str>) {
        let is_it = |device: &&Device| device.kind == used_for.kind() && Some(&*device.id) == id;
        let device = self.view.present.iter().find(is_it);
        let chosen =
            device.map(|Device { id, label, .. }| Chosen { id: id.clone(), label: label.clone() });
        if id.is_some() && chosen.is_none() {
            return;
        }
        let key = [PREFIX, used_for.name()].concat();
        core.push(Effect::Record(match &chosen {
            Some(Chosen { id, label }) => {
                let text = [VERSION, id, &label.replace(['\t', '\n'], " ")].join("\t");
                RecordEffect::Put(Record { key, text })
            }
            None => RecordEffect::Remove(key),
        }));
        self.chosen[used_for as usize] = chosen;
        self.lost = false;
        self.settle(core);
    }

    /// Somebody else uses the phone now. What follows from that is done with their records.
    pub(crate) fn on_user_changed(&mut self) {
        self.chosen = Default::default();
        self.lost = false;
    }

    /// Everything that the browser keeps for the user, as it is now.
    pub(crate) fn on_records(&mut self, core: &mut Core, records: &[Record]) {
        for used_for in DeviceUse::ALL {
            let is_it = |record: &&Record| record.key.strip_prefix(PREFIX) == Some(used_for.name());
            let fields = records.iter().find(is_it).map(|record| record.text.split('\t'));
            let chosen = fields.and_then(|mut fields| match fields.next()? {
                VERSION => {
                    Some(Chosen { id: fields.next()?.to_owned(), label: fields.next()?.to_owned() })
                }
                _ => None,
            });
            if chosen.is_some() {
                self.chosen[used_for as usize] = chosen;
            }
        }
        self.settle(core);
    }

    fn settle(&mut self, core: &mut Core) {
        let in_use = DeviceUse::ALL.map(|used_for| self.in_use(used_for).map(str::to_owned));
        if self.view.in_use != in_use {
            self.view.in_use = in_use.clone();
            let [microphone, speaker, ringer] = in_use;
            let in_use = DevicesInUse { microphone, speaker, ringer };
            core.push(Effect::Audio(AudioEffect::UseDevices(in_use)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::tests::core;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn device(kind: DeviceKind, id: &str, label: &str) -> Device {
        Device { kind, id: id.into(), label: label.into() }
    }

    fn all() -> Vec<Device> {
        vec![
            device(DeviceKind::Input, "m1", "Built-in"),
            device(DeviceKind::Input, "m2", "Headset"),
            device(DeviceKind::Output, "s1", "Built-in"),
            device(DeviceKind::Output, "s2", "Headset"),
        ]
    }

    fn with_all() -> (Devices, Core) {
        let (mut devices, mut core) = (Devices::default(), core());
        devices.on_present(&mut core, all());
        assert_eq!(core.effects(), [], "the browser's default is in use already");
        (devices, core)
    }

    fn told(core: &mut Core) -> Option<DevicesInUse> {
        core.effects().into_iter().rev().find_map(|effect| match effect {
            Effect::Audio(AudioEffect::UseDevices(in_use)) => Some(in_use),
            _ => None,
        })
    }

    #[test]
    fn each_use_has_a_device_of_its_own() {
        let (mut devices, mut core) = with_all();
        devices.choose(&mut core, DeviceUse::Microphone, Some("m2"));
        devices.choose(&mut core, DeviceUse::Speaker, Some("s2"));
        devices.choose(&mut core, DeviceUse::Ringer, Some("s1"));
        let [microphone, speaker, ringer] = ["m2", "s2", "s1"].map(|id| Some(id.to_owned()));
        assert_eq!(told(&mut core), Some(DevicesInUse { microphone, speaker, ringer }));
        devices.choose(&mut core, DeviceUse::Speaker, None);
        assert_eq!(told(&mut core).unwrap().speaker, None);
    }

    #[test]
    fn what_is_not_there_or_of_another_kind_is_not_chosen() {
        let (mut devices, mut core) = with_all();
        for id in ["m3", "s1", ""] {
            devices.choose(&mut core, DeviceUse::Microphone, Some(id));
        }
        assert_eq!((core.effects(), devices.in_use(DeviceUse::Microphone)), (vec![], None));
    }

    #[test]
    fn a_device_that_goes_is_stood_in_for_and_used_again_when_it_is_back() {
        let (mut devices, mut core) = with_all();
        devices.choose(&mut core, DeviceUse::Microphone, Some("m2"));
        core.effects();
        devices.on_present(&mut core, vec![all()[0].clone()]);
        assert_eq!(told(&mut core), Some(DevicesInUse::default()));
        assert!(devices.has_lost());
        devices.dismiss();
        assert!(!devices.has_lost());
        devices.on_present(&mut core, all());
        assert_eq!(told(&mut core).unwrap().microphone.as_deref(), Some("m2"));
        assert!(!devices.has_lost());
    }

    #[test]
    fn a_device_that_was_not_in_use_may_go_without_a_word() {
        let (mut devices, mut core) = with_all();
        devices.choose(&mut core, DeviceUse::Microphone, Some("m1"));
        devices.on_present(&mut core, vec![all()[0].clone()]);
        assert!(!devices.has_lost());
    }

    #[test]
    fn a_choice_is_found_after_a_reload_also_by_its_name() {
        let (mut devices, mut core) = with_all();
        devices.choose(&mut core, DeviceUse::Ringer, Some("s2"));
        let put = |effect| match effect {
            Effect::Record(RecordEffect::Put(record)) => Some(record),
            _ => None,
        };
        let records: Vec<Record> = core.effects().into_iter().filter_map(put).collect();
        let mut again = Devices::default();
        again.on_records(&mut core, &records);
        assert_eq!(told(&mut core), None, "it is not there yet");
        let renamed = vec![device(DeviceKind::Output, "new", "Headset")];
        again.on_present(&mut core, renamed);
        assert_eq!(told(&mut core).unwrap().ringer.as_deref(), Some("new"));
        again.on_user_changed();
        again.on_records(&mut core, &[]);
        assert_eq!(told(&mut core), Some(DevicesInUse::default()), "it is not the next user's");
    }

    #[test]
    fn a_record_that_is_not_understood_is_left_alone() {
        let (mut devices, mut core) = with_all();
        for text in ["", "1", "1\tm1", "2\tm1\tBuilt-in"] {
            let record = Record { key: "device.microphone".into(), text: text.into() };
            devices.on_records(&mut core, &[record]);
        }
        assert_eq!(core.effects(), []);
    }
}
