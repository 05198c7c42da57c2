//! The programs the tests need from the operating system.

use crate::run::{command, exists, output, run, say};
use anyhow::{Result, bail};

/// A program and the Debian package that has it.
pub(crate) struct Need {
    program: &'static str,
    package: &'static str,
}

/// What the browser suites need.
pub(crate) const BROWSER: &[Need] = &[
    Need { program: "/usr/bin/chromium", package: "chromium" },
    Need { program: "/usr/bin/chromedriver", package: "chromium-driver" },
    Need { program: "/usr/bin/firefox-esr", package: "firefox-esr" },
];

/// What the suite against real SIP servers needs besides.
pub(crate) const SIP: &[Need] = &[
    Need { program: "/usr/sbin/kamailio", package: "kamailio" },
    Need {
        program: "/usr/lib/x86_64-linux-gnu/kamailio/modules/websocket.so",
        package: "kamailio-websocket-modules",
    },
    Need {
        program: "/usr/lib/x86_64-linux-gnu/kamailio/modules/tls.so",
        package: "kamailio-tls-modules",
    },
    Need { program: "/usr/bin/rtpengine", package: "rtpengine" },
    Need { program: "/usr/bin/baresip", package: "baresip" },
    Need { program: "/usr/bin/sipp", package: "sip-tester" },
];

/// Installs what is missing (on Debian as root), or names it and fails.
pub(crate) fn ensure(needs: &[Need]) -> Result<()> {
    let missing: Vec<&str> =
        needs.iter().filter(|need| !present(need)).map(|need| need.package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if !exists("apt-get") || output(&mut command("id", ["-u"]))?.trim() != "0" {
        bail!("these packages are missing, install them first (Debian's names): {list}");
    }
    say(format_args!("Installing from Debian: {list} (a few minutes)"));
    let apt =
        |args: &[&str]| run(command("apt-get", args).env("DEBIAN_FRONTEND", "noninteractive"));
    apt(&["update", "-qq"])?;
    let mut args = vec!["install", "-y", "-qq", "--no-install-recommends"];
    args.extend(&missing);
    apt(&args)?;
    match needs.iter().find(|need| !present(need)) {
        Some(need) => bail!("{} is installed but {} is not there", need.package, need.program),
        None => Ok(()),
    }
}

fn present(need: &Need) -> bool {
    std::path::Path::new(need.program).exists()
        || output(&mut command("dpkg-query", ["-W", "-f=${Status}", need.package]))
            .is_ok_and(|status| status.contains("install ok installed"))
}
