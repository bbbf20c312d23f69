//! Automatic ticks: the finest round steps whose labels have room.

use super::decimal::{Decimal, exponent_of, power_of_ten};
use super::{Axis, AxisScale, Format};

/// More ticks than this are never tried.
const MAX_TICKS: i64 = 60;
/// Share of a step by which a tick may miss the end of the range through rounding.
const ROUNDING: f64 = 1e-9;
/// Powers of ten from which on, and up to which, numbers are divided by a power of 1000.
const LARGE: i32 = 6;
const SMALL: i32 = -4;
/// A division that would leave more digits after the point than this is not worth it.
const MAX_SHIFTED_DECIMALS: usize = 3;
/// Powers of ten that a logarithmic axis writes out.
const PLAIN_POWERS: std::ops::RangeInclusive<i32> = -3..=4;

/// A tick: where it is, within the range, and what is written there.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    pub(crate) value: f64,
    pub(crate) label: String,
}

/// The ticks of an axis in rising order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TickSet {
    pub(crate) ticks: Vec<Tick>,
    /// Ticks without label between them, on logarithmic axes.
    pub(crate) minor: Vec<f64>,
    /// `n` if the labels show the values divided by `10^n`, else 0.
    pub(crate) power: i32,
}

impl TickSet {
    /// The axis label with the unit that the ticks' power of ten adds.
    pub(crate) fn axis_label(&self, label: &str) -> String {
        match (self.power, label.is_empty()) {
            (0, _) => label.to_owned(),
            (power, true) => format!("×{}", power_of_ten(power)),
            (power, false) => format!("{label} (×{})", power_of_ten(power)),
        }
    }
}

/// The finest set of at least two round ticks between `min` and `max` that `fits`; if there is none, the
/// finest with fewer.
pub(crate) fn automatic(axis: &Axis, min: f64, max: f64, fits: impl Fn(&TickSet) -> bool) -> TickSet {
    let candidates = match axis.scale {
        // Without a whole number in its range an axis of whole numbers would have no ticks: it has those of
        // others then.
        AxisScale::Linear if axis.format == Format::Integer && min.ceil() > max => {
            linear(Format::Number, min, max)
        }
        AxisScale::Linear => linear(axis.format, min, max),
        AxisScale::Log => {
            let mut candidates = logarithmic(axis.format, min, max);
            candidates.extend(linear(axis.format, min, max));
            candidates
        }
        AxisScale::ToOne => {
            let (mut candidates, even) = (towards_one(axis.format, min, max), linear(axis.format, min, max));
            candidates.extend(even);
            // Over less than a decade, even steps may give the most ticks.
            if (1.0 - min) / (1.0 - max) < 10.0 {
                candidates.sort_by_key(|set| std::cmp::Reverse(set.ticks.len()));
            }
            candidates
        }
    };
    let enough = candidates.iter().find(|set| set.ticks.len() >= 2 && fits(set));
    enough.or_else(|| candidates.iter().find(|set| fits(set))).cloned().unwrap_or_default()
}

/// Ticks at the multiples of 1, 2 and 5 times powers of ten, finest first.
fn linear(format: Format, min: f64, max: f64) -> Vec<TickSet> {
    let top = exponent_of(max - min);
    let steps = (top - 2..=top + 1).flat_map(|exponent| [1, 2, 5].map(|m| Decimal { mantissa: m, exponent }));
    steps
        .filter(|step| format != Format::Integer || step.exponent >= 0)
        .filter_map(|step| {
            let width = step.value();
            let first = (min / width - ROUNDING).ceil() as i64;
            let last = (max / width + ROUNDING).floor() as i64;
            if last - first >= MAX_TICKS {
                return None;
            }
            let multiples = (first..=last)
                .map(|i| Decimal { mantissa: i * step.mantissa, exponent: step.exponent })
                .collect();
            Some(label_alike(multiples, step, format, min, max))
        })
        .collect()
}

