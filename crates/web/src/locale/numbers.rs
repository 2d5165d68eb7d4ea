//! Numbers in local form.
//!
//! Source: Real Academia Española, *Ortografía de la lengua española* (2010)
//! accepts both decimal signs; which countries use which: Unicode CLDR,
//! `numbers/symbols` of the Spanish locales.

use super::{Locale, Value};

/// Which sign groups thousands and which one starts the decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Numbers {
    /// `1,234.5`: English; Panama, Mexico, Central America, the Caribbean, Peru.
    CommaPoint,
    /// `1.234,5`: Spain and most of South America.
    PointComma,
}

/// Regions that write `1.234,5`.
const POINT_COMMA_REGIONS: [&str; 12] =
    ["ES", "AR", "BO", "CL", "CO", "CR", "EC", "GQ", "PY", "UY", "VE", "EA"];

/// Most decimals ever shown.
const DECIMALS_MAX: usize = 6;

impl Numbers {
    /// Both ways.
    pub const ALL: [Self; 2] = [Self::CommaPoint, Self::PointComma];

    /// How a country (ISO 3166-1 alpha-2) writes numbers in Spanish.
    pub fn of_region(region: &str) -> Self {
        if POINT_COMMA_REGIONS.iter().any(|known| known.eq_ignore_ascii_case(region)) {
            Self::PointComma
        } else {
            Self::CommaPoint
        }
    }

    const fn signs(self) -> (char, char) {
        match self {
            Self::CommaPoint => (',', '.'),
            Self::PointComma => ('.', ','),
        }
    }

    /// Writes plain digits (`-1234.5`) with the local signs.
    fn localize(self, plain: &str) -> String {
        let (group, decimal) = self.signs();
        let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |rest| ("\u{2212}", rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let mut text = String::from(sign);
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                text.push(group);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push(decimal);
            text.push_str(fraction);
        }
        text
    }
}

/// What Fluent calls for each number in a text.
pub(super) fn format_value(value: &Value<'_>, numbers: Numbers) -> Option<String> {
    match value {
        Value::Number(number) => Some(numbers.localize(&number.as_string())),
        _ => None,
    }
}

impl Locale {
    /// A whole number: `12,345`.
    pub fn integer(&self, value: u64) -> String {
        self.numbers.localize(&value.to_string())
    }

    /// A whole number with sign: `−12,345`.
    pub fn signed(&self, value: i64) -> String {
        self.numbers.localize(&value.to_string())
    }

    /// A number with exactly `decimals` places (at most 6); not-a-number is `—`.
    pub fn decimal(&self, value: f64, decimals: usize) -> String {
        if !value.is_finite() {
            return "—".to_owned();
        }
        self.numbers.localize(&format!("{value:.*}", decimals.min(DECIMALS_MAX)))
    }

    /// A ratio 0…1 as a percentage: `12.5 %`.
    pub fn percent(&self, ratio: f64, decimals: usize) -> String {
        let value = self.decimal(ratio * 100.0, decimals);
        self.text_with("percent", &[("value", Value::from(value))])
    }

    /// A count in few characters: `12,345` below 100,000, then `123 mil`, `1.2 M`.
    pub fn compact(&self, value: u64) -> String {
        match value {
            0..100_000 => self.integer(value),
            100_000..1_000_000 => self.scaled("compact-thousands", value, 1_000),
            _ => self.scaled("compact-millions", value, 1_000_000),
        }
    }

    /// A short form for chart axes: `800`, `1.5K`, `20 mil`, `3 M`.
    pub fn axis(&self, value: u64) -> String {
        match value {
            0..10_000 => self.integer(value),
            10_000..1_000_000 => self.scaled("compact-thousands", value, 1_000),
            _ => self.scaled("compact-millions", value, 1_000_000),
        }
    }

    fn scaled(&self, key: &str, value: u64, unit: u64) -> String {
        let tenths = value / (unit / 10);
        let (whole, tenth) = (tenths / 10, tenths % 10);
        let plain = if tenth == 0 || whole >= 100 { whole.to_string() } else { format!("{whole}.{tenth}") };
        self.text_with(key, &[("value", Value::from(self.numbers.localize(&plain)))])
    }

    /// An amount of bytes with a decimal unit: `12.3 MB`.
    pub fn bytes(&self, bytes: u64) -> String {
        const UNITS: [(&str, u64); 4] =
            [("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
        match UNITS.iter().find(|(_, size)| bytes >= *size) {
            Some((name, size)) => {
                let tenths = bytes / (size / 10);
                let plain = format!("{}.{}", tenths / 10, tenths % 10);
                format!("{}\u{a0}{name}", self.numbers.localize(&plain))
            }
            None => format!("{}\u{a0}B", self.integer(bytes)),
        }
    }
}
