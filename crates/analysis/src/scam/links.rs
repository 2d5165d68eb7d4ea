//! Addresses that hide or imitate.
//!
//! In: a text and the links beside it. Out: evidence for the sign of links and
//! for borrowed names. Cost: one pass over the bytes.
//! Limits: nothing is looked up; a shortened address is told as one.

use super::{Evidence, ScamContext, evidence_at, evidence_of};
use model::post::host_of;
use model::text::fold;
use std::ops::Range;

/// Most addresses of one text that are looked at.
const LINKS_MAX: usize = 32;
/// Longest address, bytes.
const ADDRESS_BYTES_MAX: usize = 2_048;

/// Hosts that hide where they lead.
const SHORTENERS: [&str; 30] = [
    "bit.ly",
    "tinyurl.com",
    "cutt.ly",
    "is.gd",
    "goo.gl",
    "ow.ly",
    "rebrand.ly",
    "rb.gy",
    "shorturl.at",
    "t.ly",
    "tiny.cc",
    "acortar.link",
    "n9.cl",
    "lc.cx",
    "v.gd",
    "s.id",
    "shorte.st",
    "adf.ly",
    "bl.ink",
    "buff.ly",
    "soo.gd",
    "bit.do",
    "clck.ru",
    "u.to",
    "qr.ae",
    "urlz.fr",
    "encurtador.com.br",
    "linktr.ee",
    "wa.link",
    "kutt.it",
];
/// Where private talks begin.
const CHAT_HOSTS: [&str; 6] =
    ["wa.me", "t.me", "telegram.me", "api.whatsapp.com", "chat.whatsapp.com", "m.me"];
/// Ends of names that cost little and are often used once.
const CHEAP_ENDS: [&str; 22] = [
    "xyz", "top", "click", "icu", "buzz", "live", "shop", "online", "site", "website", "club", "fun", "vip",
    "win", "work", "rest", "cam", "gq", "tk", "ml", "cf", "ga",
];
/// Words that false hosts join to a name.
const LURE_WORDS: [&str; 58] = [
    "premio",
    "premios",
    "sorteo",
    "bono",
    "bonos",
    "subsidio",
    "ayuda",
    "ayudas",
    "apoyo",
    "beca",
    "regalo",
    "regalos",
    "reclamo",
    "reclama",
    "verificar",
    "verifica",
    "verificacion",
    "seguridad",
    "seguro",
    "acceso",
    "cliente",
    "clientes",
    "login",
    "secure",
    "verify",
    "account",
    "support",
    "claim",
    "airdrop",
    "reward",
    "rewards",
    "bonus",
    "gift",
    "wallet",
    "recovery",
    "unlock",
    "update",
    "actualizar",
    "actualiza",
    "pago",
    "pagos",
    "multa",
    "entrega",
    "envio",
    "paquete",
    "aduana",
    "devolucion",
    "reembolso",
    "refund",
    "fee",
    "delivery",
    "libera",
    "liberar",
    "cancelar",
    "acreditar",
    "acesso",
    "seguranca",
    "resgate",
];
/// Famous names and the hosts that are theirs.
const FAMOUS: &str = include_str!("../../lexicons/scam_brands.tsv");

/// An address written in a text.
struct Address<'t> {
    bytes: Range<usize>,
    text: &'t str,
}

/// What the addresses of a text and those beside it betray: evidence of a
/// link, and evidence of a borrowed name.
pub(super) fn find(text: &str, context: &ScamContext<'_>) -> (Vec<Evidence>, Vec<Evidence>) {
    let mut links = Vec::new();
    let mut names = Vec::new();
    for address in addresses(text) {
        judge(address.text, Some((text, address.bytes)), context, &mut links, &mut names);
    }
    for link in context.links.iter().take(LINKS_MAX) {
        let at = text
            .find(link.shown)
            .filter(|_| !link.shown.is_empty())
            .map(|at| (text, at..at + link.shown.len()));
        if let (Some(shown), Some(real)) = (host_of(link.shown.trim()), host_of(link.address))
            && !link.shown.trim().contains(char::is_whitespace)
            && !is_under(&real, &shown)
            && !is_under(&shown, &real)
        {
            links.push(with_place(at.clone(), &format!("{} → {real}", link.shown.trim()), 1.0));
        }
        judge(link.address, at, context, &mut links, &mut names);
    }
    (links, names)
}

fn with_place(at: Option<(&str, Range<usize>)>, fact: &str, weight: f32) -> Evidence {
    let mut evidence = evidence_of(fact, weight);
    evidence.bytes = at.map(|(_, bytes)| bytes);
    evidence
}

/// Judges one address; `at` is where it stands in the text.
fn judge(
    address: &str,
    at: Option<(&str, Range<usize>)>,
    context: &ScamContext<'_>,
    links: &mut Vec<Evidence>,
    names: &mut Vec<Evidence>,
) {
    let Some(host) = host_of(address) else { return };
    let quote = |weight| match &at {
        Some((text, bytes)) => evidence_at(text, bytes.clone(), weight),
        None => evidence_of(&host, weight),
    };
    if is_number_host(&host) {
        return links.push(quote(1.0));
    }
    if address
        .split_once("://")
        .is_some_and(|(_, rest)| rest.split('/').next().is_some_and(|a| a.contains('@')))
    {
        links.push(quote(1.0));
    }
    if host.split('.').any(|label| label.starts_with("xn--")) || !host.is_ascii() {
        links.push(quote(0.7));
    }
    let plain = fold(&host);
    if let Some(name) = borrowed_name(&plain, context) {
        names.push(with_place(at.clone(), &format!("{host} ≠ {name}"), 1.0));
        return links.push(quote(0.8));
    }
    if SHORTENERS.contains(&plain.as_str()) {
        links.push(quote(0.5));
    } else if CHAT_HOSTS.contains(&plain.as_str()) {
        links.push(quote(0.3));
    } else if has_lure(&plain) {
        links.push(quote(0.7));
    } else if plain.rsplit('.').next().is_some_and(|end| CHEAP_ENDS.contains(&end)) {
        links.push(quote(0.4));
    } else {
        links.push(quote(0.1));
    }
}

