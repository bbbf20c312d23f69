//! The lean form of a ticket: what it takes to predict, and nothing else. `docs/ticket-format.md` describes
//! the bytes.

use slt_core::Seed;
use slt_datasets::scaling::{Scaler, ScalerKind};
use slt_datasets::table::Preprocessing;

use super::format::Reader;
use super::recipe::{CODECS, InitializerCode, StoredMask};
use super::{Ticket, TicketError};
use crate::{Architecture, Recipe};

/// The first byte of a ticket whose mask is stored plainly, and by what it is more if the mask is coded, if
/// images are averaged down, and if the mask is signed.
const MAGIC: u8 = 0xd0;
const CODED: u8 = 1;
const RESIZED: u8 = 2;
const SIGNED: u8 = 4;

/// The scalers, by their numbers from 1; 0 is none.
const SCALERS: [ScalerKind; 4] =
    [ScalerKind::MinMaxGlobal, ScalerKind::MinMaxPerFeature, ScalerKind::Standard, ScalerKind::MaxAbsGlobal];

/// How many there are of each that the second byte says: kinds of weights, of biases, scalers, and whether it
/// was made on a table.
const CHOICES: [u8; 4] = [4, 4, SCALERS.len() as u8 + 1, 2];

/// The first byte for a codec of masks, and for images that are averaged down or not.
fn first_byte(codec: u8, is_resized: bool) -> u8 {
    // Codecs of signed masks follow the two of others.
    MAGIC + CODED * (codec % 2) + RESIZED * u8::from(is_resized) + SIGNED * (codec / 2)
}

/// What a first byte says: the codec, and whether images are averaged down; none if it is not that of a lean
/// ticket.
fn parts_of(first: u8) -> Option<(u8, bool)> {
    let mut all = (0..CODECS).flat_map(|codec| [(codec, false), (codec, true)]);
    all.find(|&(codec, is_resized)| first_byte(codec, is_resized) == first)
}

/// Choices as one number, the last one counting fastest.
fn joined(choices: [u8; 4]) -> u8 {
    choices.into_iter().zip(CHOICES).fold(0, |sum, (choice, n)| sum * n + choice)
}

/// The choices of such a number, if there are any.
fn divided(mut number: u8) -> Option<[u8; 4]> {
    let mut choices = [0; 4];
    for (choice, n) in choices.iter_mut().zip(CHOICES).rev() {
        (*choice, number) = (number % n, number / n);
    }
    (number == 0).then_some(choices)
}

