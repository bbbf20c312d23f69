//! What an axis spans: fixed ends as given, the others from the data.

use serde::{Deserialize, Serialize};

use super::span::Span;
use super::{Axis, AxisScale, Format};
use crate::check;
use crate::error::{Error, Place, number};

/// Narrowest range in relation to its distance from zero, so that ticks still differ as floating-point
/// numbers.
const MIN_RELATIVE_SPAN: f64 = 1e-9;
/// Largest magnitude on an axis.
const MAX_MAGNITUDE: f64 = 1e300;

/// The ends of an axis; an end that is `None` follows the data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Range {
    /// Lower end.
    pub min: Option<f64>,
    /// Upper end.
    pub max: Option<f64>,
}

impl Range {
    /// Both ends from the data.
    pub const AUTO: Self = Self { min: None, max: None };

    /// Both ends given.
    #[must_use]
    pub const fn fixed(min: f64, max: f64) -> Self {
        Self { min: Some(min), max: Some(max) }
    }
}

/// The end that is furthest beyond what the scale can show, if one is, and what it must be.
pub(crate) fn beyond_scale(axis: &Axis, data: Option<Span>) -> Option<(f64, &'static str)> {
    let Range { min, max } = axis.range;
    let numbers = || data.into_iter().flat_map(|span| [span.min, span.max]).chain(min).chain(max);
    match axis.scale {
        AxisScale::Log if !numbers().all(|number| number > 0.0) => {
            Some((numbers().fold(f64::INFINITY, f64::min), "positive on a logarithmic axis"))
        }
        AxisScale::ToOne if !numbers().all(|number| number < 1.0) => {
            Some((numbers().fold(-f64::INFINITY, f64::max), "less than 1 on an axis towards 1"))
        }
        _ => None,
    }
}

/// The ends of the axis in numbers: `min < max`, both finite.
pub(crate) fn resolve(axis: &Axis, data: Option<Span>, at: &Place) -> Result<(f64, f64), Error> {
    if let Some((end, expected)) = beyond_scale(axis, data) {
        check::value(at, "range", end, false, expected)?;
    }
    let Range { min, max } = axis.range;
    let missing = "nothing tells its range; fix the range or add a mark that has an extent along it";
    at.require(data.is_some() || min.is_some() && max.is_some(), format_args!("{missing}"))?;
    let (low, high) = data.map_or((0.0, 1.0), |span| automatic(axis, span));
    let (low, high) = (min.unwrap_or(low), max.unwrap_or(high));
    let magnitude = low.abs().max(high.abs());
    // Comparisons with NaN are false, so this form also refuses it.
    let is_right = magnitude <= MAX_MAGNITUDE && high - low >= MIN_RELATIVE_SPAN * magnitude && low < high;
    let expected = "it must be finite, rise, and not be vanishingly narrow";
    let [min, max] = [low, high].map(number);
    at.require(is_right, format_args!("the range from {min} to {max} cannot be drawn; {expected}"))?;
    Ok((low, high))
}

/// The data's extent, padded where the marks ask for it, as far as the scale has numbers.
fn automatic(axis: &Axis, span: Span) -> (f64, f64) {
    let (low, high) = padded(axis, span);
    let (least, most) = match axis.scale {
        AxisScale::Linear => (-MAX_MAGNITUDE, MAX_MAGNITUDE),
        AxisScale::Log => (f64::from_bits(1), MAX_MAGNITUDE),
        AxisScale::ToOne => (-MAX_MAGNITUDE, 1.0_f64.next_down()),
    };
    // Room beyond the last number is no room: an end there would be infinitely far away.
    let (low, high) = (low.max(least.min(span.min)), high.min(most.max(span.max)));
    if low < high || axis.scale == AxisScale::Linear {
        return (low, high);
    }
    (low.next_down().max(least), high.next_up().min(most))
}

