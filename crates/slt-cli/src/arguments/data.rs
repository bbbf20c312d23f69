use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use slt_core::Seed;
use slt_datasets::Resize;
use slt_datasets::io::csv::{Decimal, Dialect, Header, Separator};
use slt_datasets::paper::{PaperData, PaperScaling};
use slt_datasets::scaling::ScalerKind;
use slt_datasets::table::{Column, Missing, TableOptions};
use slt_mlp::Architecture;
use slt_run::{
    DataSource, FileOptions, FileScaling, Loaded, SplitPart, TestChoice, architecture_for, canonical_data,
    load_file,
};

use crate::failure::Failure;
use crate::stderr::note;
use crate::usage::{InFlags, OrUsage};
use crate::values::{named, real, whole};

/// A data set of the paper, or a file.
#[derive(Args)]
pub(crate) struct DataArguments {
    /// Data: moons, circles, blobs, digits (or digits-file-order, whose test part is the last quarter) as in
    /// the paper; or a CSV, .npy or .npz file, - for CSV on standard input, a folder of IDX files as MNIST
    /// has them; also gzipped
    #[arg(long, value_name = "NAME|FILE")]
    data: Option<PathBuf>,
    /// Number of classes of blobs or digits, 2 to 10 [default: 10]
    #[arg(long, value_name = "K", value_parser = whole::<u32, 0, 65_536>)]
    classes: Option<u32>,
    /// Scaling of the features [default: paper; of a table standard, of images minmax]
    #[arg(long, value_enum, value_name = "HOW")]
    scaling: Option<ScalingName>,
    #[command(flatten)]
    file: FileArguments,
}

/// What the options about files stand under.
const HEADING: &str = "Data from a file";

/// How a file becomes samples.
#[derive(Args)]
pub(crate) struct FileArguments {
    /// Column with the labels, by name or by position from 0 [default: the last one]
    #[arg(long, help_heading = HEADING, value_name = "COLUMN")]
    target: Option<String>,
    /// Columns that hold categories, by name or position; each becomes one input a category
    #[arg(long, help_heading = HEADING, value_name = "COLUMN,...", value_delimiter = ',')]
    categorical: Vec<String>,
    /// Columns that are not to be used, by name or position
    #[arg(long, help_heading = HEADING, value_name = "COLUMN,...", value_delimiter = ',')]
    ignore: Vec<String>,
    /// What stands for missing values (empty, NA, N/A, NaN, null, ?); without it they are refused
    #[arg(long, help_heading = HEADING, value_name = "HOW", value_parser = named::<Missing>(&["mean", "median", "most-frequent"]))]
    impute: Option<Missing>,
    /// Average square images down to this many pixels a row before they are scaled
    #[arg(long, help_heading = HEADING, value_name = "SIDE", value_parser = whole::<usize, 1, { Resize::MAX_SIDE as u64 }>)]
    resize: Option<usize>,
    #[command(flatten)]
    dialect: DialectArguments,
    /// Share of every class that becomes the test part, above 0 and below 1 [default: 0.25]
    #[arg(long, help_heading = HEADING, value_name = "SHARE", value_parser = real, conflicts_with = "test_data")]
    test: Option<f64>,
    /// Seed of the split alone; --seed has nothing to do with it [default: 1]
    #[arg(long, help_heading = HEADING, value_name = "SEED", value_parser = whole::<u64, 0, { u64::MAX }>, conflicts_with = "test_data")]
    split_seed: Option<u64>,
    /// File that is the test part
    #[arg(long, help_heading = HEADING, value_name = "FILE")]
    test_data: Option<PathBuf>,
}

