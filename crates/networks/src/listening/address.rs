//! Which addresses may be connected to: public ones, and those allowed by name.
//!
//! In: addresses, host names and the rules of the settings. Out: yes or no.
//! Errors: [`InvalidRule`]. Pure; the client asks it before every connection,
//! for literal addresses, for every resolved one and again after a redirect.
//! Source: IANA special-purpose address registries (RFC 6890 and successors).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// A private address that may be connected to all the same: `127.0.0.1`,
/// `10.0.0.0/8`, `[::1]:8080`, `relay.internal`, `relay.internal:7000`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowRule {
    target: Target,
    port: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    Net { base: IpAddr, bits: u8 },
    Name(String),
}

/// A text that is no rule of the allow-list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«{0}» is not an address, network or host: write it like 127.0.0.1, 10.0.0.0/8 or host:port")]
pub struct InvalidRule(pub String);

impl AllowRule {
    /// Reads a rule.
    ///
    /// # Errors
    /// [`InvalidRule`] with the start of the text.
    pub fn parse(text: &str) -> Result<Self, InvalidRule> {
        let invalid = || InvalidRule(text.chars().take(80).collect());
        let text = text.trim();
        if let Ok(ip) = text.parse::<IpAddr>() {
            return Ok(Self { target: Target::Net { base: ip, bits: width(ip) }, port: None });
        }
        if let Some((base, bits)) = text.split_once('/') {
            let base: IpAddr = base.parse().map_err(|_| invalid())?;
            let bits: u8 = bits.parse().map_err(|_| invalid())?;
            let target = Target::Net { base, bits };
            return if bits <= width(base) { Ok(Self { target, port: None }) } else { Err(invalid()) };
        }
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse::<u16>().map_err(|_| invalid())?)),
            None => (text, None),
        };
        match Host::parse(host).map_err(|_| invalid())? {
            Host::Ipv4(ip) => Ok(Self { target: Target::Net { base: ip.into(), bits: 32 }, port }),
            Host::Ipv6(ip) => Ok(Self { target: Target::Net { base: ip.into(), bits: 128 }, port }),
            Host::Domain(name) if name.is_empty() => Err(invalid()),
            Host::Domain(name) => Ok(Self { target: Target::Name(plain(&name)), port }),
        }
    }

    fn holds_ip(&self, ip: IpAddr) -> bool {
        match &self.target {
            Target::Net { base, bits } => same_net(*base, unmapped(ip), *bits),
            Target::Name(_) => false,
        }
    }

    fn names(&self, host: &str) -> bool {
        matches!(&self.target, Target::Name(name) if *name == plain(host))
    }

    fn fits_port(&self, port: u16) -> bool {
        self.port.is_none_or(|wanted| wanted == port)
    }
}

/// The rules together.
#[derive(Debug, Clone, Default)]
pub(crate) struct AllowList(Vec<AllowRule>);

impl AllowList {
    pub(crate) const fn new(rules: Vec<AllowRule>) -> Self {
        Self(rules)
    }

    /// True when the literal address may be connected to at this port.
    pub(crate) fn allows_ip(&self, ip: IpAddr, port: u16) -> bool {
        is_public(ip) || self.0.iter().any(|rule| rule.holds_ip(ip) && rule.fits_port(port))
    }

    /// True when an address that `host` resolved to may be connected to; a
    /// rule with a port counts only for names, whose port [`Self::allows_url`] checked.
    pub(crate) fn allows_resolved(&self, host: &str, ip: IpAddr) -> bool {
        is_public(ip)
            || self.0.iter().any(|rule| rule.names(host) || (rule.port.is_none() && rule.holds_ip(ip)))
    }

    /// Checks kind, host and literal address before anything is resolved. A
    /// name that is allowed with a port is refused at every other port.
    pub(crate) fn allows_url(&self, url: &Url, schemes: &[&str]) -> bool {
        if !schemes.contains(&url.scheme()) {
            return false;
        }
        let port = url.port_or_known_default().unwrap_or(0);
        match url.host() {
            Some(Host::Ipv4(ip)) => self.allows_ip(ip.into(), port),
            Some(Host::Ipv6(ip)) => self.allows_ip(ip.into(), port),
            Some(Host::Domain(name)) => {
                let mut rules = self.0.iter().filter(|rule| rule.names(name)).peekable();
                rules.peek().is_none() || rules.any(|rule| rule.fits_port(port))
            }
            None => false,
        }
    }
}

/// Lower case, without the dot of the root.
fn plain(host: &str) -> String {
    host.trim_end_matches('.').to_lowercase()
}

