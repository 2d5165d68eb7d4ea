//! Tails of distributions, as natural logarithms, so that 10⁻³⁰⁰ is no trouble.
//!
//! In: parameters and a value. Out: the logarithm of the probability of that or
//! more. Cost: some tens of divisions. Source: Abramowitz and Stegun 6.1.34,
//! 6.5.29, 6.5.31; continued fraction by Lentz's method.
//! Limits: about nine digits.

/// Terms of a series or fraction at most; as many as a value of some thousands takes.
const TERMS_MAX: usize = 10_000;
/// Terms are added until they change nothing.
const EXACTNESS: f64 = 1e-15;

/// Logarithm of the gamma function of a positive number.
pub(super) fn ln_gamma(x: f64) -> f64 {
    // Moved up to where Stirling's series holds to 1e-12, and back.
    let (mut high, mut back) = (x, 0.0);
    while high < 10.0 {
        back += high.ln();
        high += 1.0;
    }
    let inverse = 1.0 / high;
    let square = inverse * inverse;
    let series =
        inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1_260.0 - square / 1_680.0)));
    (high - 0.5) * high.ln() - high + 0.5 * (2.0 * std::f64::consts::PI).ln() + series - back
}

/// Logarithm of the probability that a Poisson variable with mean `expected`
/// (above 0) is `seen` or more.
pub(super) fn ln_poisson_tail(seen: usize, expected: f64) -> f64 {
    if seen == 0 {
        return 0.0;
    }
    // Terms rise up to the mean and fall behind it: each relative to the first.
    let first = seen as f64 * expected.ln() - expected - ln_gamma(seen as f64 + 1.0);
    let (mut sum, mut most) = (1.0_f64, first);
    let mut term = first;
    for n in 1..TERMS_MAX {
        term += (expected / (seen + n) as f64).ln();
        if term > most {
            sum *= (most - term).exp();
            most = term;
        }
        let share = (term - most).exp();
        sum += share;
        if share < sum * EXACTNESS && term < most {
            break;
        }
    }
    (most + sum.ln()).min(0.0)
}

/// Logarithm of the upper tail of a chi-squared variable with `degrees` (above
/// 0, fractions allowed) at `value`.
pub(super) fn ln_chi_squared_tail(degrees: f64, value: f64) -> f64 {
    let (shape, x) = (degrees / 2.0, value / 2.0);
    if x <= 0.0 {
        return 0.0;
    }
    let front = shape * x.ln() - x - ln_gamma(shape);
    if x < shape + 1.0 {
        let (mut term, mut sum) = (1.0 / shape, 1.0 / shape);
        for n in 1..TERMS_MAX {
            term *= x / (shape + n as f64);
            sum += term;
            if term < sum * EXACTNESS {
                break;
            }
        }
        return (-(front + sum.ln()).exp().min(1.0)).ln_1p();
    }
    let mut b = x + 1.0 - shape;
    let mut c = f64::MAX;
    let mut d = 1.0 / b;
    let mut fraction = d;
    for n in 1..TERMS_MAX {
        let n = n as f64;
        let a = n * (shape - n);
        b += 2.0;
        d = 1.0 / (a * d + b);
        c = b + a / c;
        fraction *= c * d;
        if (c * d - 1.0).abs() < EXACTNESS {
            break;
        }
    }
    (front + fraction.ln()).min(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{found} is not {expected}");
    }

    #[test]
    fn known_values() {
        check(ln_gamma(1.0), 0.0);
        check(ln_gamma(0.5), std::f64::consts::PI.sqrt().ln());
        check(ln_gamma(11.0), 3_628_800f64.ln());
        // Two degrees: the exponential distribution.
        check(ln_chi_squared_tail(2.0, 1.0), -0.5);
        check(ln_chi_squared_tail(2.0, 1_400.0), -700.0);
        // Four degrees: e^(-x/2) (1 + x/2).
        check(ln_chi_squared_tail(4.0, 3.0), -1.5 + 2.5f64.ln());
        check(ln_chi_squared_tail(4.0, 30.0), -15.0 + 16f64.ln());
        // One degree at 1.96²: the two-sided normal tail.
        check(ln_chi_squared_tail(1.0, 3.841_458_820_694_124), 0.05f64.ln());
        check(ln_chi_squared_tail(3.0, 0.0), 0.0);
        check(ln_poisson_tail(0, 2.0), 0.0);
        check(ln_poisson_tail(1, 2.0), (1.0 - (-2f64).exp()).ln());
        check(ln_poisson_tail(3, 2.0), (1.0 - 5.0 * (-2f64).exp()).ln());
        // Twice as many degrees as events: the same tail, seen from the other side.
        check(ln_poisson_tail(4, 60.0), (1.0 - ln_chi_squared_tail(8.0, 120.0).exp()).ln());
        assert!(ln_poisson_tail(500, 1.0) < -2_000.0);
    }
}
