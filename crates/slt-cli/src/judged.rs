//! How a classifier does, class by class: what the reports of searches and trainings end with.

use std::fmt;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use serde::Serialize;
use slt_baselines::{DataShape, MlpClassifier, Samples};
use slt_core::Seed;
use slt_datasets::table::Preprocessing;
use slt_datasets::{Dataset, Split};
use slt_mlp::Recipe;
use slt_mlp::metric::{ClassScores, Confusion};
use slt_run::Loaded;

use crate::failure::Failure;
use crate::files::Saved;
use crate::stdout::count;

/// With more classes a printed confusion matrix is no help; JSON has it in any case.
const MOST_CLASSES: usize = 12;

/// Longer names of classes are cut in tables.
const LONGEST_NAME: usize = 16;

/// And at the head of a confusion matrix.
const WIDEST_CELL: usize = 8;

/// How a classifier does on a part of the data.
#[derive(Serialize)]
pub(crate) struct Judged {
    samples: u64,
    pub(crate) accuracy: f64,
    /// Of always predicting the class that is most frequent in the training part.
    pub(crate) majority_accuracy: f64,
    majority_class: String,
    pub(crate) balanced_accuracy: f64,
    pub(crate) macro_f1: f64,
    classes: Vec<Class>,
    /// Rows are the classes that are right, columns those that are predicted.
    confusion: Confusion,
}

#[derive(Serialize)]
struct Class {
    name: String,
    #[serde(flatten)]
    scores: ClassScores,
}

impl Judged {
    /// Compares the predictions for the test part with its labels.
    pub(crate) fn on_test(data: &Loaded, predicted: &[u32]) -> Result<Self, Failure> {
        let names = data.preprocessing.as_ref().and_then(Preprocessing::class_names);
        Self::new(&data.split.test, predicted, names, most_frequent(&data.split.train))
    }

    /// Compares predictions with labels; `majority` is the class to guess.
    pub(crate) fn new(
        part: &Dataset,
        predicted: &[u32],
        names: Option<&[String]>,
        majority: usize,
    ) -> Result<Self, Failure> {
        let confusion = Confusion::new(part.n_classes(), part.labels(), predicted).map_err(Failure::run)?;
        let name = |class: usize| names.map_or_else(|| class.to_string(), |names| names[class].clone());
        Ok(Self {
            samples: confusion.n_samples(),
            accuracy: confusion.accuracy(),
            majority_accuracy: confusion.share_of(majority),
            majority_class: name(majority),
            balanced_accuracy: confusion.balanced_accuracy(),
            macro_f1: confusion.macro_f1(),
            classes: (0..confusion.n_classes())
                .map(|class| Class { name: name(class), scores: confusion.of_class(class) })
                .collect(),
            confusion,
        })
    }
}

/// What the report of every search and training ends with.
#[derive(Serialize)]
pub(crate) struct Ending {
    /// On the test part.
    pub(crate) test: Judged,
    /// A trained network of the same shape, if one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) trained: Option<Trained>,
    /// Size of the file, or what it would be.
    pub(crate) bytes: usize,
    /// Processor seconds of the search or the training alone.
    pub(crate) fit_cpu_seconds: f64,
    pub(crate) seconds: f64,
    pub(crate) cpu_seconds: f64,
    pub(crate) file: Option<String>,
}

impl Ending {
    /// Takes the times up to now.
    pub(crate) fn new(
        test: Judged,
        trained: Option<Trained>,
        bytes: &[u8],
        saved: &Saved,
        (start, cpu): (Instant, ProcessTime),
        fit_cpu: Duration,
    ) -> Self {
        Self {
            test,
            trained,
            bytes: bytes.len(),
            fit_cpu_seconds: fit_cpu.as_secs_f64(),
            seconds: start.elapsed().as_secs_f64(),
            cpu_seconds: cpu.elapsed().as_secs_f64(),
            file: saved.name(),
        }
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.test)?;
        if let Some(trained) = &self.trained {
            write!(f, "{trained}")?;
        }
        let Self { bytes, seconds, .. } = self;
        match &self.file {
            Some(file) => writeln!(f, "{bytes} bytes -> {file}, {seconds:.1} s"),
            None => writeln!(f, "{bytes} bytes, {seconds:.1} s"),
        }
    }
}

