//! Scalars as networks write them: lenient readers for JSON values.
//!
//! In: any JSON scalar. Out: [`Text`], [`Count`], [`Flag`]. A number where a
//! text is promised (and the other way round) is read, because networks and
//! archives differ in exactly that; a list or an object in its place is an error
//! for a text and "not given" for the others.
//! Cost: texts without escapes are borrowed from the record.

use model::Known;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

/// A text, borrowed where it holds no escapes. Numbers are read as their digits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Text<'a>(pub Cow<'a, str>);

impl Deref for Text<'_> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }
    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Text(Cow::Borrowed(text)))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }
    fn visit_string<E: Error>(self, text: String) -> Result<Self::Value, E> {
        Ok(Text(Cow::Owned(text)))
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Text(Cow::Owned(number.to_string())))
    }
    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Text(Cow::Owned(number.to_string())))
    }
    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Text(Cow::Owned(number.to_string())))
    }
    fn visit_bool<E: Error>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Text(Cow::Borrowed(if flag { "true" } else { "false" })))
    }
    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Text::default())
    }
}

/// A count; `None` when the network did not give a whole number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Count(pub Option<i64>);

impl Count {
    /// The count with the reason of its absence.
    pub(crate) fn known(self) -> Known<u64> {
        Known::from_count(self.0)
    }
}

/// A whole number written as text: `1234`, `1234.0`, also `1,234` and `1.234`
/// (groups of three); `None` for anything else.
pub(crate) fn parse_count(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !fraction.is_empty() && fraction.bytes().all(|b| b == b'0') && fraction.len() != 3 {
        return whole.parse().ok();
    }
    for separator in [',', '.', '\u{a0}', ' '] {
        let mut groups = text.split(separator);
        let head = groups.next().unwrap_or_default();
        let rest: Vec<&str> = groups.collect();
        let grouped = !rest.is_empty()
            && (1..=3).contains(&head.len())
            && rest.iter().all(|group| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit()));
        if grouped {
            return format!("{head}{}", rest.concat()).parse().ok();
        }
    }
    None
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CountVisitor)
    }
}

struct CountVisitor;

impl<'de> Visitor<'de> for CountVisitor {
    type Value = Count;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a count")
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<Count, E> {
        Ok(Count(Some(i64::try_from(number).unwrap_or(i64::MAX))))
    }
    fn visit_i64<E: Error>(self, number: i64) -> Result<Count, E> {
        Ok(Count(Some(number)))
    }
    fn visit_f64<E: Error>(self, number: f64) -> Result<Count, E> {
        // Whole numbers below 2^53 are exact in a float; the cast is checked by the range.
        let whole = number.fract() == 0.0 && number.abs() < 9.0e15;
        #[allow(clippy::cast_possible_truncation)]
        Ok(Count(whole.then_some(number as i64)))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Count, E> {
        Ok(Count(parse_count(text)))
    }
    fn visit_bool<E: Error>(self, _: bool) -> Result<Count, E> {
        Ok(Count(None))
    }
    fn visit_unit<E: Error>(self) -> Result<Count, E> {
        Ok(Count(None))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Count, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Count(None))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Count, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Count(None))
    }
}

/// Yes, no, or not given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Flag(pub Option<bool>);

impl Flag {
    /// True only when the network said yes.
    pub(crate) fn is_set(self) -> bool {
        self.0 == Some(true)
    }
}

/// Yes or no as people and programs write it in Spanish and English.
pub(crate) fn parse_flag(text: &str) -> Option<bool> {
    let word = text.trim();
    let any = |words: &[&str]| words.iter().any(|candidate| word.eq_ignore_ascii_case(candidate));
    if any(&["true", "1", "yes", "y", "t", "si", "s", "verdadero", "1.0"])
        || matches!(word, "sí" | "Sí" | "SÍ")
    {
        Some(true)
    } else if any(&["false", "0", "no", "n", "f", "falso", "0.0"]) {
        Some(false)
    } else {
        None
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FlagVisitor)
    }
}

struct FlagVisitor;

impl<'de> Visitor<'de> for FlagVisitor {
    type Value = Flag;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("yes or no")
    }
    fn visit_bool<E: Error>(self, flag: bool) -> Result<Flag, E> {
        Ok(Flag(Some(flag)))
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<Flag, E> {
        Ok(Flag(match number {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }))
    }
    fn visit_i64<E: Error>(self, _: i64) -> Result<Flag, E> {
        Ok(Flag(None))
    }
    fn visit_f64<E: Error>(self, _: f64) -> Result<Flag, E> {
        Ok(Flag(None))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Flag, E> {
        Ok(Flag(parse_flag(text)))
    }
    fn visit_unit<E: Error>(self) -> Result<Flag, E> {
        Ok(Flag(None))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Flag, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Flag(Some(true)))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Flag, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Flag(None))
    }
}

/// A list whose absence, `null` or foreign shape is an empty list.
pub(crate) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::<Vec<T>>::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_are_read_as_archives_write_them() {
        let text = |json: &str| serde_json::from_str::<Text>(json).map(|t| t.0.into_owned()).ok();
        assert_eq!(text("\"a\\u00f1o\"").as_deref(), Some("año"));
        assert_eq!(text("991056214539857920").as_deref(), Some("991056214539857920"));
        assert_eq!(text("[1]"), None);
        let count = |json: &str| serde_json::from_str::<Count>(json).unwrap().0;
        assert_eq!(count("12"), Some(12));
        assert_eq!(count("-1"), Some(-1));
        assert_eq!(count("\"1,234\""), Some(1234));
        assert_eq!(count("\"1.234.567\""), Some(1_234_567));
        assert_eq!(count("\"7.0\""), Some(7));
        assert_eq!(count("\"7.5\""), None);
        assert_eq!(count("{\"a\":1}"), None);
        let flag = |json: &str| serde_json::from_str::<Flag>(json).unwrap().0;
        assert_eq!(flag("\"sí\""), Some(true));
        assert_eq!(flag("0"), Some(false));
        assert_eq!(flag("\"quizá\""), None);
    }
}