/// Labels with equally many digits after the point and a common power of ten.
fn label_alike(values: Vec<Decimal>, step: Decimal, format: Format, min: f64, max: f64) -> TickSet {
    let unit = display_shift(format);
    let largest = values.iter().filter_map(|v| v.magnitude()).max().map_or(0, |power| power + unit);
    let decimals_at = |power: i32| step.shifted(unit - power).decimals();
    let power = match largest {
        LARGE.. | ..=SMALL => 3 * largest.div_euclid(3),
        _ => 0,
    };
    let power = if decimals_at(power) <= MAX_SHIFTED_DECIMALS { power } else { 0 };
    let ticks = values
        .into_iter()
        .map(|v| Tick {
            value: v.value().clamp(min, max),
            label: v.shifted(unit - power).text(decimals_at(power)),
        })
        .collect();
    TickSet { ticks, minor: Vec::new(), power }
}

/// Ticks at 1, 2 and 5 times the powers of ten, at 1 and 3 times, at the powers, at every second power and so
/// on.
fn logarithmic(format: Format, min: f64, max: f64) -> Vec<TickSet> {
    let (bottom, top) = (exponent_of(min), exponent_of(max));
    let unit = display_shift(format);
    let plain = PLAIN_POWERS.contains(&(bottom + unit)) && PLAIN_POWERS.contains(&(top + unit));
    let set = |values: Vec<Decimal>| {
        let inside = values.into_iter().filter(|v| (min..=max).contains(&v.value()));
        let label = |v: Decimal| match (plain, v.mantissa) {
            (true, _) => v.shifted(unit).text(0),
            (false, 1) => power_of_ten(v.exponent + unit),
            (false, mantissa) => format!("{mantissa}×{}", power_of_ten(v.exponent + unit)),
        };
        let ticks = inside.map(|v| Tick { value: v.value(), label: label(v) }).collect();
        TickSet { ticks, minor: Vec::new(), power: 0 }
    };
    let multiples = |mantissas: &[i64]| -> Vec<Decimal> {
        let decade = |exponent| mantissas.iter().map(move |&mantissa| Decimal { mantissa, exponent });
        (bottom..=top).flat_map(decade).collect()
    };
    let all = multiples(&[1, 2, 3, 4, 5, 6, 7, 8, 9]).into_iter().map(Decimal::value);
    let minor: Vec<f64> = all.filter(|value| (min..=max).contains(value)).collect();
    let mut candidates: Vec<TickSet> = [&[1, 2, 5][..], &[1, 3], &[1]]
        .map(|mantissas| TickSet { minor: minor.clone(), ..set(multiples(mantissas)) })
        .into();
    for stride in [2, 3, 5, 10, 20, 50, 100] {
        let powers = (bottom..=top).filter(|power| power.rem_euclid(stride) == 0);
        candidates.push(set(powers.map(|exponent| Decimal { mantissa: 1, exponent }).collect()));
    }
    candidates
}

/// Ticks at 1 minus 1, 2 and 5 times the powers of ten, at 1 and 5 times, at the powers with a half, and at
/// the powers alone.
fn towards_one(format: Format, min: f64, max: f64) -> Vec<TickSet> {
    let unit = display_shift(format);
    // Beyond, floating-point numbers below 1 lie too far apart.
    let powers = 0..=12_u32;
    let below_one = |mantissas: &[i64]| -> Vec<Decimal> {
        let of_power = |power: u32| {
            let missing = mantissas.iter().rev().map(move |&m| 10_i64.pow(power) - m);
            missing.map(move |mantissa| Decimal { mantissa, exponent: -(power as i32) })
        };
        let all = powers.clone().flat_map(of_power);
        all.filter(|v| v.mantissa >= 0 && (min..=max).contains(&v.value())).collect()
    };
    let minor: Vec<f64> = below_one(&[1, 2, 3, 4, 5, 6, 7, 8, 9]).into_iter().map(Decimal::value).collect();
    let set = |values: Vec<Decimal>| {
        let label = |v: Decimal| v.shifted(unit).text(v.shifted(unit).decimals());
        let ticks = values.into_iter().map(|v| Tick { value: v.value(), label: label(v) }).collect();
        TickSet { ticks, minor: minor.clone(), power: 0 }
    };
    let half = Some(Decimal { mantissa: 5, exponent: -1 }).filter(|half| (min..=max).contains(&half.value()));
    let with_half = half.into_iter().chain(below_one(&[1]).into_iter().filter(|v| v.mantissa > 0)).collect();
    [below_one(&[1, 2, 5]), below_one(&[1, 5]), with_half, below_one(&[1])].map(set).into()
}

