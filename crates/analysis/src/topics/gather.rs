//! Words that stand together in the same texts, gathered.
//!
//! Source: normalised pointwise mutual information (Bouma 2009), joined by
//! average linkage; equal pairs in the order of the words given.
//! Cost: cubic in the words at worst; there are at most `CANDIDATES_MAX`.

/// Least mean association of two groups that are joined, −1…1.
const ASSOCIATION_MIN: f32 = 0.35;
/// Least texts that two words share before they are associated at all.
const SHARED_MIN: u32 = 2;

/// Groups of the words `0..words` from the words of each text; every word is
/// in exactly one group.
pub(super) fn gather(of_text: &[Vec<usize>], words: usize, texts: usize) -> Vec<Vec<usize>> {
    let mut matrix = associations(of_text, words, texts);
    let mut groups: Vec<Vec<usize>> = (0..words).map(|word| vec![word]).collect();
    while let Some((keep, drop)) = nearest(&matrix, &groups) {
        let (of_keep, of_drop) = (len(&groups, keep), len(&groups, drop));
        for other in 0..words {
            // The mean over all pairs of members, from the means of the parts.
            let mean = (at(&matrix, words, keep, other) * of_keep
                + at(&matrix, words, drop, other) * of_drop)
                / (of_keep + of_drop);
            set(&mut matrix, words, keep, other, mean);
            set(&mut matrix, words, other, keep, mean);
        }
        let moved = groups.get_mut(drop).map(std::mem::take).unwrap_or_default();
        if let Some(group) = groups.get_mut(keep) {
            group.extend(moved);
        }
    }
    groups.retain(|group| !group.is_empty());
    groups.iter_mut().for_each(|group| group.sort_unstable());
    groups
}

fn len(groups: &[Vec<usize>], group: usize) -> f32 {
    // At most CANDIDATES_MAX.
    groups.get(group).map_or(0, Vec::len) as f32
}

fn at(matrix: &[f32], words: usize, row: usize, column: usize) -> f32 {
    matrix.get(row * words + column).copied().unwrap_or(-1.0)
}

fn set(matrix: &mut [f32], words: usize, row: usize, column: usize, value: f32) {
    if let Some(cell) = matrix.get_mut(row * words + column) {
        *cell = value;
    }
}

/// The two groups that are associated most, if enough.
fn nearest(matrix: &[f32], groups: &[Vec<usize>]) -> Option<(usize, usize)> {
    let words = groups.len();
    let alive = |group: usize| groups.get(group).is_some_and(|members| !members.is_empty());
    let mut best: Option<(f32, usize, usize)> = None;
    for row in (0..words).filter(|row| alive(*row)) {
        for column in (row + 1..words).filter(|column| alive(*column)) {
            let value = at(matrix, words, row, column);
            if value >= ASSOCIATION_MIN && best.is_none_or(|(most, ..)| value > most) {
                best = Some((value, row, column));
            }
        }
    }
    best.map(|(_, row, column)| (row, column))
}

/// Normalised mutual information of every pair: 1 always together, 0 by
/// chance, −1 never.
fn associations(of_text: &[Vec<usize>], words: usize, texts: usize) -> Vec<f32> {
    let mut alone = vec![0_u32; words];
    let mut together = vec![0_u32; words * words];
    for members in of_text {
        for (index, &first) in members.iter().enumerate() {
            if let Some(count) = alone.get_mut(first) {
                *count += 1;
            }
            for &second in members.iter().skip(index + 1) {
                if let Some(count) = together.get_mut(first * words + second) {
                    *count += 1;
                }
            }
        }
    }
    let mut matrix = vec![-1.0; words * words];
    // Texts stay below DOCUMENTS_MAX, exact in f32.
    let share = |count: u32| count as f32 / texts.max(1) as f32;
    for first in 0..words {
        for second in first + 1..words {
            let count = |row: usize, column: usize| together.get(row * words + column).copied().unwrap_or(0);
            let both = count(first, second) + count(second, first);
            if both < SHARED_MIN {
                continue;
            }
            let of = |word: usize| share(alone.get(word).copied().unwrap_or(0));
            let joint = share(both);
            // In every text both: nothing to learn from, but always together.
            let value =
                if joint >= 1.0 { 1.0 } else { (joint / (of(first) * of(second))).ln() / -joint.ln() };
            set(&mut matrix, words, first, second, value);
            set(&mut matrix, words, second, first, value);
        }
    }
    matrix
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_same_texts_are_gathered_and_others_are_not() {
        let mut texts = vec![Vec::new(); 200];
        texts[..20].iter_mut().for_each(|text| text.extend([0, 1, 2]));
        texts[20..30].iter_mut().for_each(|text| text.push(0));
        texts[50..70].iter_mut().for_each(|text| text.extend([3, 4]));
        assert_eq!(gather(&texts, 6, texts.len()), [vec![0, 1, 2], vec![3, 4], vec![5]]);
        assert_eq!(gather(&[], 0, 0), Vec::<Vec<usize>>::new());
    }

    #[test]
    fn one_text_in_common_is_chance() {
        assert_eq!(gather(&[vec![0, 1], vec![], vec![]], 2, 3), [vec![0], vec![1]]);
    }
}
