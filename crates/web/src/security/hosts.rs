//! Only known names reach the pages: a stranger's name that resolves to our
//! address (DNS rebinding) is refused.
//!
//! Loopback names and addresses, the address that the socket listens on, and
//! the hosts of the settings are known. A bare IP address cannot be rebound
//! and is accepted when `any_address` says so (listening on all interfaces).

use std::net::IpAddr;

/// Most hosts in the settings.
pub const HOSTS_MAX: usize = 100;

/// The names under which this server answers.
#[derive(Debug, Clone, Default)]
pub struct AllowedHosts {
    names: Vec<String>,
    any_address: bool,
}

impl AllowedHosts {
    /// From the names of the settings (without port; case does not matter).
    pub fn new(names: &[String], any_address: bool) -> Self {
        let names = names
            .iter()
            .take(HOSTS_MAX)
            .map(|name| name.trim().trim_end_matches('.').to_ascii_lowercase())
            .filter(|name| !name.is_empty())
            .collect();
        Self { names, any_address }
    }

    /// True when a `Host` header names us. The port is not compared: a proxy
    /// or a port mapping may change it.
    pub fn accepts(&self, host: &str) -> bool {
        let Some(name) = host_name(host) else { return false };
        if name == "localhost" || name.ends_with(".localhost") {
            return true;
        }
        match name.parse::<IpAddr>() {
            Ok(address) => address.is_loopback() || self.any_address || self.names.contains(&name),
            Err(_) => self.names.contains(&name),
        }
    }
}

/// The name of `name:port` or `[v6]:port`, lower case; `None` when it is none.
fn host_name(host: &str) -> Option<String> {
    let host = host.trim();
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => {
            let (name, rest) = rest.split_once(']')?;
            (name, rest.strip_prefix(':').or_else(|| rest.is_empty().then_some("")))
        }
        None => match host.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (host, Some("")),
        },
    };
    let port_is_number = port?.bytes().all(|byte| byte.is_ascii_digit());
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:".contains(&byte);
    (port_is_number && !name.is_empty() && name.len() <= 253 && name.bytes().all(plain)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_are_refused() {
        let hosts = AllowedHosts::new(&["Atalaya.example.org".to_owned(), "10.0.0.5".to_owned()], false);
        for ours in [
            "localhost:8080",
            "127.0.0.1",
            "[::1]:8080",
            "atalaya.example.org.",
            "ATALAYA.example.org:443",
            "10.0.0.5:80",
            "demo.localhost",
        ] {
            assert!(hosts.accepts(ours), "{ours}");
        }
        for strange in [
            "",
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "10.0.0.6",
            "a@localhost:80@evil",
            "localhost:80/evil",
            "[::1",
            "[::1]x",
            "notlocalhost",
        ] {
            assert!(!hosts.accepts(strange), "{strange}");
        }
        assert!(AllowedHosts::new(&[], true).accepts("192.168.1.20:8080"));
        assert!(!AllowedHosts::new(&[], true).accepts("evil.example"));
    }
}
