//! Characters that show nothing and change how the others read.
//!
//! In: a character. Out: whether it is one. Source: Unicode 16, chapters 9.2
//! (bidirectional controls), 23.2 (layout controls), 23.9 (tags).
//! Limits: the joiners U+200C and U+200D stay: scripts and emoji need them.

/// True for marks that turn the direction of text around, for spaces and letters
/// without width, and for tags.
pub const fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shows_nothing_is_hidden_and_letters_are_not() {
        let text = "a\u{202e}ñ\u{2066}\u{200b}á\u{61c}\u{feff} 日\u{e0041}🎉";
        assert_eq!(text.chars().filter(|c| !is_hidden(*c)).collect::<String>(), "añá 日🎉");
        assert!(!is_hidden('\u{200d}') && !is_hidden('\u{fe0f}'), "emoji are made of these");
    }
}
