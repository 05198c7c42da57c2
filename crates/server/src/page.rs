//! The phone's page with a tenant's configuration in it.

use crate::assets::Asset;
use crate::tenant::Tenant;

/// The block in `www/index.html` that the configuration goes into. Browsers run no data block, so
/// the page's policy need not allow inline scripts.
const BLOCK: &str = "<script type=\"application/json\" id=\"config\">";

/// The page for one tenant. It is small, and not worth compressing for every request.
pub(crate) fn render(page: &Asset, tenant: &Tenant) -> Asset {
    let html = String::from_utf8_lossy(page.bytes());
    let config = data_block(&tenant.page_config());
    page.with_bytes(html.replacen(BLOCK, &format!("{BLOCK}{config}"), 1).into())
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