impl Ticket {
    /// The ticket in as few bytes as possible: the recipe of its network, its mask, its scaler, and a check
    /// byte. Names of classes and columns, provenance, and the data's files are left out; a value that stands
    /// for missing ones is, too.
    ///
    /// # Errors
    /// [`TicketError::NotLean`] if the ticket was made on a table with categories: which they are cannot be
    /// left out.
    ///
    /// ```
    /// use slt_core::{BitMask, Seed};
    /// use slt_mlp::{Architecture, Initializer, Network, Ticket};
    /// let network = Network::random(&Architecture::new([2, 20, 2])?, Initializer::paper(), Seed(1))?;
    /// let ticket = Ticket::new(network, (0..80).map(|bit| bit % 7 == 0).collect())?;
    /// let bytes = ticket.to_lean_bytes()?;
    /// assert!(bytes.len() < 20 && ticket.to_bytes().len() > 80);
    /// assert_eq!(Ticket::from_lean_bytes(&bytes)?, ticket);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_lean_bytes(&self) -> Result<Vec<u8>, TicketError> {
        let Recipe { architecture, initializer, seed } = self.recipe();
        let code = InitializerCode::from(*initializer);
        let mask = StoredMask::of(self);
        let table = self.preprocessing.as_ref();
        let scaler = self.scaler.as_ref().or(table.and_then(Preprocessing::scaler));
        let scaler_number = scaler.and_then(|scaler| SCALERS.iter().position(|&kind| kind == scaler.kind()));
        let scaler_number = scaler_number.map_or(0, |place| place as u8 + 1);
        let [weights, biases] = code.kinds;
        let choices = [weights, biases, scaler_number, u8::from(table.is_some())];
        let resize = table.and_then(Preprocessing::resize);
        let mut bytes = vec![first_byte(mask.codec, resize.is_some())];
        if let Some(resize) = resize {
            push_number(&mut bytes, resize.from_side() as u64);
        }
        bytes.push(joined(choices));
        for number in code.weights.into_iter().chain(code.biases) {
            let kept = trimmed(&number.to_be_bytes()).to_vec();
            bytes.push(kept.len() as u8);
            bytes.extend(kept);
        }
        push_number(&mut bytes, architecture.sizes().len() as u64);
        for &size in architecture.sizes() {
            push_number(&mut bytes, size as u64);
        }
        push_number(&mut bytes, seed.0);
        if let Some(table) = table {
            if !table.is_numeric() {
                return Err(TicketError::NotLean);
            }
            push_number(&mut bytes, table.target_position().map_or(0, |position| position as u64 + 1));
        }
        for pair in scaler.map_or(&[][..], Scaler::parameters) {
            let [first, second] = pair.map(f32::to_be_bytes);
            let (first, second) = (trimmed(&first), trimmed(&second));
            bytes.push((first.len() << 4 | second.len()) as u8);
            bytes.extend(first.iter().chain(second));
        }
        bytes.extend(&*mask.bytes);
        bytes.push(check_byte(&bytes));
        Ok(bytes)
    }

    /// Whether bytes begin like the lean form of a ticket.
    pub fn is_lean(bytes: &[u8]) -> bool {
        bytes.first().is_some_and(|&first| parts_of(first).is_some())
    }

    /// Reads what [`to_lean_bytes`](Self::to_lean_bytes) wrote. The columns of a ticket that was made on a
    /// table have no names any more but `x0`, `x1`, and so on by their positions; its classes are called `0`,
    /// `1`, and so on.
    ///
    /// Everything is checked, and memory is taken in proportion to the size. The check byte notices any one
    /// byte that has changed, but of other damage only 255 cases in 256: files that travel should be full
    /// ones.
    ///
    /// # Errors
    /// As [`from_bytes`](Self::from_bytes).
    pub fn from_lean_bytes(bytes: &[u8]) -> Result<Self, TicketError> {
        let field = |field| TicketError::Field { field };
        let mut reader = Reader { rest: bytes };
        let [first] = reader.array("the first byte")?;
        let (codec, is_resized) = parts_of(first).ok_or(TicketError::MagicByte)?;
        let Some((&check, body)) = reader.rest.split_last() else {
            return Err(TicketError::CutShort { field: "the check byte", needed: 1, left: 0 });
        };
        if check != check_byte(&bytes[..bytes.len() - 1]) {
            return Err(TicketError::Checksum);
        }
        reader.rest = body;

        let width = is_resized.then(|| read_number(&mut reader)).transpose()?;
        let [choices] = reader.array("the choices")?;
        let [weights, biases, scaler, table] = divided(choices).ok_or(field("choices"))?;
        let kinds = [weights, biases];
        let [weights, biases] = InitializerCode::have_numbers(kinds);
        let mut number = |has_number: bool| has_number.then(|| read_f64(&mut reader)).transpose();
        let code = InitializerCode { kinds, weights: number(weights)?, biases: number(biases)? };
        let n_sizes = read_number(&mut reader)?;
        // Each size takes a byte at least.
        if n_sizes > reader.rest.len() as u64 {
            return Err(field("number of layers"));
        }
        let sizes: Result<Vec<usize>, TicketError> = (0..n_sizes)
            .map(|_| usize::try_from(read_number(&mut reader)?).map_err(|_| field("architecture")))
            .collect();
        let architecture = Architecture::new(sizes?)?;
        let seed = Seed(read_number(&mut reader)?);
        let target = match table {
            0 => None,
            _ => Some(read_number(&mut reader)?.checked_sub(1)),
        };

        let (n_inputs, n_outputs) = (architecture.n_inputs(), architecture.n_outputs());
        let scaler_kind = match scaler {
            0 => None,
            number => Some(SCALERS[usize::from(number) - 1]),
        };
        let scaler_kind = scaler_kind.map(|kind| (kind, if kind.is_global() { 1 } else { n_inputs }));
        let scaler = match scaler_kind {
            None => None,
            Some((_, n_pairs)) if n_pairs > reader.rest.len() => return Err(field("scaler")),
            Some((kind, n_pairs)) => {
                let pairs: Result<Vec<_>, TicketError> =
                    (0..n_pairs).map(|_| read_pair(&mut reader)).collect();
                Some(Scaler::from_parameters(kind, n_inputs, pairs?)?)
            }
        };
        let recipe = Recipe { architecture, initializer: code.try_into()?, seed };
        let ticket = StoredMask { codec, bytes: reader.rest.into() }.ticket(recipe)?;
        let Some(target) = target else {
            return match (width, scaler) {
                (Some(_), _) => Err(field("choices")),
                (None, Some(scaler)) => ticket.with_scaler(scaler),
                (None, None) => Ok(ticket),
            };
        };
        let position = target.map(|target| usize::try_from(target).unwrap_or(usize::MAX));
        let target = position.map(|position| (position, n_outputs));
        let preprocessing = match width {
            None => Preprocessing::by_position(n_inputs, target, scaler)?,
            Some(width) => {
                // A width too large is refused where it becomes columns.
                let n_pixels = usize::try_from(width.saturating_mul(width)).unwrap_or(usize::MAX);
                Preprocessing::images_by_position(n_pixels, n_inputs.isqrt(), target, scaler)?
            }
        };
        ticket.with_preprocessing(preprocessing)
    }
}

