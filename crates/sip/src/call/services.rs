//! What an answered call does besides its session: transfers and signals.

use super::confirmed::Confirmed;
use super::info::Dtmf;
use super::transfer::Transfer;
use crate::auth::Attempts;
use crate::context::Context;
use crate::message::{Method, Request, Response};
use crate::time::Instant;
use crate::timer::Timer;
use crate::transaction::{Errand, ServerId};

#[derive(Default)]
pub(super) struct Services {
    pub(super) transfer: Transfer,
    pub(super) dtmf: Dtmf,
}

impl Services {
    pub(super) fn deadline(&self) -> Option<(Instant, Timer)> {
        self.transfer.deadline()
    }
}

impl Confirmed {
    /// A request that does not touch the session.
    pub(super) fn service(&mut self, ctx: &mut Context, server: ServerId, request: &Request) {
        if request.method == Method::REFER {
            self.referred(ctx, server, request);
        } else if request.method == Method::NOTIFY {
            self.notified(ctx, server, request);
        } else if request.method == Method::INFO {
            self.info(ctx, server, request);
        } else {
            crate::agent::refuse_method(ctx, server, request);
        }
    }

    /// The final response to such a request of ours; `None`: there was none in time.
    pub(super) fn service_done(
        &mut self,
        ctx: &mut Context,
        errand: Errand,
        answer: Option<(&Response, (Request, Attempts))>,
    ) {
        match errand {
            Errand::Info => self.info_done(ctx, answer),
            Errand::Refer => self.refer_done(ctx, answer),
            Errand::Notify => self.notify_done(ctx, answer),
            Errand::Reinvite | Errand::Update | Errand::Prack => {}
        }
    }

    pub(super) fn service_timeout(&mut self, ctx: &mut Context) {
        self.transfer_timeout(ctx);
    }

    /// The socket is gone, and with it every request that was not answered.
    pub(super) fn service_disconnected(&mut self, ctx: &mut Context) {
        // A key that was pressed long ago means nothing once there is another socket.
        self.services.dtmf = Dtmf::default();
        self.refer_done(ctx, None);
    }
}
