//! Writes SVG elements with escaped values.

use super::{Drawing, Width};
use std::fmt::Write as _;

/// Writes one `<svg>`.
pub struct Svg {
    out: String,
    id: String,
}

/// Escapes text for element content and double-quoted attributes; characters
/// that XML forbids become U+FFFD.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// A coordinate with at most one decimal; never NaN or infinite.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

/// Where a text stands in relation to its x.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Begins at x.
    Start,
    /// Centred on x.
    Middle,
    /// Ends at x.
    End,
}

impl Anchor {
    const fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// A rectangle in view-box units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Svg {
    /// Opens a picture with a name and a description.
    pub fn open(id: &str, title: &str, description: &str, width: Width, height: f64) -> Self {
        let id = format!("{}-{}", escape(id), if width == Width::Wide { "w" } else { "n" });
        let mut out = String::with_capacity(4_096);
        let _ = write!(
            out,
            r#"<svg id="{id}" class="chart-svg {}" viewBox="0 0 {} {}" role="img" aria-labelledby="{id}-t {id}-d" focusable="false"><title id="{id}-t">{}</title><desc id="{id}-d">{}</desc>"#,
            width.class(),
            number(width.units()),
            number(height),
            escape(title),
            escape(description),
        );
        Self { out, id }
    }

    /// Opens a decorative picture that assistive technology skips.
    pub fn open_decorative(class: &str, width: f64, height: f64, stretch: bool) -> Self {
        let aspect = if stretch { r#" preserveAspectRatio="none""# } else { "" };
        let out = format!(
            r#"<svg class="{}" viewBox="0 0 {} {}" aria-hidden="true" focusable="false"{aspect}>"#,
            escape(class),
            number(width),
            number(height)
        );
        Self { out, id: String::new() }
    }

    /// Writes the hatch that stands for "not collected"; fill with [`Self::fill`]`("gap")`.
    pub fn define_gap(&mut self) {
        let id = &self.id;
        let _ = write!(
            self.out,
            r#"<defs><pattern id="{id}-gap" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="gap-ground" width="7" height="7"/><path class="gap-line" d="M0 0V7"/></pattern></defs>"#
        );
    }

    /// Writes the pattern number `texture` over the colour of `class`.
    pub fn define_fill(&mut self, name: &str, class: &str, texture: usize) {
        const TEXTURES: [&str; 6] = [
            "",
            r#"<path class="texture" d="M0 0L8 8M-2 6L2 10M6 -2L10 2"/>"#,
            r#"<circle class="texture-dot" cx="2" cy="2" r="1.1"/><circle class="texture-dot" cx="6" cy="6" r="1.1"/>"#,
            r#"<path class="texture" d="M0 8L8 0M-2 2L2 -2M6 10L10 6"/>"#,
            r#"<path class="texture" d="M0 4H8"/>"#,
            r#"<path class="texture" d="M4 0V8M0 4H8"/>"#,
        ];
        let texture = TEXTURES.get(texture % TEXTURES.len()).copied().unwrap_or("");
        let _ = write!(
            self.out,
            r#"<defs><pattern id="{}-{}" width="8" height="8" patternUnits="userSpaceOnUse"><rect class="fill {}" width="8" height="8"/>{texture}</pattern></defs>"#,
            self.id,
            escape(name),
            escape(class)
        );
    }

    /// The `fill` value of a defined pattern.
    pub fn fill(&self, name: &str) -> String {
        format!("url(#{}-{})", self.id, escape(name))
    }

    /// A rectangle; `fill` overrides the class's colour with a pattern.
    pub fn rect(&mut self, class: &str, area: Rect, fill: Option<&str>) {
        let fill = fill.map_or_else(String::new, |fill| format!(r#" fill="{}""#, escape(fill)));
        let _ = write!(
            self.out,
            r#"<rect class="{}" x="{}" y="{}" width="{}" height="{}"{fill}/>"#,
            escape(class),
            number(area.x),
            number(area.y),
            number(area.width.max(0.0)),
            number(area.height.max(0.0)),
        );
    }

    /// An invisible area that answers the pointer: a reading, and where it leads.
    pub fn hot_rect(&mut self, area: Rect, reading: &str, href: Option<&str>) {
        let href = href.map_or_else(String::new, |href| format!(r#" data-href="{}""#, escape(href)));
        let _ = write!(
            self.out,
            r#"<rect class="hot" x="{}" y="{}" width="{}" height="{}"{href}><title>{}</title></rect>"#,
            number(area.x),
            number(area.y),
            number(area.width.max(0.0)),
            number(area.height.max(0.0)),
            escape(reading),
        );
    }

    /// A path.
    pub fn path(&mut self, class: &str, d: &str) {
        let _ = write!(self.out, r#"<path class="{}" d="{}"/>"#, escape(class), escape(d));
    }

    /// A straight line.
    pub fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let d = format!("M{} {}L{} {}", number(from.0), number(from.1), number(to.0), number(to.1));
        self.path(class, &d);
    }

    /// A dot.
    pub fn circle(&mut self, class: &str, x: f64, y: f64, radius: f64) {
        let _ = write!(
            self.out,
            r#"<circle class="{}" cx="{}" cy="{}" r="{}"/>"#,
            escape(class),
            number(x),
            number(y),
            number(radius)
        );
    }

    /// A text.
    pub fn text(&mut self, class: &str, x: f64, y: f64, anchor: Anchor, text: &str) {
        let _ = write!(
            self.out,
            r#"<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>"#,
            escape(class),
            number(x),
            number(y),
            anchor.name(),
            escape(text)
        );
    }

    /// Ends the picture.
    pub fn close(mut self) -> Drawing {
        self.out.push_str("</svg>");
        Drawing(self.out)
    }
}
