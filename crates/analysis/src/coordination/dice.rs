//! Numbers without pattern from a seed, the same everywhere and always.
//!
//! In: a seed. Out: a stream of numbers. Cost: two multiplications a number.
//! Source: SplitMix64 (Steele, Lea and Flood 2014). Limits: not for secrets.

/// A stream of numbers.
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

/// Mixes a number so that each bit of the result depends on each bit of it.
pub(super) const fn mix(number: u64) -> u64 {
    let first = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let second = (first ^ first >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    second ^ second >> 31
}

impl Dice {
    /// The stream of a seed.
    pub(super) const fn new(seed: u64) -> Self {
        Self(mix(seed))
    }

    /// The next 64 bits.
    pub(super) const fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number below `limit`; 0 when that is 0. Uneven by less than 2⁻³².
    pub(super) const fn below(&mut self, limit: u32) -> u32 {
        // A product of two numbers below 2³², without its low half, is below 2³².
        (((self.roll() >> 32) * limit as u64) >> 32) as u32
    }

    /// A number in 0..1.
    pub(super) fn unit(&mut self) -> f64 {
        // 53 bits, which is what an `f64` holds exactly.
        (self.roll() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Puts the first `count` of `items` in a random choice and order.
    pub(super) fn deal<T>(&mut self, items: &mut [T], count: usize) {
        for place in 0..count.min(items.len()) {
            let rest = u32::try_from(items.len() - place).unwrap_or(u32::MAX);
            items.swap(place, place + self.below(rest) as usize);
        }
    }

    /// Puts `items` in a random order.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        self.deal(items, items.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_as_likely() {
        let mut dice = Dice::new(7);
        let mut seen = [[0u32; 5]; 5];
        for _ in 0..20_000 {
            let mut items = [0usize, 1, 2, 3, 4];
            dice.shuffle(&mut items);
            for (place, &item) in items.iter().enumerate() {
                seen[place][item] += 1;
            }
        }
        // 4,000 expected, standard deviation 57.
        assert!(seen.iter().flatten().all(|&count| (3_700..4_300).contains(&count)), "{seen:?}");
    }

    #[test]
    fn a_limit_of_nothing_gives_nothing() {
        assert_eq!(Dice::new(1).below(0), 0);
        Dice::new(1).shuffle::<u32>(&mut []);
    }
}
