//! HTML to plain text with its links and pictures.
//!
//! In: HTML of outside origin, well-formed or not. Out: [`Plain`]: paragraphs
//! become blank lines, line breaks and list items new lines, entities are
//! decoded, the contents of scripts and styles are dropped. The result is
//! text, never markup: what shows it must still escape it.
//! Cost: one pass. Limits: [`model::post::POST_TEXT_BYTES_MAX`] of text,
//! [`model::post::POST_LIST_MAX`] anchors and images.

use model::post::{POST_LIST_MAX, POST_TEXT_BYTES_MAX};
use std::borrow::Cow;

/// Text without its markup.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Plain {
    /// The text.
    pub text: String,
    /// True when it was longer than a post may be.
    pub truncated: bool,
    /// Links in order.
    pub anchors: Vec<Anchor>,
    /// Pictures in order.
    pub images: Vec<Image>,
}

/// A link of an HTML text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Anchor {
    /// Where it leads, decoded.
    pub href: String,
    /// Its classes (`mention`, `hashtag`).
    pub class: String,
}

/// A picture of an HTML text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Image {
    /// Where it is, decoded.
    pub src: String,
    /// Its alternative text, decoded.
    pub alt: String,
}

/// Elements whose contents are not text of the post.
const DROPPED: [&str; 8] = ["script", "style", "template", "iframe", "svg", "head", "object", "noscript"];

/// Reads HTML.
pub(crate) fn plain_text(html: &str) -> Plain {
    let mut writer = Writer::default();
    let mut rest = html;
    while !rest.is_empty() && !writer.full {
        let Some(start) = rest.find('<') else {
            writer.push_text(rest);
            break;
        };
        let (before, from) = rest.split_at(start);
        writer.push_text(before);
        rest = writer.tag(from);
    }
    writer.finish()
}

#[derive(Default)]
struct Writer {
    out: Plain,
    /// New lines owed before the next word.
    breaks: usize,
    space: bool,
    pre: bool,
    full: bool,
}

impl Writer {
    /// Reads the construct at the start of `from` (a `<`); gives what follows.
    fn tag<'h>(&mut self, from: &'h str) -> &'h str {
        let after = from.get(1..).unwrap_or_default();
        if let Some(comment) = after.strip_prefix("!--") {
            return comment.find("-->").and_then(|end| comment.get(end + 3..)).unwrap_or_default();
        }
        if let Some(data) = after.strip_prefix("![CDATA[") {
            let end = data.find("]]>").unwrap_or(data.len());
            self.push_raw(data.get(..end).unwrap_or_default());
            return data.get(end + 3..).unwrap_or_default();
        }
        let begins =
            after.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!' | b'?'));
        let Some(end) = begins.then(|| tag_end(after)).flatten() else {
            self.push_raw("<");
            return after;
        };
        let inside = after.get(..end).unwrap_or_default();
        let rest = after.get(end + 1..).unwrap_or_default();
        let name_len =
            inside.strip_prefix('/').unwrap_or(inside).bytes().take_while(u8::is_ascii_alphanumeric).count();
        let (closing, body) = match inside.strip_prefix('/') {
            Some(body) => (true, body),
            None => (false, inside),
        };
        let name = body.get(..name_len).unwrap_or_default().to_ascii_lowercase();
        if !closing && !inside.ends_with('/') && DROPPED.contains(&name.as_str()) {
            return after_closing(rest, &name);
        }
        self.element(&name, body.get(name_len..).unwrap_or_default(), closing);
        rest
    }

    fn element(&mut self, name: &str, attributes: &str, closing: bool) {
        match name {
            "p" | "blockquote" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "table" => {
                self.owe(2)
            }
            "br" if !closing => self.breaks = (self.breaks + 1).min(2),
            "div" | "li" | "tr" | "section" | "article" | "header" | "footer" | "figure" | "figcaption"
            | "hr" | "dt" | "dd" => self.owe(1),
            "td" | "th" => self.space = true,
            "pre" => {
                self.owe(2);
                self.pre = !closing;
            }
            "a" if !closing && self.out.anchors.len() < POST_LIST_MAX => {
                if let Some(href) = attribute(attributes, "href") {
                    let class = attribute(attributes, "class").unwrap_or_default();
                    self.out.anchors.push(Anchor { href, class });
                }
            }
            "img" if !closing && self.out.images.len() < POST_LIST_MAX => {
                if let Some(src) = attribute(attributes, "src") {
                    let alt = attribute(attributes, "alt").unwrap_or_default();
                    self.out.images.push(Image { src, alt });
                }
            }
            _ => {}
        }
    }

    fn owe(&mut self, breaks: usize) {
        self.breaks = self.breaks.max(breaks);
    }

    fn push_text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let decoded = decode_entities(text);
        self.push_raw(&decoded);
    }

    fn push_raw(&mut self, text: &str) {
        for c in text.chars() {
            if self.out.text.len() >= POST_TEXT_BYTES_MAX {
                self.full = true;
                self.out.truncated = true;
                return;
            }
            if c == '\n' && self.pre {
                self.breaks = (self.breaks + 1).min(2);
            } else if c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\u{c}' {
                self.space = true;
            } else if c != '\0' {
                self.settle();
                self.out.text.push(c);
            }
        }
    }

    /// Writes the white space owed before a character.
    fn settle(&mut self) {
        if !self.out.text.is_empty() {
            if self.breaks > 0 {
                self.out.text.extend(std::iter::repeat_n('\n', self.breaks));
            } else if self.space {
                self.out.text.push(' ');
            }
        }
        self.breaks = 0;
        self.space = false;
    }

    fn finish(mut self) -> Plain {
        if self.out.text.len() > POST_TEXT_BYTES_MAX {
            let end = crate::gather::char_floor(&self.out.text, POST_TEXT_BYTES_MAX);
            self.out.text.truncate(end);
        }
        self.out
    }
}

