//! Gaussian clusters, `sklearn.datasets.make_blobs`.

use ndarray::{Array2, ArrayView1};

use super::{Raw, check_deviation, check_size};
use crate::{
    dataset::{Dataset, MAX_CLASSES},
    error::Error,
    numpy::RandomState,
};

/// Parameters of the blobs: one isotropic Gaussian cluster a class.
///
/// Centres that are not given are drawn first, uniform over `center_box` in every coordinate. Then the points
/// follow, cluster after cluster, each coordinate `centre + deviation * z` with `z` standard normal; last,
/// the rows are shuffled.
///
/// | field | default | range | purpose |
/// |---|---|---|---|
/// | `samples` | 100 altogether | at least 1 | points in the clusters |
/// | `n_features` | 2 | at least 1 | dimensions; unused with given centres |
/// | `centers` | none: 3, or one an entry of `samples` | 1 to 65,536 | how many clusters, or where they are |
/// | `cluster_std` | 1 for all | finite, at least 0 | standard deviation in every coordinate |
/// | `center_box` | (-10, 10) | finite, low at most high | where centres are drawn |
/// | `shuffle` | yes | | whether the rows are put into random order |
/// | `seed` | 0 | any | scikit-learn's `random_state` |
///
/// ```
/// use slt_datasets::blobs::{Blobs, Centers, Counts};
///
/// let blobs = Blobs { samples: Counts::Total(10), centers: Some(Centers::Count(3)), ..Blobs::default() };
/// let generated = blobs.generate()?;
/// assert_eq!(generated.raw.labels, [0, 0, 1, 0, 2, 2, 2, 1, 1, 0]);
/// assert_eq!(generated.centers.dim(), (3, 2));
/// # Ok::<(), slt_datasets::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Blobs {
    /// Points in the clusters.
    pub samples: Counts,
    /// Number of dimensions; the columns of given centres take precedence.
    pub n_features: usize,
    /// The clusters; `None` means three, or as many as [`Counts::PerCenter`] lists.
    pub centers: Option<Centers>,
    /// Spread of the clusters.
    pub cluster_std: Deviation,
    /// Lowest and highest coordinate of drawn centres.
    pub center_box: (f64, f64),
    /// Whether the rows are put into random order.
    pub shuffle: bool,
    /// The seed of the random numbers.
    pub seed: u32,
}

/// How many samples the clusters get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Counts {
    /// This many altogether, divided evenly; a remainder of `r` gives the first `r` clusters one more each.
    Total(usize),
    /// As many for each cluster. Single ones may be 0.
    PerCenter(Vec<usize>),
}

/// How many clusters there are, or where they are.
#[derive(Clone, Debug, PartialEq)]
pub enum Centers {
    /// This many, at random places.
    Count(usize),
    /// At these places, one centre a row.
    At(Array2<f64>),
}

/// The standard deviation of the clusters.
#[derive(Clone, Debug, PartialEq)]
pub enum Deviation {
    /// The same for all.
    Common(f64),
    /// One for each cluster.
    PerCenter(Vec<f64>),
}

/// Generated blobs: the points, and the centres they scatter around.
#[derive(Clone, Debug, PartialEq)]
pub struct RawBlobs {
    /// Points and labels; the label is the row of the centre.
    pub raw: Raw,
    /// `n_centers x n_features`.
    pub centers: Array2<f64>,
}

impl RawBlobs {
    /// Drops the centres; see [`Raw::into_dataset`].
    ///
    /// # Errors
    ///
    /// Those of [`Raw::into_dataset`].
    pub fn into_dataset(self, name: impl Into<String>) -> Result<Dataset, Error> {
        self.raw.into_dataset(name)
    }
}

impl Default for Blobs {
    fn default() -> Self {
        Self {
            samples: Counts::Total(100),
            n_features: 2,
            centers: None,
            cluster_std: Deviation::Common(1.0),
            center_box: (-10.0, 10.0),
            shuffle: true,
            seed: 0,
        }
    }
}

