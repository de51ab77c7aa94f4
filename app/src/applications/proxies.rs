//! What to enter in the configuration of a reverse proxy: that of the documentation, which is what is tested, with the sites and
//! the headers of an application.

use domain::applications::{ForwardAuthTerms, IdentityHeader};
use domain::web::WebOrigin;

use super::text;

/// The configuration of one proxy.
struct Documented {
    name: &'static str,
    /// The page of the documentation.
    page: &'static str,
    /// The beginning of the block of the page that has what is configured once for all sites, if anything is.
    once: Option<&'static str>,
    /// The beginning of the block of the page that has the configuration of one site.
    starts: &'static str,
}

const PROXIES: [Documented; 3] = [
    Documented {
        name: text::NGINX,
        page: include_str!("../../../docs/connect/nginx.md"),
        once: Some("```nginx\n# Once"),
        starts: "```nginx\nserver {",
    },
    Documented {
        name: text::CADDY,
        page: include_str!("../../../docs/connect/caddy.md"),
        once: None,
        starts: "```caddy\n",
    },
    Documented {
        name: text::TRAEFIK,
        page: include_str!("../../../docs/connect/traefik.md"),
        once: None,
        starts: "```yaml\n",
    },
];

/// The site and the headers of the documentation.
const SITE: &str = "wiki.example.org";
const HEADERS: [&str; 4] = ["Remote-User", "Remote-Email", "Remote-Name", "Remote-Groups"];
/// The same with underscores, which some applications take for those.
const UNDERSCORED: [&str; 4] = ["Remote_User", "Remote_Email", "Remote_Name", "Remote_Groups"];
/// The same as nginx has it in names of variables.
const VARIABLES: [&str; 4] = ["_user", "_email", "_name", "_groups"];

/// The name of each proxy, and the configuration for an application that is connected so.
pub(super) fn configurations(terms: &ForwardAuthTerms) -> Vec<(String, String)> {
    let headers: Vec<&str> = terms.headers.keys().map(IdentityHeader::as_str).collect();
    let of = |proxy: &Documented| {
        let once = proxy.once.map(|starts| proxy.block(starts).to_owned());
        let sites = terms.sites.iter().map(|site| filled_in(proxy.block(proxy.starts), site, &headers));
        (proxy.name.to_owned(), once.into_iter().chain(sites).collect::<Vec<_>>().join("\n"))
    };
    PROXIES.iter().map(of).collect()
}

impl Documented {
    /// The block that begins like this; empty if the page has none, which a test excludes.
    fn block(&self, starts: &str) -> &'static str {
        let fence = starts.find('\n').unwrap_or_default() + 1;
        let block = self.page.split_once(starts).map_or("", |(before, _)| &self.page[before.len() + fence..]);
        block.split_once("```").map_or("", |(block, _)| block)
    }
}

/// The block for another site, with other headers: a list of the four becomes a list of these, and a line about the first is
/// repeated for each.
fn filled_in(block: &str, site: &WebOrigin, headers: &[&str]) -> String {
    let mut lines = Vec::new();
    for line in block.lines().filter_map(|line| of_site(line, site)) {
        let line = line.as_str();
        let listed = [" ", ", "].into_iter().find(|separator| line.contains(&HEADERS.join(separator)));
        if let Some(separator) = listed {
            lines.push(line.replace(&HEADERS.join(separator), &headers.join(separator)));
        } else if line.contains(HEADERS[0]) || line.contains("_user ") {
            lines.extend(headers.iter().map(|header| of_header(line, header)));
        } else if line.contains(UNDERSCORED[0]) {
            lines.extend(headers.iter().map(|header| line.replace(UNDERSCORED[0], &header.replace('-', "_"))));
        } else if let Some(deletes) = ["Remote-*", "Remote_*"].into_iter().find(|every| line.contains(every)) {
            lines.push(line.to_owned());
            let others = headers.iter().filter(|header| !header.starts_with("Remote-"));
            let spelled = others.map(|header| header.replace('-', &deletes[6..7]));
            lines.extend(spelled.map(|header| line.replace(deletes, &header)));
        } else if !HEADERS.iter().chain(&UNDERSCORED).any(|header| line.contains(header)) && !is_of_variable(line) {
            lines.push(line.to_owned());
        }
    }
    lines.join("\n") + "\n"
}

/// A line about the site of the documentation as one about this; `None` if this has no such line.
fn of_site(line: &str, site: &WebOrigin) -> Option<String> {
    let words = line.trim_start();
    let indent = &line[..line.len() - words.len()];
    if words.starts_with("listen ") {
        let tls = if site.is_https() { " ssl" } else { "" };
        return Some(format!("{indent}listen {}{tls};", site.port()));
    }
    if words.starts_with("ssl_certificate") && !site.is_https() {
        return None;
    }
    let name = if words.contains("X-Forwarded-Host") {
        site.authority()
    } else if words == format!("{SITE} {{") {
        // Caddy serves https unless the address says otherwise.
        if site.is_https() { site.authority() } else { site.as_str() }
    } else {
        site.host()
    };
    Some(line.replace(SITE, name))
}

/// Whether nginx sets a variable of a header here.
fn is_of_variable(line: &str) -> bool {
    VARIABLES.iter().any(|variable| line.contains(&format!("$latchkey{variable} ")))
}

