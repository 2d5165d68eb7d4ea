//! Posts per hour and tone.

use super::request::{HourVolume, ToneCounts};
use super::schema::from_column;
use model::Timestamp;
use model::time::HOUR_MS;
use std::collections::BTreeMap;

/// Hours of one page of counters.
const PAGE_HOURS: i64 = 256;
/// Most pages kept in a row (about 60 years); hours outside go to a tree.
const PAGES_MAX: usize = 2_048;
/// Tones and room for numbers without a meaning.
const TONES: usize = 8;

type Page = [[u32; TONES]; PAGE_HOURS as usize];

/// Counters per hour, made where posts are.
#[derive(Debug, Clone, Default)]
pub(super) struct Volume {
    first_page: i64,
    pages: Vec<Option<Box<Page>>>,
    far: BTreeMap<i64, [u32; TONES]>,
}

impl Volume {
    /// For times (as column values) from `oldest` to `newest`.
    pub(super) fn new(oldest: u64, newest: u64) -> Self {
        let page = |time: u64| from_column(time).div_euclid(HOUR_MS * PAGE_HOURS);
        let (first, last) = (page(oldest), page(newest));
        let pages =
            usize::try_from(last - first).map_or(PAGES_MAX, |span| span.saturating_add(1).min(PAGES_MAX));
        // The newest pages are the ones most asked for.
        let first_page = last - i64::try_from(pages).unwrap_or(0) + 1;
        Self { first_page, pages: vec![None; pages], far: BTreeMap::new() }
    }

    /// One more post at a time (as column value) with a tone.
    pub(super) fn add(&mut self, time: u64, tone: usize) {
        let hour = from_column(time).div_euclid(HOUR_MS);
        let page = usize::try_from(hour.div_euclid(PAGE_HOURS) - self.first_page);
        // rem_euclid is below PAGE_HOURS and tone is masked, so both are in bounds.
        let (place, tone) = (hour.rem_euclid(PAGE_HOURS) as usize, tone % TONES);
        match page.ok().and_then(|page| self.pages.get_mut(page)) {
            Some(page) => {
                let page = page.get_or_insert_with(|| Box::new([[0; TONES]; PAGE_HOURS as usize]));
                page[place][tone] += 1;
            }
            None => self.far.entry(hour).or_default()[tone] += 1,
        }
    }

    /// These less those of some of the same posts; both for the same times.
    pub(super) fn minus(&self, part: &Self) -> Self {
        let mut rest = self.clone();
        for (page, less) in rest.pages.iter_mut().zip(&part.pages) {
            if let (Some(page), Some(less)) = (page, less) {
                let hours = page.iter_mut().flatten().zip(less.iter().flatten());
                hours.for_each(|(count, less)| *count -= less);
            }
        }
        for (hour, less) in &part.far {
            if let Some(counts) = rest.far.get_mut(hour) {
                counts.iter_mut().zip(less).for_each(|(count, less)| *count -= less);
            }
        }
        rest
    }

    /// Memory, bytes.
    pub(super) fn bytes(&self) -> usize {
        self.pages.iter().flatten().count() * size_of::<Page>() + self.pages.len() * 8 + self.far.len() * 64
    }

    /// Adds its hours to `total`, keyed by the number of the hour.
    pub(super) fn add_to(&self, total: &mut BTreeMap<i64, ToneCounts>) {
        let hours = (self.first_page..).zip(&self.pages).flat_map(|(number, page)| {
            page.iter().flat_map(move |page| (number * PAGE_HOURS..).zip(page.iter()))
        });
        for (hour, tones) in hours.chain(self.far.iter().map(|(hour, tones)| (*hour, tones))) {
            if tones.iter().any(|count| *count > 0) {
                add_tones(&mut total.entry(hour).or_default().0, tones);
            }
        }
    }
}

/// Adds counts by tone.
pub(super) fn add_tones(total: &mut [u64; 5], tones: &[u32; TONES]) {
    total.iter_mut().zip(tones).for_each(|(sum, count)| *sum += u64::from(*count));
}

/// The hours as they are told.
pub(super) fn to_hours(total: BTreeMap<i64, ToneCounts>) -> Vec<HourVolume> {
    total
        .into_iter()
        .map(|(hour, tones)| HourVolume {
            start: Timestamp::from_millis(hour.saturating_mul(HOUR_MS)),
            tones,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::schema::to_column;
    use super::*;

    #[test]
    fn counts_near_and_far_hours() {
        let times = [0, HOUR_MS - 1, HOUR_MS, -1, i64::MIN / 2, i64::MAX / 2];
        let mut volume = Volume::new(to_column(i64::MIN / 2), to_column(i64::MAX / 2));
        times.iter().for_each(|time| volume.add(to_column(*time), 1));
        let mut total = BTreeMap::new();
        volume.add_to(&mut total);
        let counts: Vec<u64> = total.values().map(ToneCounts::total).collect();
        assert_eq!(counts, [1, 1, 2, 1, 1]);
        assert_eq!(to_hours(total)[2].start, Timestamp::from_millis(0));
    }
}