/// How a CSV file is laid out.
#[derive(Args, Default)]
pub(crate) struct DialectArguments {
    /// Character between two fields; tab for the tabulator [default: found out of , ; and tab]
    #[arg(long, help_heading = HEADING, value_name = "CHAR", value_parser = separator)]
    separator: Option<u8>,
    /// Character before the decimals of a number [default: .]
    #[arg(long, help_heading = HEADING, value_enum, value_name = "CHAR")]
    decimal: Option<DecimalName>,
    /// The first line is a sample; columns are called x0, x1, ...
    #[arg(long, help_heading = HEADING, conflicts_with = "header")]
    no_header: bool,
    /// The first line names the columns, even if it holds numbers
    #[arg(long, help_heading = HEADING)]
    header: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScalingName {
    /// As the paper scales its data sets
    Paper,
    /// Not at all
    None,
    /// To [-0.7, 0.7], one minimum and maximum for all features
    Minmax,
    /// To [-0.7, 0.7], feature by feature
    PerFeature,
    /// To mean 0 and deviation 1, feature by feature
    Standard,
    /// To [-1, 1] by the largest absolute value of all features: what is 0 stays 0
    MaxAbs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DecimalName {
    #[value(name = ".")]
    Point,
    #[value(name = ",")]
    Comma,
}

/// What is wrong with a file: of the command line, if that names what the file has not, else of the file.
pub(crate) fn data_failure(error: slt_run::Error) -> Failure {
    use slt_datasets::Error as Data;
    use slt_datasets::Error::{CsvHeaderUnclear, CsvMissing};
    match &error {
        slt_run::Error::File {
            error:
                Data::CsvColumn { .. }
                | Data::CsvColumnUse { .. }
                | Data::Parameter { .. }
                | Data::Resize { .. }
                | Data::ResizeCategories { .. },
            ..
        }
        | slt_run::Error::NeedsTestFile { .. } => Failure::usage(error.in_flags()),
        slt_run::Error::File { error: CsvMissing { .. }, .. } => {
            Failure::run(format!("{error} (--impute mean, median or most-frequent)"))
        }
        slt_run::Error::File { error: CsvHeaderUnclear { .. }, .. } => {
            Failure::run(format!("{error} (--header or --no-header)"))
        }
        _ => error.into(),
    }
}

/// A separator on the command line.
fn separator(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        _ if text == "tab" || text == "\\t" => Ok(b'\t'),
        [byte] if byte.is_ascii() => Ok(*byte),
        _ => Err("expected one ASCII character, or tab".to_owned()),
    }
}

impl DialectArguments {
    pub(crate) fn dialect(&self) -> Dialect {
        Dialect {
            header: match (self.header, self.no_header) {
                (true, _) => Header::Present,
                (_, true) => Header::Absent,
                _ => Header::Detect,
            },
            separator: self.separator.map_or(Separator::Detect, Separator::Byte),
            decimal: if self.decimal == Some(DecimalName::Comma) { Decimal::Comma } else { Decimal::Point },
        }
    }

    /// What a ticket keeps of it: how its file is laid out where that was said.
    pub(crate) fn details(&self) -> impl Iterator<Item = (String, String)> {
        self.given().into_iter().map(|(flag, value)| match flag {
            "--no-header" => ("header".to_owned(), "no".to_owned()),
            "--header" => ("header".to_owned(), "yes".to_owned()),
            flag => (flag.trim_start_matches('-').to_owned(), value.unwrap_or_default()),
        })
    }

    /// The layout of a file for a ticket: that of the ticket's own file, where nothing else is said.
    pub(crate) fn dialect_for(&self, details: &BTreeMap<String, String>) -> Dialect {
        let detail = |key: &str| details.get(key).map(String::as_str);
        let header = detail("header").filter(|_| !self.header && !self.no_header);
        Self {
            separator: self.separator.or_else(|| separator(detail("separator")?).ok()),
            decimal: self.decimal.or_else(|| DecimalName::from_str(detail("decimal")?, false).ok()),
            header: self.header || header == Some("yes"),
            no_header: self.no_header || header == Some("no"),
        }
        .dialect()
    }

    /// The flags that were given, with their values.
    fn given(&self) -> Vec<(&'static str, Option<String>)> {
        let mut given = Vec::new();
        if let Some(byte) = self.separator {
            let text = if byte == b'\t' { "tab".to_owned() } else { char::from(byte).to_string() };
            given.push(("--separator", Some(text)));
        }
        if let Some(decimal) = self.decimal {
            given.push(("--decimal", Some(if decimal == DecimalName::Comma { "," } else { "." }.to_owned())));
        }
        given.extend(self.no_header.then_some(("--no-header", None)));
        given.extend(self.header.then_some(("--header", None)));
        given
    }
}

impl FileArguments {
    /// The flags that were given, with their values.
    fn given(&self) -> Vec<(&'static str, Option<String>)> {
        let mut given = Vec::new();
        let mut add = |flag, value: Option<String>| given.extend(value.map(|value| (flag, Some(value))));
        let list = |names: &[String]| (!names.is_empty()).then(|| names.join(","));
        add("--target", self.target.clone());
        add("--categorical", list(&self.categorical));
        add("--ignore", list(&self.ignore));
        add("--impute", self.impute.map(|missing| missing.to_string()));
        add("--resize", self.resize.map(|side| side.to_string()));
        add("--test", self.test.map(|share| share.to_string()));
        add("--split-seed", self.split_seed.map(|seed| seed.to_string()));
        add("--test-data", self.test_data.as_ref().map(|file| file.display().to_string()));
        given.extend(self.dialect.given());
        given
    }
}

/// What `--data` says.
enum Choice<'a> {
    Paper(PaperData),
    File(&'a Path),
}

impl DataArguments {
    /// Whether data were named.
    pub(crate) fn is_given(&self) -> bool {
        self.data.is_some()
    }

