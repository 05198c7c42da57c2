//! What the person in front of the phone can want.

use crate::calling::Outgoing;
use crate::diagnostics::TRACE_CODE;
use crate::effect::{AudioEffect, Effect};
use crate::input::Intent;
use crate::number::Number;
use crate::phone::Phone;
use ringlet_contract::MAX_NUMBER_CHARS;

impl Phone {
    pub(crate) fn on_intent(&mut self, intent: Intent) {
        match intent {
            Intent::SignIn(form) => {
                self.unlock_audio();
                self.sign_in_with(form);
            }
            Intent::Connect => {
                self.unlock_audio();
                self.connect();
            }
            Intent::SignOut => self.sign_out(),
            Intent::RetryConnection => self.retry_connection(),
            Intent::EditNumber(number) if number == TRACE_CODE => self.toggle_tracing(),
            Intent::EditNumber(number) => {
                self.number =
                    number.chars().filter(|c| !c.is_control()).take(MAX_NUMBER_CHARS).collect();
            }
            Intent::Call(number) => {
                self.unlock_audio();
                self.call_for_person(&number);
            }
            Intent::Answer(call) => {
                self.unlock_audio();
                self.answer(call, None);
            }
            Intent::Reject(call) | Intent::Hangup(call) => self.hang_up(call),
            Intent::SetMuted(call, muted) => self.set_muted(call, muted),
            Intent::DismissEnded => self.ended = None,
            Intent::Redial => {
                self.unlock_audio();
                if let Some((ended, _)) = &self.ended {
                    let number = ended.number.clone();
                    self.call_for_person(&number);
                }
            }
            Intent::RetryMicrophone => {
                self.outbox.push(Effect::Audio(AudioEffect::ProbeMicrophone));
            }
            Intent::UnlockAudio => self.outbox.push(Effect::Audio(AudioEffect::Unlock)),
            Intent::DismissMicrophone => self.microphone = None,
            Intent::Close => self.show_widget(false),
            Intent::SetTheme(theme) => {
                if !self.settings.theme_locked {
                    self.settings.theme = theme;
                }
            }
        }
    }

    fn call_for_person(&mut self, number: &str) {
        if let Ok(number) = Number::parse(number) {
            self.place(Outgoing { number, caller_id: None, correlation_id: None, reply_to: None });
        }
    }
}
