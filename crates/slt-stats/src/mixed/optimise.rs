//! Minimisation over the non-negative orthant, with exact derivatives.

use super::symmetric::Symmetric;

/// Value, gradient and Hessian of a function of a few variables at a point.
#[derive(Clone)]
pub(crate) struct Expansion {
    pub(crate) value: f64,
    pub(crate) gradient: Vec<f64>,
    pub(crate) hessian: Symmetric,
}

/// Where a search has ended.
pub(crate) struct Minimum {
    pub(crate) at: Vec<f64>,
    pub(crate) value: f64,
    /// Decrease that the quadratic expansion still promises; the certificate of convergence.
    pub(crate) promised: f64,
    pub(crate) converged: bool,
    pub(crate) evaluations: usize,
}

/// Newton steps of one search.
const MAX_STEPS: usize = 200;
/// The search ends when the expansion promises less than this, or when rounding stops it: below `CONVERGED` a
/// promise that does not fall by `PROGRESS`, where Newton's method should double the digits.
const PROMISED: f64 = 1e-20;
const PROGRESS: f64 = 0.1;
/// It has converged when it ends with less than this, in the unit of the deviance, which is a statistical
/// one.
const CONVERGED: f64 = 1e-9;
/// Longest step along any coordinate.
const REACH: f64 = 3.0;
/// Share of the promised decrease that a step must keep (Armijo), and rounding of the function that does not
/// count.
const KEPT: f64 = 1e-4;
const ROUNDING: f64 = 1e-13;

/// Projected Newton method (Bertsekas, 1982) from a start, whose coordinates are in `0..=upper` like those of
/// all points that it visits.
///
/// Coordinates at 0 with a positive derivative are held there, so a minimum on the boundary is found exactly.
/// The Hessian of the others is shifted until it is positive definite; a step that does not keep its promise
/// is halved.
pub(crate) fn minimise<E>(
    mut function: impl FnMut(&[f64]) -> Result<Expansion, E>,
    start: &[f64],
    upper: f64,
) -> Result<Minimum, E> {
    let mut at = start.to_vec();
    let mut here = function(&at)?;
    let mut evaluations = 1;
    let (mut promised, mut convex) = (f64::INFINITY, false);
    'steps: for _ in 0..MAX_STEPS {
        let free: Vec<usize> = (0..at.len()).filter(|&k| at[k] > 0.0 || here.gradient[k] < 0.0).collect();
        let newton = step(&here, &free);
        let stalled = newton.promised <= CONVERGED && newton.promised > PROGRESS * promised;
        (promised, convex) = (newton.promised, newton.convex);
        if promised <= PROMISED || stalled {
            break;
        }
        let longest = newton.step.iter().fold(0.0_f64, |longest, step| longest.max(step.abs()));
        let mut share = (REACH / longest).min(1.0);
        loop {
            let mut next = at.clone();
            for (&k, step) in free.iter().zip(&newton.step) {
                next[k] = (at[k] + share * step).clamp(0.0, upper);
            }
            if next == at {
                break 'steps;
            }
            let there = function(&next)?;
            evaluations += 1;
            let slope: f64 = (0..at.len()).map(|k| here.gradient[k] * (next[k] - at[k])).sum();
            if there.value <= here.value + KEPT * slope + ROUNDING * here.value.abs() {
                (at, here) = (next, there);
                break;
            }
            share *= 0.5;
        }
    }
    let converged = convex && promised <= CONVERGED;
    Ok(Minimum { at, value: here.value, promised, converged, evaluations })
}

struct Step {
    step: Vec<f64>,
    promised: f64,
    /// Whether the Hessian is positive definite without a shift.
    convex: bool,
}

/// The Newton step of the free coordinates.
fn step(here: &Expansion, free: &[usize]) -> Step {
    let n = free.len();
    let scale = free.iter().map(|&k| here.hessian.get(k, k).abs()).fold(0.0, f64::max).max(1e-8);
    let downhill: Vec<f64> = free.iter().map(|&k| -here.gradient[k]).collect();
    let mut shift = 0.0;
    loop {
        let mut hessian = Symmetric::from_fn(n, |i, j| {
            here.hessian.get(free[i], free[j]) + if i == j { shift } else { 0.0 }
        });
        if hessian.eliminate(0..n, 1e-12).is_ok() {
            let step = hessian.solve(0..n, &downhill);
            let promised =
                0.5 * step.iter().zip(&downhill).map(|(step, downhill)| step * downhill).sum::<f64>();
            return Step { step, promised, convex: shift == 0.0 };
        }
        // Ends: a shift beyond the sum of all entries makes any symmetric matrix positive definite.
        shift = if shift == 0.0 { 1e-3 * scale } else { 4.0 * shift };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `(x - a)^2 + (y - b)^2 + c x y`.
    fn bowl(a: f64, b: f64, c: f64) -> impl FnMut(&[f64]) -> Result<Expansion, ()> {
        move |at| {
            let (x, y) = (at[0], at[1]);
            let value = (x - a) * (x - a) + (y - b) * (y - b) + c * x * y;
            let gradient = vec![2.0 * (x - a) + c * y, 2.0 * (y - b) + c * x];
            Ok(Expansion {
                value,
                gradient,
                hessian: Symmetric::from_fn(2, |i, j| if i == j { 2.0 } else { c }),
            })
        }
    }

    #[track_caller]
    fn check(found: &Minimum, expected: [f64; 2]) {
        assert!(found.converged, "{:?}", found.at);
        for (found, expected) in found.at.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        }
    }

    #[test]
    fn inside_and_on_the_boundary() {
        check(&minimise(bowl(2.0, 7.0, 0.0), &[1.0, 1.0], 50.0).unwrap(), [2.0, 7.0]);
        check(&minimise(bowl(3.0, -2.0, 0.5), &[1.0, 1.0], 50.0).unwrap(), [3.0, 0.0]);
        check(&minimise(bowl(-3.0, -2.0, 0.0), &[0.0, 4.0], 50.0).unwrap(), [0.0, 0.0]);
        // A saddle between two minima on the boundary.
        check(&minimise(bowl(2.0, 1.0, 3.0), &[1.0, 0.5], 50.0).unwrap(), [2.0, 0.0]);
    }

    #[test]
    fn where_it_is_concave() {
        // 1 - 1 / (1 + (x - 3)^2) is concave far from 3.
        let well = |at: &[f64]| -> Result<Expansion, ()> {
            let d = at[0] - 3.0;
            let r = 1.0 / (1.0 + d * d);
            let second = 2.0 * r * r - 8.0 * d * d * r * r * r;
            Ok(Expansion {
                value: 1.0 - r,
                gradient: vec![2.0 * d * r * r],
                hessian: Symmetric::from_fn(1, |_, _| second),
            })
        };
        for start in [0.0, 2.9, 4.0, 8.0] {
            let found = minimise(well, &[start], 50.0).unwrap();
            assert!(found.converged && (found.at[0] - 3.0).abs() < 1e-7, "{start} {:?}", found.at);
        }
    }
}
