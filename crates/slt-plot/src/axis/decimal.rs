//! Exact decimal numbers. Ticks are made from whole numbers, so 0.1 + 0.2 is 0.3 and there is no negative
//! zero.

/// The number `mantissa * 10^exponent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    pub(crate) mantissa: i64,
    pub(crate) exponent: i32,
}

impl Decimal {
    /// The nearest floating-point number.
    pub(crate) fn value(self) -> f64 {
        let literal = format!("{}e{}", self.mantissa, self.exponent);
        literal.parse().expect("digits with an exponent are a number")
    }

    /// The number times `10^by`.
    pub(crate) fn shifted(self, by: i32) -> Self {
        Self { exponent: self.exponent + by, ..self }
    }

    /// The same number without trailing zeros in the mantissa.
    pub(crate) fn reduced(mut self) -> Self {
        if self.mantissa == 0 {
            return Self { mantissa: 0, exponent: 0 };
        }
        while self.mantissa % 10 == 0 {
            self.mantissa /= 10;
            self.exponent += 1;
        }
        self
    }

    /// Digits after the point that the number needs.
    pub(crate) fn decimals(self) -> usize {
        self.reduced().exponent.min(0).unsigned_abs() as usize
    }

    /// The power of ten of the first digit: 2 for 345, -1 for 0.5. Zero has none.
    pub(crate) fn magnitude(self) -> Option<i32> {
        self.mantissa.unsigned_abs().checked_ilog10().map(|digits| digits as i32 + self.exponent)
    }

    /// The number in print: a true minus sign, at least `decimals` digits after the point, and thin spaces
    /// between groups of three from 10 000 on.
    pub(crate) fn text(self, decimals: usize) -> String {
        let number = self.reduced();
        let decimals = decimals.max(number.decimals());
        let zeros = (number.exponent + decimals as i32) as usize;
        let mut digits = number.mantissa.unsigned_abs().to_string();
        digits.extend(std::iter::repeat_n('0', zeros));
        let digits = format!("{digits:0>width$}", width = decimals + 1);
        let (whole, fraction) = digits.split_at(digits.len() - decimals);

        let mut text = String::new();
        if number.mantissa < 0 {
            text.push('\u{2212}');
        }
        for (i, digit) in whole.chars().enumerate() {
            if whole.len() > 4 && i > 0 && (whole.len() - i).is_multiple_of(3) {
                text.push('\u{2009}');
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push('.');
            text.push_str(fraction);
        }
        text
    }
}

/// `floor(log10(|value|))` of a finite value other than zero, exactly.
pub(crate) fn exponent_of(value: f64) -> i32 {
    let scientific = format!("{value:e}");
    let exponent = scientific.split_once('e').map(|(_, exponent)| exponent);
    exponent.and_then(|e| e.parse().ok()).expect("scientific notation has an exponent")
}

/// `10ⁿ` in print.
pub(crate) fn power_of_ten(n: i32) -> String {
    let superscript = |c: char| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        digit => char::from_u32('⁰' as u32 + digit as u32 - '0' as u32).unwrap_or(digit),
    };
    std::iter::once('1').chain(std::iter::once('0')).chain(n.to_string().chars().map(superscript)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(mantissa: i64, exponent: i32, decimals: usize, expect: &str) {
        assert_eq!(Decimal { mantissa, exponent }.text(decimals), expect);
    }

    #[test]
    fn numbers_in_print() {
        check(0, -1, 1, "0.0");
        check(0, 3, 0, "0");
        check(-5, -1, 1, "−0.5");
        check(5, -3, 3, "0.005");
        check(12, 0, 0, "12");
        check(2, 3, 0, "2000");
        check(12, 3, 0, "12\u{2009}000");
        check(-1_234_567, 0, 0, "−1\u{2009}234\u{2009}567");
        check(100, -2, 0, "1");
        check(15, -1, 0, "1.5");
    }

    #[test]
    fn values_are_the_nearest_floats() {
        assert_eq!(Decimal { mantissa: 3, exponent: -1 }.value(), 0.3);
        assert_eq!(Decimal { mantissa: 0, exponent: -1 }.value().to_bits(), 0.0_f64.to_bits());
        assert_eq!(Decimal { mantissa: -7, exponent: 20 }.value(), -7e20);
    }

    #[test]
    fn exponents_are_exact_at_powers_of_ten() {
        assert_eq!([999.999, 1000.0, 0.001, 0.000_999].map(exponent_of), [2, 3, -3, -4]);
        assert_eq!(power_of_ten(-12), "10⁻¹²");
        assert_eq!(power_of_ten(6), "10⁶");
    }
}