/// Where the tag that begins at the start of `after` ends: the first `>`
/// outside quotes; an unclosed quote ends at the first `>`.
fn tag_end(after: &str) -> Option<usize> {
    let mut quote = None;
    let mut first = None;
    for (index, b) in after.bytes().enumerate().take(model::record::RECORD_BYTES_MAX) {
        match (quote, b) {
            (None, b'>') => return Some(index),
            // A new tag before the end: this one was never closed.
            (None, b'<') => return None,
            (None, b'"' | b'\'') => quote = Some(b),
            (Some(open), b) if b == open => quote = None,
            (Some(_), b'>') if first.is_none() => first = Some(index),
            _ => {}
        }
        if index > TAG_BYTES_MAX {
            break;
        }
    }
    first
}

/// Longest tag that is read as one, bytes.
const TAG_BYTES_MAX: usize = 64 * 1024;

/// What follows `</name …>`; nothing when it is never closed.
fn after_closing<'h>(mut rest: &'h str, name: &str) -> &'h str {
    while let Some(at) = rest.find("</") {
        rest = rest.get(at + 2..).unwrap_or_default();
        if rest.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name)) {
            return rest.find('>').and_then(|end| rest.get(end + 1..)).unwrap_or_default();
        }
    }
    ""
}

/// The value of an attribute, decoded.
fn attribute(mut attributes: &str, name: &str) -> Option<String> {
    loop {
        attributes = attributes.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        let key_len = attributes
            .find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '/'))
            .unwrap_or(attributes.len());
        if attributes.is_empty() {
            return None;
        }
        let (key, rest) = attributes.split_at(key_len);
        let rest = rest.trim_start();
        let Some(value) = rest.strip_prefix('=') else {
            // A lone `=` cannot stand here, so something was consumed.
            attributes = if key.is_empty() { rest.get(1..)? } else { rest };
            continue;
        };
        let value = value.trim_start();
        let (value, rest) = match value.bytes().next() {
            Some(quote @ (b'"' | b'\'')) => {
                let body = value.get(1..)?;
                body.split_once(char::from(quote)).unwrap_or((body, ""))
            }
            _ => value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len())),
        };
        if key.eq_ignore_ascii_case(name) {
            return Some(decode_entities(value).into_owned());
        }
        attributes = rest;
    }
}