    fn choice(&self) -> Result<Choice<'_>, Failure> {
        let Some(data) = &self.data else {
            return Err(Failure::usage("--data is missing: a data set of the paper, or a file"));
        };
        let by_name = data.to_str().and_then(|name| name.parse::<PaperData>().ok());
        if let Some(data) = by_name {
            if let Some((flag, _)) = self.file.given().first() {
                return Err(Failure::usage(format!(
                    "{flag} is about a file, and --data names a data set of the paper"
                )));
            }
            let scaling = match self.scaling {
                None | Some(ScalingName::Paper) => PaperScaling::Paper,
                Some(ScalingName::None) => PaperScaling::None,
                Some(ScalingName::Minmax) => PaperScaling::MinMax,
                Some(_) => {
                    let message = "--scaling is for files; of the paper's data sets paper, none or minmax";
                    return Err(Failure::usage(message));
                }
            };
            return Ok(Choice::Paper(PaperData { classes: self.classes, scaling, ..data }));
        }
        if self.classes.is_some() {
            return Err(Failure::usage("--classes is about blobs and digits; a file has the classes it has"));
        }
        if data.as_os_str() != "-" && !data.exists() {
            let known = PaperData::NAMES.join(", ");
            return Err(Failure::usage(format!(
                "--data {}: there is no such file, and no such data set of the paper: expected a file, a folder or one of \
                 {known}",
                data.display()
            )));
        }
        Ok(Choice::File(data))
    }

    /// Loads what is asked for, and says what there is to know about it.
    pub(crate) fn load(&self) -> Result<Loaded, Failure> {
        let loaded = match self.choice()? {
            Choice::Paper(data) => Loaded::paper(canonical_data(data).or_usage()?)?,
            Choice::File(path) => load_file(path, &self.options()?).map_err(data_failure)?,
        };
        loaded.notes.iter().for_each(note);
        Ok(loaded)
    }

    /// The same; of the paper's data that are like those that a ticket was made on, but for what is asked
    /// for: number of classes and scaling are those of the ticket unless they are given. The split is part of
    /// what is asked for.
    pub(crate) fn load_like(&self, made_on: Option<PaperData>) -> Result<Loaded, Failure> {
        match (self.choice()?, made_on) {
            (Choice::Paper(data), Some(made_on)) if made_on.name == data.name => {
                let classes = self.classes.or(made_on.classes);
                let scaling = if self.scaling.is_some() { data.scaling } else { made_on.scaling };
                Ok(Loaded::paper(canonical_data(PaperData { classes, scaling, ..data }).or_usage()?)?)
            }
            _ => self.load(),
        }
    }

    /// How a file is to become samples.
    pub(crate) fn options(&self) -> Result<FileOptions, Failure> {
        let FileArguments {
            target,
            categorical,
            ignore,
            impute,
            resize,
            dialect,
            test,
            split_seed,
            test_data,
        } = &self.file;
        let columns = |names: &[String]| names.iter().map(|name| Column::from(name.as_str())).collect();
        let scaling = match self.scaling {
            None => FileScaling::ByFormat,
            Some(ScalingName::None) => FileScaling::None,
            Some(ScalingName::Minmax) => FileScaling::Kind(ScalerKind::MinMaxGlobal),
            Some(ScalingName::PerFeature) => FileScaling::Kind(ScalerKind::MinMaxPerFeature),
            Some(ScalingName::Standard) => FileScaling::Kind(ScalerKind::Standard),
            Some(ScalingName::MaxAbs) => FileScaling::Kind(ScalerKind::MaxAbsGlobal),
            Some(ScalingName::Paper) => {
                return Err(Failure::usage("--scaling paper is for the paper's data sets"));
            }
        };
        if test.is_some_and(|share| !(share > 0.0 && share < 1.0)) {
            return Err(Failure::usage("--test must be above 0 and below 1"));
        }
        let default = TestChoice::default();
        let test = match (test_data, default) {
            (Some(file), _) => TestChoice::File(file.clone()),
            (None, TestChoice::Share { fraction, seed }) => {
                TestChoice::Share { fraction: test.unwrap_or(fraction), seed: split_seed.map_or(seed, Seed) }
            }
            (None, other) => other,
        };
        Ok(FileOptions {
            table: TableOptions {
                dialect: dialect.dialect(),
                target: Some(target.as_deref().map_or(Column::Last, Column::from)),
                categorical: columns(categorical),
                ignored: columns(ignore),
                missing: impute.unwrap_or(Missing::Refuse),
            },
            resize: *resize,
            scaling,
            test,
        })
    }