/// The power of ten by which values are multiplied before they are written.
fn display_shift(format: Format) -> i32 {
    match format {
        Format::Number | Format::Integer => 0,
        Format::Percent => 2,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn labels(axis: &Axis, min: f64, max: f64, most: usize) -> (Vec<String>, i32) {
        let set = automatic(axis, min, max, |set| set.ticks.len() <= most);
        (set.ticks.into_iter().map(|tick| tick.label).collect(), set.power)
    }

    #[track_caller]
    fn check(axis: &Axis, (min, max): (f64, f64), most: usize, expect: &[&str], power: i32) {
        let (labels, got_power) = labels(axis, min, max, most);
        assert_eq!(labels, expect);
        assert_eq!(got_power, power);
    }

    #[test]
    fn round_steps() {
        let number = Axis::new("");
        check(&number, (0.0, 200.0), 5, &["0", "50", "100", "150", "200"], 0);
        check(&number, (-0.3, 0.3), 7, &["−0.3", "−0.2", "−0.1", "0.0", "0.1", "0.2", "0.3"], 0);
        check(&number, (0.0, 1.0), 6, &["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"], 0);
        check(&number, (0.0, 25_000.0), 3, &["0", "10\u{2009}000", "20\u{2009}000"], 0);
        check(&number, (0.0, 2.4e6), 3, &["0", "1", "2"], 6);
        check(&number, (0.0, 6e-5), 4, &["0", "20", "40", "60"], -6);
        check(
            &number,
            (1e6, 1e6 + 2.0),
            3,
            &["1\u{2009}000\u{2009}000", "1\u{2009}000\u{2009}001", "1\u{2009}000\u{2009}002"],
            0,
        );
    }

    #[test]
    fn percentages_and_whole_numbers() {
        check(&Axis::new("").percent(), (0.57, 0.91), 4, &["60", "70", "80", "90"], 0);
        check(&Axis::new("").percent(), (0.99, 1.0), 3, &["99.0", "99.5", "100.0"], 0);
        check(&Axis::new("").integer(), (0.0, 3.0), 10, &["0", "1", "2", "3"], 0);
        check(&Axis::new("").integer(), (0.5, 1.5), 10, &["1"], 0);
        // No whole number at all.
        check(&Axis::new("").integer(), (0.1, 0.2), 3, &["0.10", "0.15", "0.20"], 0);
        check(&Axis::new("").integer(), (-0.9, -0.1), 3, &["−0.5"], 0);
    }

    #[test]
    fn logarithmic_ticks() {
        let log = Axis::new("").log();
        check(&log, (1.0, 100.0), 7, &["1", "2", "5", "10", "20", "50", "100"], 0);
        check(&log, (0.1, 3.0), 4, &["0.1", "0.3", "1", "3"], 0);
        check(&log, (1.0, 1000.0), 6, &["1", "10", "100", "1000"], 0);
        check(&log, (1.0, 1e9), 5, &["10⁰", "10²", "10⁴", "10⁶", "10⁸"], 0);
        check(&log, (1.0, 1e9), 4, &["10⁰", "10³", "10⁶", "10⁹"], 0);
        check(&log, (2.5, 3.5), 4, &["2.5", "3.0", "3.5"], 0);
        check(&Axis::new("").log().percent(), (0.001, 1.0), 4, &["0.1", "1", "10", "100"], 0);
    }

    #[test]
    fn ticks_towards_one() {
        let shares = Axis::new("").percent().to_one();
        check(&shares, (0.45, 0.992), 9, &["50", "80", "90", "95", "98", "99"], 0);
        check(&shares, (0.45, 0.9999), 8, &["50", "90", "95", "99", "99.5", "99.9", "99.95", "99.99"], 0);
        check(&shares, (0.45, 0.9999), 5, &["50", "90", "99", "99.9", "99.99"], 0);
        check(&shares, (0.45, 0.9999), 4, &["90", "99", "99.9", "99.99"], 0);
        // Over less than a decade as many as fit, in even steps or not.
        check(&shares, (0.68, 0.925), 5, &["70", "75", "80", "85", "90"], 0);
        check(&shares, (0.48, 0.925), 4, &["50", "80", "90"], 0);
        check(&Axis::new("").to_one(), (0.0, 0.9), 9, &["0", "0.5", "0.8", "0.9"], 0);
        // Where none of these fits in, as on other axes.
        check(&shares, (0.991, 0.9945), 4, &["99.1", "99.2", "99.3", "99.4"], 0);
    }

    proptest! {
        #[test]
        fn ticks_rise_within_the_range_with_distinct_labels(
            center in -1.0_f64..1.0,
            magnitude in -12_i32..12,
            relative_span in -8_i32..2,
            most in 2_usize..12,
            percent: bool,
        ) {
            let center = center * 10.0_f64.powi(magnitude);
            let span = 10.0_f64.powi(magnitude + relative_span);
            let (min, max) = (center - span / 2.0, center + span / 2.0);
            let axis = if percent { Axis::new("").percent() } else { Axis::new("") };
            let set = automatic(&axis, min, max, |set| set.ticks.len() <= most);
            prop_assert!(!set.ticks.is_empty() && set.ticks.len() <= most);
            prop_assert!(set.ticks.iter().all(|t| (min..=max).contains(&t.value)));
            prop_assert!(set.ticks.windows(2).all(|t| t[0].value < t[1].value));
            prop_assert!(set.ticks.windows(2).all(|t| t[0].label != t[1].label));
            prop_assert!(set.ticks.iter().all(|t| t.label != "−0"));
        }

        #[test]
        fn linear_labels_read_back_as_their_values(
            min in -1e5_f64..1e5,
            span in 1e-3_f64..1e5,
            most in 2_usize..12,
        ) {
            let set = automatic(&Axis::new(""), min, min + span, |set| set.ticks.len() <= most);
            for tick in &set.ticks {
                let plain = tick.label.replace('\u{2212}', "-").replace('\u{2009}', "");
                let read: f64 = plain.parse().unwrap();
                prop_assert!((read * 10.0_f64.powi(set.power) - tick.value).abs() <= 1e-9 * span.max(tick.value.abs()));
            }
        }

        #[test]
        fn logarithmic_ticks_rise_within_the_range(
            min in -20_i32..20, decades in 0.1_f64..40.0, most in 2_usize..12,
        ) {
            let min = 10.0_f64.powi(min) * 1.7;
            let max = min * 10.0_f64.powf(decades);
            let set = automatic(&Axis::new("").log(), min, max, |set| set.ticks.len() <= most);
            prop_assert!(!set.ticks.is_empty() && set.ticks.len() <= most);
            prop_assert!(set.ticks.iter().all(|t| (min..=max).contains(&t.value)));
            prop_assert!(set.ticks.windows(2).all(|t| t[0].value < t[1].value && t[0].label != t[1].label));
        }
    }
}
