//! The phone's page with a tenant's configuration in it.

use crate::assets::Asset;
use crate::tenant::Tenant;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use sha2::{Digest, Sha256};

/// The block in `www/index.html` that the configuration goes into. Browsers run no data block, so
/// the page's policy need not allow it as a script.
const BLOCK: &str = "<script type=\"application/json\" id=\"config\">";

/// The page for one tenant. It is small, and not worth compressing for every request.
pub(crate) fn render(page: &Asset, tenant: &Tenant) -> Asset {
    let html = String::from_utf8_lossy(page.bytes());
    let config = data_block(&tenant.page_config());
    page.with_bytes(html.replacen(BLOCK, &format!("{BLOCK}{config}"), 1).into())
}

/// The hash of the page's inline script, as its policy names it (Content Security Policy Level 3,
/// section 2.3.1): no other inline script runs.
pub(crate) fn inline_script(page: &Asset) -> Option<String> {
    let html = String::from_utf8_lossy(page.bytes());
    let (_, rest) = html.split_once("<script>")?;
    let (script, _) = rest.split_once("</script>")?;
    Some(format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(script))))
}

/// JSON that cannot end the block it stands in: `<` occurs in strings alone, where it may be escaped.
fn data_block(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("plain data").replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_end_the_block() {
        let json = data_block(&["</script><script>alert(1)</script>", "<!--"]);
        assert!(!json.contains('<'), "{json}");
        let read: Vec<String> = serde_json::from_str(&json).expect("still JSON");
        assert_eq!(read, ["</script><script>alert(1)</script>", "<!--"]);
    }
}
