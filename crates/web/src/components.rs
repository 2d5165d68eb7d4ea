//! The closed list of pieces that pages are made of: their data here, their
//! markup in `templates/components/`. `/ui/kit` shows each in every state.

pub mod chart_frame;
pub mod post_card;

pub use chart_frame::ChartFrame;
pub use post_card::{PostCard, Segment, SignBadge};

use crate::charts::Drawing;
use model::text::is_hidden;

/// Longest single-line text shown of something that others wrote, characters.
pub const LINE_CHARS_MAX: usize = 200;

/// One line of foreign text: control and direction-changing characters
/// removed, white space joined, cut at [`LINE_CHARS_MAX`].
pub fn plain_line(text: &str) -> String {
    let kept: String = text
        .chars()
        .filter(|c| !is_hidden(*c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LINE_CHARS_MAX * 4)
        .collect();
    let words: Vec<&str> = kept.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= LINE_CHARS_MAX {
        return line;
    }
    line.chars().take(LINE_CHARS_MAX).chain(['…']).collect()
}

/// Lines that somebody wrote: control and direction-changing characters removed,
/// line breaks and white space as they are.
pub fn plain_text(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' => Some(c),
        '\t' => Some(' '),
        _ if c.is_control() || is_hidden(c) => None,
        _ => Some(c),
    };
    text.chars().filter_map(shown).collect()
}

/// Up to two letters that stand for a name; `?` when it has none.
pub fn initials(name: &str) -> String {
    let letters: String = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()))
        .take(2)
        .flat_map(char::to_uppercase)
        .collect();
    if letters.is_empty() { "?".to_owned() } else { letters }
}

/// How a figure stands against the usual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Above, by this much (local form, without sign).
    Up(String),
    /// Below, by this much.
    Down(String),
    /// As usual.
    Same,
    /// Nothing to compare with yet.
    Unknown,
}

/// A figure with its name, its change and its small line.
#[derive(Debug, Clone)]
pub struct Stat {
    /// What is counted.
    pub label: String,
    /// The figure in local form; `None` is shown as «sin dato».
    pub value: Option<String>,
    /// Against the usual; `None` where no comparison makes sense.
    pub change: Option<Change>,
    /// The posts behind it.
    pub href: Option<String>,
    /// A [`crate::charts::Sparkline`], drawn.
    pub spark: Option<Drawing>,
}

/// One of several views of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Its name.
    pub label: String,
    /// Its address.
    pub href: String,
    /// How many things are in it, local form.
    pub count: Option<String>,
    /// True for the one shown.
    pub current: bool,
}

/// Where the other pages of a list are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pagination {
    /// Towards the newer; `None` on the first page.
    pub previous: Option<String>,
    /// Towards the older; `None` on the last page.
    pub next: Option<String>,
    /// What is shown, e.g. `1 a 50 de 1,234`.
    pub summary: String,
}

/// A filter that is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterChip {
    /// Its words, e.g. `Red: Bluesky`.
    pub label: String,
    /// The same page without it.
    pub remove_href: String,
}

/// A choice in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// True for the chosen one.
    pub chosen: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_turn_the_line_around() {
        assert_eq!(plain_line("Ana\u{202e}gpj\u{200f}.exe\n\tx"), "Anagpj.exe x");
        assert_eq!(plain_line(&"a".repeat(1_000)).chars().count(), LINE_CHARS_MAX + 1);
        let note = "uno\r\n\tdos\u{202e}\u{2066}\u{0}\u{7}tres\u{200b}\n\nñ 👨\u{200d}👩";
        assert_eq!(plain_text(note), "uno\n dostres\n\nñ 👨\u{200d}👩");
        assert_eq!(initials("ana maría pérez"), "AM");
        assert_eq!(initials("🎉 !!"), "?");
    }
}