impl Blobs {
    /// Generates the points.
    ///
    /// # Errors
    ///
    /// [`Error::Parameter`] if a parameter is outside the range in the table above, [`Error::Length`] if
    /// lists do not agree on the number of clusters, [`Error::TooLarge`] if the samples would not fit into
    /// memory.
    pub fn generate(&self) -> Result<RawBlobs, Error> {
        let n_centers = self.n_centers()?;
        let counts = self.counts(n_centers)?;
        let deviations = self.deviations(n_centers)?;
        let n_features = self.dimensions()?;
        let total = counts.iter().try_fold(0_usize, |sum, &count| sum.checked_add(count));
        let n_samples = check_size(total, n_features)?;
        if n_samples == 0 {
            return Err(Error::Parameter {
                parameter: "samples",
                value: 0.0,
                allowed: "at least 1 altogether",
            });
        }
        check_size(Some(n_centers), n_features)?;

        let mut random = RandomState::new(self.seed);
        let centers = match &self.centers {
            Some(Centers::At(given)) => given.clone(),
            _ => random.uniform_array(self.center_box.0, self.center_box.1, (n_centers, n_features)),
        };
        let mut values = Vec::with_capacity(n_samples * n_features);
        let mut labels = Vec::with_capacity(n_samples);
        for (label, ((center, &count), &deviation)) in
            centers.rows().into_iter().zip(&counts).zip(&deviations).enumerate()
        {
            scatter(&mut random, &center, deviation, count, &mut values);
            labels.resize(labels.len() + count, label as u32);
        }
        let features =
            Array2::from_shape_vec((n_samples, n_features), values).expect("every point has all coordinates");
        let raw = Raw { features, labels, n_classes: n_centers };
        let raw = if self.shuffle { raw.rows(&random.permutation(n_samples)) } else { raw };
        Ok(RawBlobs { raw, centers })
    }

    /// The number of clusters.
    fn n_centers(&self) -> Result<usize, Error> {
        let n_centers = match (&self.centers, &self.samples) {
            (Some(Centers::Count(count)), _) => *count,
            (Some(Centers::At(places)), _) => places.nrows(),
            (None, Counts::PerCenter(counts)) => counts.len(),
            (None, Counts::Total(_)) => 3,
        };
        if (1..=MAX_CLASSES).contains(&n_centers) {
            return Ok(n_centers);
        }
        Err(Error::Parameter {
            parameter: "centers",
            value: n_centers as f64,
            allowed: "1 to 65,536 clusters",
        })
    }

    /// Samples of each cluster.
    fn counts(&self, n_centers: usize) -> Result<Vec<usize>, Error> {
        match &self.samples {
            Counts::Total(total) => {
                let (each, rest) = (total / n_centers, total % n_centers);
                Ok((0..n_centers).map(|center| each + usize::from(center < rest)).collect())
            }
            Counts::PerCenter(counts) => {
                check_length("samples", counts.len(), n_centers)?;
                Ok(counts.clone())
            }
        }
    }

    /// Standard deviation of each cluster.
    fn deviations(&self, n_centers: usize) -> Result<Vec<f64>, Error> {
        let deviations = match &self.cluster_std {
            Deviation::Common(deviation) => vec![*deviation; n_centers],
            Deviation::PerCenter(deviations) => deviations.clone(),
        };
        check_length("cluster_std", deviations.len(), n_centers)?;
        for &deviation in &deviations {
            check_deviation("cluster_std", deviation)?;
        }
        Ok(deviations)
    }

    /// The number of dimensions, after a look at everything that says where the centres are.
    fn dimensions(&self) -> Result<usize, Error> {
        let n_features = match &self.centers {
            Some(Centers::At(places)) => {
                if let Some(&value) = places.iter().find(|value| !value.is_finite()) {
                    return Err(Error::Parameter {
                        parameter: "centers",
                        value,
                        allowed: "finite in every coordinate",
                    });
                }
                places.ncols()
            }
            _ => {
                let (low, high) = self.center_box;
                for value in [low, high, high - low] {
                    if !value.is_finite() {
                        return Err(Error::Parameter { parameter: "center_box", value, allowed: "finite" });
                    }
                }
                if low > high {
                    return Err(Error::Parameter {
                        parameter: "center_box.0",
                        value: low,
                        allowed: "at most center_box.1",
                    });
                }
                self.n_features
            }
        };
        if n_features == 0 {
            return Err(Error::Parameter { parameter: "n_features", value: 0.0, allowed: "at least 1" });
        }
        Ok(n_features)
    }
}

/// Appends `count` points around `center`.
fn scatter(
    random: &mut RandomState,
    center: &ArrayView1<'_, f64>,
    deviation: f64,
    count: usize,
    values: &mut Vec<f64>,
) {
    for _ in 0..count {
        values.extend(center.iter().map(|&coordinate| random.normal(coordinate, deviation)));
    }
}

fn check_length(parameter: &'static str, found: usize, expected: usize) -> Result<(), Error> {
    if found == expected {
        return Ok(());
    }
    Err(Error::Length { parameter, found, expected, reason: "one for each centre" })
}