    /// How a CSV file is laid out.
    pub(crate) fn dialect(&self) -> &DialectArguments {
        &self.file.dialect
    }

    /// Fails for options that a ticket has decided when it was made: which columns become what inputs, and
    /// which samples are the test part, unless that is `but`.
    pub(crate) fn leave_to_ticket(&self, but: &str) -> Result<(), Failure> {
        let of_layout = self.file.dialect.given();
        let mut given = self.file.given();
        given.extend(self.scaling.map(|_| ("--scaling", None)));
        given.retain(|option| !of_layout.contains(option) && option.0 != but);
        match given.first() {
            Some((flag, _)) => {
                Err(Failure::usage(format!("{flag} was decided when the ticket was made: leave it out")))
            }
            None => Ok(()),
        }
    }

    /// The file, if one is named: not a data set of the paper.
    pub(crate) fn path(&self) -> Result<Option<&Path>, Failure> {
        if !self.is_given() {
            return Ok(None);
        }
        Ok(match self.choice()? {
            Choice::Paper(_) => None,
            Choice::File(path) => Some(path),
        })
    }

    /// What `--data` names, whatever it is.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.data.as_deref()
    }

    /// The file of the test part, if one is named.
    pub(crate) fn test_data(&self) -> Option<&Path> {
        self.file.test_data.as_deref()
    }

    /// The same as options, for a command that is to be on the same data.
    pub(crate) fn as_options(&self) -> Vec<String> {
        let mut words = Vec::new();
        let mut add = |flag: &str, value: Option<String>| {
            words.push(flag.to_owned());
            words.extend(value);
        };
        if let Some(data) = &self.data {
            add("--data", Some(data.display().to_string()));
        }
        if let Some(classes) = self.classes {
            add("--classes", Some(classes.to_string()));
        }
        if let Some(scaling) = self.scaling.and_then(|scaling| scaling.to_possible_value()) {
            add("--scaling", Some(scaling.get_name().to_owned()));
        }
        self.file.given().into_iter().for_each(|(flag, value)| add(flag, value));
        words
    }
}

/// The shape of a network.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct ArchitectureArguments {
    /// Architecture: A, B, C, D, or sizes such as 2,20,2
    #[arg(long, value_name = "SIZES")]
    arch: Option<String>,
    /// Hidden layers such as 50,50; inputs and outputs are those of the data
    #[arg(long, value_name = "SIZES", value_delimiter = ',', value_parser = whole::<usize, 1, { u32::MAX as u64 }>)]
    hidden: Option<Vec<usize>>,
}

impl ArchitectureArguments {
    /// The network for data.
    pub(crate) fn for_data(&self, source: &DataSource) -> Result<Architecture, Failure> {
        let wrong = |flag: &str, error: &dyn InFlags| Failure::usage(format!("{flag}: {}", error.in_flags()));
        match (&self.arch, &self.hidden) {
            (Some(arch), _) => architecture_for(source, arch).map_err(|error| wrong("--arch", &error)),
            (None, hidden) => {
                let shape = source.shape().or_usage()?;
                let hidden = hidden.as_deref().unwrap_or_default();
                let sizes = [&[shape.features], hidden, &[shape.classes]].concat();
                Architecture::new(sizes).map_err(|error| wrong("--hidden", &error))
            }
        }
    }

    /// The same as options.
    pub(crate) fn as_options(&self) -> Vec<String> {
        let sizes = |sizes: &Vec<usize>| sizes.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
        let arch = self.arch.iter().map(|arch| ["--arch".to_owned(), arch.clone()]);
        let hidden = self.hidden.iter().map(|hidden| ["--hidden".to_owned(), sizes(hidden)]);
        arch.chain(hidden).flatten().collect()
    }
}

/// Reads the name of a part of a data set.
pub(crate) fn split_part() -> impl TypedValueParser<Value = SplitPart> {
    let parts = [SplitPart::Train, SplitPart::Test];
    PossibleValuesParser::new(parts.map(SplitPart::name))
        .map(move |name| if name == parts[0].name() { parts[0] } else { parts[1] })
}
