//! Files of data.

use std::io::{Cursor, Read, Write};
use std::sync::LazyLock;

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use slt_datasets::Error;
use slt_datasets::io::csv::{Decimal, Dialect, Records};
use slt_datasets::io::{idx, npy, npz};
use slt_datasets::scaling::ScalerKind;
use slt_datasets::table::{Column, Missing, Preprocessing, Table, TableOptions};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::{concat, unsealed, whole};
use crate::{Format, Reached};

/// Text.
pub const CSV: Format = Format { name: "csv", parts: whole, join: concat, seal: unsealed, read: read_csv };

/// Text again, for predictions by what was learned from another table: columns are found by their names,
/// classes are known.
pub const TRAINED_TABLE: Format =
    Format { name: "later-csv", parts: whole, join: concat, seal: unsealed, read: read_later };

/// Images and labels: there are as many bytes as the header says.
pub const IDX: Format =
    Format { name: "idx", parts: idx_parts, join: idx_of, seal: unsealed, read: read_idx };

/// Arrays: the length of the header is as it has to be, and there are as many bytes as it says.
pub const NPY: Format =
    Format { name: "npy", parts: npy_parts, join: npy_of, seal: unsealed, read: read_npy };

/// Archives of arrays: their checksums are as they have to be.
pub const NPZ: Format =
    Format { name: "npz", parts: npz_parts, join: npz_of, seal: unsealed, read: read_npz };

/// All of them but archives, compressed.
pub const GZIP: Format =
    Format { name: "gzip", parts: gzip_parts, join: gzip_of, seal: unsealed, read: read_gzip };

fn read_csv(bytes: &[u8]) -> Reached {
    let comma = Dialect { decimal: Decimal::Comma, ..Dialect::default() };
    let categories = TableOptions {
        dialect: comma,
        categorical: vec![Column::from("1")],
        missing: Missing::MostFrequent,
        ..TableOptions::default()
    };
    let numbers = TableOptions { missing: Missing::Median, ..TableOptions::default() };
    let missing = [numbers.missing, categories.missing];
    let tables = [numbers, categories].map(|options| Table::read(bytes, &options));
    let has_names = Records::new(bytes, &Dialect::default()).is_ok();
    let mut reached = if has_names { Reached::Inside } else { Reached::Outside };
    for (table, missing) in tables.into_iter().zip(missing) {
        match table {
            Ok(table) => {
                use_table(&table, missing);
                reached = Reached::Accepted;
            }
            Err(error) => _ = error.to_string(),
        }
    }
    reached
}

/// Learns from a table, and stores what was learned.
fn use_table(table: &Table, missing: Missing) {
    for scaling in [None, Some(ScalerKind::Standard), Some(ScalerKind::MinMaxGlobal)] {
        let Ok(preprocessing) = Preprocessing::fit(table, missing, scaling) else { continue };
        let text = serde_json::to_string(&preprocessing).expect("plain data has a JSON form");
        let stored: Preprocessing = serde_json::from_str(&text).expect("what was fitted can be stored");
        assert_eq!(stored, preprocessing);
        let data = preprocessing.dataset(table.clone(), "hostile");
        if let Ok(data) = data {
            assert_eq!(data.n_samples(), table.n_rows());
        }
    }
}

/// What was learned from a table of two numbers and a category, with and without names.
static LEARNED: LazyLock<[Preprocessing; 2]> = LazyLock::new(|| {
    let options =
        TableOptions { categorical: vec!["1".into()], missing: Missing::Mean, ..TableOptions::default() };
    let named = "length,colour,weight,kind\n1.5,red,2,a\n2.5,blue,?,b\n0.5,red,1,a\n";
    let unnamed = "1.5,1,2,0\n2.5,2,?,1\n0.5,1,1,0\n";
    [named, unnamed].map(|text| {
        let table = Table::read(text.as_bytes(), &options).expect("a table");
        Preprocessing::fit(&table, Missing::Mean, Some(ScalerKind::Standard)).expect("a table to learn from")
    })
});

fn read_later(bytes: &[u8]) -> Reached {
    let mut reached = Reached::Outside;
    for preprocessing in &*LEARNED {
        // As predictions read it, which need no labels.
        if let Ok(table) = preprocessing.read_features(bytes, &Dialect::default()) {
            let _ = preprocessing.features(table);
        }
        let table = match preprocessing.read(bytes, &Dialect::default()) {
            Ok(table) => table,
            Err(
                Error::CsvEmpty
                | Error::CsvHeaderUnclear { .. }
                | Error::CsvColumns { .. }
                | Error::CsvColumnCount { .. }
                | Error::CsvNoNames,
            ) => {
                continue;
            }
            Err(error) => {
                let _ = error.to_string();
                reached = reached.max(Reached::Inside);
                continue;
            }
        };
        let _ = preprocessing.unknown_categories(&table).map(|unknown| unknown.len());
        let _ = preprocessing.dataset(table.clone(), "hostile");
        let _ = preprocessing.features(table);
        reached = Reached::Accepted;
    }
    reached
}

/// How far a result is, where some errors are about the outside.
fn reached<T>(result: &Result<T, Error>) -> Reached {
    match result {
        Ok(_) => Reached::Accepted,
        Err(
            Error::Magic { .. }
            | Error::Truncated { .. }
            | Error::TrailingBytes { .. }
            | Error::Io(_)
            | Error::Npz { .. }
            | Error::NpyVersion { .. }
            | Error::NpyHeader { .. },
        ) => Reached::Outside,
        Err(error) => {
            let _ = error.to_string();
            Reached::Inside
        }
    }
}

