//! Security headers.
//!
//! A response without a policy of its own gets the strictest: nothing may load, nobody may frame.

use crate::origin::Origin;
use crate::tenant::Tenant;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use tower_http::set_header::SetResponseHeaderLayer;

/// Name of the header that says which browser features a page may use.
pub(crate) const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// Name of the header that says which sites may load a file.
pub(crate) const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");

/// The policy of everything that is not a page, and of error pages.
pub(crate) const NOTHING: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The phone uses the microphone and the loudspeaker, and no other feature.
pub(crate) const PHONE_PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "microphone=(self), autoplay=(self), speaker-selection=(self), accelerometer=(), camera=(), \
     clipboard-read=(), clipboard-write=(), display-capture=(), encrypted-media=(), \
     fullscreen=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), magnetometer=(), \
     midi=(), payment=(), picture-in-picture=(), publickey-credentials-get=(), \
     screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()",
);

/// Defaults for one header each; a response that has the header already keeps it.
pub(crate) fn defaults() -> [SetResponseHeaderLayer<HeaderValue>; 3] {
    [
        SetResponseHeaderLayer::if_not_present(CONTENT_SECURITY_POLICY, NOTHING),
        SetResponseHeaderLayer::if_not_present(
            X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
        SetResponseHeaderLayer::if_not_present(
            REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        ),
    ]
}

/// The policy of a tenant's phone: its own files, its SIP server, framed by its pages only.
/// It may run the one inline script that its page has, of this hash.
pub(crate) fn phone_policy(tenant: &Tenant, script: Option<&str>) -> HeaderValue {
    let script = script.map_or_else(String::new, |hash| format!(" '{hash}'"));
    let ancestors: Vec<_> = tenant.allowed_origins.iter().map(Origin::as_str).collect();
    let ancestors = if ancestors.is_empty() { "'none'".into() } else { ancestors.join(" ") };
    policy(&format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{script}; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; media-src 'self' blob:; \
         connect-src 'self' {}; frame-ancestors {ancestors}; base-uri 'none'; form-action 'none'",
        tenant.wss_url.source(),
    ))
}

/// The policy of the demo's CRM page: what any host page needs, and no more.
pub(crate) fn host_page_policy(phone: &Origin) -> HeaderValue {
    policy(&format!(
        "default-src 'none'; script-src 'self' {phone}; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self' {phone}; frame-src {phone}; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
    ))
}

fn policy(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("origins are visible ASCII")
}
