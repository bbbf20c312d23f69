//! numpy's `RandomState`: distributions over the Mersenne Twister.

use ndarray::Array2;

use super::Mt19937;

/// `numpy.random.RandomState(seed)`: the same draws in the same order.
///
/// | numpy | here |
/// |---|---|
/// | `RandomState(seed)` | [`new`](Self::new) |
/// | `random_sample()`, `rand()` | [`random_sample`](Self::random_sample) |
/// | `uniform(low, high)` | [`uniform`](Self::uniform) |
/// | `uniform(low, high, (r, c))` | [`uniform_array`](Self::uniform_array) |
/// | `randint(low, high)` | `low +` [`random_interval`](Self::random_interval)`(high - 1 - low)` |
/// | `standard_normal()`, `randn()` | [`standard_normal`](Self::standard_normal) |
/// | `normal(loc, scale)` | [`normal`](Self::normal) |
/// | `shuffle(x)` | [`shuffle`](Self::shuffle) |
/// | `permutation(n)` | [`permutation`](Self::permutation) |
///
/// An array of any shape is filled in row-major order, one draw an element: a matrix of uniforms equals as
/// many single uniforms, and drawing weights and then biases from one generator continues the stream without
/// a gap.
///
/// ```
/// use slt_datasets::numpy::RandomState;
///
/// let mut random = RandomState::new(42);
/// assert_eq!(random.random_sample(), 0.3745401188473625);
/// assert_eq!(RandomState::new(42).permutation(5), [1, 4, 2, 0, 3]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RandomState {
    generator: Mt19937,
    /// The polar method yields normals in pairs; the second of a pair waits here, whatever is drawn in
    /// between.
    spare_normal: Option<f64>,
}

impl RandomState {
    /// A generator at the start of the stream of `seed`.
    #[must_use]
    pub fn new(seed: u32) -> Self {
        Self { generator: Mt19937::new(seed), spare_normal: None }
    }

    /// Goes on from a generator of which no normal of a pair is waiting.
    #[must_use]
    pub fn from_generator(generator: Mt19937) -> Self {
        Self { generator, spare_normal: None }
    }

    /// The generator underneath, to look at its state.
    #[must_use]
    pub fn generator(&self) -> &Mt19937 {
        &self.generator
    }

    /// The next 32 random bits. Consumes one word.
    pub fn next_u32(&mut self) -> u32 {
        self.generator.next_u32()
    }

    /// A multiple of `2^-53`, uniform on `[0, 1)`. Consumes two words.
    ///
    /// With words `a` and `b`: `(floor(a / 2^5) * 2^26 + floor(b / 2^6)) / 2^53`.
    pub fn random_sample(&mut self) -> f64 {
        let high = f64::from(self.next_u32() >> 5);
        let low = f64::from(self.next_u32() >> 6);
        (high * 67_108_864.0 + low) / 9_007_199_254_740_992.0
    }

    /// `low + (high - low) * u` with `u` from [`random_sample`](Self::random_sample).
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.random_sample()
    }

    /// Fills `values` from front to back with [`uniform`](Self::uniform) draws.
    pub fn fill_uniform(&mut self, low: f64, high: f64, values: &mut [f64]) {
        values.fill_with(|| self.uniform(low, high));
    }

    /// A `rows x columns` matrix of [`uniform`](Self::uniform) draws, filled row by row.
    pub fn uniform_array(&mut self, low: f64, high: f64, (rows, columns): (usize, usize)) -> Array2<f64> {
        Array2::from_shape_simple_fn((rows, columns), || self.uniform(low, high))
    }

    /// A whole number, uniform on `0..=max`, by masked rejection.
    ///
    /// Words are cut to the bits that `max` needs and drawn anew until one is at most `max`. `max = 0`
    /// consumes nothing; up to `2^32 - 1` each attempt consumes one word, beyond that two, the high half
    /// first.
    pub fn random_interval(&mut self, max: u64) -> u64 {
        if max == 0 {
            return 0;
        }
        let mask = u64::MAX >> max.leading_zeros();
        loop {
            let bits = if max <= u64::from(u32::MAX) {
                u64::from(self.next_u32())
            } else {
                let high = u64::from(self.next_u32());
                (high << 32) | u64::from(self.next_u32())
            };
            let value = bits & mask;
            if value <= max {
                return value;
            }
        }
    }

    /// A draw from the normal distribution with mean 0 and standard deviation 1.
    ///
    /// Marsaglia's polar method: pairs `(x1, x2)` uniform on the square `[-1, 1)^2` are drawn until `0 < r2 =
    /// x1^2 + x2^2 < 1`; with `f = sqrt(-2 ln(r2) / r2)`, `f * x2` is returned and `f * x1` is kept for the
    /// next call.
    pub fn standard_normal(&mut self) -> f64 {
        if let Some(spare) = self.spare_normal.take() {
            return spare;
        }
        loop {
            let x1 = 2.0 * self.random_sample() - 1.0;
            let x2 = 2.0 * self.random_sample() - 1.0;
            let r2 = x1 * x1 + x2 * x2;
            if r2 < 1.0 && r2 != 0.0 {
                let f = (-2.0 * libm::log(r2) / r2).sqrt();
                self.spare_normal = Some(f * x1);
                return f * x2;
            }
        }
    }

    /// `mean + deviation * z` with `z` from [`standard_normal`](Self::standard_normal).
    pub fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        mean + deviation * self.standard_normal()
    }

    /// Puts `values` into random order: for `i` from the last position down to 1, position `i` changes places
    /// with position [`random_interval`](Self::random_interval)`(i)`.
    pub fn shuffle<T>(&mut self, values: &mut [T]) {
        for i in (1..values.len()).rev() {
            values.swap(i, self.random_interval(i as u64) as usize);
        }
    }

    /// The numbers `0..n` in random order: [`shuffle`](Self::shuffle) of the ascending list.
    #[must_use]
    pub fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        self.shuffle(&mut order);
        order
    }
}