/// Replaces character references; unknown ones stay as they are.
pub(crate) fn decode_entities(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let body = from.get(1..).unwrap_or_default();
        let end = body.bytes().take(ENTITY_BYTES_MAX).position(|b| b == b';');
        match end.and_then(|end| Some((entity(body.get(..end)?)?, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = body.get(end + 1..).unwrap_or_default();
            }
            None => {
                out.push('&');
                rest = body;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Longest name between `&` and `;`, bytes.
const ENTITY_BYTES_MAX: usize = 12;

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| *c != '\0');
    }
    let known = ENTITIES.iter().find(|(known, _)| *known == name);
    known.map(|(_, c)| *c)
}

/// Named references that occur in texts of Western languages
/// (HTML 4.01, section 24: <https://www.w3.org/TR/html401/sgml/entities.html>).
#[rustfmt::skip]
const ENTITIES: &[(&str, char)] = &[
    ("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("nbsp", ' '),
    ("aacute", 'á'), ("eacute", 'é'), ("iacute", 'í'), ("oacute", 'ó'), ("uacute", 'ú'), ("ntilde", 'ñ'),
    ("uuml", 'ü'), ("Aacute", 'Á'), ("Eacute", 'É'), ("Iacute", 'Í'), ("Oacute", 'Ó'), ("Uacute", 'Ú'),
    ("Ntilde", 'Ñ'), ("Uuml", 'Ü'), ("iquest", '¿'), ("iexcl", '¡'), ("ordf", 'ª'), ("ordm", 'º'),
    ("agrave", 'à'), ("egrave", 'è'), ("igrave", 'ì'), ("ograve", 'ò'), ("ugrave", 'ù'), ("atilde", 'ã'),
    ("otilde", 'õ'), ("acirc", 'â'), ("ecirc", 'ê'), ("icirc", 'î'), ("ocirc", 'ô'), ("ucirc", 'û'),
    ("ccedil", 'ç'), ("Ccedil", 'Ç'), ("Atilde", 'Ã'), ("Otilde", 'Õ'), ("Acirc", 'Â'), ("Ecirc", 'Ê'),
    ("Ocirc", 'Ô'), ("Agrave", 'À'), ("Egrave", 'È'), ("auml", 'ä'), ("euml", 'ë'), ("iuml", 'ï'),
    ("ouml", 'ö'), ("Auml", 'Ä'), ("Ouml", 'Ö'), ("szlig", 'ß'), ("aring", 'å'), ("Aring", 'Å'),
    ("aelig", 'æ'), ("oslash", 'ø'), ("hellip", '…'), ("mdash", '—'), ("ndash", '–'), ("lsquo", '‘'),
    ("rsquo", '’'), ("ldquo", '“'), ("rdquo", '”'), ("sbquo", '‚'), ("bdquo", '„'), ("laquo", '«'),
    ("raquo", '»'), ("bull", '•'), ("middot", '·'), ("deg", '°'), ("euro", '€'), ("pound", '£'),
    ("cent", '¢'), ("yen", '¥'), ("copy", '©'), ("reg", '®'), ("trade", '™'), ("sect", '§'),
    ("para", '¶'), ("times", '×'), ("divide", '÷'), ("plusmn", '±'), ("frac12", '½'), ("frac14", '¼'),
    ("sup2", '²'), ("sup3", '³'), ("shy", '\u{ad}'), ("ensp", ' '), ("emsp", ' '), ("thinsp", ' '),
    ("zwj", '\u{200d}'), ("zwnj", '\u{200c}'), ("lrm", '\u{200e}'), ("rlm", '\u{200f}'),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &str) {
        assert_eq!(plain_text(html).text, expected, "{html}");
    }

    #[test]
    fn markup_becomes_text() {
        check(
            "<p>Hola&nbsp;<b>Panam&aacute;</b></p><p>¿Qu&#233; tal?<br/>Bien</p>",
            "Hola Panamá\n\n¿Qué tal?\nBien",
        );
        check("a <script>alert('</p>')</script>b<style>p{}</style>c", "a bc");
        check("1 < 2 & 3 > 2 &bogus; &amp;lt;", "1 < 2 & 3 > 2 &bogus; &lt;");
        check("<ul><li>uno</li><li>dos</li></ul>fin", "uno\ndos\n\nfin");
        check("x<!-- <b>no</b> -->y<![CDATA[<z>]]>", "xy<z>");
        check("<img alt='a > b' src=x>texto<", "texto<");
        check("<script>sin fin", "");
        check("<a href=\"x\"", "<a href=\"x\"");
    }

    #[test]
    fn links_and_pictures_are_collected() {
        let plain = plain_text(
            "<a class='u-url mention' href='https://a/@b'>@b</a> <a href=https://c.pa/?x=1&amp;y=2 >c</a><img src=\"https://i/1.png\" alt=\"Un &quot;gato&quot;\"/>",
        );
        assert_eq!(plain.anchors.len(), 2);
        assert_eq!(plain.anchors[0].class, "u-url mention");
        assert_eq!(plain.anchors[1].href, "https://c.pa/?x=1&y=2");
        assert_eq!(plain.images, vec![Image { src: "https://i/1.png".into(), alt: "Un \"gato\"".into() }]);
        assert_eq!(plain.text, "@b c");
    }

    #[test]
    fn long_texts_are_cut() {
        let plain = plain_text(&"ñ".repeat(POST_TEXT_BYTES_MAX));
        assert!(plain.truncated && plain.text.len() <= POST_TEXT_BYTES_MAX);
    }

    #[test]
    fn unclosed_tags_stay_linear() {
        let plain = plain_text(&"<a ".repeat(200_000));
        assert!(plain.truncated);
    }
}