fn read_idx(bytes: &[u8]) -> Reached {
    let (images, labels) = (idx::read_images(bytes), idx::read_labels(bytes));
    let reached = reached(&images).max(reached(&labels));
    if let Ok(images) = images {
        let _ = Table::from_arrays(images, None).map(|table| use_table(&table, Missing::Refuse));
    }
    reached
}

/// The magic, the sizes, and the data.
fn idx_parts(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let (magic, rest) = bytes.split_at_checked(4)?;
    let (sizes, data) = rest.split_at_checked(4 * usize::from(magic[3]))?;
    Some([magic, sizes, data].map(<[u8]>::to_vec).to_vec())
}

fn idx_of(parts: &[Vec<u8>]) -> Vec<u8> {
    let [magic, sizes, data] = parts else { return parts.concat() };
    let sizes_of = sizes.as_chunks::<4>().0.iter().map(|&size| u64::from(u32::from_be_bytes(size)));
    [&magic[..], sizes, &filled(data, sizes_of)].concat()
}

/// Cut or filled up to the product of sizes, unless that is far more than there is.
fn filled(data: &[u8], mut sizes: impl Iterator<Item = u64>) -> Vec<u8> {
    let product = sizes.try_fold(1_u64, u64::checked_mul);
    let mut data = data.to_vec();
    if let Some(length) = product.filter(|&length| length <= 1 << 16) {
        data.resize(length as usize, 7);
    }
    data
}

fn read_npy(bytes: &[u8]) -> Reached {
    let (raw, features, labels) = (npy::read(bytes), npy::read_features(bytes), npy::read_labels(bytes));
    let reached = reached(&raw).max(reached(&features)).max(reached(&labels));
    if let Ok(raw) = raw {
        let _ = raw.into_dataset("hostile");
    }
    if let Ok(features) = features {
        let target = Column::Last;
        let _ = Table::from_array(features, Some(&target)).map(|table| use_table(&table, Missing::Mean));
    }
    reached
}

/// The magic with the version, the header, and the data.
fn npy_parts(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let (start, rest) = bytes.split_at_checked(8)?;
    let (length, rest) = rest.split_at_checked(if start[6] == 1 { 2 } else { 4 })?;
    let length = length.iter().rev().fold(0, |sum, &byte| sum << 8 | usize::from(byte));
    let (header, data) = rest.split_at_checked(length)?;
    Some([start, header, data].map(<[u8]>::to_vec).to_vec())
}

fn npy_of(parts: &[Vec<u8>]) -> Vec<u8> {
    let [start, header, data] = parts else { return parts.concat() };
    let width = if start.get(6) == Some(&1) { 2 } else { 4 };
    let length = &header.len().to_le_bytes()[..width];
    // The sizes are the numbers in round brackets; the bytes of an element are the last digit of its type.
    let text = String::from_utf8_lossy(header);
    let shape =
        text.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(shape, _)| shape);
    let sizes = shape.split(',').filter_map(|size| size.trim().trim_end_matches('L').parse().ok());
    let digit =
        text.as_bytes().windows(2).find(|pair| b"bfiu".contains(&pair[0]) && pair[1].is_ascii_digit());
    let element = digit.map_or(1, |pair| u64::from(pair[1] - b'0'));
    [start, length, header, &filled(data, sizes.chain([element]))].concat()
}

fn read_npz(bytes: &[u8]) -> Reached {
    let found = npz::read(Cursor::new(bytes));
    let reached = reached(&found);
    if let Ok(found) = found {
        for arrays in [Some(found.train), found.test].into_iter().flatten() {
            let table = Table::from_arrays(arrays.features, arrays.labels);
            let _ = table.map(|table| use_table(&table, Missing::Mean));
        }
    }
    reached
}

/// The names of the files, one a line, then the files.
fn npz_parts(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut parts = vec![Vec::new()];
    for index in 0..archive.len().min(16) {
        let mut file = archive.by_index(index).ok()?;
        let mut content = Vec::new();
        file.by_ref().take(1 << 17).read_to_end(&mut content).ok()?;
        parts[0].extend(file.name().ok()?.as_bytes());
        parts[0].push(b'\n');
        parts.push(content);
    }
    Some(parts)
}

fn npz_of(parts: &[Vec<u8>]) -> Vec<u8> {
    let Some((names, files)) = parts.split_first() else { return Vec::new() };
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    for (index, (name, content)) in names.split(|&byte| byte == b'\n').zip(files).enumerate() {
        let method = if index % 2 == 0 { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        // Names that no archive may hold, such as one that is there already, are left out.
        let name = String::from_utf8_lossy(name);
        if writer.start_file(&*name, options.compression_method(method)).is_ok() {
            let _ = writer.write_all(content);
        }
    }
    writer.finish().map(Cursor::into_inner).unwrap_or_default()
}

fn read_gzip(bytes: &[u8]) -> Reached {
    read_csv(bytes).max(read_idx(bytes)).max(read_npy(bytes))
}

fn gzip_parts(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut content = Vec::new();
    MultiGzDecoder::new(bytes).take(1 << 17).read_to_end(&mut content).ok()?;
    Some(vec![content])
}

fn gzip_of(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory cannot fail.
    let _ = encoder.write_all(&parts.concat());
    encoder.finish().unwrap_or_default()
}