/// A line about the first header as one about this.
fn of_header(line: &str, header: &str) -> String {
    let variable = header.to_ascii_lowercase().replace('-', "_");
    line.replace("remote_user", &variable)
        .replace("latchkey_user", &format!("latchkey_{variable}"))
        .replace(HEADERS[0], header)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::applications::IdentityValue;
    use domain::web::WebOrigin;

    use super::*;

    fn site(origin: &str) -> WebOrigin {
        WebOrigin::parse(origin).unwrap()
    }

    fn terms(headers: &[&str]) -> ForwardAuthTerms {
        let header = |name: &&str| (IdentityHeader::parse(name).unwrap(), IdentityValue::parse("username").unwrap());
        ForwardAuthTerms {
            sites: vec![site("https://kiln.example:8443")],
            headers: headers.iter().map(header).collect::<BTreeMap<_, _>>(),
        }
    }

    fn each_for(origin: &str) -> [String; 3] {
        PROXIES.each_ref().map(|proxy| filled_in(proxy.block(proxy.starts), &site(origin), &HEADERS))
    }

    #[test]
    fn every_page_has_a_configuration_with_the_site_and_each_header() {
        for (name, text) in configurations(&terms(&["Remote-User", "X-Webauth-Role"])) {
            assert!(text.contains("kiln.example") && !text.contains(SITE), "{name}: {text}");
            assert!(text.contains("X-Webauth-Role"), "{name}: {text}");
            for other in HEADERS[1..].iter().chain(&UNDERSCORED[1..]) {
                assert!(!text.contains(other), "{name}: {text}");
            }
        }
    }

    /// nginx does not start with a variable that is set nowhere.
    #[test]
    fn nginx_has_what_is_configured_once_for_all_sites() {
        let (_, text) = configurations(&terms(&["Remote-User"])).remove(0);
        assert_eq!(text.matches("map $http_upgrade $connection_upgrade {").count(), 1, "{text}");
        assert!(text.find("map ") < text.find("server {"), "{text}");
    }

    #[test]
    fn nginx_sets_a_variable_for_each_header_and_uses_each() {
        let (_, text) = configurations(&terms(&["Remote-User", "X-Webauth-Role"])).remove(0);
        for line in [
            "auth_request_set $latchkey_remote_user $upstream_http_remote_user;",
            "auth_request_set $latchkey_x_webauth_role $upstream_http_x_webauth_role;",
            "proxy_set_header Remote-User $latchkey_remote_user;",
            "proxy_set_header X-Webauth-Role $latchkey_x_webauth_role;",
            "proxy_set_header X-Webauth-Role \"\";",
            "auth_request_set $latchkey_location $upstream_http_location;",
        ] {
            assert!(text.contains(line), "{line}: {text}");
        }
        assert!(!text.contains("latchkey_email") && !text.contains("latchkey_user"), "{text}");
    }

    #[test]
    fn with_the_headers_of_the_documentation_caddy_and_traefik_are_configured_as_documented() {
        for proxy in &PROXIES[1..] {
            let block = proxy.block(proxy.starts);
            assert!(!block.is_empty(), "{}", proxy.name);
            let documented = site(&format!("https://{SITE}"));
            let mut headers = HEADERS;
            assert_eq!(filled_in(block, &documented, &headers).trim_end(), block.trim_end(), "{}", proxy.name);
            headers.reverse();
            assert_ne!(filled_in(block, &documented, &headers).trim_end(), block.trim_end(), "{}", proxy.name);
        }
    }

    #[test]
    fn caddy_deletes_what_a_client_says_under_each_name() {
        let (_, text) = configurations(&terms(&["X-Webauth-Role"])).remove(1);
        for name in ["-X-Webauth-Role", "-X_Webauth_Role", "-Remote-*", "-Remote_*"] {
            assert!(text.contains(&format!("request_header {name}\n")), "{name}: {text}");
        }
    }

    #[test]
    fn traefik_deletes_what_a_client_says_under_each_name_once() {
        let (_, text) = configurations(&terms(&["Remote-User", "X-Webauth-Role"])).remove(2);
        for name in ["Remote-User", "Remote_User", "X-Webauth-Role", "X_Webauth_Role"] {
            let deleted = text.lines().filter(|line| line.trim() == format!("{name}: \"\"")).count();
            assert_eq!(deleted, 1, "{name}: {text}");
        }
    }

    #[test]
    fn port_and_scheme_of_a_site_are_where_each_proxy_wants_them() {
        let [nginx, caddy, traefik] = each_for("https://kiln.example:8443");
        for line in [
            "listen 8443 ssl;",
            "server_name kiln.example;",
            "X-Forwarded-Host kiln.example:8443;",
            "ssl_certificate /etc/ssl/kiln.example.pem;",
        ] {
            assert!(nginx.contains(line), "{line}: {nginx}");
        }
        assert!(caddy.starts_with("kiln.example:8443 {"), "{caddy}");
        assert!(traefik.contains("Host(`kiln.example`)"), "{traefik}");
        let [nginx, caddy, _] = each_for("http://shelf.lan");
        assert!(nginx.contains("listen 80;") && !nginx.contains("ssl"), "{nginx}");
        assert!(caddy.starts_with("http://shelf.lan {"), "{caddy}");
    }
}
