//! Parsers of option values. Their errors say what would be right.

use std::ffi::{OsStr, OsString};
use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};

/// A whole number in `LOW..=HIGH`.
pub(crate) fn whole<T: TryFrom<u64>, const LOW: u64, const HIGH: u64>(text: &str) -> Result<T, String> {
    let number = text.parse().ok().filter(|number| (LOW..=HIGH).contains(number));
    number
        .and_then(|number| T::try_from(number).ok())
        .ok_or_else(|| format!("expected a whole number from {LOW} to {HIGH}"))
}

/// Any number; its range is checked where it is used.
pub(crate) fn real(text: &str) -> Result<f64, String> {
    text.parse().map_err(|_| "expected a number such as 0.1".to_owned())
}

/// A probability or a share.
pub(crate) fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().ok().filter(|rate| (0.0..=1.0).contains(rate));
    rate.ok_or_else(|| "expected a number from 0 to 1".to_owned())
}

/// Two ends of an interval.
pub(crate) fn interval(text: &str) -> Result<(f64, f64), String> {
    let ends = pair(text).filter(|&(low, high): &(f64, f64)| low <= high && (high - low).is_finite());
    ends.ok_or_else(|| "expected two finite numbers, the lower one first, such as -20,40".to_owned())
}

/// Two limits of a counter.
pub(crate) fn limits(text: &str) -> Result<(u32, u32), String> {
    let limits = pair(text).filter(|&(lower, upper)| 0 < lower && lower < upper);
    limits
        .ok_or_else(|| "expected two whole numbers above 0, the lower one first, such as 190,240".to_owned())
}

fn pair<T: FromStr>(text: &str) -> Option<(T, T)> {
    let (first, second) = text.split_once(',')?;
    Some((first.trim().parse().ok()?, second.trim().parse().ok()?))
}

/// A time span: a number with s, m or h behind it.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let seconds = [("s", 1.0), ("m", 60.0), ("h", 3600.0)].into_iter().find_map(|(unit, seconds)| {
        let number: f64 = text.strip_suffix(unit)?.parse().ok()?;
        Some(number * seconds)
    });
    seconds
        .filter(|seconds| (0.0..=1e9).contains(seconds))
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "expected a time such as 90s, 15m or 2h".to_owned())
}

/// One of a few names.
pub(crate) fn named<T>(names: &'static [&'static str]) -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err: Display> + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(names).try_map(|name| name.parse::<T>().map_err(|error| error.to_string()))
}

/// Joins a flag and a value that begins with a minus sign, `--noise -1` to `--noise=-1`: no flag of `slt`
/// looks like a number, so the value is what is wrong, or it is right as in `--center-box -10,10`.
pub(crate) fn join_negative(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut joined: Vec<OsString> = Vec::new();
    for argument in arguments {
        match joined.last_mut() {
            Some(flag) if is_flag(flag) && is_negative(&argument) => {
                flag.push("=");
                flag.push(argument);
            }
            _ => joined.push(argument),
        }
    }
    joined
}

/// A word as a shell takes it.
pub(crate) fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./,:=+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

fn is_flag(argument: &OsStr) -> bool {
    argument.to_str().is_some_and(|text| text.len() > 2 && text.starts_with("--") && !text.contains('='))
}

fn is_negative(argument: &OsStr) -> bool {
    let first = argument.to_str().and_then(|text| text.split(',').next());
    first.is_some_and(|number| number.starts_with('-') && number.parse::<f64>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(given: &[&str], expected: &[&str]) {
        assert_eq!(join_negative(given.iter().map(OsString::from)), expected);
    }

    #[test]
    fn negative_values_belong_to_the_flag_before_them() {
        check(&["--box", "-10,10", "--noise", "-.5"], &["--box=-10,10", "--noise=-.5"]);
        check(&["--noise", "-inf", "--rate", "-1e-3"], &["--noise=-inf", "--rate=-1e-3"]);
    }

    #[test]
    fn nothing_else_is_joined() {
        for kept in [
            ["--json", "--out"],
            ["--box=1", "-1"],
            ["--out", "-h"],
            ["--out", "a-1"],
            ["--", "-1"],
            ["x", "-1"],
        ] {
            check(&kept, &kept);
        }
    }

    #[test]
    fn pairs_are_in_order() {
        assert_eq!(interval("-10, 10"), Ok((-10.0, 10.0)));
        assert_eq!(limits("1,2"), Ok((1, 2)));
        for wrong in ["1", "1,2,3", "10,-10", "nan,1", "0,inf", "-1e308,1e308", "a,b", ","] {
            assert!(interval(wrong).is_err(), "{wrong}");
        }
        for wrong in ["1", "0,1", "2,2", "2,1", "1,-2", "1,4294967296"] {
            assert!(limits(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn times_have_units() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("1.5m"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("2h"), Ok(Duration::from_secs(7200)));
        for wrong in ["90", "", "s", "-1s", "nans", "infh", "1d", "1e99h"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn words_are_quoted_where_a_shell_would_take_them_apart() {
        for (word, quoted) in [
            ("a-1.csv", "a-1.csv"),
            ("my data.csv", "'my data.csv'"),
            ("it's", r"'it'\''s'"),
            ("", "''"),
            ("$x", "'$x'"),
        ] {
            assert_eq!(shell_word(word), quoted);
        }
    }

    #[test]
    fn whole_numbers_are_bounded() {
        assert_eq!(whole::<u32, 1, 9>("9"), Ok(9));
        for wrong in ["0", "10", "-1", "1.5", "", "x", "99999999999999999999999"] {
            assert_eq!(
                whole::<u32, 1, 9>(wrong),
                Err("expected a whole number from 1 to 9".to_owned()),
                "{wrong}"
            );
        }
        assert!(whole::<u8, 0, 300>("256").is_err());
    }
}
