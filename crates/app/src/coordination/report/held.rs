//! What holds the word of a group down, whatever else is found.
//!
//! In: a group, the word of its evidence and the words that habits and innocent
//! explanations leave. Out: [`HeldBackView`]. Errors: none.

use crate::coordination::detect::{Basis, Found};
use crate::coordination::report::BEYOND_HABIT_MIN;
use crate::coordination::report::views::{HeldBack, HeldBackView, NumberView};
use model::Strength;

/// Of the words that the innocent explanations (`counter`) and the accounts' own
/// habits (`habit`) leave, and of the one that the evidence reached.
pub(super) fn held_back(
    found: &Found,
    counter: Strength,
    habit: Strength,
    reached: Strength,
) -> Option<HeldBackView> {
    let mut by = Vec::new();
    let mut numbers = Vec::new();
    if habit < Strength::VeryLikely && found.basis == Basis::Timing {
        by.push(HeldBack::Habit);
        let share = found.beyond_habit_share();
        numbers.push(NumberView {
            fact: "beyond_habit_share".into(),
            value: Some(share),
            at_least: Some(BEYOND_HABIT_MIN),
            at_most: None,
            met: Some(share >= BEYOND_HABIT_MIN),
        });
    } else if habit < Strength::VeryLikely {
        by.push(HeldBack::Basis);
    }
    if counter < Strength::VeryLikely {
        by.push(HeldBack::Explanation);
    }
    let at_most = counter.min(habit);
    (!by.is_empty()).then_some(HeldBackView { at_most, by, otherwise: reached, numbers })
}