const fn width(ip: IpAddr) -> u8 {
    match ip {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

/// The IPv4 address inside a v4-mapped IPv6 address, else the address.
fn unmapped(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(ip, IpAddr::V4),
        IpAddr::V4(_) => ip,
    }
}

fn same_net(base: IpAddr, ip: IpAddr, bits: u8) -> bool {
    let shift = |width: u8| u32::from(width.saturating_sub(bits));
    match (base, ip) {
        (IpAddr::V4(a), IpAddr::V4(b)) => {
            (a.to_bits() ^ b.to_bits()).checked_shr(shift(32)).unwrap_or(0) == 0
        }
        (IpAddr::V6(a), IpAddr::V6(b)) => {
            (a.to_bits() ^ b.to_bits()).checked_shr(shift(128)).unwrap_or(0) == 0
        }
        _ => false,
    }
}

/// True for addresses of the public internet.
pub(crate) fn is_public(ip: IpAddr) -> bool {
    match unmapped(ip) {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local() // 169.254.169.254, the clouds' metadata, too
        || ip.is_multicast()
        || ip.is_broadcast()
        || ip.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b)) // carrier-grade NAT, RFC 6598
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19)); // benchmarking, RFC 2544
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = ip.segments();
    let inner = |high: u16, low: u16| {
        let ([w, x], [y, z]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(w, x, y, z)
    };
    // Addresses that lead to an IPv4 address are as public as that one.
    if (a, b, c, d, e, f) == (0x64, 0xff9b, 0, 0, 0, 0) {
        return is_public_v4(inner(g, h)); // NAT64, RFC 6052
    }
    if a == 0x2002 {
        return is_public_v4(inner(b, c)); // 6to4, RFC 3056
    }
    // Everything else that is routed today lies in 2000::/3.
    let special = a & 0xe000 != 0x2000
        || (a == 0x2001 && b < 0x200) // Teredo, ORCHID, benchmarking: RFC 6890
        || (a == 0x2001 && b == 0xdb8) // documentation
        || (a == 0x3fff && b < 0x1000); // documentation, RFC 9637
    !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_public() {
        for private in [
            "127.0.0.1",
            "127.9.9.9",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "250.1.1.1",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
            "100::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in
            ["1.1.1.1", "9.9.9.9", "2606:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1", "2a00::1"]
        {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    fn list(rules: &[&str]) -> AllowList {
        AllowList::new(rules.iter().map(|rule| AllowRule::parse(rule).unwrap()).collect())
    }

    #[test]
    fn rules_open_exactly_what_they_say() {
        let url = |text: &str| Url::parse(text).unwrap();
        let check = |rules: &[&str], address: &str| list(rules).allows_url(&url(address), &["http", "https"]);
        assert!(!check(&[], "http://127.0.0.1/"));
        assert!(check(&["127.0.0.1"], "http://127.0.0.1:8080/"));
        assert!(check(&["127.0.0.1"], "http://[::ffff:127.0.0.1]/"));
        assert!(check(&["10.0.0.0/8"], "http://10.200.1.1/"));
        assert!(!check(&["10.0.0.0/8"], "http://172.16.0.1/"));
        assert!(check(&["127.0.0.1:8080"], "http://127.0.0.1:8080/"));
        assert!(!check(&["127.0.0.1:8080"], "http://127.0.0.1:8081/"));
        assert!(check(&["[::1]:80"], "http://[::1]/"));
        assert!(check(&["::/0"], "http://[::1]/"));
        // A name says nothing yet; what it resolves to is checked later.
        assert!(check(&[], "http://localhost/"));
        assert!(!list(&[]).allows_resolved("localhost", "127.0.0.1".parse().unwrap()));
        assert!(list(&["LOCALHOST:90"]).allows_resolved("localhost.", "127.0.0.1".parse().unwrap()));
        assert!(!check(&["localhost:90"], "http://localhost:91/"));
        assert!(!list(&["127.0.0.1:90"]).allows_resolved("evil.example", "127.0.0.1".parse().unwrap()));
        // Spellings of 127.0.0.1 that browsers know.
        for odd in ["http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/", "http://127.1/"] {
            assert!(!check(&[], odd), "{odd}");
        }
        for scheme in ["file:///etc/passwd", "ftp://1.1.1.1/", "gopher://1.1.1.1/"] {
            assert!(!check(&["0.0.0.0/0"], scheme), "{scheme}");
        }
    }

    #[test]
    fn a_bad_rule_is_refused() {
        for text in ["", "10.0.0.0/33", "10.0.0.0/x", "host:port", "a b", "[::1"] {
            assert!(AllowRule::parse(text).is_err(), "{text}");
        }
    }
}
