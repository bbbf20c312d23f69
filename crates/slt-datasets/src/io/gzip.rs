//! Files that may be compressed.

use std::io::{self, BufReader, Chain, Cursor, Read};

use flate2::read::MultiGzDecoder;

/// What every gzip file starts with.
const MAGIC: [u8; 2] = [0x1f, 0x8b];
/// So many bytes may come out of any file.
const FREE: u64 = 1 << 28;
/// Beyond that, so many for each byte that went in.
const RATIO: u64 = 200;

/// Gives the bytes of a file, decompressed if they are gzip, which the first two bytes say.
///
/// The other readers of this crate take compressed files through it; there is no need to. A file may expand
/// to 256 MiB, and beyond that to 200 times its size: what expands to more is an attack on the memory.
///
/// ```
/// use std::io::Read;
/// use slt_datasets::io::MaybeGzip;
///
/// let mut text = String::new();
/// MaybeGzip::new("plain".as_bytes())?.read_to_string(&mut text)?;
/// assert_eq!(text, "plain");
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct MaybeGzip<R>(Inner<R>);

enum Inner<R> {
    Plain(Start<R>),
    Gzip { decoder: Box<MultiGzDecoder<Counted<Start<R>>>>, n_out: u64 },
}

/// The bytes that were looked at, and those that follow.
type Start<R> = Chain<Cursor<Vec<u8>>, R>;

struct Counted<R> {
    reader: R,
    n_in: u64,
}

impl<R: Read> MaybeGzip<R> {
    /// Looks at the first two bytes.
    ///
    /// # Errors
    ///
    /// If the reader fails.
    pub fn new(mut reader: R) -> io::Result<Self> {
        let mut first = Vec::with_capacity(MAGIC.len());
        reader.by_ref().take(MAGIC.len() as u64).read_to_end(&mut first)?;
        let is_gzip = first == MAGIC;
        let start = Cursor::new(first).chain(reader);
        if !is_gzip {
            return Ok(Self(Inner::Plain(start)));
        }
        let decoder = Box::new(MultiGzDecoder::new(Counted { reader: start, n_in: 0 }));
        Ok(Self(Inner::Gzip { decoder, n_out: 0 }))
    }
}

impl<R: Read> Read for MaybeGzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.0 {
            Inner::Plain(reader) => reader.read(buffer),
            Inner::Gzip { decoder, n_out } => {
                let n = decoder
                    .read(buffer)
                    .map_err(|error| io::Error::new(error.kind(), format!("broken gzip file: {error}")))?;
                *n_out += n as u64;
                check_expansion(decoder.get_ref().n_in, *n_out)?;
                Ok(n)
            }
        }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(buffer)?;
        self.n_in += n as u64;
        Ok(n)
    }
}

/// Refuses what expands to more than honest data do.
fn check_expansion(n_in: u64, n_out: u64) -> io::Result<()> {
    if n_out <= FREE.saturating_add(RATIO.saturating_mul(n_in)) {
        return Ok(());
    }
    let said = format!("the compressed data expand to more than {RATIO} times their size");
    Err(io::Error::new(io::ErrorKind::InvalidData, said))
}

/// The decompressed bytes of a part of an archive, of which the compressed size is known.
pub(super) struct Expanding<R> {
    reader: BufReader<R>,
    n_in: u64,
    n_out: u64,
}

impl<R: Read> Expanding<R> {
    pub(super) fn new(reader: R, compressed_size: u64) -> Self {
        Self { reader: BufReader::new(reader), n_in: compressed_size, n_out: 0 }
    }
}

impl<R: Read> Read for Expanding<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(buffer)?;
        self.n_out += n as u64;
        check_expansion(self.n_in, self.n_out)?;
        Ok(n)
    }
}