fn is_number_host(host: &str) -> bool {
    host.parse::<core::net::Ipv4Addr>().is_ok()
}

/// True when `host` is `other` or below it.
fn is_under(host: &str, other: &str) -> bool {
    host == other || host.strip_suffix(other).is_some_and(|head| head.ends_with('.'))
}

/// The parts of a host between dots, hyphens and digits.
fn parts_of(host: &str) -> impl Iterator<Item = &str> {
    host.split(|c: char| !c.is_alphabetic()).filter(|part| !part.is_empty())
}

/// True for a host that joins a lure to a name: `premios-oficial.example`.
fn has_lure(host: &str) -> bool {
    let name = host.rsplit_once('.').map_or(host, |(name, _)| name);
    let known_word = parts_of(name).any(|part| LURE_WORDS.contains(&part));
    known_word && name.contains('-')
}

/// The name that a host borrows without being its own.
fn borrowed_name(host: &str, context: &ScamContext<'_>) -> Option<String> {
    let own = |known: &str| is_under(host, known);
    if context.brand_hosts.iter().any(|known| own(known)) {
        return None;
    }
    let famous =
        FAMOUS.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
    for (name, hosts) in famous {
        if hosts.split(' ').any(own) {
            return None;
        }
        if imitates(host, name) {
            return Some(name.to_owned());
        }
    }
    let ours = context.brands.iter().map(|name| fold(name).replace(|c: char| !c.is_alphanumeric(), ""));
    ours.filter(|name| name.len() >= 5).find(|name| imitates(host, name))
}

/// True when a part of the host is the name, or the name with one letter
/// changed for one that looks like it.
fn imitates(host: &str, name: &str) -> bool {
    let registered = host.rsplit_once('.').map_or(host, |(head, _)| head);
    let looks = |part: &str| {
        part == name || name.len() >= 5 && part.len() == name.len() && skeleton(part) == skeleton(name)
    };
    registered
        .split(['.', '-'])
        .any(|part| looks(part) || name.len() >= 6 && part.starts_with(name) && part != name)
}

/// Letters that look alike made one.
fn skeleton(word: &str) -> String {
    word.chars()
        .map(|c| match c {
            '0' => 'o',
            '1' | 'i' => 'l',
            '3' => 'e',
            '4' => 'a',
            '5' => 's',
            '7' => 't',
            'k' | 'q' => 'c',
            'z' => 's',
            'v' => 'b',
            _ => c,
        })
        .collect()
}

/// Addresses written in a text: with `http`, `www.` or only a host.
fn addresses(text: &str) -> Vec<Address<'_>> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(dot) = bytes.get(from..).and_then(|rest| rest.iter().position(|b| *b == b'.')) {
        let at = from + dot;
        from = at + 1;
        let joined = at > 0
            && bytes.get(at - 1).is_some_and(u8::is_ascii_alphanumeric)
            && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric);
        if !joined {
            continue;
        }
        let is_edge = |c: char| {
            c.is_whitespace()
                || !c.is_ascii() && !c.is_alphanumeric()
                || matches!(c, '<' | '>' | '"' | '(' | ')' | '[' | ']' | ',')
        };
        let head: usize = text
            .get(..at)
            .unwrap_or_default()
            .chars()
            .rev()
            .take(ADDRESS_BYTES_MAX / 4)
            .take_while(|c| !is_edge(*c))
            .map(char::len_utf8)
            .sum();
        let tail: usize = text
            .get(at..)
            .unwrap_or_default()
            .chars()
            .take(ADDRESS_BYTES_MAX / 4)
            .take_while(|c| !is_edge(*c))
            .map(char::len_utf8)
            .sum();
        from = at + tail;
        let range = at - head..at + tail;
        let written = text.get(range.clone()).unwrap_or_default();
        let trimmed = written.trim_end_matches(['.', ',', ';', ':', '!', '?', '…', '*']);
        if is_address(trimmed) {
            found.push(Address { bytes: range.start..range.start + trimmed.len(), text: trimmed });
        }
        if found.len() >= LINKS_MAX {
            break;
        }
    }
    found
}

/// Ends of hosts that may be written without `http`.
const PLAIN_ENDS: [&str; 46] = [
    "com", "net", "org", "info", "biz", "io", "app", "co", "me", "ly", "gl", "xyz", "top", "click", "online",
    "site", "website", "shop", "store", "live", "club", "link", "vip", "fun", "win", "icu", "example", "es",
    "mx", "ar", "cl", "pe", "ec", "br", "pt", "uk", "us", "tk", "ml", "dev", "finance", "exchange", "cc",
    "gd", "gy", "at",
];

fn is_address(written: &str) -> bool {
    if written.contains("://") || written.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("www.")) {
        return true;
    }
    if written.starts_with('@') || written.contains('@') {
        return false;
    }
    let host = written.split('/').next().unwrap_or_default();
    let Some((name, end)) = host.rsplit_once('.') else { return false };
    let plain_name =
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '_'));
    let known_end = PLAIN_ENDS.iter().any(|known| end.eq_ignore_ascii_case(known));
    plain_name && (known_end && end.chars().all(|c| c.is_ascii_lowercase()) || is_number_host(host))
}
