//! Bytes that are not UTF-8: old tables are in Windows-1252.

/// The sample as text, and whether bytes that are not UTF-8 are to be read as
/// Windows-1252: yes, unless the sample shows that the file is UTF-8.
pub(super) fn decode_sample(sample: &[u8]) -> (String, bool) {
    let (mut wide, mut broken) = (0_usize, 0_usize);
    let mut text = String::with_capacity(sample.len());
    for chunk in sample.utf8_chunks() {
        wide += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        text.push_str(chunk.valid());
        broken += usize::from(!chunk.invalid().is_empty());
        chunk.invalid().iter().for_each(|byte| text.push(western_char(*byte)));
    }
    (text, wide == 0 || broken > wide)
}

/// Bytes of Windows-1252 as text.
pub(super) fn from_windows_1252(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| western_char(*byte)).collect()
}

/// The character of a byte in Windows-1252, the superset of Latin-1 in use
/// (<https://encoding.spec.whatwg.org/#windows-1252>).
fn western_char(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9F => HIGH.get(usize::from(byte - 0x80)).copied().unwrap_or(char::REPLACEMENT_CHARACTER),
        _ => char::from(byte),
    }
}