/// The most frequent class, the first of equals.
pub(crate) fn most_frequent(data: &Dataset) -> usize {
    let counts = data.class_counts();
    (0..counts.len()).rev().max_by_key(|&class| counts[class]).unwrap_or(0)
}

impl fmt::Display for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { samples, majority_class, .. } = self;
        let (accuracy, majority) = (100.0 * self.accuracy, 100.0 * self.majority_accuracy);
        write!(
            f,
            "test part: {accuracy:.2} % of {} (always {majority_class}: {majority:.2} %), ",
            count(*samples, "sample")
        )?;
        writeln!(f, "balanced {:.2} %, macro F1 {:.4}", 100.0 * self.balanced_accuracy, self.macro_f1)?;
        let names: Vec<String> =
            self.classes.iter().map(|class| shortened(&class.name, LONGEST_NAME)).collect();
        let width = names.iter().map(|name| name.chars().count()).chain(["class".len()]).max().unwrap_or(0);
        let with_matrix = self.classes.len() <= MOST_CLASSES;
        let counts = self.confusion.counts();
        let digits = counts.iter().flatten().max().map_or(1, |&most| most.to_string().len());
        let cell =
            digits.max(names.iter().map(|name| name.chars().count()).max().unwrap_or(0)).min(WIDEST_CELL);
        write!(f, "{:width$}  samples  precision   recall       F1", "class")?;
        if with_matrix {
            write!(f, "   predicted as")?;
            for name in &names {
                write!(f, " {:>cell$}", shortened(name, cell))?;
            }
        }
        writeln!(f)?;
        for ((class, name), row) in self.classes.iter().zip(&names).zip(counts) {
            let ClassScores { support, precision, recall, f1 } = class.scores;
            write!(f, "{name:width$}  {support:>7}  {:>7.2} %", 100.0 * precision)?;
            write!(f, "  {:>5.2} %  {f1:>7.4}", 100.0 * recall)?;
            if with_matrix {
                write!(f, "{:15}", "")?;
                for count in row {
                    write!(f, " {count:>cell$}")?;
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

/// At most so many characters of a name.
fn shortened(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_owned();
    }
    name.chars().take(most - 1).chain(['…']).collect()
}

/// A network of the same shape, trained.
#[derive(Serialize)]
pub(crate) struct Trained {
    solver: &'static str,
    epochs: usize,
    train_accuracy: f64,
    test_accuracy: f64,
    seconds: f64,
}

impl Trained {
    /// Trains a network with the same layers, with the defaults for data of this size.
    pub(crate) fn beside(data: &Split, network: &Recipe, seed: Seed) -> Result<Self, Failure> {
        let start = Instant::now();
        let shape = DataShape {
            features: data.train.n_features(),
            classes: data.train.n_classes(),
            samples: data.train.n_samples(),
        };
        let (train, test) = (Samples::<f32>::from(&data.train), Samples::from(&data.test));
        let sizes = network.architecture.sizes();
        let usual = MlpClassifier::for_shape(shape, &sizes[1..sizes.len() - 1]);
        // As many bits as scikit-learn's seeds have.
        let classifier = MlpClassifier { random_state: seed.0 as u32, ..usual };
        let fitted = classifier.fit(&train, |_| std::ops::ControlFlow::Continue(()))?;
        Ok(Self {
            solver: "adam",
            epochs: fitted.n_iter(),
            train_accuracy: fitted.score(&train)?,
            test_accuracy: fitted.score(&test)?,
            seconds: start.elapsed().as_secs_f64(),
        })
    }
}

impl fmt::Display for Trained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (train, test) = (100.0 * self.train_accuracy, 100.0 * self.test_accuracy);
        write!(f, "trained network of the same shape: {train:.2} % training and {test:.2} % test accuracy ")?;
        writeln!(f, "({}, {} epochs, {:.1} s)", self.solver, self.epochs, self.seconds)
    }
}