/// A number of up to 64 bits: 7 bits a byte, the lowest first; all bytes but the last have their highest bit
/// set.
fn push_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn read_number(reader: &mut Reader<'_>) -> Result<u64, TicketError> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let [byte] = reader.array("a number")?;
        let part = u64::from(byte & 0x7f);
        if part << shift >> shift != part {
            break;
        }
        number |= part << shift;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    Err(TicketError::Field { field: "number" })
}

/// Bytes without the zeros at their end.
fn trimmed(bytes: &[u8]) -> &[u8] {
    let n = bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    &bytes[..n]
}

/// Bytes with the zeros at their end.
fn padded<const N: usize>(reader: &mut Reader<'_>, n: usize) -> Result<[u8; N], TicketError> {
    let mut bytes = [0; N];
    let kept = bytes.get_mut(..n).ok_or(TicketError::Field { field: "number" })?;
    kept.copy_from_slice(reader.take("a number", n)?);
    Ok(bytes)
}

fn read_f64(reader: &mut Reader<'_>) -> Result<f64, TicketError> {
    let [n] = reader.array("a number")?;
    Ok(f64::from_be_bytes(padded(reader, n.into())?))
}

fn read_pair(reader: &mut Reader<'_>) -> Result<[f32; 2], TicketError> {
    let [lengths] = reader.array("the scaler")?;
    let first = padded(reader, usize::from(lengths >> 4))?;
    let second = padded(reader, usize::from(lengths & 15))?;
    Ok([first, second].map(f32::from_be_bytes))
}

/// CRC-8 with the polynomial `x^8 + x^2 + x + 1`, from 0xff.
fn check_byte(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0xff, |check, byte| {
        (0..8).fold(check ^ byte, |check, _| (check << 1) ^ if check >> 7 == 1 { 0x07 } else { 0 })
    })
}