fn padded(axis: &Axis, span: Span) -> (f64, f64) {
    let to_axis = |value: f64| axis.scale.forward(value);
    let (mut low, mut high) = (span.min, span.max);
    if high - low <= MIN_RELATIVE_SPAN * low.abs().max(high.abs()) {
        // A single value: a little room on either side makes an axis.
        let room = match (axis.scale, axis.format) {
            (AxisScale::Log, _) => low / 2.0,
            (AxisScale::ToOne, _) => (1.0 - low) / 2.0,
            (AxisScale::Linear, Format::Integer) => 1.0_f64.max(low.abs() * 0.05),
            (AxisScale::Linear, _) if low == 0.0 => 0.5,
            (AxisScale::Linear, _) => low.abs() * 0.05,
        };
        return (low - room, high + room);
    }
    let length = to_axis(high) - to_axis(low);
    if span.pad_min > 0.0 {
        low = axis.scale.backward(to_axis(low) - length * span.pad_min);
    }
    if span.pad_max > 0.0 {
        high = axis.scale.backward(to_axis(high) + length * span.pad_max);
    }
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::AxisDirection;

    const AT: Place = Place::Axis { panel: 0, direction: AxisDirection::Y };

    #[track_caller]
    fn check(axis: &Axis, data: Option<Span>, expect: (f64, f64)) {
        let (min, max) = resolve(axis, data, &AT).unwrap();
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-12 * (1.0 + b.abs());
        assert!(close(min, expect.0) && close(max, expect.1), "{min} to {max}");
    }

    #[test]
    fn automatic_ends_leave_room_where_the_marks_want_it() {
        let data = Span::of([0.0, 10.0]).unwrap();
        check(&Axis::new(""), Some(data), (-0.5, 10.5));
        check(&Axis::new(""), Some(data.tight()), (0.0, 10.0));
        let half_fixed = Axis { range: Range { min: Some(-1.0), max: None }, ..Axis::new("") };
        check(&half_fixed, Some(data), (-1.0, 10.5));
        check(&Axis::new("").range(2.0, 3.0), None, (2.0, 3.0));
        check(&Axis::new("").log(), Span::of([1.0, 1e20]), (0.1, 1e21));
    }

    #[test]
    fn the_mark_that_reaches_further_decides_about_room() {
        let line = Span::of([0.0, 10.0]).unwrap().tight();
        let inner = Span::of([2.0, 8.0]).unwrap();
        let ahead = Span::of([2.0, 12.0]).unwrap();
        check(&Axis::new(""), Some(line.union(inner)), (0.0, 10.0));
        check(&Axis::new(""), Some(ahead.union(line)), (0.0, 12.6));
        check(&Axis::new(""), Some(line.union(Span::of([0.0, 10.0]).unwrap())), (-0.5, 10.5));
    }

    /// Room for the marks must not lead to 0 on a logarithmic axis, or to 1 towards 1: all would be
    /// infinitely far off.
    #[test]
    fn room_ends_where_the_numbers_do() {
        let extremes = [
            (Axis::new("").log(), vec![1e-320, 1.0]),
            (Axis::new("").log(), vec![1e-320, 1e-319]),
            (Axis::new("").log(), vec![5e-324, 1e300]),
            (Axis::new("").log(), vec![5e-324]),
            (Axis::new("").log(), vec![1e300, 1e299]),
            (Axis::new("").to_one(), vec![0.0, 1.0 - 1e-16]),
            (Axis::new(""), vec![-1e300, 1e300]),
        ];
        for (axis, data) in extremes {
            let (min, max) = resolve(&axis, Span::of(data.clone()), &AT).unwrap();
            let ends = [min, max].map(|end| axis.scale.forward(end));
            assert!(
                ends[0] < ends[1] && ends.iter().all(|end| end.is_finite()),
                "{data:?}: {min:e} to {max:e}"
            );
            assert!(data.iter().all(|value| (min..=max).contains(value)), "{data:?}: {min:e} to {max:e}");
        }
    }

    #[test]
    fn an_axis_towards_one_does_not_reach_it() {
        let span = Span::of([0.0, 0.99]).unwrap();
        let (min, max) = resolve(&Axis::new("").to_one(), Some(span), &AT).unwrap();
        assert!((min - (1.0 - 10.0_f64.powf(0.1))).abs() < 1e-12);
        assert!((max - (1.0 - 10.0_f64.powf(-2.1))).abs() < 1e-12);
        let whole = resolve(&Axis::new("").to_one(), Span::of([0.5, 1.0]), &AT);
        assert!(whole.unwrap_err().to_string().contains("`range` is 1;"));
    }

    #[test]
    fn a_single_value_gets_an_axis_around_it() {
        let single = |value: f64| Span::of([value]);
        check(&Axis::new(""), single(0.0), (-0.5, 0.5));
        check(&Axis::new(""), single(-40.0), (-42.0, -38.0));
        check(&Axis::new("").integer(), single(3.0), (2.0, 4.0));
        check(&Axis::new("").log(), single(10.0), (5.0, 15.0));
        check(&Axis::new("").to_one(), single(0.9), (0.85, 0.95));
    }
}
